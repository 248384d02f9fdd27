"""Pages in the tree: links from where they are, and sites that stand in another's tree."""

from reactor.testing import Clock
from reactor.web.resource import Resource
from reactor.web.server import Site
from tests.support.web_doubles import Page, Talk


def test_links_of_a_folder_are_names_in_it():
    seen = []

    def look(request):
        seen.append((request.childLink(b"c"), list(request.prepath), list(request.postpath)))
        return b""

    root, folder = Resource(), Resource()
    root.putChild(b"a", folder)
    folder.putChild(b"", Page(look))
    Talk(root).get("/a/")
    folder.putChild(b"b", Page(look))
    Talk(root).get("/a/b")
    assert seen == [(b"c", [b"a", b""], []), (b"b/c", [b"a", b"b"], [])]


def test_a_site_can_stand_where_a_resource_does():
    page = Page(lambda request: b"inside")
    inner, outer = Resource(), Resource()
    inner.putChild(b"page", page)
    outer.putChild(b"inner", Site(inner, reactor=Clock()))
    assert Site(inner, reactor=Clock()).getChildWithDefault(b"page", None) is page
    assert Talk(outer).get("/inner/page").body == b"inside"
    answer = Talk(outer).get("/inner")
    assert answer.code == 302 and answer.headers[b"location"].endswith(b"/inner/")
