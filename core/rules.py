"""The number of the rules: it rises with each release whose decisions differ from the last one's.

A journal says by which rules it was made; ``replay`` says by which it is decided again, and the
golden journals of before (``tests/proof/golden``) name the first decision that differs.
"""

RULES = 2
