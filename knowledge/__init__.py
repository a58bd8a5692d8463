"""What the plans say: from the bytes of a file to clauses, typed rules and a library of versions.

One sentence of a plan goes through here in one direction:

    readers.read(path)            -> Document     a file as pages of text, whatever its format
    outline.outline(document)     -> Outline      sections and clauses, each with a ref and its offsets in the text
    extract.understand(document)  -> Plan         criteria, deadlines, dossier, fields, duties, table, each with its place
    library.Library(db)           -> StoredPlan   versions, replaced, retired, restored

`model` holds the types and imports nothing of ours; `text` is the one place for Vietnamese normalisation; `repair` lists the
repairs of OCR damage that searching and matching may use (a quotation never does); `plans/` holds the digests of the demo.
The steps behind `outline` and `extract` live in `outlining/` and `extraction/`, one purpose a file.

This package imports none of ours. Start reading at `model.py`, then `outline.py`.
"""
