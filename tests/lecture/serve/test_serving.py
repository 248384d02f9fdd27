"""The server as a whole, on real sockets, with real builds: what it serves, and what it does when a file changes."""

import http.client
import re
import threading

import pytest


def get(served, path, **headers):
    """The answer to a request, by a client that we did not write."""

    def ask():
        connection = http.client.HTTPConnection("127.0.0.1", served.server.door.port)
        try:
            connection.putrequest("GET", path, skip_host="Host" in headers)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            return response.status, dict(response.headers), response.read().decode()
        finally:
            connection.close()

    answers = []
    thread = threading.Thread(target=lambda: (answers.append(ask()), served.reactor.callFromThread(int)))
    thread.start()
    served.until(lambda: answers)
    thread.join()
    return answers[0]


def test_a_page_that_opens_is_told_who_it_is_and_which_build_there_is(served):
    served.start()
    page = served.follower()
    assert page.heard[0] == {"type": "hello", "role": "follower", "edit": False}
    assert page.of("built")[0]["build"].startswith("1-")
    assert served.speaker().heard[0]["role"] == "speaker"


def test_pages_are_those_of_the_build_with_what_connects_them(served):
    served.start()
    status, headers, page = get(served, "/slide-01.html")
    assert status == 200
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    built = (served.site / "slide-01.html").read_text()
    assert "lecture-live" not in built and "connect-src" not in built
    build = served.follower().of("built")[0]["build"]
    tags = (
        '<meta name="lecture-live" content="/live">'
        f'<meta name="lecture-build" content="{build}">'
        '<link rel="stylesheet" href="/live.css"><script src="/live.js" defer></script>'
    )
    assert page == built.replace("<title>", tags + "<title>").replace(
        'content="default-src', "content=\"connect-src 'self'; default-src"
    )
    assert get(served, "/live.js")[0] == 200


@pytest.mark.parametrize("path", ["/.lecture-site", "/nothing.html", "/../talk.py", "/%2e%2e/talk.py", "/..%2ftalk.py"])
def test_nothing_but_the_site_is_served(served, path):
    served.start()
    assert get(served, path)[0] == 404


def test_a_change_of_the_deck_is_built_and_told(served):
    served.start()
    page = served.follower()
    served.replace('"Echo"', '"Another title"')
    served.until(lambda: len(page.of("built")) == 2)
    assert "Another title" in get(served, "/slide-01.html")[2]


def test_only_the_session_that_changed_is_run_again(served, capfd):
    served.examples.write("03_more", "$ python more.py\n1\n", more="print(1)\n")
    served.replace('Session("02_echo")', 'Session("02_echo"), Code("03_more/more.py")')
    served.start()
    assert capfd.readouterr().out.count("ok ") == 2
    page = served.follower()
    served.examples.write("03_more", "$ python more.py\n2\n", more="print(2)\n")
    served.until(lambda: len(page.of("built")) > 1 and "print(2)" in words(served))
    said = capfd.readouterr().out
    assert "ok      03_more" in said and "02_echo" not in said


def words(served):
    """What the slide says, without its markup."""
    return re.sub("<[^>]+>", "", (served.site / "slide-01.html").read_text())


@pytest.mark.parametrize("name", ["aside.py", "notes.md", "picture.svg", "own.css"])
def test_whatever_the_deck_reads_is_watched(served, name):
    served.write("words = 'one'", "aside.py")
    served.write("one", "notes.md")
    served.write('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>one</title></svg>', "picture.svg")
    served.write("/* one */", "own.css")
    served.write(READS_MUCH)
    served.start()
    page = served.follower()
    served.replace("one", "two words", name)
    served.until(lambda: len(page.of("built")) == 2)


READS_MUCH = """\
from pathlib import Path
import aside
from lecture.slides import Lecture, Slide, Image, Code, Session
here = Path(__file__).parent
picture = Image(str(here / "picture.svg"), "a")
words = (here / "notes.md").read_text()
lecture = Lecture("T", Slide(aside.words, words, picture, Code("02_echo/server.py"), Session("02_echo")))
(here / "own.css").read_bytes()
"""


def test_a_mistake_is_told_with_file_and_line_and_the_slides_stay(served, capfd):
    served.start()
    page = served.follower()
    served.replace("lecture =", "nonsense\nlecture =")
    served.until(lambda: page.of("broken"))
    (error,) = page.of("broken")[0]["errors"]
    assert (error["file"], error["line"]) == (str(served.folder / "talk.py"), 2)
    assert "nonsense" in error["message"]
    assert "talk.py:2: the deck raised NameError" in capfd.readouterr().err
    assert served.said[-1] == "1 error; the slides stay as they were"
    assert "Echo" in get(served, "/slide-01.html")[2]
    late = served.follower()
    assert late.of("broken") == page.of("broken")
    served.replace("nonsense\n", "")
    served.until(lambda: len(page.of("built")) == 2)
    assert served.follower().of("broken") == []


def test_a_session_that_fails_is_told_with_its_difference(served):
    served.start()
    page = served.follower()
    served.examples.write("02_echo", server="print('ho')\n")
    served.until(lambda: page.of("broken"))
    (error,) = page.of("broken")[0]["errors"]
    assert error["file"].endswith("02_echo/session.txt") and error["slide"] == "Echo"
    assert "+ho" in error["diff"]


def test_a_deck_that_is_wrong_from_the_beginning_is_told_by_every_page_until_it_is_mended(served):
    served.replace("lecture =", "<nonsense>\nlecture =")
    served.start()
    status, _, text = get(served, "/deck.html")
    assert status == 503
    assert "talk.py:2" in text and "not valid Python" in text and "/live.js" in text
    page = served.follower()
    served.replace("<nonsense>\n", "")
    served.until(lambda: len(page.of("built")) == 2)
    assert get(served, "/slide-01.html")[0] == 200


LOOPING = """\
from pathlib import Path
Path(__file__).with_name("looping").touch()
while True: pass
"""


def test_a_deck_that_never_ends_stalls_nothing_and_the_next_save_replaces_it(served):
    served.start()
    page = served.follower()
    served.replace("lecture =", LOOPING + "lecture =")
    served.until((served.folder / "looping").exists)
    assert get(served, "/slide-01.html")[0] == 200
    served.replace(LOOPING, "")
    served.until(lambda: len(page.of("built")) == 2)


def test_a_deck_that_ends_its_process_is_told(served):
    served.start()
    page = served.follower()
    served.replace("lecture =", "import os; os._exit(3)\nlecture =")
    served.until(lambda: page.of("broken"))
    assert "ended without an answer" in page.of("broken")[0]["errors"][0]["message"]


def test_a_deck_that_is_gone_for_a_moment_is_no_end(served):
    served.start()
    page = served.follower()
    text = (served.folder / "talk.py").read_text()
    (served.folder / "talk.py").unlink()
    served.until(lambda: page.of("broken"))
    assert "there is no deck" in page.of("broken")[0]["errors"][0]["message"]
    served.write(text)
    served.until(lambda: len(page.of("built")) == 2)
