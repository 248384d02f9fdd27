"""reactord as root: it binds ports first, then becomes somebody else, in a folder that is shut."""

import os
import socket

import pytest

from reactor.application.runner import privileges
from reactor.application.runner.errors import RunnerError, UsageError
from tests.support.reactord import ECHO, reactord

__all__ = ["reactord"]

AS_ROOT = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may become another")
NOBODY = 65534


def status(pid):
    """Users, groups and further groups of a process, as Linux tells."""
    with open(f"/proc/{pid}/status") as file:
        fields = dict(line.rstrip("\n").split(":\t", 1) for line in file)
    return {name: fields[name].split() for name in ("Uid", "Gid", "Groups")}


def privileged_port():
    """A port that only root may bind, and that is free; ports are tried from the top, where few servers are."""
    for port in range(1023, 900, -1):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("all are taken")


@AS_ROOT
def test_ports_are_bound_before_privileges_are_given_up_for_good(reactord):
    port = privileged_port()
    reactord.folder.chmod(0o755)
    reactord.write(
        ECHO
        + f"""
application.listenTCP({port}, Factory.forProtocol(Echo), interface="127.0.0.1")

import os
from reactor.application.service import Service

class Checking(Service):
    def privilegedStartService(self):
        print("privileged as", os.geteuid())
    def startService(self):
        print("started as", os.getresuid(), os.getresgid(), os.getgroups())

Checking().setServiceParent(application)
"""
    )
    reactord.start("-y", "app.py", "-u", str(NOBODY), "-g", str(NOBODY))
    assert status(reactord.pid) == {"Uid": [str(NOBODY)] * 4, "Gid": [str(NOBODY)] * 4, "Groups": [str(NOBODY)]}
    with socket.create_connection(("127.0.0.1", port), 5) as client:
        client.sendall(b"hello")
        assert client.recv(100) == b"hello"
    assert (reactord.folder / "reactord.log").stat().st_uid == NOBODY
    pid_file = reactord.folder / "reactord.pid"
    assert pid_file.stat().st_uid == 0
    reactord.stop()
    assert "privileged as 0" in reactord.messages()
    assert pid_file.read_text() == ""  # nobody may not remove it; it is empty, and nobody's
    reactord.begin_again()
    reactord.start("-y", "app.py", "--no-save", "-l", "again.log")
    reactord.stop()


A_LINK = "is a link to another file, and isn't opened: name the file itself\n"


@AS_ROOT
@pytest.mark.parametrize("make", [os.symlink, os.link])
@pytest.mark.parametrize(
    ("option", "said"),
    [("--logfile", "log {folder}/mine"), ("--pidfile", "pid file mine"), ("--profile", "profile mine")],
)
def test_no_file_of_roots_is_written_emptied_or_given_away_by_a_link(reactord, make, option, said):
    secret = reactord.folder / "secret"
    secret.write_text("" if option == "--pidfile" else "of root's alone\n")
    secret.chmod(0o600)
    before = secret.stat()
    make(secret, reactord.folder / "mine")
    result = reactord.run("-n", "-y", "app.py", "--uid", str(NOBODY), option, "mine")
    assert (result.returncode, result.stderr) == (1, f"reactord: {said.format(folder=reactord.folder)}: {A_LINK}")
    after = secret.stat()
    assert (after.st_uid, after.st_mode, after.st_mtime_ns) == (0, before.st_mode, before.st_mtime_ns)


@AS_ROOT
@pytest.mark.parametrize("rotate", ["1K", "daily"])
def test_a_link_that_dangles_makes_no_new_file(reactord, rotate):
    (reactord.folder / "mine").symlink_to("new")
    result = reactord.run("-n", "-y", "app.py", "--uid", str(NOBODY), "--logfile", "mine", "--rotate", rotate)
    assert (result.returncode, result.stderr) == (1, f"reactord: log {reactord.folder}/mine: {A_LINK}")
    assert not (reactord.folder / "new").exists()


@AS_ROOT
def test_a_device_that_takes_the_log_stays_roots(reactord):
    reactord.folder.chmod(0o777)
    reactord.start("-y", "app.py", "--uid", str(NOBODY), "--logfile", "/dev/null")
    reactord.stop()
    assert os.stat("/dev/null").st_uid == 0


@AS_ROOT
def test_the_application_may_say_as_whom_it_wants_to_run(reactord):
    reactord.write(ECHO.replace('Application("echo")', f'Application("echo", uid={NOBODY}, gid={NOBODY})'))
    reactord.folder.chmod(0o777)
    reactord.start("-y", "app.py")
    assert status(reactord.pid)["Uid"] == [str(NOBODY)] * 4
    reactord.stop()
    assert "reactord.pid" not in reactord.files()


@AS_ROOT
def test_in_a_folder_that_is_shut(reactord):
    (reactord.folder / "jail").mkdir()
    reactord.start("-y", "app.py", "--chroot", "jail")
    assert os.readlink(f"/proc/{reactord.pid}/root") == str(reactord.folder / "jail")
    assert reactord.echo("inside", "jail/echo") == "inside"
    reactord.stop()
    assert reactord.files().keys() == {"app.py", "reactord.log"}
    assert list((reactord.folder / "jail").iterdir()) == []


@AS_ROOT
def test_a_folder_to_be_shut_in_that_is_not_there(reactord):
    result = reactord.run("-y", "app.py", "--chroot", "missing")
    assert (result.returncode, result.stderr) == (1, "reactord: --chroot missing: No such file or directory\n")
    reactord.wait()


def test_who_is_not_root_may_stay_only_who_they_are(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os, "getegid", lambda: 1000)
    same = privileges.Identity(1000, 1000, (1000,))
    same.become()
    with pytest.raises(RunnerError, match="only root may become user 0, group 0"):
        privileges.Identity(0, 0, (0,)).check()
    with pytest.raises(RunnerError, match="only root may become user 0, group 0"):
        privileges.Identity(0, 0, (0,)).become()


def test_users_and_groups_by_name_and_number():
    root = privileges.identity("root", None)
    assert (root.uid, root.gid) == (0, 0)
    assert privileges.identity(0, "0").uid == 0
    assert privileges.identity(54321, None) == privileges.Identity(54321, 54321, (54321,))
    assert privileges.identity(2**32 - 2, None).uid == 2**32 - 2  # one more would mean "no change" to the kernel
    assert privileges.identity(None, None) is None


@pytest.mark.parametrize("user", ["nobody-here", "", "9" * 30, str(2**32 - 1), str(2**32)])
def test_a_user_that_is_not_there(user):
    with pytest.raises(UsageError, match="there is no user"):
        privileges.identity(user, None)


@pytest.mark.parametrize("group", ["nobody-here", "", str(2**32 - 1)])
def test_a_group_that_is_not_there(group):
    with pytest.raises(UsageError, match="there is no group"):
        privileges.identity(None, group)
