"""What a client of IMAP searches for, as text."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted quotes less, and some values differently", allow_module_level=True)

from reactor.mail.imap4 import IllegalIdentifierError, IllegalQueryError, MessageSet, Not, Or, Query


@pytest.mark.parametrize(
    "words, text",
    [
        ({"all": True}, "ALL"),
        ({"seen": 1, "deleted": 0, "unflagged": True}, "(SEEN UNFLAGGED)"),
        ({"subject": 'a "b" \\'}, 'SUBJECT "a \\"b\\" \\\\"'),
        ({"text": "sopa ñ"}, "TEXT {7}\r\nsopa ñ"),
        ({"body": "two\r\nlines"}, "BODY {10}\r\ntwo\r\nlines"),
        ({"header": ("X-Soup", "hot)")}, 'HEADER "X-Soup" "hot)"'),
        ({"larger": 10, "smaller": 20}, "(LARGER 10 SMALLER 20)"),
        ({"since": "3-Mar-2003"}, 'SINCE "3-Mar-2003"'),
        ({"keyword": "$Later", "unkeyword": "x"}, "(KEYWORD $Later UNKEYWORD x)"),
        ({"messages": MessageSet(1, 3), "uid": "5:*"}, "(1:3 UID 5:*)"),
        ({"new": True, "all": True, "sorted": True}, "(ALL NEW)"),
        ({"seen": False}, ""),
        ({"from": "ann"}, 'FROM "ann"'),
    ],
)
def test_a_query_says_what_all_must_be_true(words, text):
    assert Query(**words) == text


@pytest.mark.parametrize(
    "words, error",
    [
        ({"soup": "hot"}, IllegalQueryError),
        ({"since": '3-Mar-2003" ALL'}, IllegalQueryError),
        ({"since": "today"}, IllegalQueryError),
        ({"keyword": "a b"}, IllegalQueryError),
        ({"keyword": ""}, IllegalQueryError),
        ({"larger": "1 ALL"}, IllegalQueryError),
        ({"uid": "1 ALL"}, IllegalIdentifierError),
        ({"messages": "0"}, IllegalIdentifierError),
    ],
)
def test_a_value_that_would_be_another_query_is_refused(words, error):
    with pytest.raises(error):
        Query(**words)


def test_queries_are_combined():
    assert Or("A", "B", Not("C")) == "(OR A (OR B (NOT C)))"
    with pytest.raises(IllegalQueryError, match="either what or what"):
        Or("A")
