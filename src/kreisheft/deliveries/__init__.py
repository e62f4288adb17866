"""Stage 1 to 2: an official delivery becomes facts, by the passport of its table.

    file ──readers──► Table ──mapping──► facts frame ──importing──► data/

A reader knows a format and nothing else; a passport (YAML) knows one official table and holds no
code. `importing.import_file` is the door.
"""
