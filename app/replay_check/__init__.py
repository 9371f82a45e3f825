"""A recorded period decided again with today's code, from its journal and its candles."""
