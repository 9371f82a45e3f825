"""A bot on Upbit's own prices: what connects it, and how it is put together and started."""
