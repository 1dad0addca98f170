"""The ways to prove something; each is a value that the built-in plugin hands out."""
