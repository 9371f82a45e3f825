"""How a configuration is read: its keys, their ranges, and where each value came from."""
