"""Thresholds of Python's garbage collector, raised while much is imported and read.

Modules, tables and parsed files stay as long as the process, and every collection visits all of
them, which takes a fifth of the time until a build begins.
"""

import gc

#: Defaults of the interpreter.
USUAL = gc.get_threshold()
#: New objects until a collection of generation 0, and collections until the next generation.
SELDOM = (100_000, 50, 50)


def collect_rarely() -> None:
    """Raise the thresholds, in this process and in all that are forked from it."""
    gc.set_threshold(*SELDOM)


def collect_normally() -> None:
    """Restore the thresholds of a process that was just started."""
    gc.set_threshold(*USUAL)
