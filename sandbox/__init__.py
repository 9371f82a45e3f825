"""An exchange and a Bot API that run offline and speak as the real ones do.

It is never imported by what trades.
"""
