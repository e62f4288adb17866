"""Stage 1 → 2: an official delivery becomes tidy facts.

    file ──text──► classic │ flat │ mapped ──► Table ──mapping──► facts frame ──delivery──► data/

A reader knows a format and nothing else; a passport (YAML) knows one official table and holds no
code. `delivery.import_file` is the door.
"""
