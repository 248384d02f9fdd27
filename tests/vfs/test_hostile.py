"""Attempts to leave a folder on disk: by links, by links put there in the middle of a walk, by what is no file."""

import os
import socket
import threading

import pytest

from tests.support import oracle
from tests.support.outcomes import failure_of, outcomes, result_of

if oracle.installed():
    pytest.skip("Twisted's are parts of FTP and follow links", allow_module_level=True)

from reactor.protocols.ftp import FTPRealm
from reactor.vfs import Folder, IFTPShell, contents, folder, uploads

SECRET = b"root:secret"


@pytest.fixture
def place(tmp_path):
    """A folder with files, and a secret beside it."""
    (tmp_path / "secret").write_bytes(SECRET)
    (tmp_path / "root" / "a" / "b").mkdir(parents=True)
    (tmp_path / "root" / "a" / "b" / "secret").write_bytes(b"harmless")
    (tmp_path / "outside" / "b").mkdir(parents=True)
    (tmp_path / "outside" / "b" / "secret").write_bytes(SECRET)
    return tmp_path


@pytest.fixture
def shell(place):
    return Folder(place / "root")


@pytest.fixture(autouse=True)
def nothing_stays_open():
    before = os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else None
    yield
    assert before is None or os.listdir("/proc/self/fd") == before


LINKS = {"absolute": "{place}/secret", "relative": "../secret", "to a folder": "../outside", "inside": "a/b/secret"}


@pytest.mark.parametrize("target", LINKS.values(), ids=LINKS.keys())
def test_a_link_is_as_if_it_was_not_there(place, shell, target):
    (place / "root" / "link").symlink_to(target.format(place=place))
    failure_of(contents(shell, ["link"], 100), OSError)
    failure_of(shell.stat(["link"], ["size"]), FileNotFoundError)
    failure_of(shell.access(["link"]), NotADirectoryError)
    failure_of(shell.openForWriting(["link"]), OSError)
    failure_of(shell.makeDirectory(["link", "x"]), OSError)
    failure_of(shell.removeFile(["link", "secret"]), OSError)
    failure_of(shell.rename(["link"], ["other"]), FileNotFoundError)
    failure_of(shell.rename(["a"], ["link", "a"]), OSError)
    failure_of(contents(shell, ["link", "b", "secret"], 100), OSError)
    assert [name for name, _ in result_of(shell.list([]))] == ["a"]
    assert (place / "secret").read_bytes() == SECRET


def test_removing_a_link_removes_the_link(place, shell):
    (place / "root" / "link").symlink_to(place / "secret")
    result_of(shell.removeFile(["link"]))
    assert (place / "secret").read_bytes() == SECRET


def test_the_folder_itself_may_be_a_link(place):
    (place / "way in").symlink_to(place / "root")
    assert result_of(contents(Folder(place / "way in"), ["a", "b", "secret"], 100)) == b"harmless"


@pytest.mark.parametrize("step", range(3))
def test_a_link_that_is_put_there_in_the_middle_of_a_walk_leads_nowhere(place, shell, step, monkeypatch):
    steps, real = [], os.open

    def swap_and_open(name, *args, **options):
        if len(steps) == step:
            (place / "root" / "a").rename(place / "root" / "moved")
            (place / "root" / "a").symlink_to(place / "outside")
        steps.append(name)
        return real(name, *args, **options)

    monkeypatch.setattr(folder.os, "open", swap_and_open)
    (found,) = outcomes(contents(shell, ["a", "b", "secret"], 100))
    monkeypatch.undo()
    assert found == b"harmless" or found.check(OSError)


def test_a_race_between_links_and_walks_is_never_won(place, shell):
    root, stop = place / "root", threading.Event()
    (place / "link").symlink_to(place / "outside")

    def exchange():
        while not stop.is_set():
            (root / "a").rename(place / "parked")
            (place / "link").rename(root / "a")
            (root / "a").rename(place / "link")
            (place / "parked").rename(root / "a")

    attacker = threading.Thread(target=exchange)
    attacker.start()
    seen = set()
    try:
        for _ in range(400):
            (found,) = outcomes(contents(shell, ["a", "b", "secret"], 100))
            seen.add(found if isinstance(found, bytes) else found.type)
            outcomes(shell.makeDirectory(["a", "made"]))
            outcomes(shell.removeDirectory(["a", "made"]))
    finally:
        stop.set()
        attacker.join()
    assert seen <= {b"harmless", FileNotFoundError, NotADirectoryError}
    assert sorted(os.listdir(place / "outside")) == ["b"]


