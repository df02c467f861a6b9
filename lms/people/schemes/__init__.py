"""Identity numbers by the scheme of a country: one module for each, with the same things in it."""
