"""The server of SFTP, message by message: what it answers, and what it takes from a client who means harm."""

import os
import stat

import asyncssh
import pytest
from asyncssh import constants as code
from asyncssh.packet import Byte, SSHPacket, String, UInt32, UInt64

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's asks its files otherwise", allow_module_level=True)

from reactor.conch.ssh.filetransfer import FileTransferServer
from reactor.defer import Deferred
from reactor.testing import StringTransport
from reactor.vfs import Folder, MemoryFolder

NOTHING = UInt32(0)
READ, WRITE, NEW = 1, 2, code.FXF_WRITE | code.FXF_CREAT | code.FXF_TRUNC
OK = code.FX_OK


class Session:
    """A client that speaks to a server without SSH between them."""

    def __init__(self, shell):
        self.transport = StringTransport()
        self.server = FileTransferServer(b"", shell)
        self.server.makeConnection(self.transport)
        self.number = 0
        self.send(Byte(code.FXP_INIT) + UInt32(3))
        self.hello = self.answers().pop()

    def send(self, message):
        self.server.dataReceived(String(message))

    def answers(self):
        packet, found = SSHPacket(self.transport.value()), []
        self.transport.clear()
        while packet:
            found.append(packet.get_string())
        return found

    def ask(self, kind, *fields):
        """Send a request. Returns what is in its answer: the code of a status, or the answer's rest."""
        self.begin(kind, *fields)
        (answer,) = self.answers()
        packet = SSHPacket(answer)
        kind, number = packet.get_byte(), packet.get_uint32()
        assert number == self.number
        self.text = answer
        if kind == code.FXP_STATUS:
            return packet.get_uint32()
        if kind in (code.FXP_HANDLE, code.FXP_DATA):
            return packet.get_string()
        if kind == code.FXP_ATTRS:
            return asyncssh.SFTPAttrs.decode(packet, 3)
        if kind == code.FXP_NAME:
            return [asyncssh.SFTPName.decode(packet, 3) for _ in range(packet.get_uint32())]
        return packet.get_remaining_payload()

    def begin(self, kind, *fields):
        self.number += 1
        head = Byte(code.FXP_EXTENDED) + UInt32(self.number) + String(kind) if isinstance(kind, bytes) else None
        self.send((head or Byte(kind) + UInt32(self.number)) + b"".join(fields))

    def open(self, path, flags, attrs=NOTHING):
        return self.ask(code.FXP_OPEN, String(path), UInt32(flags), attrs)

    def write(self, handle, offset, data):
        return self.ask(code.FXP_WRITE, String(handle), UInt64(offset), String(data))

    def read(self, handle, offset, size):
        return self.ask(code.FXP_READ, String(handle), UInt64(offset), UInt32(size))

    def close(self, handle):
        return self.ask(code.FXP_CLOSE, String(handle))

    def of_path(self, kind, *paths, more=b""):
        return self.ask(kind, *map(String, paths), more)


@pytest.fixture
def place(tmp_path):
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret").write_bytes(b"outside")
    return tmp_path / "inside"


@pytest.fixture
def session(place):
    session = Session(Folder(place))
    yield session
    session.server.connectionLost()


def permissions(mode):
    return UInt32(code.FILEXFER_ATTR_PERMISSIONS) + UInt32(mode)


def times(accessed, modified):
    return UInt32(code.FILEXFER_ATTR_ACMODTIME) + UInt32(accessed) + UInt32(modified)


# --- uploads and downloads


def test_an_upload_appears_whole_when_it_is_closed_and_until_then_its_session_alone_sees_it(session, place):
    handle = session.open("new", NEW)
    assert session.write(handle, 3, b"def") == session.write(handle, 0, b"abc") == OK
    assert not (place / "new").exists() and Session(Folder(place)).of_path(code.FXP_STAT, "new") == code.FX_NO_SUCH_FILE
    assert session.of_path(code.FXP_LSTAT, "/new").size == session.ask(code.FXP_FSTAT, String(handle)).size == 6
    assert session.close(handle) == OK and (place / "new").read_bytes() == b"abcdef"
    assert session.close(handle) == code.FX_FAILURE


def test_an_upload_whose_connection_is_lost_leaves_the_file_as_it_was_and_can_go_on(session, place):
    (place / "menu").write_bytes(b"old")
    session.write(session.open("menu", NEW), 0, b"new, but not al")
    session.write(session.open("other", NEW), 0, b"half")
    session.server.connectionLost()
    assert (place / "menu").read_bytes() == b"old" and not (place / "other").exists()
    again = Session(Folder(place))
    handle = again.open("other", WRITE)
    assert (again.write(handle, 4, b" and half"), again.close(handle)) == (OK, OK)
    assert (place / "other").read_bytes() == b"half and half"


