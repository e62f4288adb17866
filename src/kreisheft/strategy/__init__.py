"""What a Kreis promised: aims, goals and measures, tied to indicators; a Konzept in the book.

`document` reads and `mistakes` checks the files; `progress` holds a goal against the figures;
`standing` joins both for whoever shows them; `blocks` and `page` draw.
"""