def test_a_FIFO_neither_blocks_nor_is_a_file(place, shell):
    os.mkfifo(place / "root" / "fifo")
    failure_of(shell.openForReading(["fifo"]), FileNotFoundError)
    failure_of(shell.openForWriting(["fifo"]), FileNotFoundError)
    failure_of(shell.stat(["fifo"]), FileNotFoundError)
    assert [name for name, _ in result_of(shell.list([]))] == ["a"]


def test_a_socket_is_no_file(place, shell, monkeypatch):
    monkeypatch.chdir(place / "root")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        failure_of(shell.openForReading(["socket"]), FileNotFoundError)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there is no /dev")
def test_a_device_is_no_file():
    failure_of(Folder("/dev").openForReading(["zero"]), FileNotFoundError)


def test_a_file_whose_writing_fails_says_so_when_it_is_closed():
    if not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full")
    from reactor.vfs.transfers import FileWriter

    writer = FileWriter(os.fdopen(os.open("/dev/full", os.O_WRONLY), "wb", buffering=0))
    writer.write(b"x")
    writer.write(b"y")
    failure_of(writer.close(), OSError)


def test_a_folder_for_reading_takes_no_changes(place):
    shell = Folder(place / "root", readOnly=True)
    for change in (
        shell.makeDirectory(["x"]),
        shell.removeDirectory(["a"]),
        shell.removeFile(["a", "b", "secret"]),
        shell.rename(["a"], ["c"]),
        shell.openForWriting(["x"]),
    ):
        assert "for reading only" in failure_of(change, PermissionError).getErrorMessage()
    assert result_of(contents(shell, ["a", "b", "secret"], 100)) == b"harmless"


def test_a_system_without_folders_descriptors_is_told_at_once(monkeypatch):
    monkeypatch.setattr(os, "supports_dir_fd", set())
    with pytest.raises(NotImplementedError, match="links can't be kept out"):
        Folder("/")


# --- the disk


@pytest.fixture
def synced(monkeypatch):
    """The descriptors of which the disk was asked to have all."""
    asked = []
    monkeypatch.setattr(os, "fsync", lambda number: asked.append(os.readlink(f"/proc/self/fd/{number}")))
    return asked


def test_the_disk_has_an_upload_before_it_gets_its_name_and_then_the_name(place, shell, synced):
    file = result_of(shell.openForWriting(["new"]))
    file.write(b"all")
    result_of(file.close())
    assert [path.removeprefix(f"{place}/root") for path in synced] == ["/.new.part", ""]


@pytest.fixture
def syncing_threads(monkeypatch):
    """In which threads the disk was asked, now that three bytes are a large upload."""
    threads = []
    monkeypatch.setattr(uploads, "SYNCED_AT_ONCE", 2)
    monkeypatch.setattr(os, "fsync", lambda number: threads.append(threading.get_ident()))
    return threads


@pytest.mark.parametrize("open_it", ["openForWriting", "openForAppending"])
def test_a_thread_of_the_reactor_at_hand_waits_for_the_disk_to_have_a_large_upload(
    place, one_reactor, syncing_threads, open_it
):
    files = FTPRealm(place, place, reactor=one_reactor).requestAvatar(b"root", None, IFTPShell)[1]
    seen = []

    def upload():
        file = result_of(getattr(files, open_it)(["new"]))
        file.write(b"all")
        closed = file.close()
        seen.append((place / "root" / "new").exists())
        closed.addBoth(seen.append).addBoth(lambda _: one_reactor.stop())

    one_reactor.callWhenRunning(upload)
    one_reactor.run(installSignalHandlers=False)
    here = threading.get_ident()
    assert seen == [False, None] and (place / "root" / "new").read_bytes() == b"all"
    assert [thread == here for thread in syncing_threads] == [False, True]  # the file's, the folder's


def test_without_a_reactor_that_runs_a_large_upload_waits_for_the_disk_itself(place, shell, syncing_threads):
    file = result_of(shell.openForWriting(["new"]))
    file.write(b"all")
    result_of(file.close())
    assert (place / "root" / "new").read_bytes() == b"all" and {*syncing_threads} == {threading.get_ident()}


def test_an_upload_that_the_disk_does_not_take_is_none(place, shell, monkeypatch):
    (place / "root" / "file").write_bytes(b"old")
    file = result_of(shell.openForWriting(["file"]))
    file.write(b"new")
    monkeypatch.setattr(os, "fsync", lambda number: os.close(-1))
    failure_of(file.close(), OSError)
    assert (place / "root" / "file").read_bytes() == b"old" and not (place / "root" / ".file.part").exists()
