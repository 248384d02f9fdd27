"""Part 4, telnet: who says what about an option, and a Python prompt inside a server that runs."""

from lecture.elements.element import Element, escape
from lecture.slides import Ask, Bullet, Code, Markdown, Notes, Session, Slide, Wrong
from reactor.conch.telnet.negotiation import TABLE, Event, Q


class NegotiationTable(Element):
    """The Q method, drawn from the table that the library runs by: a row a state, a column an event."""

    role = "exhibit"

    def toHTML(self) -> str:
        head = "".join(f"<th>{_words(event.name)}</th>" for event in Event)
        rows = "".join(f"<tr><th>{_words(q.name)}</th>{''.join(_cell(q, event) for event in Event)}</tr>" for q in Q)
        return f'<table class="protocols"><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>\n'


def _words(name: str) -> str:
    return escape(name.replace("_", " ").lower().replace("opposite", "+ opposite"))


def _cell(q: Q, event: Event) -> str:
    row = TABLE[q, event]
    if isinstance(row, type):
        return "<td>an error</td>"
    after, says = row
    said = "" if says is None else f", says <strong>{'yes' if says else 'no'}</strong>"
    return f"<td>{_words(after.name)}{said}</td>"


prompts = [
    Slide(
        "Telnet: Who Answers Whom",
        Bullet("Yes is WILL or DO, no is WONT or DONT; a wish and an answer look alike"),
        Bullet(Markdown("Answer everything, and two peers answer each other for ever (*it happened*)")),
        Bullet("Say something only to change a state, or because the peer has changed it"),
        NegotiationTable(),
        Notes("""
            Telnet is text in each direction, and a way to agree on more: who echoes, how large the window is. One side
            says WILL, I would like to; the other says DO, please. Or one says DO, and the other WILL. The same words
            ask and answer.

            The document of 1983 forgot what happens when both ask at once, or when one changes its mind while the
            answer is under way. Programs that followed it could talk about nothing else. Seven years
            later the answer was a table. The slide draws it from the dictionary that the
            library looks into.

            Read the row *want yes*. We have asked. If we hear yes, the option is on, and we say nothing: it was an
            answer. If we don't want it any more, we wait all the same, and remember the opposite. That memory, one bit,
            is a queue. A test puts such tables at both ends of a line, and goes through what two people can want, in
            any order: both end up believing the same.
        """),
        Ask(
            "We are in *yes*, and hear yes. Why is saying nothing right, and yes once more wrong?",
            """
            It changes nothing here, so nothing is to be told. If we said yes as well, the peer, which is in *yes* too,
            would hear it, and by the same reasoning say it again.
            """,
            run="71_manhole",
            shows=">>> house.visitors\n1",
            command="python ann.py house.visitors 'house.greeting = b\"good evening\"'",
        ),
        minutes=2,
        exercises=(62,),
    ),
    Slide(
        "Manhole: A Prompt in a Running Server",
        Bullet("Its objects, at a Python prompt, by telnet; no restart, no guest leaves"),
        Bullet(Markdown("Never without a portal: who has the prompt *is* the program")),
        Code("71_manhole/house.py", "manhole", highlight=(2, 14, 15)),
        Code("71_manhole/ann.py", "type"),
        Code("71_manhole/visit.py", "Visitor"),
        Session("71_manhole"),
        Notes("""
            The server runs, guests are inside, and something is wrong with it. You can add a print, restart, and wait
            until it happens again. Or you climb in. A manhole is a prompt whose names are the server's own objects:
            look at them, call their methods, change them. The greeting is changed here while the house is open.

            From the top down: a telnet connection; upon it the login, which asks a portal; what the portal gives is a
            terminal that sends each key; upon that a line editor with a history; and upon that Python. Each of them is
            a protocol to the one below and a transport to the one above. You have seen the pattern six times now.

            At your own terminal it is `telnet localhost 7872`, with arrow keys. `reactord manhole` has the same with
            hashed passwords. Two warnings. The prompt lives in the loop: while your command runs nobody is served,
            so ours interrupts it after ten seconds. And telnet sends passwords as they are: beyond this machine use
            TLS, or SSH.
        """),
        Ask(
            "Why does the prompt listen on 127.0.0.1 only, although there is a login?",
            """
            Since a password by telnet can be read by everybody in between. On this machine nobody is in between. The
            login is for the other programs and people here: to reach a port isn't yet to be somebody.
            """,
            run="71_manhole/wrong/open_door",
            shows="NameError: name 'secret' is not defined",
        ),
        Wrong("71_manhole", "open_door"),
        minutes=3,
    ),
]
