"""Telegram's Bot API: its token, one call at a time, and what came of it."""
