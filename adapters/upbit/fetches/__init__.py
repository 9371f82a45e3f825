"""What is read at Upbit beside orders: candles, the account, the market and its terms."""
