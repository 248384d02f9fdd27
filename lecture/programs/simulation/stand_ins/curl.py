"""curl -sS URL: fetches from http://HOST:PORT/PATH, shows what telnet://HOST:PORT says, or reads a mailbox.

pop3://NAME:PASSWORD@HOST:PORT/ lists letters and their sizes, with a number behind the slash it shows that letter.
"""

import socket
import sys
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

DEFAULT_PORTS = {"http": 80, "telnet": 23, "pop3": 110}
CANNOT_CONNECT = 7


def fetch(url: str) -> str:
    """What the server sends: the body of an HTTP response, all of a telnet URL, a letter. Raises OSError."""
    where = urlsplit(url)
    says, of_it = ASKING[where.scheme](where)
    with socket.create_connection((where.hostname or "", where.port or DEFAULT_PORTS[where.scheme])) as connection:
        connection.sendall(says)
        return of_it(b"".join(iter(lambda: connection.recv(65536), b"")).decode())


def page_of(where: SplitResult) -> tuple[bytes, Callable[[str], str]]:
    """What to say to a web server, and what of the answer is the page."""
    path = (where.path or "/") + (f"?{where.query}" if where.query else "")
    request = f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\nConnection: close\r\n\r\n"
    return request.encode(), lambda received: received.partition("\r\n\r\n")[2]


def mail_of(where: SplitResult) -> tuple[bytes, Callable[[str], str]]:
    """What to say to a mailbox, and what of the answer is the list or the letter."""
    number = where.path.lstrip("/")
    commands = [f"USER {where.username}", f"PASS {where.password}", f"RETR {number}" if number else "LIST", "QUIT", ""]

    def text(received: str) -> str:
        lines = ("\r\n" + received.split("\r\n", 4)[4]).partition("\r\n.\r\n")[0]
        return lines.replace("\r\n.", "\r\n").removeprefix("\r\n") + ("\r\n" if lines else "")

    return "\r\n".join(commands).encode(), text


ASKING: dict[str, Callable[[SplitResult], tuple[bytes, Callable[[str], str]]]] = {
    "http": page_of,
    "telnet": lambda where: (b"", lambda received: received),
    "pop3": mail_of,
}


def main() -> None:
    """Fetch the URL of the command line and print what came."""
    *options, url = sys.argv[1:] or [""]
    if urlsplit(url).scheme not in DEFAULT_PORTS or set(options) - {"-sS", "-s", "-S"}:
        print("curl: this stand-in has -s and -S, and a URL of http, telnet or pop3", file=sys.stderr)
        sys.exit(2)
    try:
        print(fetch(url), end="")
    except ConnectionRefusedError as problem:
        print(f"curl: ({CANNOT_CONNECT}) {problem.strerror}", file=sys.stderr)
        sys.exit(CANNOT_CONNECT)


main()
