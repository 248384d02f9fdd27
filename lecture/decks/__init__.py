"""A deck found and read, whichever way it is written: in Python or in Markdown."""
