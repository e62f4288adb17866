"""Stage 6, inside: what a notebook has in hand. Imported by nobody but notebooks."""
