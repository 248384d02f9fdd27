"""A certificate for your own machine, while you write the program.

It is self-signed, so a client believes it only if told to. The standard library can neither make keys nor sign, and
making certificates is no place for shortcuts; so the `openssl` program does it, which is nearly everywhere.
"""

from __future__ import annotations

import ipaddress
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from reactor.ssl.certificates import PrivateCertificate

_DAYS = 30
_RENEW_BEFORE_S = 24 * 60 * 60


def developmentCertificate(
    hosts: Iterable[str] = ("localhost", "127.0.0.1", "::1"), directory: str | os.PathLike[str] = "."
) -> PrivateCertificate:
    """A self-signed certificate for these names and addresses, valid for 30 days.

    directory: where to keep it, in `development.pem`, with its key, readable only by you. If that file exists, is for
        the same hosts and valid for another day, it is used; else it is written anew.
    Blocks for a moment: call it before `reactor.run()`. Raises ValueError for no hosts, RuntimeError when the `openssl`
    program is missing or fails.
    A client believes it by `optionsForClientTLS("localhost", trustRoot=certificate)`.
    """
    names = ",".join(_alternative_name(host) for host in hosts)
    if not names:
        raise ValueError("a certificate needs at least one host")
    file = Path(directory, "development.pem")
    note = f"# for {names}\n".encode()
    if not (file.exists() and file.read_bytes().startswith(note) and _is_valid(file)):
        _write(file, note + _made(names))
    return PrivateCertificate.fromFiles(file)


def _made(names: str) -> bytes:
    """Key and certificate, as PEM."""
    key = _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    request = ("req", "-x509", "-new", "-key", "/dev/stdin", "-days", str(_DAYS), "-subj", "/CN=development")
    return key + _openssl(*request, "-addext", f"subjectAltName={names}", text=key)


def _is_valid(file: Path) -> bool:
    return b"will not expire" in _openssl("x509", "-noout", "-checkend", str(_RENEW_BEFORE_S), text=file.read_bytes())


def _write(file: Path, pem: bytes) -> None:
    """Write all of the file or nothing, readable only by this user."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(pem)
    new.replace(file)


def _openssl(*arguments: str, text: bytes = b"") -> bytes:
    try:
        done = subprocess.run(["openssl", *arguments], input=text, capture_output=True)
    except FileNotFoundError:
        raise RuntimeError(
            "a development certificate is made by the openssl program, and there is none: install it (on Debian: "
            "apt install openssl), or bring a certificate of your own"
        ) from None
    if done.returncode and arguments[0] != "x509":
        raise RuntimeError(f"openssl {arguments[0]} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _alternative_name(host: str) -> str:
    try:
        return f"IP:{ipaddress.ip_address(host)}"
    except ValueError:
        return f"DNS:{host}"
