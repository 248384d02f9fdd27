"""The web site of a lecture: valid, linked, quiet, and never half written."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from lecture.errors import LectureError
from lecture.outputs import publish as publishing
from lecture.outputs.pages import Names, write_all, write_site
from lecture.programs import use
from lecture.slides import HTML, PRE, Bullet, Lecture, Markdown, Notes, NumSlide, Slide, SubBullet, TitleSlide, Wrong
from tests.support.example_folder import Folder
from tests.support.page_reader import page, text_of

DECK = (
    TitleSlide("Part 1 – Introduction", "words", Bullet("a point"), Notes("Welcome, *all*.")),
    Slide("Nothing on it"),
    Slide("Code & <co>", Bullet("x", SubBullet("y")), PRE("print(1)\n", "python")),
    NumSlide("שלום 🦊", Bullet("א", SubBullet("lead:", Bullet("b"))), PRE("x"), Bullet("c")),
    Slide("Markdown", Markdown("| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nx\n```\n"), Notes("1. one\n2. two")),
)


@pytest.fixture
def site(tmp_path):
    write_site(Lecture("Doom & <Co>", *DECK), tmp_path)
    return tmp_path


def links(tree):
    return {node.get("rel"): node.get("href") for node in tree.find("head").iter("link")}


def test_every_page_is_valid_html(site):
    paths = list(site.glob("*.html"))
    assert len(paths) == len(DECK) + 1
    for path in paths:
        page(path)


def test_every_link_leads_to_a_file_of_the_site(site):
    for path in site.glob("*.html"):
        for node in page(path).iter():
            for name in ("href", "src"):
                address = node.get(name) or ""
                if address and not address.startswith("#"):
                    assert (site / unquote(address)).is_file(), (path.name, address)


def test_following_next_from_the_contents_visits_every_slide_and_back(site):
    forward, name = [], links(page(site / "index.html"))["next"]
    while name:
        forward.append(name)
        name = links(page(site / name)).get("next")
    back, name = [], forward[-1]
    while name:
        back.append(name)
        name = links(page(site / name)).get("prev")
    assert forward == [f"slide-{number:02d}.html" for number in range(1, len(DECK) + 1)]
    assert back == forward[::-1]


def test_neighbours_and_contents_are_links_for_readers_without_script(site):
    anchors = {node.get("rel"): node.get("href") for node in page(site / "slide-02.html").iter("a")}
    assert (anchors["prev"], anchors["next"]) == ("slide-01.html", "slide-03.html")
    assert anchors["contents"] == "index.html"


def test_a_slide_shows_how_far_the_talk_has_come(site):
    body = page(site / "slide-02.html").find("body")
    assert "2 of 5" in text_of(body)
    assert "--turn:0.4000" in body.get("style")


def test_a_page_ends_with_the_title_of_the_next(site):
    onward = page(site / "slide-02.html").find(".//main/a[@class='onward']")
    assert (text_of(onward), onward.get("href")) == ("Next: Code & <co>", "slide-03.html")
    assert page(site / "slide-05.html").find(".//main/a[@class='onward']") is None


def test_pages_lead_to_their_slide_in_the_deck_where_there_is_one(tmp_path, site):
    write_all(Lecture("t", Slide("a", short=True), Slide("b", minutes=2)), tmp_path / "all")
    anchors = [node.get("href") for node in page(tmp_path / "all" / "slide-02.html").iter("a")]
    assert "deck.html#s2" in anchors
    contents = [node.get("href") for node in page(tmp_path / "all" / "index.html").iter("a")]
    assert {"deck.html", "deck.html?short"} <= set(contents)
    assert not any("deck.html" in path.read_text() for path in site.glob("*.html"))


def test_the_contents_name_every_slide(site):
    entries = [text_of(node) for node in page(site / "index.html").find(".//ol").iter("a")]
    assert entries == [slide.title for slide in DECK]


def test_titles_are_text_in_the_head_too(site):
    assert text_of(page(site / "slide-03.html").find("head/title")) == "Code & <co> · Doom & <Co>"
    assert text_of(page(site / "index.html").find(".//h1")) == "Doom & <Co>"


def test_what_the_speaker_says_is_to_be_read_beside_the_slide(site):
    assert text_of(page(site / "slide-01.html").find(".//main/div[@class='prose']")).strip() == "Welcome, all."
    assert page(site / "slide-02.html").find(".//main/div[@class='prose']") is None


def test_a_program_that_fails_is_folded_below_the_slide_and_not_among_what_is_said(tmp_path):
    folder = Folder(tmp_path)
    folder.write("01_say", "$ python say.py\nhi\n", say="print('hi')\n")
    wrong = folder.root / "01_say" / "wrong" / "loud"
    wrong.mkdir(parents=True)
    (wrong / "say.py").write_text("print('HI')\n")
    (wrong / "session.txt").write_text("# fails: It shouts.\n\n$ python say.py\nHI\n")
    with use(folder.examples()):
        write_site(Lecture("t", Slide("s", Notes("Listen."), Wrong("01_say", "loud"))), tmp_path / "site")
    main = page(tmp_path / "site" / "slide-01.html").find(".//main")
    assert main.find("div[@class='traps']/details[@class='wrong']") is not None
    assert text_of(main.find("div[@class='prose']")).strip() == "Listen."


def test_a_site_is_its_pages_with_a_stylesheet_a_script_and_the_words_to_search(tmp_path):
    write_site(Lecture("t", Slide("s")), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "index.html", "lecture.css", "read.js", "slide-01.html", "slide-search.js",
    ]  # fmt: skip


def test_a_slide_is_known_by_its_title_also_when_others_have_the_same(tmp_path):
    write_site(Lecture("t", Slide("Echo"), Slide("Chat"), Slide("Echo")), tmp_path)
    keys = [page(tmp_path / f"slide-0{n}.html").find("body").get("data-slide") for n in (1, 2, 3)]
    assert keys == ["Echo", "Chat", "Echo (2)"]
    assert [node.get("data-slide") for node in page(tmp_path / "index.html").iter("li")] == keys


def test_an_empty_lecture_has_a_page_of_contents(tmp_path):
    assert text_of(page(write_site(Lecture("t"), tmp_path)).find(".//h1")) == "t"


def test_pages_allow_only_our_script_and_ask_nothing_of_other_hosts(site):
    for path in site.glob("*.html"):
        tree = page(path)
        policy = next(m.get("content") for m in tree.iter("meta") if m.get("http-equiv") == "Content-Security-Policy")
        assert "default-src 'none'" in policy and "script-src 'self';" in policy
        assert [node.get("src") for node in tree.iter("script")] == ["read.js"]
    for name in ("lecture.css", "read.js"):
        assert not re.search(r"https?:|//[a-z]+\.|url\(|@import", (site / name).read_text())


def test_pages_say_their_language_and_can_be_skipped_into(tmp_path):
    class Hebrew(Lecture):
        lang = "he"

    write_site(Hebrew("t", Slide("s")), tmp_path)
    tree = page(tmp_path / "slide-01.html")
    assert tree.get("lang") == "he"
    skip = next(node for node in tree.iter("a") if node.get("class") == "skip")
    assert tree.find(f".//main[@id='{skip.get('href')[1:]}']") is not None


def test_header_and_footer_of_the_author_are_html(tmp_path):
    class Own(Lecture):
        def getHeader(self):
            return "<p>top</p>"

        def getFooter(self):
            return "<b>bottom</b>"

        def getIndexFooter(self):
            return "<i>index</i>"

    write_site(Own("t", Slide("s")), tmp_path)
    assert text_of(page(tmp_path / "slide-01.html").find(".//header/p")) == "top"
    assert text_of(page(tmp_path / "slide-01.html").find(".//footer//b")) == "bottom"
    assert text_of(page(tmp_path / "index.html").find(".//footer/i")) == "index"


def test_slides_without_content_and_title_slides_are_set_apart(site):
    kinds = [page(site / f"slide-{n:02d}.html").find(".//main").get("class") for n in (1, 2, 3)]
    assert kinds == ["slide title", "slide bare", "slide plain"]


def test_text_that_no_encoding_can_hold_does_not_stop_a_build(tmp_path):
    write_site(Lecture("t", Slide("lone \ud83e half")), tmp_path)
    page(tmp_path / "slide-01.html")


@pytest.mark.parametrize(
    ("pattern", "first", "search"),
    [
        ("slide-%02d.html", "slide-01.html", "slide-search.js"),
        ("%d.html", "1.html", "search.js"),
        ("a%%b-%03d-x.htm", "a%b-001-x.htm", "a%b-search-x.js"),
    ],
)
def test_names_of_pages(pattern, first, search):
    names = Names.of(pattern)
    assert (names.slide(1), names.contents, names.search) == (first, pattern % 0, search)


def test_strange_names_of_pages_are_linked_correctly(tmp_path):
    Lecture("t", Slide("a"), Slide("b")).renderHTML(tmp_path, "a b#%d?.html")
    assert unquote(links(page(tmp_path / "a b#1?.html"))["next"]) == "a b#2?.html"


def test_a_directory_is_made_when_missing(tmp_path):
    Lecture("t", Slide("s")).renderHTML(tmp_path / "deep" / "er", "t-%d.html")
    assert (tmp_path / "deep" / "er" / "t-0.html").is_file()


def snapshot(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_slide_that_cannot_be_drawn_leaves_the_old_pages_as_they_were(site):
    before = snapshot(site)

    class Broken:
        def toHTML(self):
            raise ValueError

    with pytest.raises(LectureError):
        write_site(Lecture("new", Slide("new"), Slide("broken", Broken())), site)
    assert snapshot(site) == before


def test_a_disk_that_fills_up_leaves_the_old_pages_as_they_were(site, monkeypatch):
    before = snapshot(site)

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publishing.shutil, "copyfile", full)
    (site.parent / "x.png").write_bytes(b"")
    with pytest.raises(LectureError, match="No space left"):
        publishing.publish({"slide-01.html": b"new", "images/x.png": site.parent / "x.png"}, site)
    assert snapshot(site) == before


def test_our_stylesheet_is_written_under_the_name_asked_for(tmp_path):
    Lecture("t", Slide("s")).renderHTML(tmp_path, "t-%d.html", css="main.css")
    assert publishing.is_ours((tmp_path / "main.css").read_bytes())
    assert links(page(tmp_path / "t-1.html"))["stylesheet"] == "main.css"


def test_a_stylesheet_of_ours_is_renewed_and_an_edited_one_is_not(tmp_path):
    style = tmp_path / "main.css"
    deck = Lecture("t", Slide("s"))
    deck.renderHTML(tmp_path, "t-%d.html", css="main.css")
    current = style.read_bytes()
    style.write_bytes(publishing._marked(b"/* an older version of ours */"))
    deck.renderHTML(tmp_path, "t-%d.html", css="main.css")
    assert style.read_bytes() == current
    style.write_bytes(current + b"\nbody { color: red }")
    deck.renderHTML(tmp_path, "t-%d.html", css="main.css")
    assert style.read_bytes() == current + b"\nbody { color: red }"


def test_a_stylesheet_beside_the_deck_comes_along(tmp_path):
    (tmp_path / "own.css").write_text("/* own */")
    deck = Lecture("t", Slide("s"))
    deck.where = type(deck.where)(tmp_path / "deck.py", 1)
    write_site(deck, tmp_path / "site", css="own.css")
    assert (tmp_path / "site" / "own.css").read_text() == "/* own */"


def test_a_stylesheet_outside_the_directory_may_be_used_if_it_exists(tmp_path):
    (tmp_path / "own.css").write_text("/* own */")
    write_site(Lecture("t", Slide("s")), tmp_path / "site", css="../own.css")
    assert links(page(tmp_path / "site" / "slide-01.html"))["stylesheet"] == "../own.css"


def test_raw_html_stands_on_the_page_as_written(tmp_path):
    write_site(Lecture("t", Slide("s", HTML('<figure class="drawing"><svg></svg></figure>'))), tmp_path)
    assert page(tmp_path / "slide-01.html").find(".//figure") is not None


def test_a_page_does_not_grow_with_the_number_of_slides(tmp_path):
    sizes = []
    for count in (10, 400):
        write_site(Lecture("t", *(Slide("same") for _ in range(count))), tmp_path / str(count))
        sizes.append((tmp_path / str(count) / "slide-05.html").stat().st_size)
    assert abs(sizes[0] - sizes[1]) < 10
