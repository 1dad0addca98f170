"""Roadmaps as data: `models` the values, `loader` reads a folder, `plans` answers questions."""
