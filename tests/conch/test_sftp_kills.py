"""A few kills of a server of SFTP; `python -m tests.conch.many_kills` has many."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("our own server is killed", allow_module_level=True)

from tests.conch import many_kills


def test_a_server_that_is_killed_has_lost_nothing_and_shows_nothing_half():
    many_kills.run(2, 5)


@pytest.mark.parametrize("found", [None, b"half", b"older"])
def test_what_is_lost_or_half_is_found_out(tmp_path, found):
    life = many_kills.Life(1, tmp_path)
    life.sure["file0"], life.doubtful["file0"] = b"whole", b"half and the other half"
    if found is not None:
        (tmp_path / "file0").write_bytes(found)
    with pytest.raises(AssertionError):
        life.look()
