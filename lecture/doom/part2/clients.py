"""Part 2, clients: the side that calls, and all the ways in which a call fails."""

from lecture.slides import Ask, Bullet, Changes, Code, Markdown, Notes, Sequence, Session, Slide, Wrong

clients = [
    Slide(
        "Client Side Protocol",
        Changes("03_echo/server.py", "03_echo/client.py", "Hello", was="Echo"),
        Code("03_echo/client.py", "Hello", highlight=(3, 7, 8)),
        Sequence("03_echo", "A client that finds no server, and one that is answered", marks=False),
        Bullet("The same three methods: once connected, both ends are equal"),
        Bullet("Collect what comes until it is complete; it may come in pieces"),
        Notes("""
            This is the client of our echo server. It is a protocol as before; nothing in it says *client*. The picture
            is not drawn by hand: it shows what the programs said in the simulated run of this session.

            Look at `self.received`. We sent eleven bytes in one go, and it is tempting to compare `data` with them.
            That works on your machine. It works in the demonstration. Then a user sits in a train, the eleven bytes
            arrive as three and eight, and the program waits for ever. TCP carries a stream: collect what comes, then
            look whether it is complete.

            The buffer is set in `connectionMade`, not in the class, because all connections share what is in the class.
            With bytes you would get away with it; with a list you would not.

            `loseConnection` is a request. It returns at once, the transport still sends what we've written, and
            `connectionLost` follows in its own time. So we stop the reactor there, and not in `dataReceived`.
        """),
        Ask(
            "What happens if the server sends *more* than we expect?",
            """
            Then `received` is never equal to what we wait for: at one moment it is too short, at the next too long, and
            the client waits for ever. Ask `startswith`, and decide what to do with the rest; a protocol that says where
            a message ends needs no guessing.
            """,
        ),
        Wrong("03_echo", "one_chunk"),
        minutes=2.25,
        short=True,
        exercises=(7,),
    ),
    Slide(
        "Letters Come in Bytes",
        Bullet("A chunk is bytes; a text is what comes of them"),
        Bullet(Markdown("`codecs.getincrementaldecoder` keeps half a letter until the other half is here")),
        Code("05c_letters/server.py", "waiter"),
        Code("05c_letters/client.py", "Guest", highlight=(3, 10)),
        Session("05c_letters"),
        Notes("""
            The waiter says one word, and takes a breath in the middle of a letter: é is two bytes in UTF-8, and the
            network has cut between them. It does that rarely, and never on your desk; here the waiter does it himself,
            so that you can see it every time.

            Both chunks are good bytes, and neither is good text. `data.decode()` raises an error for the first, because
            the letter isn't over, and for the second, because no letter begins like that. An error in `dataReceived`
            costs you the connection, and your log blames the user's name.

            A decoder that remembers is the way out: it gives you what is complete, and keeps the rest for the next
            call. Better still, find the end of the message first, as bytes, and decode the whole of it: no line break
            of ASCII ever occurs inside a letter of UTF-8.

            Cutting text with `text[:100]` has the same trap one floor up, where an accent is a character of its own.
        """),
        Ask(
            "The guest leaves, and the decoder still holds half a letter. How would you notice?",
            """
            Ask it in `connectionLost`: `decoder.decode(b"", final=True)` raises an error when something is left. Half a
            letter at the end of a stream means that the stream was cut, so the message was as well.
            """,
            run="05c_letters",
            shows="4 bytes, b'caf\\xc3': unexpected end of data",
        ),
        Wrong("05c_letters", "chunk_by_chunk"),
        minutes=2.25,
        exercises=(6,),
    ),
    Slide(
        "Client Side Factories",
        Bullet("A client has other worries:"),
        Bullet("the server doesn't answer, or too late"),
        Bullet("the connection is lost, and should be made again"),
        Bullet("we change our mind"),
        Changes("03_echo/client.py", "06_reconnect/reconnect.py", "Guest", was="Hello"),
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
        """),
        Ask(
            "For how long should a client go on trying? On a phone? In a lift?",
            """
            As long as anybody wants the result, and more and more rarely. A phone should stop when its owner looks
            away, and a lift is out of the network for a minute, which is no reason to give up. This one gave up never,
            and was right.
            """,
            run="06_reconnect",
            shows="closed, attempt 1\nclosed, attempt 2\nnow we are open",
        ),
        Wrong("06_reconnect", "no_super"),
        minutes=2,
        short=True,
        exercises=(21,),
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
        """),
        Ask(
            "What if the server goes on dropping us at once?",
            """
            Then this client becomes an attack: it is back as fast as the network allows. Hence the delays on the slide
            before.
            """,
            run="07_client_factory",
            shows="lost: ConnectionDone\nconnecting to 7775\nlost: ConnectionDone\nconnecting to 7775",
            command="python client.py",
        ),
        Wrong("07_client_factory", "failed_is_not_lost"),
        minutes=2,
        exercises=(22,),
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
        """),
        Ask(
            "Without the timeout, what would ever tell the factory?",
            """
            The kernel, when it has asked often enough: with the usual settings of Linux after some two minutes. No
            error comes from a network that says nothing, so somebody has to look at a clock.
            """,
            run="08_connection_api",
            shows="port 7777: TimeoutError",
        ),
        Wrong("08_connection_api", "no_timeout"),
        minutes=1.75,
        exercises=(15,),
    ),
]
