"""Checkers by descriptions that Twisted reads too."""

import pytest

from reactor.cred import checkers, strcred
from reactor.cred.credentials import UsernamePassword
from tests.support.outcomes import result_of


@pytest.mark.own_promise("Twisted keeps them as text, so that no login, whose name is bytes, ever fits")
def test_memory_has_names_and_passwords_in_turn():
    checker = strcred.makeChecker("memory:alice:secret:bob:x")
    assert isinstance(checker, checkers.InMemoryUsernamePasswordDatabaseDontUse)
    assert result_of(checker.requestAvatarId(UsernamePassword(b"bob", b"x"))) == b"bob"


def test_file_has_a_name_and_a_password_a_line(tmp_path):
    (tmp_path / "passwd").write_text("alice:secret\n")
    checker = strcred.makeChecker(f"file:{tmp_path / 'passwd'}")
    assert result_of(checker.requestAvatarId(UsernamePassword(b"alice", b"secret"))) == b"alice"


def test_anonymous_lets_everybody_in():
    assert isinstance(strcred.makeChecker("anonymous"), checkers.AllowAnonymousAccess)


def test_there_is_no_other_kind():
    with pytest.raises(strcred.InvalidAuthType):
        strcred.makeChecker("kerberos")
