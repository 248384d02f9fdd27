"""Passwords on disk that are none."""

import base64
import os
import stat
import sys
import unicodedata

import pytest

from reactor.cred import checkers, error, strcred
from reactor.cred.__main__ import main
from reactor.cred.credentials import CramMD5Credentials, IStoredPassword, IUsernamePassword, UsernamePassword
from reactor.cred.saslprep import saslprep
from reactor.cred.stored_password import StoredPassword, of_nobody
from tests.support.outcomes import failure_of, result_of

# RFC 7677 has this exchange: user "user", password "pencil"
PENCIL = StoredPassword.of(b"pencil", rounds=4096, salt=base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="))


def line(name, password, rounds=10, **options):
    return f"{name}:{StoredPassword.of(password, rounds=rounds, **options)}\n"


@pytest.fixture
def passwd(tmp_path):
    path = tmp_path / "passwd"
    path.write_text("# who may\n\n" + line("alice", b"secret") + line("bob", b"x"))
    return path


def test_the_example_of_RFC_7677_is_stored_as_it_says():
    assert str(PENCIL) == (
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
        "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    )


def test_what_is_stored_matches_the_password_only_and_reads_back():
    stored = StoredPassword.parse(str(PENCIL))
    assert stored == PENCIL
    assert stored.matches(b"pencil")
    assert not any(map(stored.matches, [b"Pencil", b"", b"pencil ", b"\xff", b"\x00"]))


def test_the_same_password_is_stored_differently_each_time():
    assert str(StoredPassword.of(b"x", rounds=1)) != str(StoredPassword.of(b"x", rounds=1))


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "a stored password begins with SCRAM-SHA-1 or SCRAM-SHA-256, not ''"),
        ("MD5$1:AA==$AA==:AA==", "begins with"),
        ("SCRAM-SHA-256$x:AA==$AA==:AA==", "the rounds of a stored password are 1 to 1000000, not 'x'"),
        ("SCRAM-SHA-256$0:AA==$AA==:AA==", "the rounds"),
        ("SCRAM-SHA-256$99999999999:AA==$AA==:AA==", "the rounds"),
        ("SCRAM-SHA-256$1:A$AA==:AA==", "base64, and one isn't"),
        ("SCRAM-SHA-256$1:AA==$AA==:AA==", "two keys of 32 bytes, and this one hasn't"),
        ("SCRAM-SHA-256", "the rounds"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(text, says):
    with pytest.raises(ValueError, match=says.replace("$", r"\$")):
        StoredPassword.parse(text)


def test_a_password_is_the_same_however_a_keyboard_spells_it():
    composed, decomposed = "é".encode(), unicodedata.normalize("NFD", "é").encode()
    assert composed != decomposed
    assert StoredPassword.of(composed, rounds=1).matches(decomposed)


@pytest.mark.parametrize(  # the examples of RFC 4013
    "given, prepared",
    [("I\u00adX", "IX"), ("user", "user"), ("USER", "USER"), ("\u00aa", "a"), ("\u2168", "IX"), ("a\u00a0b", "a b")],
)
def test_names_and_passwords_have_a_canonical_form(given, prepared):
    assert saslprep(given.encode()) == prepared.encode()


@pytest.mark.parametrize("given", ["\u0007", "\u0627\u0031", "a\u0627", "\u200ea", "\U000e0001"])
def test_characters_that_cannot_be_typed_are_refused_without_quoting_them(given):
    with pytest.raises(ValueError, match="a name or password") as caught:
        saslprep(given.encode())
    assert given not in str(caught.value)


def test_the_canonical_form_is_scramps():
    scramp = pytest.importorskip("scramp.utils")
    for number in [*range(0x20, 0x500), *range(0x2000, 0x2200), 0xFDFA, 0xFB01]:
        ours, theirs = (outcome(prepare, chr(number)) for prepare in (ours_of, scramp.saslprep))
        assert ours == theirs, hex(number)


def ours_of(text):
    return saslprep(text.encode()).decode()


def outcome(function, text):
    try:
        return function(text)
    except Exception:
        return "refused"


def test_a_file_of_stored_passwords_checks_passwords_and_offers_no_CRAM(passwd):
    checker = checkers.StoredPasswordFile(passwd)
    assert checker.credentialInterfaces == (IUsernamePassword, IStoredPassword)
    assert not issubclass(CramMD5Credentials, checker.credentialInterfaces)
    assert result_of(checker.requestAvatarId(UsernamePassword(b"alice", b"secret"))) == b"alice"
    for name, password in [(b"alice", b"x"), (b"bob", b"secret"), (b"nobody", b"x"), (b"", b"")]:
        assert failure_of(checker.requestAvatarId(UsernamePassword(name, password))).check(error.UnauthorizedLogin)


def test_a_file_that_has_changed_is_read_again(passwd):
    checker = checkers.StoredPasswordFile(passwd)
    assert result_of(checker.requestAvatarId(UsernamePassword(b"alice", b"secret")))
    passwd.write_text(line("alice", b"other password"))
    os.utime(passwd, (2**31, 2**31))
    assert failure_of(checker.requestAvatarId(UsernamePassword(b"alice", b"secret")))


@pytest.mark.parametrize("text", ["alice:secret\n", "alice\n", line("a", b"x") * 2])
def test_a_file_with_a_bad_line_lets_nobody_in_and_the_log_names_the_line(tmp_path, text):
    from reactor import log

    path = tmp_path / "passwd"
    path.write_text("# a comment\n" + text)
    said = []
    log.addObserver(said.append)
    try:
        login = checkers.StoredPasswordFile(path).requestAvatarId(UsernamePassword(b"alice", b"secret"))
    finally:
        log.removeObserver(said.append)
    assert failure_of(login).check(error.UnauthorizedLogin)
    assert "nobody can log in" in log.textFromEventDict(said[0]) and "passwd, line " in log.textFromEventDict(said[0])


def test_an_unknown_name_costs_the_same_hashes_and_always_has_the_same_salt(passwd, monkeypatch):
    rounds = []
    real = StoredPassword.of.__func__

    def of(cls, password, mechanism, count, salt):
        rounds.append(count)
        return real(cls, password, mechanism, count, salt)

    checker = checkers.StoredPasswordFile(passwd)
    checker.users()
    monkeypatch.setattr(StoredPassword, "of", classmethod(of))
    for name in (b"alice", b"nobody"):
        assert failure_of(checker.requestAvatarId(UsernamePassword(name, b"wrong")))
    assert rounds == [10, 10]
    like = checker.users()[b"alice"]
    assert of_nobody(b"x", like).salt == of_nobody(b"x", like).salt != of_nobody(b"y", like).salt
    assert len(of_nobody(b"x", like).salt) == len(like.salt)


# --- python -m reactor.cred


def run(monkeypatch, path, *words, password=b"secret\n"):
    read_end, write_end = os.pipe()
    os.write(write_end, password)
    os.close(write_end)
    with os.fdopen(read_end) as typed:
        monkeypatch.setattr(sys, "stdin", typed)
        return main([str(path), *words, "--rounds=10"])


def test_the_command_makes_a_file_that_only_its_owner_reads(tmp_path, monkeypatch):
    path = tmp_path / "passwd"
    assert run(monkeypatch, path, "alice") == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert checkers.StoredPasswordFile(path).users()[b"alice"].matches(b"secret")


def test_the_command_replaces_a_name_and_leaves_the_rest(passwd, monkeypatch):
    passwd.chmod(0o640)
    assert run(monkeypatch, passwd, "alice", password=b"new\n") == 0
    users = checkers.StoredPasswordFile(passwd).users()
    assert users[b"alice"].matches(b"new") and users[b"bob"].matches(b"x")
    assert passwd.read_text().startswith("# who may\n")
    assert stat.S_IMODE(passwd.stat().st_mode) == 0o640
    assert [path.name for path in passwd.parent.iterdir()] == ["passwd"]


@pytest.mark.parametrize("name", ["", "a:b", "#a", "a\nb"])
def test_the_command_refuses_a_name_that_a_line_cannot_hold(tmp_path, monkeypatch, capsys, name):
    assert run(monkeypatch, tmp_path / "passwd", name) == 1
    assert "nothing is stored: a name has no colon" in capsys.readouterr().err
    assert not (tmp_path / "passwd").exists()


def test_the_command_refuses_to_mix_with_passwords_that_are_not_stored(tmp_path, monkeypatch, capsys):
    (tmp_path / "passwd").write_text("bob:plain\n")
    assert run(monkeypatch, tmp_path / "passwd", "alice") == 1
    assert "line 1" in capsys.readouterr().err
    assert (tmp_path / "passwd").read_text() == "bob:plain\n"


# --- --auth


def test_auth_file_looks_which_kind_of_file_it_is(passwd, tmp_path):
    (tmp_path / "plain").write_text("alice:secret\n")
    assert isinstance(strcred.makeChecker(f"file:{passwd}"), checkers.StoredPasswordFile)
    assert isinstance(strcred.makeChecker(f"file:{tmp_path / 'plain'}"), checkers.FilePasswordDB)


def test_auth_file_of_both_kinds_names_the_line(passwd):
    passwd.write_text(passwd.read_text() + "carol:plain\n")
    with pytest.raises(strcred.InvalidAuthArgumentString, match="passwd, line 5: a stored password begins with"):
        strcred.makeChecker(f"file:{passwd}")


@pytest.mark.parametrize("argument", ["", "/no/such/file"])
def test_auth_file_needs_a_file(argument):
    with pytest.raises(strcred.InvalidAuthArgumentString, match="a file of names and passwords: "):
        strcred.makeChecker(f"file:{argument}")


@pytest.mark.parametrize("text", ["memory:alice", "memory:", "memory:a:b:c"])
def test_auth_memory_needs_a_password_for_each_name(text):
    with pytest.raises(strcred.InvalidAuthArgumentString, match="names and passwords in turn"):
        strcred.makeChecker(text)


def test_an_unknown_kind_says_which_there_are():
    message = "one of file, memory, anonymous before the first colon, not 'kerberos'"
    with pytest.raises(strcred.InvalidAuthType, match=message):
        strcred.makeChecker("kerberos:x")


def test_every_kind_explains_itself():
    for factory in strcred.findCheckerFactories():
        assert factory.authType and factory.authHelp and factory.argStringFormat and factory.credentialInterfaces
        assert strcred.findCheckerFactory(factory.authType).authType == factory.authType


def test_marks_without_end_on_a_letter_are_refused_before_they_are_put_into_order():
    with pytest.raises(ValueError, match="beyond ASCII has at most 1024 bytes, not 400001"):
        saslprep(b"a" + "\u0315\u0300".encode() * 100_000)
    assert saslprep("é".encode() * 512) == "é".encode() * 512 and saslprep(b"a" * 10**6) == b"a" * 10**6
