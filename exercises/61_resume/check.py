from lecture.exercises import Broken, check

MENU = b"tomato soup, oysters, and a pear"
PORT = 2000


class Server:
    """A server of FTP with one file. cuts: how many bytes come in each transfer before it breaks; None: all."""

    def __init__(self, yours, cuts):
        self.yours, self.cuts = yours, list(cuts)
        self.peer = yours.listen(21, "the server")
        self.offset, self.taken, self.come, self.number = 0, 0, 0, PORT
        self.data = None
        self.has_said_goodbye = False

    def serve(self):
        """Answer until nothing more comes."""
        self.peer.called("R1")
        self.peer.says(b"220 ready\r\n")
        self.yours.send_all()
        while self.yours.goes_on(lambda: self.line() is not None):
            line = self.line()
            self.taken += len(line) + 2
            self.answer(*(line.decode() + " ").split(" ")[:2])
            self.yours.send_all()

    def line(self):
        line, end, _ = self.peer.received[self.taken :].partition(b"\r\n")
        return line if end else None

    def answer(self, word, argument):
        if word == "EPSV":
            self.number += 1
            self.data = self.yours.listen(self.number, "the data connection")
            self.peer.says(b"229 come (|||%d|)\r\n" % self.number)
        elif word == "REST":
            self.offset = int(argument)
            self.peer.says(b"350 noted\r\n")
        elif word == "RETR":
            self.send()
        elif word == "QUIT":
            self.has_said_goodbye = True
            self.peer.says(b"221 bye\r\n")
            self.peer.closes()
        else:
            self.peer.says({"USER": b"331 who?\r\n"}.get(word, b"200 fine\r\n"))

    def send(self):
        self.data.called("R2")
        if self.offset != self.come:
            raise Broken("R2", f"{self.come} bytes have come, and it asks for those after {self.offset}")
        size = self.cuts.pop(0) if self.cuts else None
        piece = MENU[self.offset :] if size is None else MENU[self.offset : self.offset + size]
        self.come, self.offset = self.offset + len(piece), 0
        self.peer.says(b"150 it comes\r\n")
        if piece:
            self.data.says(piece)
        self.data.closes()
        self.peer.says(b"226 done\r\n" if size is None else b"426 it broke\r\n")


def downloads(yours, rule, cuts, prints="tomato soup, oysters, and a pear"):
    server = Server(yours, cuts)
    server.serve()
    yours.prints(prints + "\n", rule)
    if not server.has_said_goodbye:
        raise Broken("R1", "it leaves without QUIT", came=yours.complaint())


@check("R1")
def nothing_breaks(yours):
    downloads(yours, "R1", [None])


@check("R2", only=("slow",))
def it_breaks_once(yours):
    downloads(yours, "R2", [12])


@check("R2", only=("slow",))
def it_breaks_at_the_start(yours):
    downloads(yours, "R2", [0])


@check("R3", only=("slow",))
def a_byte_at_a_time(yours):
    downloads(yours, "R3", [1] * 8)


@check("R3", only=("slow",))
def now_and_then_nothing(yours):
    downloads(yours, "R3", [0, 0, 3, 0, 0, 4, 0, 0])


@check("R3", only=("slow",))
def the_tunnel_does_not_end(yours):
    downloads(yours, "R3", [5, 0, 0, 0, 9], "gave up after 5 bytes")


@check("R4", only=("slow",))
def all_has_come_and_it_says_that_it_broke(yours):
    downloads(yours, "R4", [len(MENU), None])


@check("R4", only=("slow",))
def it_breaks_and_ends_as_if_it_had_not(yours):
    downloads(yours, "R4", [7, 6, 5])
