"""The order in which recorded candles are replayed, and which of them matter."""
