"""kreisheft: a reproducible report book on integration in a German Kreis.

Inside a notebook only `Chapter` is needed, or `Portrait` for one indicator; see ARCHITECTURE.md for
the path of a number.
"""

__all__ = ["Chapter", "Portrait"]


def __getattr__(name: str) -> object:
    # The command line and Sphinx import the package too, and need neither pandas nor Altair.
    if name == "Chapter":
        from kreisheft.chapter import Chapter

        return Chapter
    if name == "Portrait":
        from kreisheft.portrait import Portrait

        return Portrait
    raise AttributeError(f"module 'kreisheft' has no attribute {name!r}")
