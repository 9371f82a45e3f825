"""Research: the trading rules at compiled speed, proved equal to the actors that trade."""
