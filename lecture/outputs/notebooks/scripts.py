"""A notebook as a script in percent format, for editors, and for who reviews differences: cells without outputs."""

from __future__ import annotations

import copy
from typing import Any

from lecture.errors import LectureError

FORMAT = {"extension": ".py", "format_name": "percent"}
_METADATA = {"notebook_metadata_filter": "kernelspec,-jupytext.text_representation.jupytext_version"}


def script_of(notebook: Any) -> str:
    """The text. It opens as a notebook where there is jupytext. Raises LectureError without it."""
    try:
        import jupytext
    except ImportError:
        raise LectureError(
            "scripts of notebooks are written by jupytext, which is missing: pip install 'tutorial-of-doom[notebooks]'"
        ) from None
    content = copy.deepcopy(notebook)
    content.metadata["jupytext"] = dict(_METADATA)
    for cell in content.cells:
        if cell.source.startswith("%%"):
            cell.metadata["active"] = "ipynb"  # for Python, a comment: below a magic stands what isn't Python
    return str(jupytext.writes(content, FORMAT))
