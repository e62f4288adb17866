"""Publications of an edition beside its pages: report, chapters, short version, tables, submission.

`manuscript` is what all of them are written in, `from_html` reads it from executed notebooks and
written pages, `contents` chooses what stands in which, `formats` are what they are made in
(`pdf_files` writes PDF, `docx_files` DOCX), and `paper_files` gives an edition all of them. Nothing
here computes a figure: every one is a piece of text that an executed notebook already shows.
"""
