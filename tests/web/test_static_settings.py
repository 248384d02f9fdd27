"""What a program sets on a folder: who makes resources of its files, what they are, and which it keeps back."""

import os

import pytest

from reactor.web import pages, static
from reactor.web.resource import Resource
from tests.support.web_doubles import Pulling


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "www"
    (folder / "list").mkdir(parents=True)
    (folder / "with").mkdir()
    (folder / "data.txt").write_bytes(b"text")
    (folder / "page.html").write_bytes(b"<h1>page</h1>")
    (folder / "list" / "a.txt").write_bytes(b"ab")
    (folder / "with" / "index.html").write_bytes(b"index")
    return folder


class Script(Resource):
    """What a processor makes of a file."""

    isLeaf = True

    def __init__(self, path, registry):
        super().__init__()
        self.path, self.registry = path, registry

    def render_GET(self, request):
        return b"ran %b for %b in %b" % (os.path.basename(self.path).encode(), request.path, self.registry)

    render_POST = render_GET


@pytest.fixture
def scripts(root):
    for name in ("x.rpy", "X.RPY", "list/index.rpy"):
        (root / name).write_bytes(b"secret source")
    (root / "link").symlink_to("x.rpy")
    (root / "folder.rpy").mkdir()
    (root / "folder.rpy" / "page").write_bytes(b"page")
    site = static.File(str(root), registry=b"registry", ignoredExts=[".rpy"])
    site.processors = {".rpy": Script}
    site.indexNames = ["index.rpy"]
    return Pulling(site)


@pytest.mark.parametrize(
    ("target", "name"),
    [
        *(
            ("/x.rpy", b"x.rpy"),
            ("/X.RPY", b"X.RPY"),
            ("/link", b"x.rpy"),
            ("/x", b"x.rpy"),
            ("/x.rpy/below", b"x.rpy"),
        ),
        *(("/list/", b"index.rpy"), ("/list/index.rpy", b"index.rpy"), ("/list/index", b"index.rpy")),
    ],
)
def test_a_script_is_run_by_its_processor_and_its_source_is_sent_to_no_client(scripts, target, name):
    for method in ("GET", "POST"):
        assert scripts.get(target, method).body == b"ran %b for %b in registry" % (name, target.encode())
    assert scripts.get("/data.txt").body == b"text"
    assert scripts.get("/folder.rpy/page").body == b"page"


def test_a_script_alone_is_run_too(root, scripts):
    site = static.File(str(root / "x.rpy"), registry=b"registry")
    site.processors = {".RPY": Script}
    tree = Resource()
    tree.putChild(b"one", site)
    for method in ("GET", "POST"):
        assert Pulling(tree).get("/one", method).body == b"ran x.rpy for /one in registry"


def test_what_is_set_on_a_folder_holds_for_those_in_it(root):
    site = static.File(str(root))
    site.indexNames, site.contentTypes = ["a.txt"], {".txt": "text/x"}
    site.contentEncodings, site.childNotFound = {}, pages.notFound("none here")
    talk = Pulling(site)
    answer = talk.get("/list/")
    assert (answer.body, answer.headers[b"content-type"]) == (b"ab", b"text/x")
    assert b"none here" in talk.get("/list/no").body


def test_a_file_may_say_what_it_is(root):
    (root / "data.gz").write_bytes(b"x")
    site = static.File(str(root / "data.gz"))
    site.isLeaf = True
    site.type = "application/x"
    answer = Pulling(site).get("/")
    assert answer.headers[b"content-type"] == b"application/x"
    assert b"content-encoding" not in answer.headers


def test_a_site_may_keep_files_back(root):
    class Some(static.File):
        def mayServe(self, name, path):
            return not path.endswith(".html")

    (root / "link").symlink_to("page.html")
    talk = Pulling(Some(str(root)))
    assert [talk.get(target).code for target in ("/page.html", "/link", "/with/index.html")] == [404] * 3
    assert talk.get("/data.txt").code == 200
    listing = talk.get("/").body
    assert b"data.txt" in listing
    assert b"page.html" not in listing
    assert b"link" not in listing
