"""Known hosts: what OpenSSH's own program writes, what ours writes for it, and what is refused."""

import base64
import os
import subprocess

import asyncssh
import pytest

from reactor.conch.client.knownhosts import KnownHostsFile
from reactor.conch.error import HostKeyChanged, InvalidEntry, UserRejectedKey
from tests.peers.packages import path_of


@pytest.fixture(scope="module")
def keys():
    return [asyncssh.generate_private_key("ssh-ed25519").convert_to_public() for _ in range(3)]


@pytest.fixture
def known(tmp_path, keys):
    """Makes a file of known hosts from lines in which {0} to {2} stand for keys."""

    def write(*lines):
        path = tmp_path / "known_hosts"
        texts = [key.export_public_key().decode().strip() for key in keys]
        path.write_text("".join(line.format(*texts) + "\n" for line in lines), "utf-8")
        return KnownHostsFile.fromPath(path)

    return write


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("host.example {0}", "host.example"),
        ("host.example {0}", "HOST.Example"),
        ("host.example,192.0.2.7 {0}", "192.0.2.7"),
        ("[host.example]:2222 {0}", "[host.example]:2222"),
        ("host.example {0}", "[host.example]:2222"),  # as OpenSSH has it
        ("*.example,!old.example {0}", "new.example"),
        ("h?st.example {0}", "host.example"),
        ("@cert-authority *.example {0}", "host.example"),
        ("2001:db8::1 {0}", "2001:db8::1"),
    ],
)
def test_a_line_vouches_for_a_key_of_a_host(known, keys, line, name):
    assert known("# a comment", "", line).hasHostKey(name, keys[0])


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("host.example {0}", "host.example.org"),
        ("[host.example]:2222 {0}", "host.example"),
        ("[host.example]:2222 {0}", "[host.example]:2223"),
        ("*.example,!old.example {0}", "old.example"),
        ("@revoked host.example {1}", "host.example"),
        ("host.example ssh-of-the-future AAAA", "host.example"),
        ("host.example 1024 35 1234567890", "host.example"),  # a key of SSH 1
    ],
)
def test_a_line_about_somebody_else_vouches_for_nothing(known, keys, line, name):
    assert not known(line).hasHostKey(name, keys[0])


def test_an_unknown_key_is_an_error_that_names_host_kind_and_fingerprint_and_what_to_do(known, keys):
    hosts = known("host.example {0}")
    with pytest.raises(UserRejectedKey) as caught:
        hosts.verifyHostKey("[other]:2222", keys[1])
    message = str(caught.value)
    assert "the host key of [other]:2222, ssh-ed25519 SHA256:" in message and "ask whoever runs it" in message
    line = message.rpartition(": ")[2]
    assert known("host.example {0}", line).hasHostKey("[other]:2222", keys[1]), "the line that it says to add works"


def test_a_changed_key_is_another_error_that_names_the_line(known, keys):
    hosts = known("other {1}", "host {0}")
    with pytest.raises(HostKeyChanged, match=r"known_hosts, line 2: somebody may stand in between") as caught:
        hosts.verifyHostKey("host", keys[1])
    error = caught.value
    assert (error.lineno, error.path, error.offendingEntry.key) == (2, hosts.savePath, keys[0])
    assert keys[1].get_fingerprint() in str(error)


def test_any_of_several_keys_of_a_host_is_known(known, keys):
    hosts = known("host {0}", "host {1}")
    assert [hosts.hasHostKey("host", key) for key in keys[:2]] == [True, True]


def test_a_revoked_key_is_refused_whoever_vouches_for_it(known, keys):
    for lines in (["host {0}", "@revoked * {0}"], ["@revoked host {0}", "host {0}", "host {1}"]):
        with pytest.raises(UserRejectedKey, match=r"ssh-ed25519 SHA256:.*, is revoked by .*known_hosts, line "):
            known(*lines).verifyHostKey("host", keys[0])


def test_a_key_is_revoked_in_whatever_letters_its_comment_is(known, keys):
    with pytest.raises(UserRejectedKey, match="revoked"):
        known("host {0}", "@revoked * {0} für immer").verifyHostKey("host", keys[0])


def test_a_key_whose_numbers_are_impossible_is_an_error_that_names_its_line(known):
    parts = (b"ssh-rsa", b"\xff", b"\xff")
    blob = base64.b64encode(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).decode()
    with pytest.raises(InvalidEntry, match="known_hosts, line 2: "):
        known("host {0}", f"host ssh-rsa {blob}")


def test_a_key_revoked_at_a_name_is_revoked_at_each_of_its_ports(known, keys):
    with pytest.raises(UserRejectedKey, match="revoked"):
        known("@revoked host {0}").hasHostKey("[host]:2222", keys[0])


@pytest.mark.parametrize(
    ("line", "problem"),
    [("host", "Invalid known hosts entry: host"), ("@rewoked * {0}", "marker: rewoked"), ("|1|x {0}", "hash entry")],
)
def test_a_line_that_cannot_be_read_is_an_error_that_names_it(known, line, problem):
    with pytest.raises(InvalidEntry, match=rf"known_hosts, line 2: .*{problem}"):
        known("host {0}", line)


def test_a_file_that_is_not_there_is_empty_and_saving_makes_it_for_its_owner_only(tmp_path, keys):
    path = tmp_path / "new" / "known_hosts"
    hosts = KnownHostsFile.fromPath(path)
    hosts.addHostKey("Host.example", keys[0])
    assert hosts.hasHostKey("host.example", keys[0]) and not path.exists()
    hosts.save()
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    assert "host.example" not in path.read_text("utf-8").lower(), "names are hashed"
    assert KnownHostsFile.fromPath(path).hasHostKey("host.example", keys[0])


def test_saving_adds_to_the_file_that_was_read_once_and_completes_its_last_line(known, keys):
    hosts = known("a {0}")
    hosts.savePath.write_bytes(hosts.savePath.read_bytes().rstrip(b"\n"))
    for name in ("b", "c"):
        hosts.addHostKey(name, keys[1])
        hosts.save()
    read = KnownHostsFile.fromPath(hosts.savePath)
    assert read.hasHostKey("a", keys[0]) and read.hasHostKey("b", keys[1]) and read.hasHostKey("c", keys[1])
    assert hosts.savePath.read_text("utf-8").count("\n") == 3


def test_a_file_that_was_not_read_is_replaced(known, keys):
    path = known("a {0}").savePath
    hosts = KnownHostsFile(path)
    hosts.addHostKey("b", keys[1])
    hosts.save()
    assert not KnownHostsFile.fromPath(path).hasHostKey("a", keys[0])


@pytest.mark.skipif(path_of("ssh-keygen") is None, reason="ssh-keygen is not installed: apt-get install openssh-client")
def test_openssh_finds_what_we_have_saved_and_we_what_it_has_hashed(known, keys):
    hosts = known("host.example {0}")
    hosts.addHostKey("[ours.example]:2222", keys[1])
    hosts.save()
    keygen = [path_of("ssh-keygen"), "-f", os.fspath(hosts.savePath)]
    found = subprocess.run([*keygen, "-F", "[ours.example]:2222"], capture_output=True, timeout=30, check=True)
    assert b"found: line 2" in found.stdout
    subprocess.run([*keygen, "-H"], capture_output=True, timeout=30, check=True)
    assert b"host.example" not in hosts.savePath.read_bytes()
    read = KnownHostsFile.fromPath(hosts.savePath)
    assert read.hasHostKey("host.example", keys[0]) and read.hasHostKey("[ours.example]:2222", keys[1])
