"""Stage 6, around: runs notebooks with papermill, one process each, kept by content."""
