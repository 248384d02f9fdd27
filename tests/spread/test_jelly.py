"""Jelly: which objects travel and how, and what a peer can't do with it."""

import datetime
import decimal
import sys

import pytest

from reactor.spread import flavors, jelly
from reactor.spread.jelly import InsecureJelly

SAME = [
    (1, 1),
    (2.5, 2.5),
    (b"x", b"x"),
    ("süß", [b"unicode", "süß".encode()]),
    (True, [b"boolean", b"true"]),
    (None, [b"None"]),
    ([1, ()], [b"list", 1, [b"tuple"]]),
    ({"a": 1}, [b"dictionary", [[b"unicode", b"a"], 1]]),
    ({1}, [b"set", 1]),
    (frozenset([b"a"]), [b"frozenset", b"a"]),
    (decimal.Decimal("-1.50"), [b"decimal", -150, -2]),
    (decimal.Decimal("1E+3"), [b"decimal", 1, 3]),
    (datetime.datetime(2003, 3, 26, 9, 0, 0, 7), [b"datetime", b"2003 3 26 9 0 0 7"]),
    (datetime.date(2003, 3, 26), [b"date", b"2003 3 26"]),
    (datetime.time(9, 30), [b"time", b"9 30 0 0"]),
    (datetime.timedelta(-1, 5, 3), [b"timedelta", b"-1 5 3"]),
]


@pytest.mark.parametrize(("value", "sexp"), SAME)
def test_a_value_has_this_jelly(value, sexp):
    assert jelly.jelly(value) == sexp
    assert jelly.unjelly(sexp) == value
    assert type(jelly.unjelly(sexp)) is type(value)


def cycles():
    endless = [1]
    endless.append(endless)
    inside = ([],)
    inside[0].append(inside)
    deep = ([],)
    deep[0].append((deep, 5))
    table = {}
    table["me"] = table
    table[("k",)] = (table, {1})
    return [endless, inside, deep, table, [endless, inside, endless, table, deep, inside]]


@pytest.mark.parametrize("value", cycles())
def test_objects_may_refer_to_themselves_and_to_each_other(value):
    assert repr(jelly.unjelly(jelly.jelly(value))) == repr(value)


def test_what_is_sent_twice_is_one_object_there():
    once = ["soup"]
    sexp = jelly.jelly([once, (once, once)])
    assert sexp == [
        b"list",
        [b"reference", 1, [b"list", [b"unicode", b"soup"]]],
        [b"tuple", *[[b"dereference", 1]] * 2],
    ]
    first, (second, third) = jelly.unjelly(sexp)
    assert first is second is third


def test_a_reference_may_come_before_what_it_refers_to():
    value = jelly.unjelly([b"list", [b"tuple", [b"dereference", 1]], [b"reference", 1, [b"tuple", 5]]])
    assert value == [((5,),), (5,)]
    value = jelly.unjelly([b"dictionary", [[b"dereference", 1], 2], [3, [b"reference", 1, [b"tuple", 5]]]])
    assert value == {(5,): 2, 3: (5,)}


class Point:
    def __init__(self, x):
        self.x = x


class Guarded(Point):
    def __getstate__(self):
        return ("state", self.x)

    def __setstate__(self, state):
        self.x = state[1] + 1


def allowing(*classes):
    options = jelly.SecurityOptions()
    options.allowInstancesOf(*classes)
    return options


def test_objects_of_an_allowed_class_travel_with_their_attributes_and_the_class_by_its_name():
    options = allowing(Point, Guarded)
    made = jelly.unjelly(jelly.jelly([Point([1]), Guarded(1), Point], options), options)
    assert (made[0].x, made[1].x, made[2]) == ([1], 2, Point)


def test_of_a_class_that_is_not_allowed_nothing_travels_in_either_direction():
    for thing in (Point(1), Point):
        with pytest.raises(InsecureJelly, match="don't travel"):
            jelly.jelly(thing)
        with pytest.raises(InsecureJelly, match="may not come here"):
            jelly.unjelly(jelly.jelly(thing, allowing(Point)))


NAMES = [
    [b"module", b"os"],
    [b"class", b"subprocess.Popen"],
    [b"class", [b"list"]],
    [b"function", b"os.system"],
    [b"method", b"x", [b"None"], [b"class", b"builtins.list"]],
    [b"instance", [b"class", b"builtins.list"], [b"dictionary"]],
    [b"persistent", 1],
    [b"wsgiref.simple_server.demo_app", [b"dictionary"]],
    [b"builtins.eval", [b"unicode", b"1"]],
    [b"tests.spread.test_jelly.Point", [b"dictionary"]],
]


@pytest.mark.parametrize("sexp", NAMES)
def test_no_name_in_a_jelly_is_looked_up(sexp):
    sys.modules.pop("wsgiref.simple_server", None)
    with pytest.raises(InsecureJelly, match="may not come here"):
        jelly.unjelly(sexp)
    assert "wsgiref.simple_server" not in sys.modules


@pytest.mark.parametrize("value", [print, sys, "x".join, lambda: 1, object(), (one for one in ())])
def test_functions_modules_and_methods_do_not_travel(value):
    with pytest.raises(InsecureJelly, match="don't travel"):
        jelly.jelly([value])


@pytest.mark.parametrize("value", [decimal.Decimal("NaN"), datetime.datetime(2003, 3, 26, tzinfo=datetime.UTC)])
def test_times_with_a_zone_and_decimals_that_are_no_numbers_do_not_travel(value):
    with pytest.raises(InsecureJelly, match="neither times with a zone"):
        jelly.jelly(value)


