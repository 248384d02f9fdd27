"""`python -m reactor.cred FILE NAME` asks for a password and stores it in FILE, for `--auth file:FILE`.

The file gets a line that can check the password and doesn't hold it (see `stored_password`). A line that NAME has
already is replaced; the others stay as they are. The password comes from the terminal, or is a line of standard input.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from reactor.cred.checkers.stored import read_stored_passwords
from reactor.cred.stored_password import ROUNDS, StoredPassword


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m reactor.cred", description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument("file", type=Path, help="the file; it is made if it isn't there")
    parser.add_argument("name", help="who is to log in with this password")
    parser.add_argument("--mechanism", choices=["SCRAM-SHA-256", "SCRAM-SHA-1"], default="SCRAM-SHA-256")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"what each guess costs, in hashes ({ROUNDS})")
    given = parser.parse_args(arguments)
    try:
        _check_name(given.name)
        stored = StoredPassword.of(_password(given.name), given.mechanism, given.rounds)
        StoredPassword.parse(str(stored))
        store(given.file, given.name, stored)
    except (OSError, ValueError) as problem:
        print(f"nothing is stored: {problem}", file=sys.stderr)
        return 1
    return 0


def _check_name(name: str) -> None:
    if not name or name.startswith("#") or not name.isprintable() or ":" in name:
        raise ValueError(f"a name has no colon, no control character, and no # in front, unlike {name!r}")


def _password(name: str) -> bytes:
    if not sys.stdin.isatty():
        return sys.stdin.buffer.readline().rstrip(b"\r\n")
    password = getpass.getpass(f"password of {name}: ")
    if password != getpass.getpass("the same again: "):
        raise ValueError("the two passwords differ")
    return password.encode()


def store(path: Path, name: str, stored: StoredPassword) -> None:
    """Put this line into the file: written beside it, for the owner's eyes only, and moved into its place.

    Raises OSError, and ValueError for a file that has another line which can't be read.
    """
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    if lines:
        read_stored_passwords(path)
    line = f"{name}:{stored}\n".encode()
    kept = [one for one in lines if one.partition(b":")[0] != name.encode()]
    if kept and not kept[-1].endswith(b"\n"):
        kept[-1] += b"\n"
    number, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "wb") as file:
            file.writelines([*kept, line])
        if path.exists():
            os.chmod(beside, path.stat().st_mode & 0o7777)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


if __name__ == "__main__":
    sys.exit(main())
