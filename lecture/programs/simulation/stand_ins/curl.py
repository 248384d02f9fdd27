"""curl -sS URL: fetches from http://HOST:PORT/PATH, or shows what telnet://HOST:PORT says."""

import socket
import sys
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "telnet": 23}
CANNOT_CONNECT = 7


def fetch(url: str) -> str:
    """What the server sends: the body of an HTTP response, or all of a telnet URL. Raises OSError."""
    where = urlsplit(url)
    host, port = where.hostname or "", where.port or DEFAULT_PORTS[where.scheme]
    with socket.create_connection((host, port)) as connection:
        if where.scheme == "http":
            path = (where.path or "/") + (f"?{where.query}" if where.query else "")
            request = f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
        received = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    return received.partition("\r\n\r\n")[2] if where.scheme == "http" else received


def main() -> None:
    """Fetch the URL of the command line and print what came."""
    *options, url = sys.argv[1:] or [""]
    if urlsplit(url).scheme not in DEFAULT_PORTS or set(options) - {"-sS", "-s", "-S"}:
        print("curl: this stand-in has -s and -S, and a URL of http or telnet", file=sys.stderr)
        sys.exit(2)
    try:
        print(fetch(url), end="")
    except ConnectionRefusedError as problem:
        print(f"curl: ({CANNOT_CONNECT}) {problem.strerror}", file=sys.stderr)
        sys.exit(CANNOT_CONNECT)


main()
