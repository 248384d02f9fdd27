"""No way out of the folder that is served: by no spelling, by no link, and not by what is no file."""

import os
import shutil
import subprocess
import sys

import pytest

from reactor.web import opening
from reactor.web.opening import is_name, open_file
from reactor.web.static import File
from tests.support.web_doubles import Talk, request

SECRET = b"the secret"

ATTEMPTS = [
    *("/../secret", "/..", "/../", "/../../../../../../etc/passwd", "/sub/../../secret", "/sub/../sub/../../secret"),
    *("/%2e%2e/secret", "/%2E%2E/secret", "/.%2e/secret", "/%2e./secret", "/..%2fsecret", "/%2e%2e%2fsecret"),
    *("/..%5csecret", "/..\\secret", "/%2e%2e%5csecret", "/sub\\..\\..\\secret", "/..%255csecret", "/..%c0%afsecret"),
    *("/%c0%ae%c0%ae/secret", "/%c1%9c../secret", "/%uff0e%uff0e/secret", "/%252e%252e/secret", "/%25%32%65%2e/secret"),
    *("//secret", "///../secret", "/./../secret", "/.//../secret", "/..//secret", "/sub//../../secret", "/;/../secret"),
    *("/..;/secret", "/...//secret", "/..../secret", "/.../secret", "/..%00/secret", "/..%00", "/secret%00.html"),
    *("/%00../secret", "/data.txt%00", "/data.txt/../../secret", "/data.txt/..", "/~root", "/~/secret", "/-/secret"),
    *("/%2fetc/passwd", "/%2fetc%2fpasswd", "//etc/passwd", "/file:///etc/passwd", "/C:/windows/win.ini", "/c%3a/x"),
    *(
        "/out",
        "/out/",
        "/out/secret",
        "/outfile",
        "/sub/out",
        "/sub/out/secret",
        "/chain",
        "/loop",
        "/loop/x",
        "/absolute",
    ),
    *(
        "/up/secret",
        "/up/../secret",
        "/sibling/secret",
        "/dangling",
        "/pipe",
        "/www-private/secret",
        "/../www-private/secret",
    ),
    *("/%0a../secret", "/..%0a/secret", "/..%0d%0a/secret", "/.%00./secret", "/%ff../secret", "/%2e%2e%00%2fsecret"),
    *("http://x/../secret", "/?/../../secret", "/#/../secret", "/sub?x=/../../secret", "/" + "../" * 200 + "secret"),
    "/" + "sub/../" * 500 + "../secret",
]


@pytest.fixture
def world(tmp_path):
    """A folder to serve, with links of every kind in it, and secrets around it."""
    www, private = tmp_path / "www", tmp_path / "www-private"  # the second begins with the first one's name
    for folder in (www / "sub", private):
        folder.mkdir(parents=True)
    for secret in (tmp_path / "secret", private / "secret"):
        secret.write_bytes(SECRET)
    (www / "data.txt").write_bytes(b"data")
    (www / "out").symlink_to(tmp_path)
    (www / "sub" / "out").symlink_to("../..")
    (www / "outfile").symlink_to("../secret")
    (www / "chain").symlink_to("outfile")
    (www / "loop").symlink_to("loop")
    (www / "absolute").symlink_to(tmp_path / "secret")
    (www / "up").symlink_to("..")
    (www / "sibling").symlink_to("../www-private")
    (www / "dangling").symlink_to("nowhere")
    (www / "inside").symlink_to("data.txt")
    (www / "here").symlink_to("sub/..")
    if hasattr(os, "mkfifo"):
        os.mkfifo(www / "pipe")
    return www


@pytest.mark.parametrize("target", ATTEMPTS)
def test_there_is_no_way_out(world, target):
    talk = Talk(File(str(world))).send(request(target))
    while talk.transport.producer is not None:
        talk.transport.producer.resumeProducing()
    (answer,) = talk.answers()
    assert SECRET not in answer.body
    assert b"root:" not in answer.body
    assert b"www-private" not in answer.body
    assert answer.code in (200, 302, 400, 404), answer
    if answer.code == 200:  # nothing but the folder itself, by a long way round
        assert b"data.txt" in answer.body


def test_links_inside_the_folder_are_followed(world):
    for target in ("/inside", "/here/data.txt", "/here/here/inside"):
        talk = Talk(File(str(world))).send(request(target))
        talk.transport.producer.resumeProducing()
        assert talk.answer().body == b"data"


def test_the_folder_itself_may_be_a_link_and_be_turned_elsewhere(world, tmp_path):
    (tmp_path / "current").symlink_to(world)
    site = File(str(tmp_path / "current"))
    talk = Talk(site).send(request("/data.txt"))
    talk.transport.producer.resumeProducing()
    assert talk.answer().body == b"data"
    (tmp_path / "current").unlink()
    (tmp_path / "current").symlink_to(tmp_path / "www-private")
    assert Talk(site).get("/data.txt").code == 404


def test_a_list_shows_nothing_that_cannot_be_asked_for(world):
    body = Talk(File(str(world))).get("/").body
    assert b"inside" in body
    for name in (b"out", b"chain", b"absolute", b"sibling", b"dangling", b"loop"):
        assert b">" + name not in body


