"""Part 4, what stands on the reactor: the five slides with which the talk of 2003 ended, and how far ours has come."""

from lecture.doom.counted import Counted
from lecture.doom.part4.outlook import PROTOCOLS, Implementations, is_here, to_come, tried_with
from lecture.slides import Ask, Bullet, Code, Markdown, Notes, Session, Slide


def _framework(module: str, what: str, needs: str = "") -> Bullet:
    """needs: the module without which there is only a part of it."""
    return Bullet(Markdown(f"`{module}`: {what}{'' if is_here(needs or module) else ' (to come)'}"))


def _today(module: str, here: str, until_then: str) -> Bullet:
    return Bullet(Markdown(here if is_here(module) else until_then))


_MISSING = to_come(PROTOCOLS)

standing_on_it = [
    Counted(
        "Protocol implementations",
        Bullet("Low-level, without policies: a protocol asks, and the house decides"),
        Implementations(1),
        Notes("""
            “How To Not Implement A Protocol”, said a slide in part 2: take one that exists. In 2003 this one listed
            fifteen of them, from SSH to LDAP, and the protocols of common GPS modems. Twisted still has most.

            Ours has those in this table and in the two behind it. Nobody typed any of them: the build looks which
            modules there are. The last column is the one to read. A protocol that only talks to itself agrees with
            itself, so our tests talk to programs of others, as client and as server, and a program stands in the table
            when such a test has passed.

            *Without policies* means that the code which reads and writes the protocol decides nothing. May this person
            log in? Where does this letter go? It asks an object that you provide. So you can test the two apart, and
            use the protocol for something that its author never thought of.
        """),
        Ask(
            "What would have to be true before you trusted such a table?",
            """
            That each name in it was earned in this build, by a run that can be repeated. The same goes for the rest of
            the talk: here a program of others, curl, asks our web server for a page, and got it a moment ago.
            """,
            run="23_web",
            shows="<h1>It works!</h1>",
        ),
        minutes=1.75,
    ),
    Counted(
        "More Protocol Implementations",
        Implementations(2),
        Notes("""
            The middle of the table: what carries files, letters, names and news.

            Compare the columns. Old protocols have many RFCs: nobody ever throws one away, they add another that says
            “but”. And the programs that a protocol was tried with come from forty years. Some of them were written
            before the person who maintains them, and all of them are right, since whoever wants to speak with them has
            no choice. The document says what should be; the programs say what is.
        """),
        Ask(
            "A program of others and the document disagree. Whom does a server obey?",
            """
            The document where somebody could be harmed, such as a letter that ends at two places; the program in all
            else, as long as it costs nothing. Here a server gets an article that breaks a rule, and says which.
            """,
            run="65_news/wrong/no_gap",
            shows="441 an article has headers",
        ),
        minutes=1,
    ),
    Counted(
        "Still More Protocol Implementations",
        Implementations(3),
        *([Bullet(f"To come, of the list of 2003: {', '.join(_MISSING)}")] if _MISSING else []),
        Notes("""
            The end of the table. If something is missing of the list of 2003, a line below it says so. That line gets
            shorter; the build writes it, too, by looking.

            The slide of 2003 ended with “protocols of common GPS modems”. There was no GPS in a telephone then: a
            receiver was a box at a serial port, and each maker had a protocol of its own. Two of them are here, and the
            program that hides all the others from you, gpsd.
        """),
        Ask(
            "Which of all these protocols would you not implement again?",
            """
            The one whose document costs money. Everybody guesses what it says, and a program has to understand all of
            the guesses: half a line at the beginning, for instance, and a time without a date.
            """,
            run="69_gps",
            shows="home again",
            command="python home.py",
        ),
        minutes=1,
    ),
    Counted(
        "Frameworks",
        _framework("reactor.web", "pages, resources, WebSockets, and a client"),
        _framework("reactor.news", "an NNTP server, with stores for its articles"),
        _framework("reactor.words", "chat rooms and people, whichever protocol they come by"),
        _framework("reactor.names", "names: a DNS client, a cache, a server", needs="reactor.names.server"),
        _framework("reactor.mail", "mailboxes, aliases, a queue that tries again"),
        _framework("reactor.ldap", "directories: trees of entries, in memory or in files"),
        Notes("""
            A protocol says how to speak; a framework has something to say. It brings the decisions that the protocol
            left open: where pages come from, who is in the room, which mailbox a letter belongs to. And it brings them
            as objects that you can replace, one at a time.

            The slide of 2003 had four lines: web, news, words, names. Mail was there too, and did not fit. The build
            looks for each of them, and marks those that are still to come; a framework is not a thing to claim on a
            slide.

            The web has a guide of its own, `docs/guides/http_api.md`, and an example in part 3. `Site` is a factory, so
            all that you have learned about factories holds: it listens at any port, by TLS, at a socket in the file
            system; one application can have a web site and a chat, with one service behind both.
        """),
        Ask(
            "Why is a web framework written for this loop, and not just the one that you know?",
            """
            You can have the one that you know as well: it runs in a thread, or on asyncio's loop, which ours can be.
            What it can't do there is share your objects without a lock. Here the page, the chat and the timer are
            called by one loop, one at a time.
            """,
            run="22_features",
            shows="Every word of this was served by a plugin.",
        ),
        minutes=1.75,
    ),
    Counted(
        "Perspective Broker",
        Bullet("Objects that are called from elsewhere, and call back"),
        Bullet("Two-way and asynchronous: each call returns a Deferred"),
        Bullet("Secure: nothing can be called unless it says so, by its name"),
        Bullet("Spoken by Twisted in Python, and in Java"),
        _today(
            "reactor.spread.pb",
            f"Ours: `reactor.spread.pb`, tried with {tried_with('PB')}",
            "Ours is to come, as `reactor.spread.pb`; until then, lines of JSON and a name for each call",
        ),
        Notes("""
            Most ways to call a function elsewhere know one direction: the client asks, the server answers. In a game, a
            chat, a trading floor, the server has something to say as well. Perspective Broker gives both ends the same
            rights. Pass an object as an argument, and the other side gets a reference; it calls a method on that
            reference, and the call comes back to you.

            Whoever takes calls from strangers should be careful what can be called. Here only methods whose names begin
            with `remote_` can, and objects travel only when their class was made for it. `pickle` does the opposite,
            and runs whatever it is told to run: never feed it from a network.

            *Perspective* is the third idea. An object can look different to each user: the avatar that you get at login
            is the server as you may see it. What you may not do isn't there.
        """),
        Ask(
            "The line is cut while a call is under way. Was it carried out?",
            """
            You can't know. The Deferred fails, and the other side may have done everything, or nothing. No protocol can
            do better: a network loses the last message, whichever that is. Give calls numbers, and ask again, as the
            guest of the UDP slide does.
            """,
            run="40_udp",
            shows="which soup is it today?\nwhich soup is it today?",
        ),
        minutes=1.75,
    ),
    Counted(
        "Lore",
        Bullet("A documentation system that is simple on purpose"),
        Bullet("Documents in a small part of XHTML; its lint says what is wrong, and in which line"),
        Bullet("From them: HTML, and LaTeX for paper"),
        _today(
            "lecture.lore",
            "Ours: `lecture.lore`",
            "Ours is to come, as `lecture.lore`; until then, `lecture` makes pages of Python and Markdown",
        ),
        Notes("""
            The people who wrote Twisted wanted to write about it too, and wrote a program for that. Lore reads a few
            tags of XHTML: paragraphs, lists, headings, listings, footnotes. It takes the programs from their files, so
            that a listing in the manual is the program that ran.

            That idea has stayed, and you are looking at it. The slides of this talk are made by a package named
            `lecture`. It takes excerpts by name, runs the programs, and refuses to build when one of them does
            something else than its session says. The pages, the deck, the notebooks and the guides come from the same
            source.

            Twisted itself has moved to Sphinx, like everybody. A documentation system is a thing that one writes once,
            to understand why one should not.
        """),
        Ask(
            "Which listing in your documentation would not run today?",
            """
            One of them, surely, and nobody knows which; so let a machine try. These slides have a test for it: change
            what a program prints, and the build names the slide, the file and the line. It has run all sessions, this
            one among them.
            """,
            run="03_echo",
            shows="received hello world",
        ),
        minutes=1.5,
    ),
    Slide(
        "One source",
        Code("74_lore/tonight.xhtml", highlight=[(5,), (7,), (8,)]),
        Code("74_lore/stove.py", "serve"),
        Session("74_lore", steps=True),
        Notes("""
            The document says what things are: a footnote, a name of the API, a listing, a note. How that looks is the
            business of whoever writes the page, or the paper. So there is no tag for "red", and no way to get one.

            `stove.py` is not in the document. The link of the class `py-listing` says where it is, and the session has
            run it a line above.

            Then the document of tomorrow. Both mistakes are told in one run, each with its line and its column. Nothing
            is guessed: a browser would show `<blink>` somehow, and LaTeX would not.
        """),
        Ask(
            "Why does lint refuse a tag that every browser knows?",
            """
            Because paper doesn't blink. What all outputs can say is the subset; what one alone can say is a document
            for that one. A small language is easy to extend, and hard to take something out of.
            """,
            run="74_lore",
            shows="Lore knows no element <blink>",
        ),
        minutes=1.5,
        exercises=(65,),
    ),
    Counted(
        "Reality",
        Bullet("A framework for worlds made of text, in which several people are at once"),
        Bullet("Twisted was written for it, in the year 2000; then the network was the more interesting half"),
        Bullet("In 2003 already “a totally different project”"),
        _today(
            "reactor.reality",
            "Ours: `reactor.reality`, rooms and things and verbs, by telnet",
            "Ours is to come, as `reactor.reality`; until then, the chat of part 2 is a world with one room",
        ),
        Notes("""
            The last slide of 2003 tells where all of it came from. Glyph Lefkowitz wanted to write a game: a world of
            text, with rooms and things, in which you type *take the lamp* and somebody else sees you take it. A game
            like that needs a server for many people. The server needed protocols, the protocols needed a loop, and that
            is how one comes to write a networking framework.

            It makes a fine exercise even now, because everything is in it: lines that come in pieces, guests who fall
            asleep, timers for the troll, news pushed to those who are in the room, state that survives the night.

            There is a moral as well. The tool that you build on the way may turn out to be what people want. Build it
            so that it can be had without the troll.
        """),
        Ask(
            "Take the chat server. What is missing before it is a world?",
            """
            A second room, and a door: guests in a room hear each other, so let each room have its own list, and a door
            move a guest from one list to the other. The rest is furniture. What is there already: somebody speaks, and
            those in the room hear it.
            """,
            run="04_chat",
            shows="guests: 2\nhello from ann",
            command="python guest.py bob",
        ),
        minutes=1.5,
    ),
]