def test_a_file_that_is_made_without_being_emptied_never_has_what_is_left_of_another(session, place):
    (place / ".new.part").write_bytes(b"left by somebody")
    handle = session.open("new", WRITE | code.FXF_CREAT)
    assert session.write(handle, 0, b"mine") == session.close(handle) == OK
    assert (place / "new").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("flags", "there", "found"),
    [
        (WRITE | code.FXF_CREAT, b"abcdef", b"abXYef"),
        (WRITE | READ, b"abcdef", b"abXYef"),
        (WRITE | code.FXF_APPEND, b"abcdef", b"abcdefXY"),
        (WRITE | code.FXF_CREAT | code.FXF_EXCL, None, b"\0\0XY"),
        (WRITE | code.FXF_CREAT | code.FXF_EXCL, b"abcdef", code.FX_FAILURE),
        (WRITE, None, code.FX_NO_SUCH_FILE),
        (WRITE | code.FXF_TRUNC, None, code.FX_NO_SUCH_FILE),
        (WRITE | code.FXF_TRUNC, b"abcdef", b"\0\0XY"),
    ],
)
def test_the_flags_of_an_opened_file_do_what_they_do_elsewhere(session, place, flags, there, found):
    if there is not None:
        (place / "file").write_bytes(there)
    handle = session.open("file", flags)
    if isinstance(handle, bytes):
        session.write(handle, 2, b"XY")
        assert session.read(handle, 0, 100) == (found if not flags & code.FXF_APPEND else b"abcdefXY")
        assert (place / "file").exists() == (there is not None)
        assert session.close(handle) == OK
        handle = (place / "file").read_bytes()
    assert handle == found


def test_a_file_is_read_in_any_order_and_ends(session, place):
    (place / "file").write_bytes(bytes(range(256)) * 4000)
    handle = session.open("file", READ)
    assert session.read(handle, 300, 3) == bytes([44, 45, 46]) and session.read(handle, 1, 1) == b"\1"
    assert len(session.read(handle, 0, 2**32 - 1)) == session.server.files.mostRead
    for offset in (1_024_000, 2**63 - 1, 2**63, 2**64 - 1):
        assert session.read(handle, offset, 10) == code.FX_EOF
    assert session.write(handle, 0, b"x") == code.FX_FAILURE


def test_a_place_that_no_file_has_is_refused_and_the_upload_with_it(session, place):
    handle = session.open("file", NEW)
    assert session.write(handle, 2**64 - 1, b"x") == code.FX_FAILURE
    assert session.close(handle) == code.FX_FAILURE and os.listdir(place) == []


def test_a_new_file_gets_no_more_permissions_than_asked_for_and_than_the_umask_lets(session, place):
    for name, asked in (("private", 0o600), ("program", 0o777), ("setuid", 0o4755)):
        session.close(session.open(name, NEW, permissions(asked)))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in place.iterdir()}
    assert modes == {"private": 0o600, "program": 0o755, "setuid": 0o755}


def test_permissions_times_and_size_are_set_by_path_and_by_handle(session, place):
    (place / "file").write_bytes(b"abcdef")
    of_size = UInt32(code.FILEXFER_ATTR_SIZE) + UInt64(3)
    for attrs in (permissions(0o640), of_size, times(11, 22)):
        assert session.of_path(code.FXP_SETSTAT, "file", more=attrs) == OK
    found = (place / "file").stat()
    assert (stat.S_IMODE(found.st_mode), found.st_size, found.st_mtime) == (0o640, 3, 22)
    handle = session.open("new", NEW)
    session.write(handle, 0, b"abcdef")
    for attrs in (permissions(0o604), of_size, times(11, 33)):
        assert session.ask(code.FXP_FSETSTAT, String(handle), attrs) == OK
    assert session.ask(b"fsync@openssh.com", String(handle)) == session.close(handle) == OK
    found = (place / "new").stat()
    assert (stat.S_IMODE(found.st_mode), found.st_size, found.st_mtime) == (0o604, 3, 33)
    owner = UInt32(code.FILEXFER_ATTR_UIDGID) + UInt32(0) * 2
    assert session.of_path(code.FXP_SETSTAT, "file", more=owner) == code.FX_PERMISSION_DENIED


# --- folders and names


def test_folders_are_made_listed_in_portions_and_removed(session, place):
    assert session.of_path(code.FXP_MKDIR, "d", more=NOTHING) == OK
    for number in range(250):
        (place / "d" / f"{number:03}").touch()
    handle, sizes, names = session.of_path(code.FXP_OPENDIR, "d"), [], []
    while isinstance(rows := session.of_path(code.FXP_READDIR, handle), list):
        sizes.append(len(rows))
        names += [row.filename for row in rows]
    assert (rows, sizes) == (code.FX_EOF, [100, 100, 50]) and names == [b"%03d" % number for number in range(250)]
    assert session.close(handle) == OK
    assert session.of_path(code.FXP_RMDIR, "d") == code.FX_FAILURE
    assert session.of_path(code.FXP_OPENDIR, "d/000") == code.FX_FAILURE
    assert session.of_path(code.FXP_REMOVE, "d/000") == OK


