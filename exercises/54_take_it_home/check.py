from lecture.exercises import Broken, check

LETTERS = [
    [b"Subject: soup", b"", b"It is ready."],
    [b"Subject: oysters", b"", b"There are no more.", b".", b"Bob"],
    [b"Subject: bill", b"", b"42"],
]


class Theirs:
    """The mailbox and the archive. answers: what the archive says to each letter; None: it hangs up instead."""

    def __init__(self, yours, answers):
        self.yours, self.answers = yours, answers
        self.mailbox, self.archive = yours.listen(110, "the mailbox"), yours.listen(7782, "the archive")
        self.taken = {self.mailbox: 0, self.archive: 0}
        self.handed, self.kept, self.deleted = [], set(), set()
        self.has_said_goodbye = False

    def serve(self):
        """Answer both until nothing more comes."""
        for peer in (self.archive, self.mailbox):
            peer.called("R1")
        self.mailbox.says(b"+OK ready\r\n")
        self.yours.send_all()
        while self.yours.goes_on(lambda: self.line_of(self.mailbox) is not None or self.letter()):
            if (line := self.line_of(self.mailbox)) is not None:
                self.take(self.mailbox, line)
                self.answer(line.decode().split() or [""])
            if (letter := self.letter()) is not None:
                self.keep(letter)
            self.yours.send_all()

    def line_of(self, peer):
        line, end, _ = peer.received[self.taken[peer] :].partition(b"\r\n")
        return line if end else None

    def take(self, peer, *lines):
        self.taken[peer] += sum(len(line) + 2 for line in lines)

    def letter(self):
        """What the archive got, if it is whole: its first line, and the letter's."""
        *lines, _ = self.archive.received[self.taken[self.archive] :].split(b"\r\n")
        if not lines:
            return None
        word, _, number = lines[0].partition(b" ")
        if word != b"KEEP" or not number.isdigit():
            raise Broken("R1", "the archive got something else than KEEP and a number", came=lines[0])
        return lines[: int(number) + 1] if len(lines) > int(number) else None

    def keep(self, letter):
        self.take(self.archive, *letter)
        if letter[1:] not in LETTERS:
            raise Broken("R1", "the archive got a letter that isn't in the mailbox", came=b"\r\n".join(letter[1:]))
        self.handed.append(LETTERS.index(letter[1:]))
        answer = self.answers.pop(0)
        if answer is None:
            self.archive.closes()
            return
        if answer == b"kept":
            self.kept.add(self.handed[-1])
        self.yours.later(1)  # an archive takes its time
        self.nothing_else_is_deleted()
        self.archive.says(answer + b"\r\n")

    def nothing_else_is_deleted(self):
        """By now no command says to delete what isn't kept."""
        said = self.mailbox.received[self.taken[self.mailbox] :]
        if b"DELE" in said:
            raise Broken("R2", "a letter is deleted before the archive has answered", came=said)

    def answer(self, words):
        word, number = words[0].upper(), int(words[1]) - 1 if len(words) > 1 and words[1].isdigit() else None
        if word == "STAT":
            says = b"+OK 3 100\r\n"
        elif word == "RETR" and number in range(len(LETTERS)):
            lines = [b"." + line if line.startswith(b".") else line for line in LETTERS[number]]
            says = b"\r\n".join([b"+OK", *lines, b".", b""])
        elif word == "DELE":
            self.delete(number)
            says = b"+OK\r\n"
        else:
            self.has_said_goodbye = self.has_said_goodbye or word == "QUIT"
            says = b"-ERR\r\n" if word in ("CAPA", "AUTH") else b"+OK\r\n"
        self.mailbox.says(says)
        if word == "QUIT":
            self.mailbox.closes()

    def delete(self, number):
        if number not in self.kept:
            rule = "R4" if self.archive.has_ended else "R3" if number in self.handed else "R2"
            raise Broken(rule, f"letter {number + 1} is deleted, and isn't in the archive")
        self.deleted.add(number)

    def ends(self, deleted, rule):
        if not self.has_said_goodbye:
            raise Broken("R4", "it leaves without a goodbye, so that nothing is deleted", came=self.yours.complaint())
        if self.deleted != deleted:
            raise Broken(rule, "the letters that are gone are not those that are safe", deleted, self.deleted)


@check("R1", "R2")
def all_is_well(yours):
    theirs = Theirs(yours, [b"kept"] * 3)
    theirs.serve()
    if sorted(theirs.handed) != [0, 1, 2]:
        raise Broken("R1", "not each letter is handed to the archive once", came=str(theirs.handed))
    theirs.ends({0, 1, 2}, "R2")


@check("R3", only=("slow",))
def full_for_one(yours):
    theirs = Theirs(yours, [b"kept", b"full", b"kept"])
    theirs.serve()
    theirs.ends({0, 2}, "R3")


@check("R3", only=("slow",))
def full_for_all(yours):
    theirs = Theirs(yours, [b"full"] * 3)
    theirs.serve()
    theirs.ends(set(), "R3")


@check("R4", only=("slow",))
def gone_at_the_second(yours):
    theirs = Theirs(yours, [b"kept", None])
    theirs.serve()
    theirs.ends({0}, "R4")
