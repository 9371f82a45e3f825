"""A Telegram of our own on loopback: the Bot API's shapes, a chat to speak in, faults on demand."""
