"""kreisheft: a reproducible report book on integration in a German Kreis.

Inside a notebook only `Chapter` is needed; see ARCHITECTURE.md for the path of a number.
"""
