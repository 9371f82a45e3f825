"""The outside world: exchanges, messengers, recordings, strategies of others.

It decides nothing and holds no state of a bot.
"""
