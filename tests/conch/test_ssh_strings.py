"""Endpoints of SSH, written down: what a string can't leave out, and what it can't say."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no such strings", allow_module_level=True)

from reactor.conch.endpoints import SSHCommandClientEndpoint, SSHForwardClientEndpoint
from reactor.endpoints import clientFromString
from reactor.testing import MemoryReactorClock


@pytest.fixture(autouse=True)
def no_agent(monkeypatch):
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


@pytest.mark.parametrize(
    ("description", "kind"),
    [
        ("ssh:ann@host:date:keys=k", SSHCommandClientEndpoint),
        ("ssh:ann@host:command=date:keys=k:sshPort=2222:knownHosts=file:timeout=5", SSHCommandClientEndpoint),
        (r"ssh:ann@host:date:keys=k:endpoint=socks\:proxy\:1080\:host\:22", SSHCommandClientEndpoint),
        ("ssh-forward:ann@gateway:db:5432:keys=k", SSHForwardClientEndpoint),
    ],
)
def test_a_string_becomes_an_endpoint(description, kind):
    assert type(clientFromString(MemoryReactorClock(), description)) is kind


@pytest.mark.parametrize(
    ("description", "problem"),
    [
        ("ssh:host:date:keys=k", "the host is USER@HOST, not 'host'"),
        ("ssh:@host:date:keys=k", "the host is USER@HOST, not '@host'"),
        ("ssh:ann@host:date", "there is no key: say keys=FILE, or start an agent"),
        ("ssh:ann@host:keys=k", "command missing: add command="),
        ("ssh:ann@host:date:password=secret", r"no \(further\) parameter 'password'"),
        ("ssh-forward:ann@gateway:db:x:keys=k", "port is a number from 0 to 65535, not 'x'"),
    ],
)
def test_a_string_that_says_too_little_or_too_much_is_an_error_that_says_what(description, problem):
    with pytest.raises((ValueError, TypeError), match=problem):
        clientFromString(MemoryReactorClock(), description)


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "two..dots", "\udcff"])
def test_a_host_to_forward_to_that_can_be_none_is_an_error_before_anything_is_connected(host):
    with pytest.raises(ValueError, match="is no name of a host"):
        SSHForwardClientEndpoint(None, host, 80)
