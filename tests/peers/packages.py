"""Which program comes from which Debian package: read from .ci/packages.txt, the list that CI installs.

Peers from npm are dependencies of site/, for its tests; `make site` brings them.
"""

import os
import shutil
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

LIST = Path(__file__).parents[2] / ".ci" / "packages.txt"

# Packages that have no program, and a file that they have.
LIBRARIES = {
    "libnet-ldap-perl": Path("/usr/share/perl5/Net/LDAP.pm"),
    "libnet-finger-perl": Path("/usr/share/perl5/Net/Finger.pm"),
    "librpc-xml-perl": Path("/usr/share/perl5/RPC/XML.pm"),
    "libnews-nntpclient-perl": Path("/usr/share/perl5/News/NNTPClient.pm"),
}

NODE_MODULES = Path(__file__).parents[2] / "site" / "node_modules"
FROM_NPM = {"nodemailer": "nodemailer", "node-xmlrpc": "xmlrpc"}  # peer → package

# Daemons are where only an administrator's PATH leads.
_PLACES = os.pathsep.join(
    [os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin", "/sbin", "/usr/lib/news/bin", "/usr/games"]
)


@cache
def programs():
    """Program → package."""
    lines = (line.partition("#")[0].split() for line in LIST.read_text(encoding="utf-8").splitlines())
    return {program: package for package, *programs in filter(None, lines) for program in programs}


def path_of(program):
    """Where a program is, or None."""
    return shutil.which(program, path=_PLACES)


def why_missing(peer):
    """None if this peer can be had; else what to do. A peer is a program, a package without one, one of Python's or
    npm's, or a module of the standard library.

    Raises LookupError for a peer that stands in no list.
    """
    if peer in programs() or peer in LIBRARIES:
        package = programs().get(peer, peer)
        is_there = LIBRARIES[peer].exists() if peer in LIBRARIES else path_of(peer)
        return None if is_there else f"{peer} is not installed: apt-get install {package}, or .ci/gui for all"
    if peer in FROM_NPM:
        return None if (NODE_MODULES / FROM_NPM[peer]).exists() else f"{peer} is not installed: make site"
    if peer.partition(".")[0] in sys.stdlib_module_names:
        return None
    try:
        metadata.version(peer)
    except metadata.PackageNotFoundError:
        raise LookupError(f"{peer!r} is no program of {LIST.name}, and no installed distribution of Python's") from None
    return None
