"""Serve names: zones of this machine, zones of other servers, and names from elsewhere.

    reactord dns --zone example.org=zones/example.org --notify 192.0.2.2
    reactord dns --secondary 192.0.2.1/example.org
    reactord dns --recursive --interface 127.0.0.1

Told to reload, it reads zone files that have changed, and tells who is to be notified of newer ones.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from reactor import log
from reactor.abstract import isIPAddress, isIPv6Address
from reactor.application.internet import TCPServer, UDPServer
from reactor.application.options import option
from reactor.application.service import MultiService, Service
from reactor.default import the_reactor
from reactor.names import cache, client, dns, hosts, root
from reactor.names.authority import BindAuthority, FileAuthority, PySourceAuthority
from reactor.names.primary import notify
from reactor.names.rate_limit import RateLimit
from reactor.names.secondary import SecondaryAuthorityService
from reactor.names.serial_numbers import is_newer
from reactor.names.server import DNSServerFactory
from reactor.names.tsig import Key

_LONGEST_QUESTION_BYTES = 4096
_OWN_NETWORKS = ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10"]


def network(text: str) -> IPv4Network | IPv6Network:
    """Read a network, such as 192.0.2.0/24, or one address."""
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError("a network such as 192.0.2.0/24, or an address") from None


def address(text: str) -> tuple[str, int]:
    """Read an address, and a port after # if it isn't 53."""
    host, _, port = text.partition("#")
    if not (isIPAddress(host) or isIPv6Address(host)) or not (port or "53").isdigit() or int(port or 53) > 65535:
        raise ValueError("an address such as 192.0.2.1, or 192.0.2.1#5353 for another port than 53")
    return host, int(port or dns.PORT)


def secondary(text: str) -> tuple[tuple[str, int], str]:
    """Read the primary and the name of a zone."""
    primary, slash, name = text.partition("/")
    if not slash or not name:
        raise ValueError("a primary and a zone such as 192.0.2.1/example.org")
    return address(primary), name


@dataclass
class Options:
    """The options of `reactord dns`."""

    port: int = option(dns.PORT, "where to listen, over UDP and TCP")
    interface: str = option("", "the address to listen at; left out, all addresses of IPv4")
    zone: list[str] = option([], "a zone file, as NAME=FILE, or FILE if the file has the zone's name")
    pyzone: list[Path] = option([], "a zone as a program, which is run: see reactor.names.authority.PySourceAuthority")
    secondary: list[Any] = option([], "a zone from another server, as 192.0.2.1/example.org", secondary)
    notify: list[Any] = option([], "a secondary that is told of changes, as 192.0.2.2", address)
    transfer: list[Any] = option([], "a network that may have whole zones, as 192.0.2.0/24", network)
    keys: Path | None = option(None, "a file of keys for TSIG, one a line: [algorithm:]name:secret")
    recursive: bool = option(False, "find out names of others: by the servers in resolv.conf")
    iterative: bool = option(False, "find out names of others: from the root down")
    recursion_for: list[Any] = option([], "a network that names are found out for; left out, private ones", network)
    resolv_conf: Path = option(Path("/etc/resolv.conf"), "which servers to ask")
    hosts_file: Path | None = option(None, "a hosts file that is asked first")
    answers_per_second: float = option(200.0, "over UDP for each network, and ten times as many at once; 0: no limit")
    verbose: bool = option(False, "log questions and answers")

    def __post_init__(self) -> None:
        self.zone = [f"{name}={Path(file).absolute()}" for name, file in map(_named, self.zone)]
        self.pyzone = [path.absolute() for path in self.pyzone]  # a daemon changes its working directory
        self.resolv_conf = self.resolv_conf.absolute()
        if self.hosts_file is not None:
            self.hosts_file = self.hosts_file.absolute()
            if not self.hosts_file.is_file():
                raise ValueError(f"--hosts-file: {self.hosts_file} is no file")
        if not self.answers_per_second >= 0:  # nor is it NaN
            raise ValueError(f"--answers-per-second is a number, 0 or more, not {self.answers_per_second:g}")
        if not (self.zone or self.pyzone or self.secondary or self.recursive or self.iterative or self.hosts_file):
            raise ValueError("there is nothing to serve: give a zone, a secondary, or --recursive")


