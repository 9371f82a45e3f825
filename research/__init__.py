"""The rules of trading compiled, for many trials at once.

It trades nothing: what it earns must equal what the actors earn.
"""
