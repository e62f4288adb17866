"""Publications of an edition beside its pages: report, chapters, short version, tables, submission.

`manuscript` is what all of them are written in, `markup` reads it from executed notebooks and
written pages, `contents` chooses what stands in which, `press` makes PDF and `word` DOCX of it, and
`files` gives an edition all of them. Nothing here computes a figure: every one is a piece of text
that an executed notebook already shows.
"""
