"""How often Python's garbage collector looks: seldom where much is imported and read.

Modules, tables and parsed files stay as long as the process, and every look goes through all of
them: a fifth of the time until a build begins.
"""

import gc

#: As the interpreter has it.
USUAL = gc.get_threshold()
#: New objects until it looks at the young ones; looks of that kind until it looks at older ones.
SELDOM = (100_000, 50, 50)


def seldom() -> None:
    """Let it look seldom, in this process and in all that are forked from it."""
    gc.set_threshold(*SELDOM)


def usual() -> None:
    """Let it look as in a process that was just started."""
    gc.set_threshold(*USUAL)
