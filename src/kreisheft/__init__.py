"""kreisheft: a reproducible report book on integration in a German Kreis.

Inside a notebook only `Chapter` is needed; see ARCHITECTURE.md for the path of a number.
"""

__all__ = ["Chapter"]


def __getattr__(name: str) -> object:
    # The command line and Sphinx import the package too, and need neither pandas nor Altair.
    if name == "Chapter":
        from kreisheft.chapter import Chapter

        return Chapter
    raise AttributeError(f"module 'kreisheft' has no attribute {name!r}")
