"""How Sphinx builds the documentation: guides written by hand, and a reference made of the docstrings. `make docs`.

Why Sphinx: it is the best kept of its kind, reads Markdown (with MyST), and its pages and its search work from disk.
(MkDocs' usual theme ends in 2027; pydoctor, which was made for Twisted, has no place for guides.) What it does not
bring is in reference.py: our docstrings are Markdown and not reStructuredText, and a page is wanted for every module.
"""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

import reference  # noqa: E402  # both are found on the path set above
from names import Names, link_names  # noqa: E402

project = "The Tutorial of Doom"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["guides/programs", "README.md"]
html_theme = "furo"
html_title = project
html_copy_source = False
html_show_sphinx = False
html_last_updated_fmt = None

myst_heading_anchors = 3
myst_links_external_new_tab = False
suppress_warnings = ["myst.header", "ref.python"]  # a type in a signature that could be several: it is no link then

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
_OTHERS = ["gi", "PySide6", "serial", "wx", "win32service", "win32serviceutil", "servicemanager"]
autodoc_mock_imports = reference.not_here(_OTHERS)
autodoc_default_options = {"members": True, "undoc-members": True, "show-inheritance": True}
python_maximum_signature_line_length = 88
add_module_names = False
toc_object_entries = False  # every page has the whole tree at its side: with each name in it, the build takes minutes


def setup(app: Any) -> None:
    """Sphinx calls this first."""
    reference.write(Path(app.srcdir))
    app.connect("autodoc-skip-member", _skip_what_another_page_has)
    app.connect("autodoc-process-docstring", _to_restructured_text)
    app.connect("source-read", _lead_to_source)
    app.connect("html-page-context", _share_the_tree, priority=400)  # before the theme asks for it
    app.connect("build-finished", _link_names)


_pages: dict[tuple[str, str], str] = {}  # of each class, the page that describes it


def _skip_what_another_page_has(app: Any, what: str, name: str, obj: Any, skip: bool, options: Any) -> bool | None:
    """Two modules may offer one class, as `testing` and `task` do with Clock; None leaves the decision to Sphinx."""
    if not isinstance(obj, type):
        return None
    page = app.env.current_document.docname
    return True if _pages.setdefault((obj.__module__, obj.__qualname__), page) != page else None


def _to_restructured_text(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    lines[:] = reference.restructured(lines)


def _lead_to_source(app: Any, name: str, source: list[str]) -> None:
    source[0] = reference.lead_to_source(source[0], name)


_tree_at_the_side: list[str] = []


def _share_the_tree(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """The pages of the source, all in one folder, stand in no tree: what they have at their side is made once."""
    if page.startswith("source/") and "toctree" in context:
        context["toctree"] = functools.partial(_once, context["toctree"])


def _once(make: Any, **options: Any) -> str:
    if not _tree_at_the_side:
        _tree_at_the_side.append(make(**options))
    return _tree_at_the_side[0]


def _link_names(app: Any, problem: Exception | None) -> None:
    """Link names in code to where the reference describes them; on the slides too, if they lie around these pages."""
    if problem is not None:
        return
    site = Path(app.outdir)
    names = Names.of_inventory(site / "objects.inv")
    reading_pages = (
        path for path in site.parent.glob("*.html") if path.name != "deck.html"
    )  # nobody speaks and follows
    for path in [*site.rglob("*.html"), *reading_pages]:
        prefix = Path(os.path.relpath(site, path.parent)).as_posix() + "/"
        path.write_text(link_names(path.read_text(encoding="utf-8"), names, prefix), encoding="utf-8")
