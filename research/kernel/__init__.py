"""The kernel: one compiled function that plays a history by the rules the actors trade by.

It is the actors' rules a second time, in integers; tests/unit/research/ holds the two against each
other. Where they could ever differ, the actors are right.

numba is imported here, and what it would import at the first call, with the collector of garbage
off: it makes objects by the hundred thousand that live as long as the process, and to look at each
a dozen times meanwhile and once more at the end is a third of a short process's life.
"""

import gc

_was_on = gc.isenabled()
gc.disable()
try:
    from numba.core.registry import cpu_target

    cpu_target.target_context.refresh()
    gc.freeze()  # they are never looked at again
finally:
    if _was_on:
        gc.enable()
