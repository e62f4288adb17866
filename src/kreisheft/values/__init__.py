"""Stage 3: facts → values. Selection, formulas and measures compute the indicators."""
