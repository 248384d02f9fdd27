from lecture.exercises import Broken, check


class Group:
    """A server with one group. articles: triples of id, subject and References."""

    def __init__(self, yours, articles):
        self.yours, self.articles, self.taken = yours, articles, 0
        self.peer = yours.listen(119, "the server of news")

    def serve(self, rule):
        """Answer until nothing more comes."""
        self.peer.called(rule)
        self.peer.says(b"200 ready\r\n")
        self.yours.send_all()
        while self.yours.goes_on(lambda: self.line() is not None):
            line = self.line()
            self.taken += len(line) + 2
            self.answer(line.decode().split() or [""])
            self.yours.send_all()

    def line(self):
        line, end, _ = self.peer.received[self.taken :].partition(b"\r\n")
        return line if end else None

    def answer(self, words):
        count = len(self.articles)
        if words[0] == "GROUP":
            self.peer.says(b"211 %d 1 %d doom.kitchen\r\n" % (count, count))
        elif words == ["XOVER", f"1-{count}"]:
            rows = [f"{n}\t{it[1]}\tann\tnow\t{it[0]}\t{it[2]}\t9\t1" for n, it in enumerate(self.articles, 1)]
            self.peer.says("\r\n".join(["224 here", *rows, ".", ""]).encode())
        elif words[0] == "QUIT":
            self.peer.says(b"205 bye\r\n")
            self.peer.closes()
        else:
            raise Broken("runs", "it asked for something else", came=" ".join(words))


def shows(yours, rule, expected, *articles):
    """articles: "id subject" or "id subject <- ids". expected: the lines, without the newline of the last."""
    rows = []
    for one in articles:
        front, _, references = one.partition(" <- ")
        id, _, subject = front.partition(" ")
        rows.append((f"<{id}@x>", subject, " ".join(f"<{it}@x>" for it in references.split())))
    Group(yours, rows).serve(rule)
    yours.prints("".join(f"{line}\n" for line in expected), rule)


@check("R1", "R2")
def two_threads(yours):
    shows(
        yours,
        "R2",
        ["soup", "  hot", "    too hot", "  cold", "fish"],
        "1 soup",
        "2 hot <- 1",
        "3 fish",
        "4 cold <- 1",
        "5 too hot <- 1 2",
    )


@check("R1", only=("slow",))
def nothing_answers_anything(yours):
    shows(yours, "R1", ["soup", "Re: soup", "soup"], "1 soup", "2 Re: soup", "3 soup")


@check("R3", only=("slow",))
def answers_come_first(yours):
    shows(yours, "R3", ["fish", "soup", "  hot", "    no"], "1 no <- 4 3", "2 fish", "3 hot <- 4", "4 soup")


@check("R4", only=("slow",))
def some_are_missing(yours):
    shows(
        yours,
        "R4",
        ["soup", "  no", "lost", "  found"],
        "1 soup",
        "2 lost <- 77",
        "3 no <- 77 1 88",
        "4 found <- 77 2 99",
    )


@check("R5", only=("slow",))
def circles(yours):
    shows(yours, "R5", ["me", "soup"], "1 me <- 1", "2 soup")


@check("R5", only=("slow",))
def larger_circles(yours):
    shows(yours, "R5", ["c", "  a", "    b", "      d"], "1 a <- 3", "2 b <- 1", "3 c <- 1 2", "4 d <- 1 2")
