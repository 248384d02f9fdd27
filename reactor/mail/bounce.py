"""What a sender is told of a letter that couldn't be sent, or not yet: a report (RFC 3464).

It goes to where the letter came from, and itself comes from nobody, `<>`: so no bounce is ever answered by another, and
two servers that bounce each other's letters stop after the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from reactor.mail.smtp.addresses import dnsname, messageid, rfc822date, xtext_decode

Options = dict[str, str | None]
MOST_BYTES = 65_536  # of the letter that come back
_STATUS = re.compile(r"([245]\.\d{1,3}\.\d{1,3})\b")
_SAID = {
    "failed": ("Undelivered mail", "could not be delivered. Nobody tries it again."),
    "delayed": ("Delayed mail", "could not be delivered yet. You need do nothing: it is tried again."),
    "relayed": ("Relayed mail", "was handed on to a server that reports no deliveries."),
}


@dataclass
class Outcome:
    """What became of a letter to one recipient: a reply, of a server or ours.

    options: of RCPT. reports: whether that server will report what becomes of it (DSN).
    """

    address: str
    code: int
    text: str
    options: Options = field(default_factory=dict)
    reports: bool = False

    def wants(self, what: str) -> bool:
        """Whether the sender wants a report of this, "FAILURE" say (RFC 3461 section 4.1)."""
        return what in (self.options.get("NOTIFY") or "FAILURE").upper().split(",")

    @property
    def status(self) -> str:
        """Its enhanced status (RFC 3463)."""
        found = _STATUS.match(self.text)
        return found[1] if found and found[1][0] == str(self.code)[0] else f"{self.code // 100}.0.0"


def report(
    sender: str,
    outcomes: Sequence[Outcome],
    letter: bytes,
    action: str = "failed",
    options: Any = (),
    host: bytes = b"",
) -> bytes:
    """The report to the sender of a letter.

    action: "failed", "delayed" or "relayed". letter: as it came, or its beginning. options: of MAIL; `RET=HDRS` keeps
    its text out of the report.
    """
    name, options = (host or dnsname()).decode(), dict(options)
    boundary = messageid().decode().strip("<>").replace("@", "=")
    body = b"".join(
        f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n".encode() + part + b"\r\n"
        for kind, part in _parts(name, outcomes, letter, action, options)
    )
    headers = [
        f"Date: {rfc822date().decode()}",
        f"From: Mail Delivery System <postmaster@{name}>",
        f"To: <{sender}>",
        f"Subject: {_SAID[action][0]}",
        f"Message-ID: {messageid().decode()}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
    ]
    return "\r\n".join([*headers, "", ""]).encode("utf-8") + body + f"--{boundary}--\r\n".encode()


def _parts(
    name: str, outcomes: Sequence[Outcome], letter: bytes, action: str, options: Options
) -> list[tuple[str, bytes]]:
    lines = "".join(f"  <{one.address}>: {one.code} {one.text}\n" for one in outcomes)
    text = f"This is the mail server {name}. Your letter to\n\n{lines}\n{_SAID[action][1]}\n"
    whole = (options.get("RET") or "").upper() != "HDRS" and len(letter) <= MOST_BYTES
    headers = letter.partition(b"\r\n\r\n")[0][:MOST_BYTES] + b"\r\n"
    return [
        ("text/plain; charset=utf-8", text.replace("\n", "\r\n").encode("utf-8", "replace")),
        ("message/delivery-status", _status(name, outcomes, action, options)),
        ("message/rfc822", letter) if whole else ("text/rfc822-headers", headers),
    ]


def _status(name: str, outcomes: Sequence[Outcome], action: str, options: Options) -> bytes:
    groups = [[f"Reporting-MTA: dns; {name}"]]
    if envelope := options.get("ENVID"):
        groups[0].append(f"Original-Envelope-Id: {xtext_decode(envelope.encode())[0]}")
    for one in outcomes:
        groups.append([f"Final-Recipient: rfc822; {one.address}", f"Action: {action}", f"Status: {one.status}"])
        if original := one.options.get("ORCPT"):
            groups[-1].append(f"Original-Recipient: {original}")
        groups[-1].append(f"Diagnostic-Code: smtp; {one.code} {' '.join(one.text.split())}")
    return "\r\n".join("\r\n".join([*group, ""]) for group in groups).encode("utf-8", "replace")


def generateBounce(
    message: IO[bytes], failedFrom: Any, failedTo: Any, transcript: str | bytes = "", encoding: str = "utf-8"
) -> tuple[bytes, bytes, bytes]:
    """The bounce of a letter to one recipient: (from whom, to whom, the text), for `Queue.add` or `sendmail`."""
    text = transcript.decode(encoding) if isinstance(transcript, bytes) else transcript
    sender, recipient = (one.decode("utf-8") if isinstance(one, bytes) else str(one) for one in (failedFrom, failedTo))
    letter = re.sub(rb"\r?\n", b"\r\n", message.read(MOST_BYTES + 1))
    return b"", sender.encode("utf-8"), report(sender, [Outcome(recipient, 550, text)], letter)
