"""How offers come in: imports, merging, answers of providers, reminders."""