def doubling(count):
    """Tuples of which each holds the one before it twice: small, and 2**count when all is counted."""
    steps = [[b"reference", n, [b"tuple", *[[b"dereference", n - 1]] * 2 * (n > 0), n]] for n in range(count)]
    return [b"list", *steps]


MALFORMED = [
    [],
    [1],
    [[b"list"]],
    ["text"],
    [b"unicode"],
    [b"unicode", b"\xff"],
    [b"unicode", 1],
    [b"boolean", b"maybe"],
    [b"None", 1],
    [b"decimal", 1],
    [b"decimal", 1, 10**20],
    [b"decimal", 1.5, 0],
    [b"decimal", b"1", 0],
    [b"date", b"2003 13 1"],
    [b"datetime", b"0"],
    [b"time", b"x"],
    [b"timedelta", b"999999999999 0 0"],
    [b"dictionary", 1],
    [b"dictionary", [1]],
    [b"dictionary", [[b"list"], 1]],
    [b"dictionary", [[b"dictionary"], 1]],
    [b"dictionary", [2**64, 1]],
    [b"dictionary", [[b"decimal", 1, 0], 1]],
    [b"dictionary", [[b"tuple", [b"list"]], 1]],
    [b"set", [b"set"]],
    [b"set", [b"tuple", *range(100)]],
    [b"frozenset", [b"list"]],
    [b"reference"],
    [b"reference", 1],
    [b"reference", [b"list"], 1],
    [b"reference", b"x", 1],
    [b"reference", 1, [b"tuple", [b"dereference", 1]]],
    [b"reference", 1, [b"dereference", 1]],
    [b"list", [b"reference", 1, [b"dereference", 2]], [b"reference", 2, [b"dereference", 1]]],
    [b"dereference"],
    [b"dereference", 1],
    [b"dereference", b"x"],
    [b"list", [b"reference", 1, 1], [b"reference", 1, 2]],
    [b"set", [b"reference", 1, [b"frozenset", [b"dereference", 1]]]],
    [b"remote"],
    [b"remote", 1],
    [b"local", 1],
    [b"cached", 1],
    [b"lcache", 1],
    [*doubling(50), [b"set", [b"dereference", 49]]],
    [*doubling(50), [b"dictionary", [[b"dereference", 49], 1]]],
]


@pytest.mark.parametrize("sexp", MALFORMED, ids=lambda sexp: repr(sexp)[:60])
def test_what_makes_no_sense_is_insecure_jelly_and_nothing_else(sexp):
    with pytest.raises(InsecureJelly):
        jelly.unjelly(sexp)


def test_tuples_that_double_cost_nothing_as_long_as_they_are_no_keys():
    assert jelly.unjelly(doubling(2000))[-1][0][0][-1] == 1997


def test_a_long_chain_of_references_costs_no_more_than_its_length():
    count, last = 20_000, [b"list"]
    chain = [[b"reference", n, [b"dereference", n + 1]] for n in range(count)]
    asked = [[b"dereference", n] for n in range(count)]
    before, after = jelly.unjelly([b"list", [b"list", *asked], *chain, [b"reference", count, last], [b"list", *asked]])[
        :: count + 2
    ]
    assert all(one is before[0] for one in before + after)


@pytest.mark.parametrize("tag", [b"tuple", b"set", b"frozenset"])
def test_a_long_chain_of_what_waits_for_its_items_is_followed_or_refused(tag):
    count = 4_000
    chain = [[b"reference", n, [tag, [b"dereference", n + 1]]] for n in range(count)]
    sexp = [b"list", *chain, [b"reference", count, [b"list"]]]
    if tag != b"tuple":
        with pytest.raises(jelly.InsecureJelly):
            jelly.unjelly(sexp)
        return
    made = jelly.unjelly(sexp)
    assert all(made[n][0] is made[n + 1] for n in range(count))
    with pytest.raises(jelly.InsecureJelly, match="deeper than Python can follow"):
        jelly.jelly(made)


def test_keys_may_be_what_programs_use():
    keys = {("a", 1, (2.5, None)): 1, b"b": 2, True: 3, -(2**63): 4, frozenset([1]): 5, datetime.date(2003, 3, 26): 6}
    assert jelly.unjelly(jelly.jelly(keys)) == keys


def test_a_peers_words_about_what_it_could_not_send_are_kept():
    assert "cheese" in repr(jelly.unjelly([b"unpersistable", b"no cheese"]))


class Copied(flavors.RemoteCopy):
    told = 0

    def postUnjelly(self):
        self.told = len(vars(self))


class Original(flavors.Copyable):
    pass


jelly.setUnjellyableForClass(Original, Copied)


def test_an_object_that_wants_to_be_told_is_told_when_all_is_there():
    original = Original()
    original.me, original.others = original, (original, [original])
    copy = jelly.unjelly(jelly.jelly([original]))[0]
    assert copy.me is copy and copy.others == (copy, [copy])
    assert copy.told == 2


def test_a_tag_may_have_a_function_instead_of_a_class():
    jelly.setUnjellyableForClass("spread.test", lambda unjellier, sexp: ("made", unjellier.unjelly(sexp[1])))
    try:
        assert jelly.unjelly([b"spread.test", [b"list", 1]]) == ("made", [1])
    finally:
        del jelly.unjellyableRegistry[b"spread.test"]


class Own(jelly.Jellyable):
    def jellyFor(self, jellier):
        sexp = jellier.prepare(self)
        sexp += [b"spread.own", jellier.jelly([self])]
        return jellier.preserve(self, sexp)


def test_an_object_may_say_itself_how_it_travels():
    assert jelly.jelly(Own()) == [b"reference", 1, [b"spread.own", [b"list", [b"dereference", 1]]]]
