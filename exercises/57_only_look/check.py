from lecture.exercises import Broken, check
from reactor.spread import banana, jelly


class Refused(Exception):
    """The server says that a call has failed."""


class Visitor:
    """One connection, in the dialect without words."""

    def __init__(self, yours, name):
        self.yours, self.name, self.calls = yours, name, 0
        self.peer = yours.connect(7786, name, rule="R1")
        self.decoder, self.taken = banana.Decoder(banana.Bounds()), 0
        self.next("R1")
        self.peer.says(banana.encode(b"none") + banana.encode([b"version", 6]))

    def next(self, rule):
        """The next thing that the server says. Raises Broken when nothing more comes."""
        self.yours.send_all()
        found = []

        def has_come():
            self.decoder.feed(self.peer.received[self.taken :])
            self.taken = len(self.peer.received)
            found[:] = [self.decoder.read()]
            return found[0] is not banana.NOTHING or self.peer.has_ended

        self.yours.goes_on(has_come)
        if not found or found[0] is banana.NOTHING:
            raise Broken(rule, f"{self.name} waited for an answer, and nothing came", tuple(self.peer.sent))
        return found[0]

    def call(self, number, method, *args, rule):
        """What a method gives; an object as its number. Raises Refused."""
        self.calls += 1
        message = [b"message", self.calls, number, method.encode(), 1, jelly.jelly(args), [b"dictionary"]]
        self.peer.says(banana.encode(message))
        answer = self.next(rule)
        while answer[0] not in (b"answer", b"error"):
            answer = self.next(rule)
        if answer[0] == b"error":
            raise Refused
        return answer[2][1] if isinstance(answer[2], list) and answer[2][0] == b"remote" else jelly.unjelly(answer[2])

    def gets(self, expected, number, method, *args, rule):
        try:
            came = self.call(number, method, *args, rule=rule)
        except Refused:
            came = "an error"
        if came != expected:
            raise Broken(rule, f"{self.name} called {method}", tuple(self.peer.sent), expected, came)

    def enters(self, name, rule):
        try:
            number = self.call(b"root", "enter", name, rule=rule)
        except Refused:
            number = None
        if type(number) is not int:
            raise Broken(rule, f"{self.name} entered as {name}, and got no object", tuple(self.peer.sent))
        return number


@check("R1")
def the_cook(yours):
    cook = Visitor(yours, "the cook")
    cellar = cook.enters("cook", "R1")
    cook.gets(["port", "sherry", "wine"], cellar, "list", rule="R1")
    cook.gets("sherry", cellar, "take", "sherry", rule="R1")
    cook.gets(["port", "wine"], cellar, "list", rule="R1")
    cook.gets([], cellar, "seen_by", rule="R1")


@check("R2")
def a_guest(yours):
    ann = Visitor(yours, "Ann")
    view = ann.enters("ann", "R2")
    ann.gets(["port", "sherry", "wine"], view, "list", rule="R2")
    for method, args in (("take", ("port",)), ("seen_by", ()), ("bottles", ())):
        ann.gets("an error", view, method, *args, rule="R2")
    ann.gets(["port", "sherry", "wine"], view, "list", rule="R2")


@check("R2", only=("slow",))
def both_at_once(yours):
    ann, cook = Visitor(yours, "Ann"), Visitor(yours, "the cook")
    view = ann.enters("ann", "R2")
    cellar = cook.enters("cook", "R1")
    ann.gets("an error", view, "take", "port", rule="R2")
    cook.gets("wine", cellar, "take", "wine", rule="R1")
    ann.gets(["port", "sherry"], view, "list", rule="R2")


@check("R3", only=("slow",))
def who_has_looked(yours):
    ann, bob, cook = (Visitor(yours, name) for name in ("Ann", "Bob", "the cook"))
    views = {"ann": ann.enters("ann", "R3"), "bob": bob.enters("bob", "R3")}
    cellar = cook.enters("cook", "R1")
    for one, name in ((bob, "bob"), (ann, "ann"), (bob, "bob")):
        one.gets(["port", "sherry", "wine"], views[name], "list", rule="R3")
    cook.gets(["port", "sherry", "wine"], cellar, "list", rule="R1")
    cook.gets(["bob", "ann", "bob"], cellar, "seen_by", rule="R3")


@check("R4", only=("slow",))
def the_same_again(yours):
    ann = Visitor(yours, "Ann")
    first, other, again = ann.enters("ann", "R4"), ann.enters("bob", "R4"), ann.enters("ann", "R4")
    if first != again or first == other:
        what = "Ann entered as ann, as bob, and as ann again"
        raise Broken(
            "R4", what, tuple(ann.peer.sent), "one, another, the first one", f"numbers {first}, {other}, {again}"
        )
