"""Part 2, servers: how not to write a protocol, how to write one, and who creates it when somebody calls."""

from lecture.slides import Ask, Bullet, Changes, Code, Cue, Markdown, Notes, NumSlide, Session, Slide, Wrong

protocols = [
    Slide(
        "How To Implement A Protocol",
        Bullet("With any luck, you don't have to."),
        Cue("Wait a moment before you go on. Let them laugh, or at least breathe out."),
        Notes("""
            Designing a protocol looks like an afternoon's work, and the first version is. After that come the messages
            that arrive in two halves, the peer that speaks an older version, the message that is four gigabytes long
            because its header says so, the connection that is neither alive nor dead, the question how to add
            encryption now, and the colleague who has to write the same again in another language, from your source
            code, because there is nothing else to read.

            All of these have been solved, several times over, by people who had no choice. You have one.
        """),
        Ask(
            "Who has designed a protocol? Who would do it again?",
            """
            Usually fewer hands go up the second time. Those that stay up belong to people who had a good reason, or a
            short memory.
            """,
        ),
        minutes=1,
        short=True,
    ),
    NumSlide(
        "How To Not Implement A Protocol",
        Bullet("Take one that exists, in an implementation that exists"),
        Bullet("Need to call functions elsewhere? XML-RPC was there in 2003; now it is HTTP with JSON, or gRPC"),
        Bullet("Need objects elsewhere, that call back? Perspective Broker"),
        Bullet("Need messages for many? A message broker, one that you did not write"),
        Notes("""
            The list is in the order in which you should try it.

            First: your protocol exists already. Mail, chat, files, names, logging in: all of it has been written. Even
            if the existing one does twice what you need, it's cheaper than the half that you would forget.

            Second: remote calls over HTTP. In 2003 this line said XML-RPC, which is still in Python's standard library
            and still works; keep it away from strangers, for its parser trusts what it reads. Today you would send
            JSON, or use gRPC when both ends want types. The argument has not changed: proxies, caches, certificates and
            debugging tools are all there on the first day.

            Third: when both sides need to call each other's objects, there is Perspective Broker, Twisted's protocol
            for that. It has a slide in part 4, which also says how far ours is.
        """),
        Ask(
            "What would make you write your own nevertheless?",
            """
            A device that speaks a language of its own, for instance. Nobody asked us before the thermometer of part 4
            was built. Then the next slide is for you.
            """,
            run="45_serial",
            shows="21.5 degrees",
        ),
        minutes=1.5,
    ),
    Slide(
        "How To Really Implement A Protocol",
        Code("03_echo/server.py", "Echo", highlight=(6,)),
        Bullet("Three methods, called by the transport; you call none of them yourself"),
        Notes("""
            So you do need one. This one says back whatever it hears, like a small child or a support hotline.

            The transport calls `connectionMade` once, as soon as the connection is there. It calls `dataReceived` each
            time that bytes have arrived: not a line, not a message, just as many bytes as there were. It calls
            `connectionLost` once, when all is over, and `reason` says whether the goodbye was polite. After that it
            calls nothing.

            Look at `write`. It returns at once and reports nothing: when sending fails, you hear of it in
            `connectionLost` and nowhere else. So there is only one place to tidy up in.

            Echo gets away with ignoring where messages end, as it treats all bytes alike. It is the last protocol in
            your life that does.
        """),
        Ask(
            "What would change if it answered in capitals? And if it answered line by line?",
            """
            Capitals look harmless, and are, as long as all letters are ASCII. An é is two bytes, and they may come in
            two pieces: then there is nothing to put into capitals yet. Line by line needs a buffer for the line that
            has only half arrived. Either way the protocol has to remember something between two calls.
            """,
            run="05c_letters",
            shows="2 bytes, b'\\xa9\\n': invalid start byte",
        ),
        Wrong("03_echo", "words_not_bytes"),
        minutes=1.75,
        short=True,
        exercises=(8,),
    ),
    Slide(
        "Factories",
        Bullet("A protocol lives as long as its connection, and not longer"),
        Bullet("Yet connections need to know about each other"),
        Bullet("So one object stays, creates the protocols, and remembers: the factory"),
        Changes("03_echo/server.py", "04_chat/server.py", "Guest", was="Echo"),
        Session("04_chat"),
        Notes("""
            Each connection gets a protocol object of its own, so `self.buffer` can never be another connection's
            buffer. That has a price: when the connection is gone, so is the object with everything it knew.

            Whatever has to outlive a connection, or several connections share, belongs to the factory. Here it is the
            list of guests. One chat room is one factory; every guest finds it as `self.factory`.

            Look at the loop in `dataReceived`: it goes through a list that other guests change too. With threads you
            would now look for a lock. Here no other handler runs until this method returns, so no lock is needed.

            The trap is a guest who doesn't read. We write to all guests, and what a slow guest does not fetch waits in
            our memory. We come back to this under *Producers*.

            Try it with `nc localhost 7772` in two more terminals.
        """),
        Ask(
            "What happens to a message when its sender is alone in the room?",
            """
            Nothing: the loop goes over the guests, finds only the sender, and sends it to nobody. In the session Ann's
            own greeting never comes back to Ann; she hears the head count, and then Bob.
            """,
            run="04_chat",
            shows="guests: 1\nhello from bob",
            command="python guest.py ann &",
        ),
        Wrong("04_chat", "never_removed"),
        minutes=1.75,
        short=True,
        exercises=(16, 17),
    ),
    Slide(
        "A Server Factory",
        Changes("04_chat/server.py", "05_server_factory/server.py", "Diner", was="Guest"),
        Code("05_server_factory/server.py", "Restaurant", highlight=(5, 6, 10)),
        Code("05_server_factory/client.py", "arrive"),
        Session("05_server_factory"),
        Notes("""
            A factory has one duty: `buildProtocol`. It's called for each connection, before any byte is read, with the
            client's address.

            If you return a protocol, it talks to that client. If you return `None`, the connection is closed on the
            spot: here, when both seats are taken. Bear in mind what the client sees. It was connected, because the
            kernel had accepted the call long before Python was asked; then it was dropped. A polite server would say
            why.

            Look at `diner.factory = self`. That line gives every protocol a way back to what all of them share, so that
            `connectionLost` can free the seat again. The inherited `buildProtocol` does just that with the class named
            in `protocol`, and it's all you need most of the time.
        """),
        Ask(
            "There is no lock around `seats`. Two customers come at the very same time: who gets the last one?",
            """
            The one whom the kernel's queue has first. To the loop there is no same time: it calls `buildProtocol` for
            one of them, and for the other one when that call has returned.
            """,
            run="05_server_factory",
            shows="a seat for 127.0.0.1\na seat for 127.0.0.1\nno seat for 127.0.0.1",
        ),
        Wrong("05_server_factory", "no_way_back"),
        minutes=2,
        exercises=(18,),
    ),
    Slide(
        "Connecting A Factory To A TCP Port",
        Code("03_echo/server.py", "listen"),
        Session("03_echo"),
        Notes("""
            Three lines make a server of it. `listenTCP` opens the port and returns at once; from then on the kernel
            takes calls for us. `run` starts the loop, and the program spends its life there.

            Read the session from the top. First comes the client, with no server there: it is refused, and says so.
            Then comes the server, in the background, and the client again. Below each command stands all that it
            printed, whenever it did; the server printed its last line after the client had left.

            If the port is taken, `listenTCP` raises `CannotListenError`, right there, before the loop runs. Without an
            `interface` it listens on all of the machine's addresses; on a laptop in a café you may prefer
            `interface="127.0.0.1"`.
        """),
        Ask(
            "How do you stop it?",
            """
            With Ctrl-C: the reactor ends the run in good order. It closes the ports, and every protocol still gets its
            `connectionLost`, every factory its `stopFactory`. A few slides on, a server closes its log that way.
            """,
            run="10_factory_resources",
            shows="closing the log, it says: once only",
            command="python server.py &",
        ),
        minutes=1.5,
        short=True,
    ),
    Slide(
        "Transport Independence",
        Bullet("Look again: nothing in those protocols knows about TCP"),
        Bullet(Markdown("On a UNIX socket: `listenUNIX`, the same factory")),
        Bullet(Markdown("Encrypted, with TLS: `listenSSL`, the same factory")),
        Bullet("In a test: no socket at all, and the protocol doesn't notice"),
        Code("05b_any_transport/server.py", "ways", highlight=(2, 3, 5)),
        Code("05b_any_transport/client.py", "ways", highlight=(3, 5, 9)),
        Session("05b_any_transport"),
        Notes("""
            Think back a slide or two, and look for the network. It's in one line, `listenTCP`. The protocol knows only
            that there is a `transport` with `write` and `loseConnection`.

            So you can replace that line, or write three of them, as here: one factory, one echo, three ways in.
            `listenUNIX` puts the server into the file system, where file permissions decide who may call. `listenSSL`
            encrypts. That name has grown old with dignity: what it speaks today is TLS.

            Our certificate lies in the folder, key included, so it protects nothing; `developmentCertificate()` makes a
            better one. The client says which certificate it trusts, and for which name.

            The last bullet pays off every day. With a transport that merely keeps what it was given, you can test a
            protocol in microseconds, with no port and no waiting.

            The trap is `getPeer()`. A protocol that insists on finding a host and a port there has smuggled TCP back
            in.
        """),
        Ask(
            "Which of your own classes would survive such a change of transport?",
            """
            Those that only write, read and close. One that prints `getPeer().host` won't: the peer on a UNIX socket has
            a path, and nothing else.
            """,
            run="05b_any_transport",
            shows="hello from UNIXAddress('echo.socket')",
            command="python client.py unix",
        ),
        minutes=2,
        exercises=(20,),
    ),
]
