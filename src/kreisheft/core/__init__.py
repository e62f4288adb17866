"""What every other folder may use: errors, files, hashes; nothing of the domain."""
