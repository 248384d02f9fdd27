"""Colours of code, by pygments: tokens get classes, and the stylesheet gives the classes colours.

Lexers and the formatter are made once for a process: making them costs more than colouring a listing does.
"""

from __future__ import annotations

from functools import cache

from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from lecture.elements.element import visible
from lecture.errors import LectureError

_FORMATTER = HtmlFormatter(nowrap=True)


def highlighted_lines(text: str, language: str) -> str:
    """HTML of `text` with a span for each token; no span goes over the end of a line.

    Raises LectureError for a language that pygments doesn't know.
    """
    from pygments import highlight

    # The formatter ends its last line whether the text did or not; with an end of ours there is always one to take off.
    return str(highlight(visible(text) + "\n", _lexer(language), _FORMATTER)).removesuffix("\n")


@cache
def _lexer(language: str) -> Lexer:
    try:
        # The text is as the author wants it: no blank lines taken away at its ends, no newline added.
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound as error:
        raise LectureError(f"no colours for the language {language!r}; leave it empty for a plain quotation") from error
