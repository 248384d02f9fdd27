"""Endpoints written down, for command lines and configuration files: `tcp:8080:interface=127.0.0.1`.

    description = kind *( ":" argument )
    argument    = value / name "=" value         a backslash makes the character after it an ordinary one

Values without a name are the kind's parameters in their order. `kinds.py` has the kinds.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from reactor.endpoints.kinds import CLIENTS, SERVERS, Kind
from reactor.interfaces import IStreamClientEndpoint, IStreamServerEndpoint


def serverFromString(reactor: Any, description: str | bytes) -> IStreamServerEndpoint:
    """The server endpoint that a string describes.

        tcp:PORT:interface=ADDRESS:backlog=NUMBER       tcp6: the same
        unix:PATH:mode=666:backlog=NUMBER:lockfile=1
        ssl:PORT:privateKey=FILE:certKey=FILE           and tcp's, extraCertChain=FILE, dhParameters=FILE
        tls:FOLDER:PORT                                 and tcp's; both families, several names; the port is 443
        systemd:INET:INDEX                              or name=NAME; also INET6 and UNIX: opened by systemd
        stdio:

    Twisted's `haproxy:` is not among them: the PROXY protocol is not spoken here.
    Raises ValueError for a string or a value that can't be read, TypeError for too many or too few arguments; the
    message says where, and what is allowed.
    """
    return _endpoint(reactor, description, SERVERS)  # type: ignore[no-any-return]  # the table says Any for both


def clientFromString(reactor: Any, description: str | bytes) -> IStreamClientEndpoint:
    """The client endpoint that a string describes.

        tcp:HOST:PORT:timeout=SECONDS:bindAddress=ADDRESS
        tls:HOST:PORT                                   the same, both families, with TLS; also trustRoots=FILE,
                                                        certificate=FILE:privateKey=FILE, endpoint=DESCRIPTION
        ssl:HOST:PORT                                   as tls, IPv4 only; certKey is certificate, caCertsDir trustRoots
        unix:PATH:timeout=SECONDS:lockfile=1
        socks:PROXY:PORT:HOST:PORT:version=5            through a SOCKS proxy; also username, password, timeout
        ssh:USER@HOST:COMMAND                           a command's standard streams (extra `ssh`); also sshPort,
                                                        keys=FILE or else the agent's, knownHosts=FILE, timeout,
                                                        endpoint=DESCRIPTION
        ssh-forward:USER@GATEWAY:HOST:PORT              from behind an SSH server; also as ssh

    Raises as `serverFromString` does.
    """
    return _endpoint(reactor, description, CLIENTS)  # type: ignore[no-any-return]  # the table says Any for both


def quoteStringArgument(argument: str) -> str:
    """The argument in the form for a description: a path may have colons and backslashes."""
    return argument.replace("\\", "\\\\").replace(":", "\\:")


class Argument(NamedTuple):
    """One part of a description: its name (or None), its value, and its first column, counted from 1."""

    name: str | None
    value: str
    column: int


def parse(description: str) -> list[Argument]:
    """The parts of a description, the kind first. Raises ValueError for a backslash at the end."""
    found: list[Argument] = []
    name: str | None = None
    value, begin, position = "", 1, 0
    while position < len(description):
        character = description[position]
        if character == ":":
            found.append(Argument(name, value, begin))
            name, value, begin = None, "", position + 2
        elif character == "=" and name is None:
            name, value = value, ""
        elif character == "\\":
            position += 1
            if position == len(description):
                raise _problem(
                    description, position, "nothing follows the last backslash; write \\\\ for one of its own"
                )
            value += description[position]
        else:
            value += character
        position += 1
    last = Argument(name, value, begin)
    return [*found, last] if value or name is not None or not found else found  # a colon may end it: "stdio:"


def _endpoint(reactor: Any, description: str | bytes, kinds: dict[str, Kind]) -> Any:
    text = description.decode() if isinstance(description, bytes) else description
    first, *arguments = parse(text)
    kind = kinds.get(first.value.lower()) if first.name is None else None
    if kind is None:
        why = ", as the PROXY protocol is not spoken here" if first.value == "haproxy" else ""
        raise _problem(text, 1, f"Unknown endpoint type: {first.value!r}{why}; known are {', '.join(kinds)}")
    values = _values(text, kind, arguments)
    try:
        for name in kind.nested:
            if values.get(name):
                values[name] = clientFromString(reactor, values[name])
        return kind.make(reactor, **values)
    except ValueError as problem:
        raise ValueError(f"{problem} (in {text!r})") from problem


def _values(text: str, kind: Kind, arguments: list[Argument]) -> dict[str, Any]:
    """The parameters and their values, from the arguments."""
    named = {argument.name for argument in arguments}
    unnamed = iter([name for name in kind.parameters if name not in named])
    values: dict[str, Any] = {}
    for argument in arguments:
        name = next(unnamed, None) if argument.name is None else argument.name
        if name is None or name in values or name not in kind.parameters:
            what = f"no parameter for {argument.value!r}" if name is None else f"no (further) parameter {name!r}"
            raise _problem(
                text, argument.column, f"{what}; there are {', '.join(kind.parameters) or 'none'}", TypeError
            )
        try:
            values[name] = kind.parameters[name](argument.value)
        except ValueError as problem:
            raise _problem(text, argument.column, f"{name} is {problem}, not {argument.value!r}") from None
    missing = [name for name in kind.needed if name not in values]
    if missing:
        raise _problem(text, len(text) + 1, f"{' and '.join(missing)} missing: add {missing[0]}=…", TypeError)
    return values


def _problem(description: str, column: int, what: str, kind: type[Exception] = ValueError) -> Exception:
    return kind(f"{what} (at character {column} of {description!r})")
