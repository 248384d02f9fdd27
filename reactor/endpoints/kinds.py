"""The kinds of endpoints that a string can name, and their parameters, in order."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from reactor.endpoints.adopted import from_systemd
from reactor.endpoints.hostname import HostnameEndpoint
from reactor.endpoints.local import StandardIOEndpoint, UNIXClientEndpoint, UNIXServerEndpoint
from reactor.endpoints.socks import SOCKSClientEndpoint
from reactor.endpoints.tcp import (
    SSL4ClientEndpoint,
    SSL4ServerEndpoint,
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    TCP6ServerEndpoint,
)
from reactor.endpoints.wrapping import wrapClientTLS, wrapServerTLS
from reactor.interfaces import IStreamClientEndpoint

Reader = Callable[[str], Any]


class Kind(NamedTuple):
    """make: called with the reactor, and the given parameters by name. parameters: the reader of each.

    needed: those that can't be left out. nested: those that describe a client's endpoint themselves; who reads the
    whole reads them too, and `make` gets the endpoint. A reader raises ValueError with what it expects.
    """

    make: Callable[..., Any]
    parameters: dict[str, Reader]
    needed: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()


def text(value: str) -> str:
    """The value as it is."""
    return value


def number(value: str) -> int:
    """A whole number, not negative."""
    if not (value.isascii() and value.isdigit()):
        raise ValueError("a whole number")
    return int(value)


def port(value: str) -> int:
    """The number of a TCP port."""
    if not (value.isascii() and value.isdigit() and int(value) <= 65535):
        raise ValueError("a number from 0 to 65535")
    return int(value)


def permissions(value: str) -> int:
    """Permissions of a file, in octal."""
    try:
        return int(value, 8)
    except ValueError:
        raise ValueError("an octal number such as 660") from None


def flag(value: str) -> bool:
    """1 or 0."""
    if value not in ("0", "1"):
        raise ValueError("1 or 0")
    return value == "1"


def domain(value: str) -> int:
    """The family of a socket, by the socket module's name without AF_."""
    import socket

    if value not in ("INET", "INET6", "UNIX") or not hasattr(socket, f"AF_{value}"):
        raise ValueError("INET, INET6 or UNIX")
    return int(getattr(socket, f"AF_{value}"))


def no_method(value: str) -> str:
    """A version of TLS, which Twisted's strings may choose. Raises ValueError."""
    raise ValueError("left out: TLS 1.2 and 1.3 are spoken, and older versions are retired (RFC 8996)")


def unix_server(reactor: Any, address: str, lockfile: bool = True, **options: Any) -> Any:
    """A UNIX socket to listen at; by default it replaces what a dead server left there."""
    return UNIXServerEndpoint(reactor, address, wantPID=lockfile, **options)


def unix_client(reactor: Any, path: str, lockfile: bool = False, **options: Any) -> Any:
    """A UNIX socket to connect to."""
    return UNIXClientEndpoint(reactor, path, checkPID=lockfile, **options)


def ssl_server(reactor: Any, port: int, privateKey: str = "server.pem", certKey: str = "", **options: Any) -> Any:
    """TLS with a key and a certificate from PEM files, which may be the same file.

    extraCertChain: a file of certificates between the server's and the root. dhParameters: a file of them.
    """
    import ssl

    chain, parameters = options.pop("extraCertChain", None), options.pop("dhParameters", None)
    if chain is None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certKey or privateKey, privateKey)
    else:
        context = _context_with_chain(privateKey, certKey or privateKey, chain)
    if parameters is not None:
        context.load_dh_params(parameters)
    return SSL4ServerEndpoint(reactor, port, context, **options)


def _context_with_chain(*files: str) -> Any:
    from pathlib import Path

    from reactor.ssl import CertificateOptions

    key, certificate, chain = (Path(file).read_bytes() for file in files)
    return CertificateOptions(key, certificate, extraCertChain=chain).getContext()


def tls_server(reactor: Any, path: str, port: int = 443, **options: Any) -> Any:
    """TLS over both families, with the certificates of a folder: see ServerNames.fromFolder.

    Raises OSError or ValueError for files that can't be used.
    """
    from reactor.ssl import ServerNames

    return wrapServerTLS(ServerNames.fromFolder(path), TCP6ServerEndpoint(reactor, port, **options))


def ssl_client(reactor: Any, host: str, port: int, **options: Any) -> Any:
    """TLS over IPv4, to a server that must prove its name. Twisted's names for its files are known too."""
    for theirs, ours in (("certKey", "certificate"), ("caCertsDir", "trustRoots")):
        if theirs in options:
            options[ours] = options.pop(theirs)
    context = _client_context(options)
    bind = options.pop("bindAddress", None)
    return SSL4ClientEndpoint(reactor, host, port, context, bindAddress=bind and (bind, 0), **options)


