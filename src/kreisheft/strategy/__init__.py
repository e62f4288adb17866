"""What a Kreis promised: aims, goals and measures, tied to indicators; a Konzept in the book.

`document` reads and `strategy_checks` checks the files; `progress` holds a goal against the
figures; `standing` joins both for whoever shows them; `field_goals` and `path_figures` draw. A
Konzept is called a strategy, as `concept` says who is counted.
"""