def test_rename_replaces_nothing_and_that_of_POSIX_does(session, place):
    for name in "abc":
        (place / name).write_text(name)
    assert session.of_path(code.FXP_RENAME, "a", "b") == code.FX_FAILURE and (place / "b").read_text() == "b"
    assert session.of_path(code.FXP_RENAME, "a", "d") == OK
    assert session.of_path(b"posix-rename@openssh.com", "d", "b") == OK and (place / "b").read_text() == "a"
    assert session.of_path(b"hardlink@openssh.com", "b", "e") == OK and (place / "e").samefile(place / "b")
    assert session.of_path(b"hardlink@openssh.com", "b", "c") == code.FX_FAILURE


@pytest.mark.parametrize("path", ["..", "../secret", "/../../secret", "x/../../secret", "//..//secret"])
def test_no_spelling_leads_out_of_the_folder(session, path):
    assert session.of_path(code.FXP_REALPATH, path)[0].filename in (b"/", b"/secret")
    assert session.open(path, READ) in (code.FX_NO_SUCH_FILE, code.FX_PERMISSION_DENIED, code.FX_FAILURE)


def test_a_link_that_leaves_the_folder_is_as_if_it_was_not_there_and_none_is_made(session, place):
    (place / "link").symlink_to("../secret")
    (place / "up").symlink_to("..")
    for path in ("link", "up/secret"):
        assert session.open(path, READ) in (code.FX_NO_SUCH_FILE, code.FX_FAILURE)
        assert session.open(path, NEW) in (code.FX_NO_SUCH_FILE, code.FX_FAILURE)
    assert session.of_path(code.FXP_LSTAT, "link") == code.FX_NO_SUCH_FILE
    assert session.of_path(code.FXP_SETSTAT, "link", more=permissions(0o777)) == code.FX_NO_SUCH_FILE
    assert session.of_path(b"hardlink@openssh.com", "link", "mine") == code.FX_NO_SUCH_FILE
    assert session.of_path(code.FXP_SYMLINK, "../secret", "mine") == code.FX_OP_UNSUPPORTED
    assert session.of_path(code.FXP_READLINK, "link") == code.FX_OP_UNSUPPORTED
    assert (place.parent / "secret").read_bytes() == b"outside" and not (place / "mine").exists()


def test_devices_and_FIFOs_are_not_read(place):
    os.mkfifo(place / "fifo")
    assert Session(Folder(place)).open("fifo", READ) == code.FX_NO_SUCH_FILE
    assert Session(Folder("/dev")).open("zero", READ) == code.FX_NO_SUCH_FILE
    assert Session(Folder("/dev")).open("null", NEW) == code.FX_NO_SUCH_FILE


def test_a_folder_for_reading_takes_no_change(place):
    (place / "file").touch()
    session = Session(Folder(place, readOnly=True))
    assert session.open("new", NEW) == session.open("file", WRITE) == code.FX_PERMISSION_DENIED
    for kind, more in ((code.FXP_REMOVE, b""), (code.FXP_MKDIR, NOTHING), (code.FXP_SETSTAT, permissions(0))):
        assert session.of_path(kind, "file", more=more) == code.FX_PERMISSION_DENIED


def test_a_folder_in_memory_is_served_too(place):
    session = Session(MemoryFolder({"menu": b"soup"}))
    handle = session.open("menu", READ)
    assert session.read(handle, 1, 9) == b"oup" and session.of_path(code.FXP_STAT, "menu").size == 4
    handle = session.open("new", NEW, permissions(0o600))
    assert session.write(handle, 2**40, b"x") == code.FX_FAILURE  # that would be all memory
    session.close(handle)
    assert session.of_path(b"statvfs@openssh.com", "/") == code.FX_OP_UNSUPPORTED
    assert session.of_path(code.FXP_SETSTAT, "menu", more=permissions(0)) == code.FX_OP_UNSUPPORTED


# --- a client who means harm


def test_the_greeting_names_the_version_and_extensions_and_limits_are_told(session):
    assert session.hello.startswith(Byte(code.FXP_VERSION) + UInt32(3)) and b"posix-rename@openssh.com" in session.hello
    limits = SSHPacket(session.ask(b"limits@openssh.com"))
    assert [limits.get_uint64() for _ in range(4)] == [2**18, 2**18 - 1024, 2**18 - 1024, 100]