ending = [
    Slide(
        "What Now?",
        Bullet(Markdown("Change a program: `notebooks/`, or `examples/` and two terminals")),
        Bullet(Markdown("Mend one: `lecture exercises` has programs that fail until you do")),
        Bullet(Markdown("Build something: `docs/guides` begin where the talk ends")),
        Bullet(Markdown("Read it: `docs/READING.md`, an evening for the loop and TCP")),
        Bullet(Markdown("Watch it: `python -m reactor.trace` writes down each step of a run")),
        Bullet("Use Twisted: you know its names now"),
        Notes("""
            That was the tutorial. You came in through a restaurant, and leave with a loop, transports, protocols and
            factories, with flow control, with Deferreds, and with an application that closes in good order. None of it
            was magic. Most of it was a list of what has happened, and somebody who asks for the next thing.

            What you do with your hands stays; what you have heard is gone by Friday. So take one program from the
            folder, tonight, and change it until it breaks. The slides that you have seen go with it: each page has the
            program, the run, and the question that you did not answer aloud.

            If you need such a thing for your work, use Twisted. It has been doing this since before some of you could
            type, and every name that you have learned today is one of its own.

            Thank you. The restaurant is closing; mind the step.
        """),
        Ask(
            "So, who waits?",
            """
            Nobody who could be serving somebody else. Only the reactor waits, in one line, for all of us.
            """,
            run="01_restaurant",
            shows="waiters on the payroll: 1\nin the till: 42 of 42",
            command="python one_waiter.py",
        ),
        minutes=1.5,
        short=True,
        exercises=(40,),
    ),
]
