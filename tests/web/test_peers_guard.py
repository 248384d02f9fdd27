"""curl in front of the guard."""

import pytest

from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.web.guard import BasicCredentialFactory, DigestCredentialFactory, HTTPAuthSessionWrapper
from reactor.web.resource import IResource
from tests.peers.programs import run_program
from tests.support.web_doubles import Page

WAYS = {
    "basic": ("--basic", BasicCredentialFactory(b"kitchen")),
    "digest": ("--digest", DigestCredentialFactory(b"md5", b"kitchen")),
    "digest-sha-256": ("--digest", DigestCredentialFactory(b"sha-256", b"kitchen")),
}


class Realm:
    def requestAvatar(self, avatarId, mind, *interfaces):
        page = Page(lambda request: avatarId + b" sent " + request.content.read(), ["GET", "POST"])
        return IResource, page, lambda: None


@pytest.mark.peer("HTTP", client="curl")
@pytest.mark.parametrize("way", WAYS)
def test_curl_logs_in(one_reactor, served, way):
    option, factory = WAYS[way]
    portal = Portal(Realm(), [InMemoryUsernamePasswordDatabaseDontUse(alice=b"s:e c\xc3\xa9")])
    host = served(HTTPAuthSessionWrapper(portal, [factory]))

    def curl(user, *options):
        command = ["curl", "-s", "--max-time", "20", option, "-u", user, *options, f"http://{host}/a?b=c,d"]
        return run_program(one_reactor, *command).stdout

    assert curl("alice:s:e cé") == b"alice sent "
    assert curl("alice:s:e cé", "-d", "soup") == b"alice sent soup"
    assert curl("alice:wrong") == curl("bob:x") == b"Unauthorized"
