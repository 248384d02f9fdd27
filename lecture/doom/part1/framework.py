"""Part 1, the library that the rest of the talk is about: what stands on what, and how much of it there is."""

from lecture.doom.counted import Counted
from lecture.doom.drawings import Drawing, picture
from lecture.doom.stats import collect
from lecture.slides import URL, Ask, Bullet, Notes, Slide

framework = [
    Slide(
        "Twisted: The Framework of Your Internet",
        Drawing(picture("overview"), picture("overview-narrow")),
        Notes("""
            Read this from the bottom. The lowest layer is the operating system, which offers sockets, a clock and
            signals. On it stands the reactor, the event loop: it calls everything that stands above it.

            Transports move bytes. Protocols give the bytes a meaning. On top are services and applications, which have
            users, configuration and logs.

            This talk was first given about Twisted, in 2003, and the slide has kept its title. The programs on our
            slides use a small library named `reactor` instead. Its core, the loop and TCP, is an evening's reading:
            `docs/READING.md` has the files in order, and a test keeps them below three thousand lines. The library uses
            Twisted's names on purpose: change the import lines, and nearly all of the programs run on Twisted.

            Today we climb as far as the protocols; applications are part 3.
        """),
        Ask(
            "Where in this picture would you put the web framework that you use? And who calls it?",
            """
            At the top, among the applications. A protocol calls it, HTTP, each time that a whole request has arrived,
            and the protocol is called by a transport. In part 3 a program with a page to serve never asks for one; it
            is asked.
            """,
            run="23_web",
            shows="<h1>It works!</h1>",
        ),
        minutes=1.5,
    ),
    Counted(
        "Project Stats",
        *[Bullet(fact) for fact in collect().facts()],
        Bullet("The library whose names it has: ", URL("https://twisted.org/")),
        Notes("""
            Nobody typed these numbers. The build counted them in its own repository, a moment before it wrote this
            page: version, licence and Python from the package's metadata, files and lines from the source, commits from
            git. What it cannot find out, it leaves out: an installed package has no git history, for example.

            In 2003 this slide said: version 1.0.3, about twenty developers, started in January 2000 by Glyph Lefkowitz.
            Those were Twisted's figures, and Twisted is still there, with rather more of everything. If you need an
            event-driven framework for something that matters, use Twisted. If you want to know how one works, stay
            seated.

            Look at the line about the core: that is the part to read, in the order of `docs/READING.md`, and it imports
            the standard library and nothing else. The next line counts what stands beside and above it, the largest
            parts by themselves; you need none of them to understand the core.
        """),
        Ask(
            "How many lines would you guess that an event loop needs?",
            """
            Fewer than fit on a slide. “Basic Definitions – Reactor” in part 2 shows a whole one, and this is what it
            does with two customers.
            """,
            run="02_event_loop",
            shows="second customer: soup\nfirst customer: fish",
        ),
        minutes=1.5,
    ),
]
