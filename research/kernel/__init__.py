"""The kernel: one compiled function that plays a history by the rules the actors trade by.

It is the actors' rules a second time, in integers; tests/research/ holds the two against each
other. Where they could ever differ, the actors are right.
"""
