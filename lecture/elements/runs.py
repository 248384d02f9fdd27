"""Where the run of a session is, for whoever wants to see it step by step (lecture/programs/run_script.py)."""

from __future__ import annotations

from lecture.elements.attachments import attach, is_collecting


def run_attribute(example: str) -> str:
    """Attach the script with the run of an example, and return an attribute that says so.

    Returns "" where no site is written, and for a session that isn't simulated.
    """
    if not is_collecting():
        return ""
    from lecture.programs import current_examples

    file, content = current_examples().run_script(example)
    return " data-run" if file and attach(file, content) else ""
