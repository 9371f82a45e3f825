"""Seeded worlds that try to break the whole system: the real actors, stepped, in harsh weather."""
