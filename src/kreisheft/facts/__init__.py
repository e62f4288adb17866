"""Stage 2: one row per official figure with its sign; regions and passports of tables."""
