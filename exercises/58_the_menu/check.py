import re
from xmlrpc.client import Fault, dumps, loads

from lecture.exercises import Broken, check

PORT = 7858


class Script:
    """The Perl script on one connection, which it keeps."""

    def __init__(self, yours, rule="runs"):
        self.yours, self.taken = yours, 0
        self.peer = yours.connect(PORT, "the script", rule)

    def calls(self, name, *arguments):
        body = dumps(arguments, name).encode()
        head = f"POST /RPC2 HTTP/1.1\r\nHost: yours\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        self.peer.says(head.encode() + body)

    def gets(self, expected, rule):
        """The next answer is this value, or this fault."""
        self.yours.send_all()
        self.yours.goes_on(lambda: self.answer() is not None or self.peer.has_ended)
        came = self.said(rule)
        if came != expected or type(came) is not type(expected):
            raise Broken(rule, "the script got something else", tuple(self.peer.sent), show(expected), show(came))

    def has_got_nothing(self, rule, seconds):
        self.yours.send_all()
        self.yours.later(seconds)
        if self.answer() is not None:
            raise Broken(rule, "the script was answered too early", tuple(self.peer.sent), came=show(self.said(rule)))

    def answer(self):
        """The body of the next answer, and where it ends; None if it isn't there as a whole."""
        head, blank, rest = self.peer.received[self.taken :].partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *([0-9]+)", head)
        if not blank or length is None or len(rest) < int(length[1]):
            return None
        return rest[: int(length[1])], self.taken + len(head) + 4 + int(length[1])

    def said(self, rule):
        answer = self.answer()
        if answer is None:
            raise Broken(rule, "the script got no answer", tuple(self.peer.sent), came=self.peer.received)
        body, self.taken = answer
        if b"<nil/>" in body:
            return "nil"
        try:
            return loads(body)[0][0]
        except Fault as fault:
            return fault.faultCode, fault.faultString
        except Exception:
            return body


def show(value):
    return value if isinstance(value, bytes) else repr(value)


@check("R1")
def dishes_and_prices(yours):
    script = Script(yours, "R1")
    script.calls("menu.dishes")
    script.gets(["soup", "stew", "bread"], "R1")
    script.calls("menu.price", "stew")
    script.gets(1290, "R1")


@check("R1", only=("slow",))
def a_dish_that_costs_nothing(yours):
    script = Script(yours, "R1")
    script.calls("menu.price", "bread")
    script.gets(0, "R1")


@check("R2", only=("slow",))
def a_dish_that_is_not_there(yours):
    script = Script(yours, "R2")
    for name in ("price", "cook_of", "cook"):
        script.calls(f"menu.{name}", "pizza")
        script.gets((404, "no pizza today"), "R2")


@check("R3", only=("slow",))
def a_dish_takes_its_time(yours):
    script = Script(yours, "R3")
    script.calls("menu.cook", "soup")
    script.has_got_nothing("R3", 9)
    script.gets("soup is ready", "R3")


@check("R3", only=("slow",))
def two_of_the_same_dish(yours):
    first, second, third = (Script(yours, "R3") for _ in range(3))
    first.calls("menu.cook", "stew")
    first.has_got_nothing("R3", 20)
    second.calls("menu.cook", "stew")
    second.has_got_nothing("R3", 1)
    third.calls("menu.price", "soup")
    third.gets(450, "R3")
    first.gets("stew is ready", "R3")
    second.has_got_nothing("R3", 10)
    second.gets("stew is ready", "R3")


@check("R4", only=("slow",))
def who_cooks(yours):
    script = Script(yours, "R4")
    script.calls("menu.cook_of", "soup")
    script.gets("ann", "R4")
    script.calls("menu.cook_of", "bread")
    script.gets("", "R4")


@check("R5", only=("slow",))
def what_can_be_called(yours):
    script = Script(yours, "R5")
    script.calls("system.listMethods")
    yours.goes_on(lambda: script.answer() is not None or script.peer.has_ended)
    names = script.said("R5")
    missing = {"menu.dishes", "menu.price", "menu.cook", "menu.cook_of"} - {*names}
    if missing:
        raise Broken("R5", "the list lacks something", expected=show(sorted(missing)), came=show(names))
