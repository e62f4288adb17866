"""Publications of an edition beside its pages: report, chapters, short version, tables, submission.

`manuscript` is what all of them are written in, `from_html` reads it from executed notebooks and
written pages, `contents` chooses what stands in which, `pdf_files` makes PDF and `docx_files` DOCX
of it, and `paper_files` gives an edition all of them. Nothing here computes a figure: every one is
a piece of text that an executed notebook already shows.
"""