def tls_client(
    reactor: Any, host: str, port: int, endpoint: IStreamClientEndpoint | None = None, **options: Any
) -> Any:
    """TLS to a server that must prove its name, over both families, or over another endpoint."""
    context = _client_context(options)
    return wrapClientTLS(_Named(context, host), endpoint or HostnameEndpoint(reactor, host, port, **options))


def _client_context(options: dict[str, Any]) -> Any:
    """Removes the options about certificates, and uses them. Raises OSError or ssl.SSLError for bad files."""
    import ssl
    from pathlib import Path

    roots, certificate = options.pop("trustRoots", None), options.pop("certificate", None)
    key = options.pop("privateKey", None)
    is_folder = roots is not None and Path(roots).is_dir()
    context = ssl.create_default_context(cafile=None if is_folder else roots)
    for file in sorted(Path(roots).glob("*.pem")) if is_folder else ():
        context.load_verify_locations(file)
    if certificate or key:
        context.load_cert_chain(certificate or key, key)
    return context


class _Named:
    """A context factory that knows which name the server must prove to have."""

    def __init__(self, context: Any, hostname: str) -> None:
        self._context = context
        self.hostname = hostname

    def getContext(self) -> Any:
        return self._context


def socks_client(reactor: Any, proxy: str, proxyPort: int, host: str, port: int, **options: Any) -> Any:
    """A host behind a SOCKS proxy, which looks its name up."""
    return SOCKSClientEndpoint(reactor, HostnameEndpoint(reactor, proxy, proxyPort), host, port, **options)


def ssh_client(reactor: Any, **options: Any) -> Any:
    """The standard streams of a command on a host."""
    return import_module("reactor.conch.endpoints").from_string(reactor, **options)  # above us, and an extra


def ssh_forward_client(reactor: Any, **options: Any) -> Any:
    """A host and port, from behind an SSH server."""
    return import_module("reactor.conch.endpoints").forward_from_string(reactor, **options)  # likewise


def socks_version(value: str) -> str:
    """A version of SOCKS."""
    if value not in ("4", "4a", "5"):
        raise ValueError("4, 4a or 5")
    return value


_TCP_SERVER: dict[str, Reader] = {"port": port, "interface": text, "backlog": number}
_TCP_CLIENT: dict[str, Reader] = {"host": text, "port": port, "timeout": number, "bindAddress": text}
_SSH: dict[str, Reader] = {"sshPort": port, "keys": text, "knownHosts": text, "endpoint": text, "timeout": number}
_CERTIFICATES: dict[str, Reader] = {"certificate": text, "privateKey": text, "trustRoots": text}

SERVERS = {
    "tcp": Kind(TCP4ServerEndpoint, _TCP_SERVER, needed=("port",)),
    "tcp6": Kind(TCP6ServerEndpoint, {"port": port, "backlog": number, "interface": text}, needed=("port",)),
    "unix": Kind(
        unix_server, {"address": text, "mode": permissions, "backlog": number, "lockfile": flag}, needed=("address",)
    ),
    "ssl": Kind(
        ssl_server,
        {
            "port": port,
            "privateKey": text,
            "certKey": text,
            "interface": text,
            "backlog": number,
            "extraCertChain": text,
            "dhParameters": text,
            "sslmethod": no_method,
        },
        needed=("port",),
    ),
    "tls": Kind(tls_server, {"path": text, "port": port, "backlog": number, "interface": text}, needed=("path",)),
    "systemd": Kind(from_systemd, {"domain": domain, "index": number, "name": text}, needed=("domain",)),
    "stdio": Kind(StandardIOEndpoint, {}),
}

CLIENTS = {
    "tcp": Kind(TCP4ClientEndpoint, _TCP_CLIENT, needed=("host", "port")),
    "tls": Kind(
        tls_client,
        {**_TCP_CLIENT, **_CERTIFICATES, "endpoint": text},
        needed=("host", "port"),
        nested=("endpoint",),
    ),
    "ssl": Kind(
        ssl_client, {**_TCP_CLIENT, **_CERTIFICATES, "certKey": text, "caCertsDir": text}, needed=("host", "port")
    ),
    "socks": Kind(
        socks_client,
        {
            "proxy": text,
            "proxyPort": port,
            "host": text,
            "port": port,
            "version": socks_version,
            "username": text,
            "password": text,
            "timeout": number,
        },
        needed=("proxy", "proxyPort", "host", "port"),
    ),
    "ssh": Kind(ssh_client, {"host": text, "command": text, **_SSH}, needed=("host", "command"), nested=("endpoint",)),
    "ssh-forward": Kind(
        ssh_forward_client,
        {"gateway": text, "host": text, "port": port, **_SSH},
        needed=("gateway", "host", "port"),
        nested=("endpoint",),
    ),
    "unix": Kind(unix_client, {"path": text, "timeout": number, "lockfile": flag}, needed=("path",)),
}
