"""Seeded worlds that try to break whole bots, and the laws that judge them.

It changes no code of the bot: it stands where the world does.
"""