def test_a_file_that_becomes_a_link_between_finding_and_opening_leads_nowhere(world):
    child = File(str(world)).getChild(b"inside", None)
    (world / "data.txt").unlink()
    (world / "data.txt").symlink_to("../secret")

    class Always(File):
        def getChild(self, path, request):
            return child

    assert Talk(Always(str(world))).get("/inside").code == 404


@pytest.fixture(params=["part by part", "at once"])
def way(request, monkeypatch):
    """How a path is opened: as on Linux, and as where no file is opened below an open folder."""
    if request.param == "at once":
        monkeypatch.setattr(os, "supports_dir_fd", set())
    elif os.open not in os.supports_dir_fd:
        pytest.skip("no file is opened below an open folder here")


@pytest.mark.parametrize("swapped", ["a/b/secret", "a/b", "a"])
def test_what_is_exchanged_for_a_link_between_look_and_open_is_not_opened(world, way, swapped, monkeypatch):
    (world / "a" / "b").mkdir(parents=True)
    (world / "a" / "b" / "secret").write_bytes(b"fine")
    outside = world.parent / "elsewhere" / "a" / "b"
    outside.mkdir(parents=True)
    (outside / "secret").write_bytes(SECRET)
    with open_file(str(world / "a/b/secret"), str(world)) as file:
        assert file.read() == b"fine"
    look = opening._check_kind
    looks = []

    def look_and_exchange(facts, path):
        look(facts, path)
        if not looks:
            (world / swapped).rename(world / "before")
            (world / swapped).symlink_to(world.parent / "elsewhere" / swapped)
        looks.append(path)

    monkeypatch.setattr(opening, "_check_kind", look_and_exchange)
    with pytest.raises(FileNotFoundError):
        open_file(str(world / "a/b/secret"), str(world))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_what_is_exchanged_for_a_pipe_between_look_and_open_is_not_opened(world, monkeypatch):
    look = opening._check_kind

    def look_and_exchange(facts, path):
        look(facts, path)
        if not (world / "before").exists():
            (world / "data.txt").rename(world / "before")
            os.mkfifo(world / "data.txt")

    monkeypatch.setattr(opening, "_check_kind", look_and_exchange)
    with pytest.raises(FileNotFoundError):
        open_file(str(world / "data.txt"), str(world))


@pytest.mark.skipif(not hasattr(os, "O_PATH"), reason="needs O_PATH, which opens a folder without reading it")
def test_a_folder_on_the_way_need_not_be_readable(world, monkeypatch):
    (world / "sub" / "page").write_bytes(b"page")
    opened = os.open

    def unreadable(path, flags, *mode, **more):
        if flags & os.O_DIRECTORY and not flags & os.O_PATH:
            raise PermissionError(path)
        return opened(path, flags, *mode, **more)

    monkeypatch.setattr(os, "open", unreadable)
    monkeypatch.setattr(os, "supports_dir_fd", {unreadable})
    with open_file(str(world / "sub" / "page"), str(world)) as file:
        assert file.read() == b"page"


def test_a_redirect_never_leads_to_another_host(world):
    for target in ("//example.org/..", "//sub", "/sub", "///sub", "//example.org/%2e%2e/sub"):
        (answer,) = Talk(File(str(world))).send(request(target)).answers()
        assert not answer.headers.get(b"location", b"/").startswith((b"//", b"/\\", b"http"))


@pytest.mark.parametrize("name", [b"", b".", b"..", b"a/b", b"/", b"a\0b", b"..\0"])
def test_these_are_nobodys_names(name):
    assert not is_name(name)


@pytest.mark.parametrize(
    "name", [b"a\\b", b"c:", b"a:stream", b"nul", b"NUL.txt", b"com1", b"LPT9.x", b"a.", b"a ", b"..."]
)
def test_on_windows_these_are_not_either(name, monkeypatch):
    assert is_name(name)
    monkeypatch.setattr(os, "name", "nt")
    assert not is_name(name)


@pytest.mark.parametrize("name", [b"a", b"page.txt", b".a", b"console", b"com", b"a b.c"])
def test_on_windows_too_most_names_are_names(name, monkeypatch):
    monkeypatch.setattr(os, "name", "nt")
    assert is_name(name)


SERVER = """
import sys
from reactor import reactor
from reactor.web.server import Site
from reactor.web.static import File
port = reactor.listenTCP(0, Site(File(sys.argv[1])), interface="127.0.0.1")
print(port.getHost().port, flush=True)
reactor.run()
"""


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_curl_finds_no_way_out_either(world):
    """All attempts at once, as they are (--path-as-is), over one real connection after the other."""
    command = [sys.executable, "-c", SERVER, str(world)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            port = server.stdout.readline().strip()
            base = f"http://127.0.0.1:{port}"
            urls = [base + target for target in ATTEMPTS if target.startswith("/")]
            got = subprocess.run(
                ["curl", "-s", "-g", "--path-as-is", "--max-time", "30", "-w", "\n%{http_code}\n", *urls],
                capture_output=True,
                timeout=60,
            ).stdout
            still = subprocess.run(["curl", "-s", f"{base}/data.txt"], capture_output=True, timeout=30).stdout
        finally:
            server.terminate()
    assert SECRET not in got
    assert b"root:" not in got
    assert got.count(b"\n404\n") + got.count(b"\n400\n") > 50
    assert still == b"data"
