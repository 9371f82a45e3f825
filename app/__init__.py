"""A bot put together, started, watched over and looked after; its configuration and checks.

It draws no table and asks no person: that is what interfaces do.
"""
