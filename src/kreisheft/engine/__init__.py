"""Stage 6: run notebooks with papermill, one process each, and keep them by content."""
