"""Tests on paper, for places without the internet: printed for each person, written on, keyed in afterwards."""
