"""The sandbox: Upbit's REST and WebSocket API over a market and books of our own."""
