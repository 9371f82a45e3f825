"""Commands from Telegram: who is listened to, what is done, and how it is answered.

All of it runs in the parent's process: whatever comes in, the bot's own has none of its work.
"""
