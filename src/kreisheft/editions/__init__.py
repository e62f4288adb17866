"""Stage 8: editions of a Kreis, planned, made, checked, published and verified."""
