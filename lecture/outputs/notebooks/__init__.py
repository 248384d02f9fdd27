"""The deck as Jupyter notebooks: written, executed, compared with what is committed, and worked in by students."""
