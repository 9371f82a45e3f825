"""A bot on an exchange's own prices: connected, looked at, put together and started."""
