"""`python -m reactor.port FILE…`: see its --help.

A file is read as Python reads it, in the encoding that its byte order mark or its first two lines name, and written in
the same; the ends of its lines stay. A file that can't be carried over stays as it is, and the others go on.
"""

from __future__ import annotations

import argparse
import difflib
import os
import shutil
import sys
import tempfile
import tokenize
import warnings
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from reactor.port.imports import port
from reactor.port.library import find
from reactor.port.names import TO_OURS, TO_TWISTED, Direction

_EPILOG = """
What the other library lacks is listed on stderr, by file and line; imports of it stay as they are. So are strings that
name a module. Exit status: 0 when nothing is listed, 1 when something is, 2 when a file couldn't be read, understood or
written.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns its exit status."""
    options = _parser().parse_args(arguments)
    direction = TO_TWISTED if options.to_twisted else TO_OURS
    if find(direction.target) is None:
        print(f"{direction.target} is not installed: whether it has all names, was not looked at", file=sys.stderr)
    return max(_status(path, direction, options) for path in options.files)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reactor.port",
        description="Rewrite the imports of programs from Twisted to reactor, or back. Every line keeps its number.",
        epilog=_EPILOG,
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--to-twisted", action="store_true", help="from reactor to Twisted")
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--diff", action="store_true", help="print what would change, as `patch` wants it")
    output.add_argument("--in-place", action="store_true", help="change the files")
    return parser


def _status(path: Path, direction: Direction, options: argparse.Namespace) -> int:
    """Port one file, and print its problems. Returns the exit status."""
    try:
        told = _carry(path, direction, options)
    except OSError as problem:
        print(f"{path}: {problem.strerror or problem}", file=sys.stderr)
    except SyntaxError as problem:
        print(f"{path}:{problem.lineno or 1}: this is not Python 3: {problem.msg}", file=sys.stderr)
    except (ValueError, RecursionError, MemoryError) as problem:  # a NUL byte; brackets in brackets, a thousand deep
        print(f"{path}:1: Python can't read this: {str(problem) or 'it is nested too deeply'}", file=sys.stderr)
    else:
        for line in told:
            print(line, file=sys.stderr)
        return 1 if told else 0
    return 2


def _carry(path: Path, direction: Direction, options: argparse.Namespace) -> list[str]:
    old = path.read_bytes()
    source, encoding = _decoded(old)
    with warnings.catch_warnings(action="ignore"):  # the program's own warnings: "\d" and the like
        text, problems = port(source, direction)
    new = text.encode(encoding)
    if not options.in_place:
        _print(_diff(path, old, new) if options.diff else new)
    elif new != old:
        _replace(path.resolve(), new)
    return [f"{path}:{problem.line}: {problem.what}" for problem in problems]


def _decoded(data: bytes) -> tuple[str, str]:
    """The text of a program, and its encoding."""
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
    except SyntaxError as problem:
        if "missing" not in str(problem):
            raise
        encoding = "utf-8"  # it names none; decoding, below, tells which line isn't UTF-8
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        why = f"byte 0x{data[problem.start]:02x} is not {encoding}: name the encoding in the first line (PEP 263)"
        raise SyntaxError(why, ("", line, None, None)) from None


def _diff(path: Path, old: bytes, new: bytes) -> bytes:
    name = os.fsencode(path)
    lines = difflib.diff_bytes(difflib.unified_diff, old.splitlines(True), new.splitlines(True), name, name)
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines)


def _print(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _replace(path: Path, data: bytes) -> None:
    """Replace the contents of this file, wholly or not at all: by a new file, which gets its mode and its name."""
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        shutil.copymode(path, beside)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise
