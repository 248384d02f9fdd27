"""Checkers that know passwords: in memory, and in a file."""

import os
import pickle

import pytest

from reactor.cred import checkers, error
from reactor.cred.credentials import (
    CramMD5Credentials,
    IUsernameHashedPassword,
    IUsernamePassword,
    SSHPrivateKey,
    UsernamePassword,
)
from tests.support import oracle
from tests.support.outcomes import failure_of, result_of


@pytest.fixture
def passwd(tmp_path):
    path = tmp_path / "passwd"
    path.write_bytes(b"alice:secret\nBob:x:extra\nno colon\n\ncarol:\n")
    return path


def asked(checker, name, password):
    return checker.requestAvatarId(UsernamePassword(name, password))


def test_a_user_may_be_added_to_those_in_memory():
    checker = checkers.InMemoryUsernamePasswordDatabaseDontUse()
    checker.addUser(b"d\xc3\xb6rte", b"p")
    assert result_of(asked(checker, b"d\xc3\xb6rte", b"p")) == b"d\xc3\xb6rte"


def test_a_proof_of_the_password_is_as_good_where_the_password_is_known():
    checker = checkers.InMemoryUsernamePasswordDatabaseDontUse(tim=b"tanstaaftanstaaf")
    cram = CramMD5Credentials()
    cram.challenge = b"<1896.697170952@postoffice.reston.mci.net>"  # the example of RFC 2195
    cram.setResponse(b"tim b913a602c7eda7a495b4e6e7334d3890")
    assert result_of(checker.requestAvatarId(cram)) == b"tim"
    cram.setResponse(b"tim b913a602c7eda7a495b4e6e7334d3891")
    assert failure_of(checker.requestAvatarId(cram)).check(error.UnauthorizedLogin)


@pytest.mark.parametrize("name, password, may", [(b"alice", b"secret", True), (b"alice", b"secre", False)])
def test_a_line_of_a_file_is_a_name_and_a_password(passwd, name, password, may):
    login = asked(checkers.FilePasswordDB(str(passwd)), name, password)
    if may:
        assert result_of(login) == name
    else:
        assert failure_of(login).check(error.UnauthorizedLogin)


def test_columns_behind_the_password_and_lines_without_one_are_passed_by(passwd):
    checker = checkers.FilePasswordDB(str(passwd))
    assert checker.getUser(b"Bob") == (b"Bob", b"x")
    with pytest.raises(KeyError):
        checker.getUser(b"no colon")


def test_names_may_be_told_apart_without_case(passwd):
    checker = checkers.FilePasswordDB(str(passwd), caseSensitive=False)
    assert result_of(asked(checker, b"BOB", b"x")) == b"bob"
    assert failure_of(asked(checkers.FilePasswordDB(str(passwd)), b"BOB", b"x"))


def test_the_columns_and_what_is_between_them_can_be_chosen(tmp_path):
    (tmp_path / "users").write_bytes(b"1|pw|alice\n")
    checker = checkers.FilePasswordDB(str(tmp_path / "users"), delim=b"|", usernameField=2, passwordField=1)
    assert result_of(asked(checker, b"alice", b"pw")) == b"alice"


def test_hashed_passwords_check_passwords_and_no_proofs(tmp_path):
    (tmp_path / "users").write_bytes(b"alice:terces\n")
    plain = checkers.FilePasswordDB(str(tmp_path / "users"))
    hashed = checkers.FilePasswordDB(str(tmp_path / "users"), hash=lambda name, password, stored: password[::-1])
    assert set(plain.credentialInterfaces) == {IUsernamePassword, IUsernameHashedPassword}
    assert hashed.credentialInterfaces == (IUsernamePassword,)
    assert result_of(asked(hashed, b"alice", b"secret")) == b"alice"
    assert failure_of(asked(hashed, b"alice", b"terces")).check(error.UnauthorizedLogin)
    assert failure_of(asked(hashed, b"bob", b"secret")).check(error.UnauthorizedLogin)


