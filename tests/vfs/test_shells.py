"""Files for protocols: a folder on disk and one in memory do the same."""

import stat

import pytest

from tests.support import oracle
from tests.support.outcomes import failure_of, result_of

if oracle.installed():
    pytest.skip("Twisted's are parts of FTP and follow links", allow_module_level=True)

from reactor.testing import StringTransport
from reactor.vfs import Folder, MemoryFolder, contents
from reactor.vfs.interfaces import KEYS
from reactor.vfs.transfers import PIECE

FILES = {"menu": b"soup", "pub/a": b"A" * 10, "pub/inner/b": b""}


@pytest.fixture(params=["disk", "memory"])
def shell(request, tmp_path):
    if request.param == "memory":
        return MemoryFolder(FILES)
    for path, data in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return Folder(tmp_path)


def read(shell, *path):
    return result_of(contents(shell, path, 10**6))


def write(shell, data, *path):
    file = result_of(shell.openForWriting(path))
    consumer = result_of(file.receive())
    for place in range(0, len(data), 7):
        consumer.write(data[place : place + 7])
    return file.close()


def names(shell, *path):
    return [name for name, _ in result_of(shell.list(path))]


def test_a_folder_lists_what_is_in_it_sorted_and_a_file_itself(shell):
    assert names(shell) == ["menu", "pub"]
    assert names(shell, "pub") == ["a", "inner"]
    assert result_of(shell.list(["pub", "a"], ["size", "directory"])) == [("a", [10, False])]
    assert result_of(shell.list([], ["directory", "size"]))[0] == ("menu", [False, 4])


def test_every_key_has_a_value(shell):
    values = dict(zip(KEYS, result_of(shell.stat(["menu"], KEYS)), strict=True))
    assert (values["size"], values["directory"], values["hardlinks"]) == (4, False, 1)
    assert stat.S_ISREG(values["permissions"]) and values["modified"] > 1e9
    assert values["owner"] and values["group"]
    assert result_of(shell.stat([], ["directory"])) == [True]


def test_an_unknown_key_is_an_error(shell):
    failure = failure_of(shell.stat(["menu"], ["colour"]), ValueError)
    assert "there is no 'colour'" in failure.getErrorMessage()


def test_a_file_is_read_in_pieces_as_the_consumer_takes_them(shell):
    data = bytes(range(256)) * 1000
    result_of(write(shell, data, "big"))
    transport = StringTransport()
    done = result_of(shell.openForReading(["big"])).send(transport)
    found = []
    done.addBoth(found.append)
    assert transport.streaming is False
    transport.producer.resumeProducing()
    assert (len(transport.value()), found) == (PIECE, [])
    while transport.producer is not None:
        transport.producer.resumeProducing()
    assert (transport.value(), found) == (data, [None])


def test_a_consumer_that_goes_ends_the_reading(shell):
    transport = StringTransport()
    done = result_of(shell.openForReading(["menu"])).send(transport)
    transport.producer.stopProducing()
    failure_of(done, ConnectionError)
    transport.producer.resumeProducing()
    assert transport.value() == b""


def test_what_is_written_is_there_when_the_file_is_closed(shell):
    result_of(write(shell, b"some letters", "pub", "new"))
    assert read(shell, "pub", "new") == b"some letters"
    result_of(write(shell, b"less", "pub", "new"))
    assert read(shell, "pub", "new") == b"less"


def test_a_consumer_of_a_file_drives_pull_producers(shell):
    class Producer:
        def __init__(self, consumer):
            self.consumer, self.left = consumer, [b"a", b"b"]

        def resumeProducing(self):
            if self.left:
                self.consumer.write(self.left.pop(0))
            else:
                self.consumer.unregisterProducer()

    file = result_of(shell.openForWriting(["made"]))
    consumer = result_of(file.receive())
    consumer.registerProducer(Producer(consumer), False)
    result_of(file.close())
    assert read(shell, "made") == b"ab"


def test_contents_stop_at_their_limit(shell):
    result_of(write(shell, b"x" * 200_000, "big"))
    assert result_of(contents(shell, ["big"], 10)) == b"x" * 10
    assert result_of(contents(shell, ["menu"], 4)) == b"soup"
    assert len(result_of(contents(shell, ["big"], 10**6))) == 200_000


def test_folders_are_made_and_removed(shell):
    result_of(shell.makeDirectory(["pub", "new"]))
    assert names(shell, "pub") == ["a", "inner", "new"]
    failure_of(shell.makeDirectory(["pub", "new"]), FileExistsError)
    result_of(shell.removeDirectory(["pub", "new"]))
    failure_of(shell.removeDirectory(["pub", "new"]), FileNotFoundError)
    failure_of(shell.removeDirectory(["pub"]), OSError)
    failure_of(shell.removeDirectory(["menu"]), NotADirectoryError)


def test_files_are_removed(shell):
    result_of(shell.removeFile(["menu"]))
    assert names(shell) == ["pub"]
    failure_of(shell.removeFile(["menu"]), FileNotFoundError)
    failure_of(shell.removeFile(["pub"]), OSError)


def test_files_and_folders_are_moved_also_in_the_place_of_a_file(shell):
    result_of(shell.rename(["menu"], ["pub", "a"]))
    assert read(shell, "pub", "a") == b"soup"
    result_of(shell.rename(["pub", "inner"], ["inner"]))
    assert names(shell) == ["inner", "pub"]
    failure_of(shell.rename(["nothing"], ["x"]), FileNotFoundError)
    failure_of(shell.rename(["pub"], ["pub", "deeper"]), OSError)
    failure_of(shell.rename(["pub", "a"], ["inner"]), IsADirectoryError)


def test_a_client_may_enter_a_folder_that_is_there(shell):
    assert result_of(shell.access(["pub"])) is None
    assert result_of(shell.access([])) is None
    failure_of(shell.access(["nothing"]), FileNotFoundError)
    failure_of(shell.access(["menu"]), NotADirectoryError)


CALLS = ["makeDirectory", "removeDirectory", "removeFile", "access", "stat", "list", "openForReading", "openForWriting"]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "path", [[".."], ["pub", ".."], ["."], [""], ["pub/a"], ["a\0b"], ["..", "menu"], ["pub", "..", "..", "etc"]]
)
def test_no_spelling_leads_out_of_it(shell, call, path):
    failure = failure_of(getattr(shell, call)(path), PermissionError)
    assert "this is no name of a file" in failure.getErrorMessage()


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("path", [["n" * 256], ["é" * 128], ["a"] * 101])
def test_names_and_paths_have_limits(shell, call, path):
    failure_of(getattr(shell, call)(path), OSError)


@pytest.mark.parametrize("call", ["makeDirectory", "removeDirectory", "removeFile", "openForReading", "openForWriting"])
def test_the_folder_itself_is_not_made_removed_or_opened(shell, call):
    failure = failure_of(getattr(shell, call)([]), PermissionError)
    assert "the folder that all others are in" in failure.getErrorMessage()


@pytest.mark.parametrize("path", [["pub"], ["menu", "below"], ["no", "where"]])
def test_only_files_are_read_and_written(shell, path):
    failure_of(shell.openForReading(path), OSError)
    failure_of(shell.openForWriting(path), OSError)
