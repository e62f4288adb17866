"""Directory of offers: kept as data, imported, searched on a page, reminded of, held against needs.

Inside: `vocabulary` (allowed values and German words), `offer` (one row), `offer_rows` and `feeds`
(files → rows), `feed_mapping` (their columns → ours), `directory` (``data/angebote``), `freshness`.
For readers: `directory_figures`, `search_files`, `needs_figures`. For those who keep it: `intake`.
docs/offers.md tells them how.
"""
