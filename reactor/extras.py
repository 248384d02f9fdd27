"""Libraries that only parts of the package need: whoever lacks one is told where to get it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def installed_by(package: str) -> Iterator[None]:
    """Around the import of a library: when it is missing, the error names the package that brings it.

    package: what one hands to `pip install`, an extra of ours as a rule: "tutorial-of-doom[web]".
    Raises ModuleNotFoundError, as the import does; `name` is the missing module's.
    """
    try:
        yield
    except ModuleNotFoundError as problem:
        raise ModuleNotFoundError(f"{problem.msg}: pip install {package!r}", name=problem.name) from problem
