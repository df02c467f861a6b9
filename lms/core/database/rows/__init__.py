"""Rows as text, the same on every database: read from one, written to another, compared by checksum."""
