"""Stage 5, drawing: tables, sentences, charts and maps of protected figures."""
