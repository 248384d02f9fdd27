"""Where the run of a session is, for whoever wants to see it step by step (lecture/programs/run_script.py)."""

from __future__ import annotations

from urllib.parse import quote

from lecture.elements.attachments import attach, is_collecting
from lecture.elements.element import escape


def run_attribute(example: str) -> str:
    """Attach the script with the run of an example, and name it in an attribute.

    Returns "" where no site is written, and for a session that isn't simulated.
    """
    if not is_collecting():
        return ""
    from lecture.programs import current_examples

    file, content = current_examples().run_script(example)
    return f' data-run="{escape(quote(file))}"' if file and attach(file, content) else ""
