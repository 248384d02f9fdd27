"""Characters as LaTeX that prints them, with the fonts and packages that every installation has.

pylatexenc knows LaTeX for most of Unicode. It thinks of packages that a document may not have: a character whose
commands these documents lack becomes its code point, U+0416, which is ugly and true, and the document is printed.
"""

from __future__ import annotations

import re
from functools import cache

from pylatexenc.latexencode import RULE_DICT, UnicodeToLatexConversionRule, UnicodeToLatexEncoder

# No ligatures: what is written is what is printed. Quotation marks that only other fonts have are drawn otherwise.
_PROSE = {
    '"': r"\char34{}", "`": r"\textasciigrave{}", "-": "-{}", "«": r"\ensuremath{\ll}", "»": r"\ensuremath{\gg}",
    "‹": r"\ensuremath{<}", "›": r"\ensuremath{>}", "„": ",{},", "‚": ",", "ɛ": r"\ensuremath{\varepsilon}",
    "\u2011": "-{}", "\u00ad": r"\-",
}  # fmt: skip
_TYPEWRITER = _PROSE | {one: rf"\char{ord(one)}{{}}" for one in r'"\{}_~^$%&#<>|'} | {"'": r"\textquotesingle{}"}
# Commands of pylatexenc's answers that article.cls, amssymb and textcomp don't have; a test prints every character.
_LACKING = re.compile(
    r"\\(?:cyr|CYR|(?:acute|nobreakdash|allequal|approxnotequal|arrowwaveleft|arrowwaveright|boldsymbol|clockoint|clwintegral|"
    r"dblarrowupdown|DownArrowUpArrow|estimates|flat|forcesextra|hermitconjmatrix|homothetic|iiint|iint|image|lazysinv|"
    r"mathscr|natural|notgreaterless|notlessgreater|nument|original|precedesnotsimilar|quarternote|recorder|"
    r"rightangle|rightanglearc|sharp|sqrint|starequal|surfintegral|textfrac|textglotstop|texthvlig|textnrleg|textphi|"
    r"textschwa|textturnk|tildetrpl|truestate|udots|Upsilon|varperspcorrespond|VDash|verymuchgreater|verymuchless|"
    r"volintegral|DH|dh|DJ|dj|TH|th|NG|ng|C|U|k)(?![A-Za-z])|mathbb\{[^A-Z])"
)


def escaped(text: str, typed: bool = False) -> str:
    """Text as LaTeX. typed: it stands in typewriter letters, where an apostrophe is the one of the keyboard."""
    return "".join(_character(one, typed) for one in text)


@cache
def _encoder(typed: bool) -> UnicodeToLatexEncoder:
    own = {ord(one): said for one, said in (_TYPEWRITER if typed else _PROSE).items()}
    return UnicodeToLatexEncoder(
        conversion_rules=[UnicodeToLatexConversionRule(RULE_DICT, own), "defaults"],
        replacement_latex_protection="braces-all",
        unknown_char_policy=_code_point,
        unknown_char_warning=False,
    )


@cache
def _character(one: str, typed: bool) -> str:
    said = str(_encoder(typed).unicode_to_latex(one))
    return _code_point(one) if _LACKING.search(said) else said


def _code_point(one: str) -> str:
    return rf"\texttt{{U+{ord(one):04X}}}"
