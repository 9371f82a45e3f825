"""Commands, console, Telegram, dashboard, metrics and reports: what people touch.

Only run.py imports it.
"""
