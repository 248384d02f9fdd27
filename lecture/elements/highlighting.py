"""Colours of code, by pygments: tokens get classes, and the stylesheet gives the classes colours.

pygments knows some eighty kinds of tokens and the stylesheets have nine colours, so a token is taken for the kind that
gives it its colour, and what has none is plain text. Neighbours of one colour share a span. On a deck of ninety slides
that is two spans in three, and a third of the page's bytes.

Lexers and the formatter are made once for a process: making them costs more than colouring a listing does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from pygments.filter import Filter
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String, Text, _TokenType
from pygments.util import ClassNotFound

from lecture.elements.element import visible
from lecture.errors import LectureError

_FORMATTER = HtmlFormatter(nowrap=True)

# The kinds that stand for a colour in site/css/deck.css and read.css; and which kinds, with all below them, share it.
_COLOURS: dict[_TokenType, tuple[_TokenType, ...]] = {
    Keyword: (Keyword, Operator.Word),
    String: (String,),
    Comment: (Comment, Generic.Prompt),
    Name.Function: (Name.Function, Name.Class, Name.Decorator, Name.Tag),
    Name.Builtin: (Name.Builtin, Name.Exception, Name.Attribute),
    Number: (Number, Keyword.Type),
    Generic.Deleted: (Generic.Deleted,),
    Generic.Inserted: (Generic.Inserted,),
    Generic.Output: (Generic.Output,),
}
_COLOUR_OF = {kind: colour for colour, kinds in _COLOURS.items() for kind in kinds}


class _Coloured(Filter):
    """Takes tokens for those that give them their colour."""

    def filter(self, lexer: Lexer | None, stream: Iterable[tuple[_TokenType, str]]) -> Iterator[tuple[_TokenType, str]]:
        for kind, value in stream:
            yield _colour(kind), value


@cache
def _colour(kind: _TokenType) -> _TokenType:
    """The kind that gives this one its colour: its own, or that of the nearest kind around it."""
    around = reversed(kind.split())
    return next((_COLOUR_OF[one] for one in around if one in _COLOUR_OF), Text)


def highlighted_lines(text: str, language: str) -> str:
    """HTML of `text` with a span for each stretch of one colour; no span goes over the end of a line.

    Raises LectureError for a language that pygments doesn't know.
    """
    from pygments import highlight

    # The formatter ends its last line whether the text did or not; with an end of ours there is always one to take off.
    return str(highlight(visible(text) + "\n", _lexer(language), _FORMATTER)).removesuffix("\n")


@cache
def _lexer(language: str) -> Lexer:
    try:
        # The text is as the author wants it: no blank lines taken away at its ends, no newline added.
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound as error:
        raise LectureError(f"no colours for the language {language!r}; leave it empty for a plain quotation") from error
    lexer.add_filter(_Coloured())
    return lexer