@pytest.mark.parametrize("cache", [False, True])
def test_a_change_of_the_file_counts_at_the_next_login(passwd, cache):
    checker = checkers.FilePasswordDB(str(passwd), cache=cache)
    assert result_of(asked(checker, b"alice", b"secret"))
    passwd.write_bytes(b"alice:other\n")
    os.utime(passwd, (2**31, 2**31))
    assert failure_of(asked(checker, b"alice", b"secret"))
    assert result_of(asked(checker, b"alice", b"other"))


def test_of_two_lines_for_a_name_the_first_counts(tmp_path):
    (tmp_path / "users").write_bytes(b"alice:one\nalice:two\n")
    assert result_of(asked(checkers.FilePasswordDB(str(tmp_path / "users")), b"alice", b"one"))


def test_a_file_that_is_not_there_lets_nobody_in(tmp_path):
    with pytest.raises(error.UnauthorizedLogin):
        asked(checkers.FilePasswordDB(str(tmp_path / "nothing")), b"alice", b"secret")


def test_a_pickled_checker_leaves_behind_what_it_has_read(passwd):
    checker = checkers.FilePasswordDB(str(passwd), cache=True)
    checker.getUser(b"alice")
    data = pickle.dumps(checker)
    assert b"secret" not in data
    assert result_of(asked(pickle.loads(data), b"alice", b"secret")) == b"alice"


class Noting(UsernamePassword):
    """Notes that it was asked to check a password."""

    checks = 0

    def checkPassword(self, password):
        Noting.checks += 1
        return super().checkPassword(password)


@pytest.mark.own_promise("Twisted answers at once when the name is unknown, which tells who is known")
@pytest.mark.parametrize("kind", ["memory", "file"])
def test_an_unknown_name_costs_a_check_as_a_wrong_password_does(passwd, kind):
    in_memory = checkers.InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")
    checker = in_memory if kind == "memory" else checkers.FilePasswordDB(str(passwd))
    for name in (b"alice", b"nobody"):
        Noting.checks = 0
        assert failure_of(checker.requestAvatarId(Noting(name, b"wrong")))
        assert Noting.checks == 1


@pytest.mark.own_promise("Twisted answers at once when the name is unknown, which tells who is known")
def test_an_unknown_name_costs_a_hash_as_a_wrong_password_does(passwd):
    hashed = []
    checker = checkers.FilePasswordDB(str(passwd), hash=lambda *given: hashed.append(given) or b"never")
    assert failure_of(asked(checker, b"nobody", b"wrong"))
    assert [given[:2] for given in hashed] == [(b"nobody", b"wrong")]


def test_the_password_of_nobody_is_not_a_password(passwd):
    class Agreeing(UsernamePassword):
        def checkPassword(self, password):
            return True

    checker = checkers.FilePasswordDB(str(passwd))
    assert result_of(checker.requestAvatarId(Agreeing(b"alice", b""))) == b"alice"
    assert failure_of(checker.requestAvatarId(Agreeing(b"nobody", b""))).check(error.UnauthorizedLogin)


def test_an_answer_to_CRAM_MD5_of_another_shape_is_a_failed_login():
    for wrong in (b"", b"alice", b" " + b"0" * 32, b"alice 123"):
        if oracle.installed() and len(wrong.split()) == 2:
            continue
        with pytest.raises((error.LoginFailed, ValueError)):
            CramMD5Credentials().setResponse(wrong)


def test_challenges_of_CRAM_MD5_differ_and_name_the_host():
    one, other = CramMD5Credentials(b"mail.example"), CramMD5Credentials("mail.example")
    assert one.getChallenge() == one.getChallenge() != other.getChallenge()
    assert one.getChallenge().startswith(b"<") and one.getChallenge().endswith(b"@mail.example>")
    assert one.moreChallenges() is False


def test_a_key_of_SSH_is_kept_with_its_signature():
    key = SSHPrivateKey(b"alice", b"ssh-ed25519", b"blob", b"data", b"signature")
    assert (key.username, key.algName, key.blob) == (b"alice", b"ssh-ed25519", b"blob")
    assert (key.sigData, key.signature) == (b"data", b"signature")
