"""Stage 7: executed chapters become pages of a site."""
