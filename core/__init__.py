"""Rules of trading and states of owners, as pure functions of their arguments.

It knows no clock, no disk, no network and no thread.
"""
