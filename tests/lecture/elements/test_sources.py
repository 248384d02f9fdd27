"""The name below a listing leads to the whole file."""

from __future__ import annotations

from lecture.elements.attachments import collecting
from lecture.elements.sources import named_file


def test_in_a_site_the_name_leads_to_a_copy_of_the_file_that_browsers_show(tmp_path):
    program = tmp_path / "server.py"
    with collecting() as attached:
        markup = named_file("03_echo & more/server.py", program)
    assert markup == '<a class="file" href="source/03_echo%20%26%20more/server.py.txt">03_echo &amp; more/server.py</a>'
    assert attached == {"source/03_echo & more/server.py.txt": program}


def test_elsewhere_it_is_a_name_and_no_link(tmp_path):
    assert named_file("a/b.py", tmp_path / "b.py") == '<span class="file">a/b.py</span>'
