"""What is reported, for whom and in which words: read from YAML."""
