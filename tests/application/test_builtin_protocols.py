"""The plugins for SOCKS and finger: their options, and the service that they make."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("twistd's plugins are others", allow_module_level=True)

from reactor.application.builtin import finger, socks
from reactor.application.errors import ConfigurationError
from reactor.application.plugins import Plugin
from reactor.protocols.finger import FingerFactory
from reactor.protocols.socks import SOCKSFactory


def factory_of(service):
    return service.factory


def test_socks_listens_on_this_machine_only_unless_told_otherwise():
    plugin = Plugin("socks", socks)
    options = plugin.configure([])
    assert options.port == "tcp:1080:interface=127.0.0.1"
    factory = factory_of(plugin.makeService(options))
    assert isinstance(factory, SOCKSFactory) and factory.portal is None


def test_socks_takes_rules_and_checkers(tmp_path):
    plugin = Plugin("socks", socks)
    (tmp_path / "passwd").write_text("bob:x\n")
    words = ["--auth", f"file:{tmp_path / 'passwd'}", "--deny", "*:25", "--allow", "127.0.0.0/8"]
    options = plugin.configure(words)
    factory = factory_of(plugin.makeService(options))
    assert len(factory.portal.checkers) == 2
    assert not factory.rules.permits(1, "mail.example", None, 25, b"", None)
    assert factory.rules.permits(1, "127.0.0.1", "127.0.0.1", 80, b"", None)


@pytest.mark.parametrize(
    "words, says",
    [
        (["--auth", "kerberos:x"], "one of file, memory, anonymous"),
        (["--deny", "10.0.0.0/99"], "is no network"),
    ],
)
def test_socks_refuses_what_it_cannot_read(words, says):
    with pytest.raises(ConfigurationError, match=says):
        Plugin("socks", socks).configure(words)


def test_finger_answers_from_a_folder(tmp_path):
    plugin = Plugin("finger", finger)
    factory = factory_of(plugin.makeService(plugin.configure(["--path", str(tmp_path)])))
    assert isinstance(factory, FingerFactory) and factory.listing is None


def test_finger_needs_a_folder(tmp_path):
    with pytest.raises(ConfigurationError, match="nowhere is no folder"):
        Plugin("finger", finger).configure(["--path", str(tmp_path / "nowhere")])
