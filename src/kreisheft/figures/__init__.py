"""Stage 5, choosing: the figures and blocks that chapters show."""