def _named(zone: str) -> tuple[str, str]:
    name, equals, file = zone.partition("=")
    return (name, file) if equals else (os.path.basename(zone), zone)


class ZoneService(Service):
    """Reads zone files again when told to reload, and tells secondaries of newer editions.

    authority: serves the zone. read: makes one of what the file holds now. told: (address, port) of the secondaries.
    """

    def __init__(
        self, authority: FileAuthority, read: Callable[[], FileAuthority], told: list[tuple[str, int]]
    ) -> None:
        self.authority = authority
        self._read = read
        self.told = told

    def startService(self) -> None:
        super().startService()
        self._tell()

    def reloadService(self) -> None:
        """Serve the file as it is now. One that can't be read raises, and the zone stays as it is."""
        before, after = self.authority.zone, self._read().zone
        if before is not None and after is not None and not is_newer(after.serial, before.serial):
            log.msg(f"{before.origin!r}: serial {after.serial} is not newer than {before.serial}; no secondary sees it")
        self.authority.zone = after
        self._tell()

    def _tell(self) -> None:
        zone = self.authority.zone
        if zone is not None:
            for place in self.told:
                notify(the_reactor(), place, zone.soa)


def makeService(options: Options) -> Service:
    """The service that listens over UDP and TCP, and keeps its zones up to date."""
    made = MultiService()
    keys = _read_keys(options.keys)
    zones = [ZoneService(read(), read, options.notify) for read in _readers(options)]
    copies = [
        SecondaryAuthorityService.fromServerAddressAndDomains(primary, [name]) for primary, name in options.secondary
    ]
    authorities: list[FileAuthority] = [zone.authority for zone in zones]
    for copy in copies:
        copy.domains[0].key = keys[0] if keys else None
        authorities.append(copy.domains[0])
    caches = [cache.CacheResolver()] if options.recursive or options.iterative else []
    factory = DNSServerFactory(authorities, caches, _clients(options), 2 if options.verbose else 0)
    factory.noisy = False
    factory.keys = {key.name: key for key in keys}
    factory.transfersFor = options.transfer
    factory.recursionFor = options.recursion_for or list(map(ip_network, _OWN_NETWORKS))
    if options.answers_per_second:
        factory.limit = RateLimit(options.answers_per_second, lambda: the_reactor().seconds())
    datagrams = dns.DNSDatagramProtocol(factory)
    UDPServer(
        options.port, datagrams, interface=options.interface, maxPacketSize=_LONGEST_QUESTION_BYTES
    ).setServiceParent(made)
    TCPServer(options.port, factory, interface=options.interface).setServiceParent(made)
    for service in (*zones, *copies):
        service.setServiceParent(made)
    return made


def _readers(options: Options) -> Iterator[Callable[[], FileAuthority]]:
    for path in options.pyzone:
        yield partial(PySourceAuthority, path)
    for name, file in map(_named, options.zone):
        yield partial(BindAuthority, file, name)


def _clients(options: Options) -> list[Any]:
    found: list[Any] = []
    if options.hosts_file is not None:
        found.append(hosts.Resolver(options.hosts_file))
    if options.recursive:
        found.append(client.Resolver(options.resolv_conf))
    elif options.iterative:
        found.append(root.Resolver(root.HINTS))
    return found


def _read_keys(path: Path | None) -> list[Key]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path is not None else []
    keys = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            try:
                keys.append(Key.fromText(line.strip()))
            except ValueError as problem:
                raise ValueError(f"{path}, line {number}: {problem}") from None
    return keys
