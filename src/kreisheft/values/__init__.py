"""Stage 3: values. Indicators computed from facts: selection, formulas, measures."""
