"""Part 2, clients: the side that calls, and all the ways in which a call fails."""

from lecture.slides import Bullet, Code, Markdown, Notes, Sequence, Session, Slide, Wrong

clients = [
    Slide(
        "Client Side Protocol",
        Code("03_echo/client.py", "Hello", highlight=(3, 7, 8)),
        Sequence("03_echo", "A client that finds no server, and one that is answered", marks=False),
        Bullet("The same three methods: once connected, both ends are equal"),
        Bullet("Collect what comes until it is complete; it may come in pieces"),
        Notes("""
            This is the client of our echo server. It is a protocol as before; nothing in it says *client*. The picture
            is not drawn by hand: it shows what the programs said in the simulated run of this session.

            Point at `self.received`. We sent eleven bytes in one go, and it is tempting to compare `data` with them.
            That works on your machine. It works in the demonstration. Then a user sits in a train, the eleven bytes
            arrive as three and eight, and the program waits for ever. TCP carries a stream: collect what comes, then
            look whether it is complete.

            The buffer is set in `connectionMade`, not in the class, because all connections share what is in the class.
            With bytes you would get away with it; with a list you would not.

            `loseConnection` is a request. It returns at once, the transport still sends what we've written, and
            `connectionLost` follows in its own time. So we stop the reactor there, and not in `dataReceived`.

            *Ask:* what happens if the server sends *more* than we expect?
        """),
        Wrong("03_echo", "one_chunk"),
    ),
    Slide(
        "Client Side Factories",
        Bullet("A client has other worries:"),
        Bullet("the server doesn't answer, or too late"),
        Bullet("the connection is lost, and should be made again"),
        Bullet("we change our mind"),
        Code("06_reconnect/reconnect.py", "Patient"),
        Session("06_reconnect"),
        Notes("""
            A server waits to be called. A client has plans, and plans fail. So a client's factory hears about the
            attempt to connect, not only about the connection.

            In the session the client comes first. The restaurant is closed. So the client comes again, after a longer
            wait each time, until the restaurant opens. `ReconnectingClientFactory` contains what you would otherwise
            write badly: a delay that grows, an upper limit for it, and a pinch of chance, so that ten thousand clients
            whose server went down don't all come back within the same millisecond.

            The trap: it reconnects after *every* loss, even after one that you wanted. Call `stopTrying()` when you are
            done. And call `resetDelay()` once a connection has proved good, or the wait after the next loss will be the
            longest so far.

            *Ask:* for how long should a client go on trying? On a phone? In a lift?
        """),
    ),
    Slide(
        "Client Side Factories 2",
        Bullet("Hear of each attempt, each loss, each failure"),
        Code("07_client_factory/client.py", "Stubborn", highlight="connector.connect()"),
        Code("07_client_factory/server.py", "Rude.connectionMade"),
        Session("07_client_factory"),
        Notes("""
            This does the same by hand, to show what a client factory is told. `startedConnecting` comes before the
            result is known. Then comes one of two calls: the attempt has failed, or there was a connection and it is
            now lost. The factory has no callback for success: that is the protocol's `connectionMade`.

            All three callbacks get the connector, which is the attempt as an object: `connector.connect()` tries again,
            `stopConnecting()` gives up, and `disconnect()` gives up or hangs up, whichever fits.

            Follow the session: the client is connected, dropped, connected, dropped; then the restaurant has closed for
            good, and the third attempt is refused. `reason` is a `Failure`, an exception that travels as a value; ask
            it for its `type` or its message.

            `buildProtocol` is not on the slide. The inherited one makes a `Protocol`, which ignores all it hears, and
            suits this conversation perfectly.

            *Ask:* what if the server goes on dropping us at once? Then this client becomes an attack. Hence the delays
            on the slide before.
        """),
    ),
    Slide(
        "Connection API",
        Bullet(Markdown("`connectTCP(host, port, factory, timeout=30, bindAddress=None)`")),
        Code("08_connection_api/client.py", "calls", highlight="timeout=0.2"),
        Session("08_connection_api"),
        Notes("""
            `connectTCP` asks for a connection and returns a connector, not a connection. It doesn't raise when no
            server is there, because it can't know that yet. The factory gets all the news.

            Three calls, three bad ends. On port 7776 no program listens, and the kernel says so at once: refused. On
            port 7777 there's a server which never gets round to answering, as happens behind firewalls that drop
            packets in silence; only the timeout ends that call. And one call we cancel ourselves.

            Look at the order in the output. The cancelled call comes last in the program and first in the output; the
            other two had to wait until the loop ran. Events arrive when they happen, and not in the order in which you
            wrote them down.

            The default is thirty seconds. That is too long for people and too short for some satellites; set it.

            *Ask:* without the timeout, what would ever tell the factory?
        """),
    ),
]
