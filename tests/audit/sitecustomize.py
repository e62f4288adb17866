"""Write down every file that a process opens; Python imports this first, in each that is started.

The folder is put on PYTHONPATH, and KREISHEFT_AUDIT names the file that is written to.
"""

import os
import sys

LOG = os.environ["KREISHEFT_AUDIT"]


def note(event: str, found: tuple[object, ...]) -> None:
    """Append the path of an opened file; the log is opened anew, for a fork may close it."""
    if event == "open" and isinstance(found[0], str | bytes) and found[0] != LOG:
        log = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(log, os.path.abspath(os.fsencode(found[0])) + b"\0")  # noqa: PTH100
        os.close(log)


sys.addaudithook(note)
