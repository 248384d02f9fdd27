"""What a student hands in: a program that imports Twisted is graded as if it had imported this library."""

from __future__ import annotations

import contextlib

from reactor.port.imports import port
from reactor.port.names import TO_OURS
from reactor.port.uses import Problem


def with_our_imports(name: str, data: bytes) -> tuple[bytes, str]:
    """The file with imports from Twisted turned into ours, and what this library lacks for it, in a sentence; or ""."""
    problems: list[Problem] = []
    if b"twisted" in data:
        with contextlib.suppress(SyntaxError, ValueError):  # Python itself says it better
            text, problems = port(data.decode("utf-8-sig"), TO_OURS)
            data = text.encode()
    return data, f"{problems[0].what} ({name}, line {problems[0].line})" if problems else ""
