"""Upbit's sockets: what they tell, how they are kept up, and what the bot hears of them."""
