"""Tables of candles as other programs write them; what is no candle is refused, never guessed."""
