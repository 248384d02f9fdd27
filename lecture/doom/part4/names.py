"""Part 4, names: a zone of eight lines, and a host that is found by its name although an answer gets lost."""

from lecture.slides import Ask, Bullet, Code, Markdown, Notes, Sequence, Session, Slide

names = [
    Slide(
        "Names",
        Bullet("A zone is a table: a name, a type, what the name stands for"),
        Bullet(Markdown("`DNSServerFactory` answers from zones, caches and other resolvers, in that order")),
        Code("48_names/kitchen.zone"),
        Code("48_names/server.py", "serve"),
        Session("48_names"),
        Notes("""
            “DNS turns names into addresses”, said part 2, and left it there. Here is the other end of it. A name server
            has a table, and its clients ask for a row. The type says what they want to know: `A` for an address, `MX`
            for the host that takes the mail, `CNAME` for “that is another name of”. The first row, `SOA`, says who
            keeps the table, and how long others may remember what it said.

            The question is one datagram, and so is the answer. The protocol needs no factory for that; but over TCP the
            same object makes the connections, because an answer may be too long for a datagram.

            `dig` is not ours: it comes with BIND, the name server that most of the Internet learned from. When a
            program of others asks, you notice what you have left out.

            *Don't* run a name server for strangers on an afternoon's notice. Somebody will write your neighbour's
            address on a question, and have you send him the answer. Ours counts its answers for each network.
        """),
        Ask(
            "The session asked for soup, and got two lines. Why two?",
            """
            The soup has no address of its own: it stands for the stove, and the server follows that by itself, since
            the stove is in its zone. Had it been in another zone, you would have had the first line, and a second
            question to ask elsewhere.
            """,
            run="48_names",
            shows="stove.kitchen.test.\n127.0.0.1",
        ),
        minutes=2,
    ),
    Slide(
        "Names – A Resolver of Your Own",
        Bullet(Markdown("The system's resolver blocks; the reactor asks it in a thread")),
        Bullet(Markdown("`installResolver`: one that waits for nothing, in the same loop")),
        Code("48b_resolver/client.py", "install"),
        Code("48b_resolver/server.py", "HardOfHearing.messageReceived"),
        Session("48b_resolver"),
        Notes("""
            `connectTCP` with a name has done something improper all along. The operating system's resolver comes only
            as a function that waits, and may wait for half a minute. So the reactor asks it in a thread, behind your
            back. A resolver that speaks the protocol needs no thread: it sends a datagram, sets a timer, and has a
            callback for each.

            `timeout=(0.2, 2)` is the guest of the UDP slide again: ask, wait, ask once more, with more patience. The
            server here is hard of hearing on purpose, so you can see it work. Each question goes out from another port,
            with another number, and both are random. Somebody who can't see the question would have to guess them, or
            could send you to his own stove.

            On a real machine, `client.createResolver()` reads the list of servers from `/etc/resolv.conf`, asks
            `/etc/hosts` first, and remembers answers for as long as they allow.
        """),
        Ask(
            "Who may send an answer to a question that was sent in a datagram?",
            """
            Anybody; a datagram has no connection. So it must come from where the question went, to the port it came
            from, with its number and its words. What doesn't is passed by, and the wait goes on.
            """,
            run="48b_resolver",
            shows="where is the soup?\nat the stove",
            command="python client.py",
        ),
        minutes=2,
    ),
    Slide(
        "Names – A Resolver of Your Own, as it happened",
        Sequence("48b_resolver", "The first question is lost, the second is answered; then comes TCP", marks=False),
        Notes("""
            The same session, drawn from its recording. First a datagram that nothing answers; then a fifth of a second
            in which nothing happens; then the second question, from another port. Only when the answer has come does
            TCP begin, with its handshake.

            So a visit to a host by its name takes at least two round trips, and half of what people call “the network
            is slow” is on the upper half of this picture.
        """),
        Ask(
            "What would the picture show for a second visit?",
            """
            The same again: this resolver forgets. Put a cache in front of it, and the second visit begins with TCP, as
            long as the record's time has not run out.
            """,
            run="48b_resolver",
            shows="telling where soup.kitchen.test is",
            command="python server.py &",
        ),
        minutes=1,
        exercises=(50,),
    ),
]
