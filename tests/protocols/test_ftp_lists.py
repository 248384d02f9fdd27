"""Lists of files, as servers of FTP send them: what is read, and what is no file."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's pattern is laxer", allow_module_level=True)

from reactor.protocols.ftp import FTPFileListProtocol
from reactor.protocols.ftp.listings import FactsProtocol, read_facts

LISTED = {
    "-rw-r--r--   1 root     other        531 Jan 29 03:26 README": ("-", "README", None),
    "dr-xr-xr-x   2 root                  512 Apr  8  1994 etc": ("d", "etc", None),
    "lrwxrwxrwx   1 root     other          7 Jan 25 00:17 bin -> usr/bin": ("l", "bin", "usr/bin"),
    "-rw-r--r--   1 root     other        531 Jan  9  2003 I HAVE\\ SPACE": ("-", "I HAVE SPACE", None),
    "-rw-r--r--   1 root     other        531 Jan  9  2003  two spaces": ("-", " two spaces", None),
    "total 8": None,
    "": None,
}


@pytest.mark.parametrize("line, expected", LISTED.items())
def test_lists_of_other_servers_are_read(line, expected):
    listed = FTPFileListProtocol()
    unknown = []
    listed.unknownLine = unknown.append
    listed.dataReceived(line.encode() + b"\r\n")
    if expected is None:
        assert unknown == [line] and listed.files == []
    else:
        (file,) = listed.files
        assert (file["filetype"], file["filename"], file["linktarget"]) == expected


@pytest.mark.parametrize(
    "line",
    [
        b"-rwxr-xr-x" + b" " * 8000 + b"o g 5" + b" " * 8000 + b"x",
        b"-rwxr-xr-x " + b"1" * 16000 + b" g 5",
        b"-rwxr-xr-x 1 a g " + b"1" * 5000 + b" Jan  1  2020 x",
    ],
    ids=["spaces", "links", "size"],
)
def test_a_line_of_a_list_that_means_harm_is_dropped_at_once(line):
    """The first took hours: Twisted's pattern tries each way to share the spaces out."""
    files = FTPFileListProtocol()
    files.dataReceived(line + b"\r\n-rw-r--r--   1 ann ann  5 Jan  1  2020 menu\r\n")
    assert [file["filename"] for file in files.files] == ["menu"]


UNSAFE = ["../..", "/etc/x", "a/b", "a\0b", "a\x1b[2J", "a\x9b2J", ".", "..", "a\x7f"]


@pytest.mark.parametrize("name", UNSAFE)
def test_names_that_are_none_of_a_file_in_a_folder_are_unknown_lines_of_LIST(name):
    files, unknown = FTPFileListProtocol(), []
    files.unknownLine = unknown.append
    line = f"-rw-r--r--   1 ann ann  5 Jan  1  2020 {name}"
    files.dataReceived(line.encode() + b"\r\n")
    assert (files.files, unknown) == ([], [line])
    files.rawNames = True
    files.dataReceived(line.encode() + b"\r\n")
    assert files.files[0]["filename"] == name


def test_a_list_that_has_no_end_is_kept_up_to_its_bound():
    files = FactsProtocol(False)
    files.MOST_BYTES = 300
    files.dataReceived(b"type=file; menu\r\n" * 100)
    assert len(files.files) == 18
    assert FactsProtocol(False).dataReceived(b"a=b;" * 33 + b" menu\r\n") is None
    with pytest.raises(ValueError, match="a line of MLSD is"):
        read_facts("a=b;" * 33 + " menu")


def test_facts_are_read_and_nonsense_is_not():
    assert read_facts("Type=file;SIZE=5; a b;c") == ("a b;c", {"type": "file", "size": "5"})
    for line in ("", "type=file", "nonsense; a", "type=file;"):
        with pytest.raises(ValueError, match="a line of MLSD is"):
            read_facts(line)
