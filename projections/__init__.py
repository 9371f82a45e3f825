"""Folds of the journal: what people and programs read of a bot.

It writes nothing and says nothing in a language.
"""
