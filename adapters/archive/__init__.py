"""An archive of recordings: a folder of columns that are read where they lie.

``FOLDER/KRW-BTC-1m/`` holds a file for each column of a tape, 8-byte little-endian integers, and
``tape.json``: how many of them count, at how many decimals, and their checksums. A column grows at
its end, is synced, and counts when ``tape.json`` is renamed into its place; what has to be written
anew goes into files of the next generation. So whatever ends an addition, the archive holds what it
held, or all of it; and opening a market reads nothing but its ``tape.json``.
"""