@pytest.mark.parametrize("first", [b"", b"\1\0", Byte(code.FXP_INIT) + UInt32(2), Byte(code.FXP_OPEN) + UInt32(3)])
def test_who_begins_otherwise_is_cut(place, first):
    server, transport = FileTransferServer(b"", Folder(place)), StringTransport()
    server.makeConnection(transport)
    server.dataReceived(String(first))
    assert transport.disconnecting and not transport.value()


def test_a_message_above_the_limit_is_cut_at_its_length(session):
    session.server.dataReceived(UInt32(2**18 + 1))
    assert session.transport.disconnecting


def test_messages_that_end_too_early_and_unknown_ones_are_told_so_and_the_session_goes_on(session):
    assert session.ask(code.FXP_OPEN, UInt32(9) + b"x") == code.FX_BAD_MESSAGE
    assert session.ask(code.FXP_STAT, UInt32(2**32 - 1)) == code.FX_BAD_MESSAGE
    assert session.ask(code.FXP_STAT, String("/"), b"and more, as rclone sends").permissions
    flags = UInt32(code.FILEXFER_ATTR_EXTENDED) + UInt32(2**32 - 1)
    assert session.of_path(code.FXP_SETSTAT, "x", more=flags) == code.FX_BAD_MESSAGE
    for kind in (99, b"copy-data", b"ranges@asyncssh.com"):
        assert session.ask(kind) == code.FX_OP_UNSUPPORTED


def test_a_session_opens_so_many_and_no_more(session, place):
    (place / "file").touch()
    handles = [session.open("file", READ) for _ in range(50)] + [
        session.of_path(code.FXP_OPENDIR, "") for _ in range(50)
    ]
    assert len({*handles}) == 100
    assert session.open("file", READ) == session.of_path(code.FXP_OPENDIR, "") == code.FX_FAILURE
    assert session.close(handles[70]) == OK and isinstance(session.open("file", READ), bytes)


def test_paths_and_names_have_lengths(session):
    assert session.of_path(code.FXP_STAT, "x/" * 2049) == code.FX_FAILURE
    assert session.of_path(code.FXP_STAT, "x" * 256) == code.FX_FAILURE
    assert session.of_path(code.FXP_STAT, "nul\0nul") == code.FX_PERMISSION_DENIED


def test_the_text_of_an_exception_is_not_for_clients(place, logged_errors):
    class Broken(Folder):
        def stat(self, path, keys=()):
            raise RuntimeError("the password is 1234")

    session = Session(Broken(place))
    assert session.of_path(code.FXP_STAT, "file") == code.FX_FAILURE
    assert b"1234" not in session.text and b"the server met an error" in session.text
    assert len(logged_errors.flush(RuntimeError)) == 1


def test_a_client_that_takes_no_answers_is_answered_no_more(session, place):
    (place / "file").write_bytes(b"x" * 1000)
    handle = session.open("file", READ)
    session.server.pauseProducing()
    for _ in range(1000):
        session.begin(code.FXP_READ, String(handle), UInt64(0), UInt32(1000))
    assert session.answers() == [] and session.transport.producerState == "paused"
    session.server.resumeProducing()
    assert len(session.answers()) == 1000 and session.transport.producerState == "producing"


class Slow(Folder):
    """A folder whose `stat` waits."""

    def stat(self, path, keys=()):
        self.waiting = Deferred()
        return self.waiting.addCallback(lambda _: Folder.stat(self, path, keys))


def test_a_request_that_takes_long_keeps_the_next_ones_back_and_answers_stay_in_order(place):
    slow = Slow(place)
    session = Session(slow)
    session.begin(code.FXP_STAT, String("/"))
    session.begin(code.FXP_REALPATH, String("/"))
    assert session.answers() == [] and session.transport.producerState == "paused"
    session.server.pauseProducing()
    slow.waiting.callback(None)
    assert len(session.answers()) == 1
    session.server.resumeProducing()
    assert len(session.answers()) == 1


def test_who_has_asked_all_gets_all_answers_before_the_end(place):
    slow = Slow(place)
    session = Session(slow)
    session.begin(code.FXP_STAT, String("/"))
    session.begin(code.FXP_REALPATH, String("/"))
    session.server.readConnectionLost()
    assert not session.transport.disconnecting
    slow.waiting.callback(None)
    assert len(session.answers()) == 2 and session.transport.disconnecting


def test_what_is_opened_for_a_client_that_is_gone_is_closed(place):
    class SlowToOpen(Folder):
        def openForReading(self, path):
            self.waiting, opened = Deferred(), Folder.openForReading(self, path)
            return self.waiting.addCallback(lambda _: opened.addCallback(self.note))

        def note(self, file):
            self.file = file
            return file

    (place / "file").touch()
    slow = SlowToOpen(place)
    session = Session(slow)
    session.begin(code.FXP_OPEN, String("file"), UInt32(READ), NOTHING)
    session.server.connectionLost()
    slow.waiting.callback(None)
    assert slow.file.closed and session.answers() == []
