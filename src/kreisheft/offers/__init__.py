"""Directory of offers: kept as data, imported, searched on a page, reminded of, held against needs.

Inside: `vocabulary` (allowed values and German words), `offer` (one row), `records` and `feeds`
(files → rows), `mapping` (their columns → ours), `directory` (``data/angebote``), `freshness`.
For readers: `page`, `index`, `needs`. For those who keep it: `importing`, `merge`, `remind`,
`answer`, and `commands` for the command line. docs/offers.md tells them how.
"""
