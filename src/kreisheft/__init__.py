"""kreisheft: a reproducible report book on integration in a German Kreis.

Inside a notebook only `Chapter` is needed, `Portrait` for one indicator, or `StrategyChapter` for a
Konzept; see ARCHITECTURE.md for the path of a number.
"""

__all__ = ["Chapter", "Portrait", "StrategyChapter"]


def __getattr__(name: str) -> object:
    # The command line and Sphinx import the package too, and need neither pandas nor Altair.
    if name == "Chapter":
        from kreisheft.chapters.chapter import Chapter

        return Chapter
    if name == "Portrait":
        from kreisheft.chapters.indicator_page import Portrait

        return Portrait
    if name == "StrategyChapter":
        from kreisheft.chapters.strategy_chapter import StrategyChapter

        return StrategyChapter
    if name == "preview":
        from kreisheft.chapters import preview

        return preview
    if name == "preview":
        from kreisheft.chapters import preview

        return preview
    raise AttributeError(f"module 'kreisheft' has no attribute {name!r}")
