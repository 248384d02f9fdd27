"""Part 2, clients: the side that calls, and all the ways in which nobody answers."""

from lecture.slides import Bullet, Code, Markdown, Notes, Sequence, Session, Slide

clients = [
    Slide(
        "Client Side Protocol",
        Code("03_echo/client.py", "Hello", highlight=(3, 7, 8)),
        Sequence("03_echo", "A client that nobody hears, and one that is answered", marks=False),
        Bullet("The same three methods: once connected, both ends are equal"),
        Bullet("Collect what comes until it is complete; it may come in pieces"),
        Notes("""
            The client of our echo server. It is a protocol as before; nothing in it says *client*. The picture is not
            drawn by hand: it is what the programs said in the simulated run of this session.

            Point at `self.received`. We sent eleven bytes in one go, and it is tempting to compare `data` with them.
            That works on your machine. It works in the demonstration. Then somebody sits in a train, the eleven bytes
            arrive as three and eight, and the program waits for ever. TCP carries a stream: collect, then look
            whether it is complete.

            `connectionMade` sets the buffer up, and not a class attribute, so that a mutable one would not be shared
            by all connections; bytes would forgive that, a list would not.

            `loseConnection` is a request. It returns at once, what we've written is still sent, and `connectionLost`
            follows in its own time. So the reactor is stopped there, and not here.

            *Ask:* what happens if the server sends *more* than we expect?
        """),
    ),
    Slide(
        "Client Side Factories",
        Bullet("A client has other worries:"),
        Bullet("nobody answers, or too late"),
        Bullet("the connection is lost, and should be made again"),
        Bullet("we change our mind"),
        Code("06_reconnect/reconnect.py", "Patient"),
        Session("06_reconnect"),
        Notes("""
            A server waits to be called. A client has plans, and plans fail. So the factory on this side gets to hear
            about the attempt itself, not only about its result.

            In the session the client comes first. The restaurant is closed; it comes again, a little later each time,
            until somebody opens. `ReconnectingClientFactory` contains what you would otherwise write badly: a delay
            that grows, an upper limit for it, and a pinch of chance, so that ten thousand clients whose server went
            down don't all come back within the same millisecond.

            The trap: it reconnects after *every* loss, also after the one that you wanted. Say `stopTrying()` when
            you are done. And once a connection has proved good, `resetDelay()`, or the next loss begins with the
            longest wait.

            *Ask:* for how long should a client go on trying? On a phone? In a lift?
        """),
    ),
    Slide(
        "Client Side Factories 2",
        Bullet("Told of each attempt, each loss, each failure"),
        Code("07_client_factory/client.py", "Stubborn", highlight="connector.connect()"),
        Code("07_client_factory/server.py", "Rude.connectionMade"),
        Session("07_client_factory"),
        Notes("""
            The same by hand, to see what a client factory is told. `startedConnecting` comes before anything is
            known. Then one of two things: it failed, or there was a connection which has now been lost. There is no
            callback here for success: that one is the protocol's `connectionMade`.

            All three are handed the connector, which is the attempt as an object: `connector.connect()` tries again,
            `stopConnecting()` gives up, `disconnect()` does whichever fits.

            Follow the session: connected, dropped, connected, dropped; then the restaurant has closed for good, and
            the third attempt is refused. `reason` is a `Failure`, an exception that travels as a value; ask it for
            its `type` or its message.

            `buildProtocol` is not to be seen. The inherited one makes a `Protocol`, which ignores all it hears, and
            suits this conversation perfectly.

            *Ask:* what if the server drops us at once, for ever? Then this client becomes an attack. Hence the slide
            before.
        """),
    ),
    Slide(
        "Connection API",
        Bullet(Markdown("`connectTCP(host, port, factory, timeout=30, bindAddress=None)`")),
        Code("08_connection_api/client.py", "calls", highlight="timeout=0.2"),
        Session("08_connection_api"),
        Notes("""
            `connectTCP` asks for a connection and returns a connector, not a connection. It doesn't raise when nobody
            is there: nothing is known yet. All news comes to the factory.

            Three calls, three bad ends. On port 7776 nobody listens, and the kernel says so at once: refused. On port
            7777 there's a server which never gets round to answering, as happens behind firewalls that drop packets
            in silence; only the timeout ends that. And one call we take back ourselves.

            Look at the order in the output. Taking it back came last in the program, and is heard of first; the other
            two had to wait until the loop ran. Events arrive when they happen, and not in the order in which you
            wrote them down.

            Thirty seconds is the default. It is too long for people and too short for some satellites; set it.

            *Ask:* without the timeout, who would ever tell the factory?
        """),
    ),
]
