"""Part 2, first steps: the internet in one slide, and the three terms that everything else is built on."""

from lecture.doom.diagrams import NARROW, connection_states
from lecture.doom.drawings import Drawing, picture
from lecture.slides import Ask, Bullet, Code, Notes, Sequence, Session, Slide, TitleSlide, Wrong

definitions = [
    TitleSlide(
        "Part 2 – Basic Networking With Twisted",
        Notes("""
            Enough of restaurants, though you may meet the waiter again. This part is about the network. First come
            three terms: reactor, transport, protocol. Then we write a server, then clients, and then we see what to do
            when there is more to send than the other side cares to read.

            The programs say `from reactor import reactor`. That is our small library with Twisted's names. To run them
            on Twisted, change the import lines: `from twisted.internet import reactor`, `from twisted.internet.protocol
            import Protocol`. Nothing else changes, and the output is the same: `make twisted` tries that, and a slide
            says so where it isn't true.

            You need two terminals and the folder `examples`. Start the server in one and the client in the other;
            Ctrl-C ends a server.
        """),
        Ask(
            "You have two terminals, and you start the client first. What will it say?",
            """
            That nobody is there, at once, and then it ends: the kernel of the other machine answers that no program
            listens at the port. Start the server, and the client again.
            """,
            run="03_echo",
            shows="nobody there: ConnectionRefusedError",
            command="python client.py",
        ),
        minutes=1.25,
        short=True,
    ),
    Slide(
        "Internet!",
        Bullet("Machines, connected to each other; some on purpose"),
        Bullet("Each has one or more IP addresses, long ones (IPv6) or short ones (IPv4)"),
        Bullet("DNS turns names into addresses"),
        Bullet("TCP runs on top of IP: a reliable stream of bytes, in both directions"),
        Bullet("A server listens on one of 65,535 ports, such as 443 for HTTPS"),
        Code("02_event_loop/client.py", "talk", highlight="recv(100)"),
        Notes("""
            This is a very short history of everything. An address finds the machine, a port finds the program on it.
            Names are for people: the program has to look a name up in DNS first, which may take seconds, and may fail.

            Why 65,535 ports and not 65,536? The number has sixteen bits, but no program can listen on port 0: it means
            *give me any port that is free*. The system picks one; our tests live on that.

            The program calls the same machine twice, at port 7770, and has two streams: two customers. TCP promises
            that the bytes arrive in order and unharmed, or that you hear about it. It doesn't promise when, and it
            doesn't know where one message ends and the next begins. Write "hello" and "world", and the other side may
            read "helloworld", or "h" and then the rest. Please remember this; it is behind the most popular bug in
            network programs.
        """),
        Ask(
            "A client asks to read up to a hundred bytes. How many does it get?",
            """
            One to a hundred: as many as have arrived. Not one message, not one `write`. None at all means that the
            other side has closed. Later on a word comes in two pieces, and the cut is in the middle of a letter.
            """,
            run="05c_letters",
            shows="4 bytes, b'caf\\xc3': unexpected end of data",
        ),
        minutes=2,
        short=True,
    ),
    Slide(
        "Basic Definitions – Reactor",
        Bullet("Runs the event loop: waits for events, and calls their handlers"),
        Code("02_event_loop/server.py", "Reactor", highlight=(12, 18)),
        Session("02_event_loop"),
        Notes("""
            This is not pseudo-code. It is a whole event loop, on Python's `selectors`, and the output beside it comes
            from a server that runs on it.

            Two lines matter. `get_next_events` asks the operating system which sockets have something to read, and the
            system puts the program to sleep until one has: waiting wastes no processor time. `run` then calls the
            handler that was registered for that socket. Everything else is book-keeping.

            Look at the output: the second customer was served before the first had said a word. No threads were
            involved.

            What is missing? Timers, writing without getting stuck, a plan for errors in handlers, and a way to stop.
            That is why the real one has a few more lines.

            `run` comes last in a program, because it does not return until all is over.
        """),
        Ask(
            "The customer who came first is served last. What happens to the others while a handler runs?",
            """
            They wait, all of them, whatever they want: there is only one thread, and it is in the handler. The first
            customer was served last only because he took his time to order.
            """,
            run="02_event_loop",
            shows="second customer: soup\nfirst customer: fish",
        ),
        Wrong("02_event_loop", "waits_for_one"),
        minutes=2,
        short=True,
        exercises=(3,),
    ),
    Slide(
        "Basic Definitions – Transport",
        Bullet("Moves bytes between here and there"),
        Bullet("Ours are ordered and reliable streams: TCP, TLS, UNIX sockets"),
        Bullet("UDP is of another kind: packets, no promises"),
        Drawing(connection_states(), connection_states(layout=NARROW)),
        Notes("""
            A transport is one end of a connection. It hides the socket: you hand it bytes, and if the kernel takes only
            some of them, the transport keeps the rest and sends it later.

            The diagram is the life of a connection. The arrows are not drawn by hand: they come from the table in which
            the code looks up its next state, so the two cannot disagree. An arrow from a dashed frame holds for
            everything inside it. Follow the happy path with your finger: open, `loseConnection()`, closing, closed. In
            *closing* the transport still delivers what it has been given, and a good half of the bugs in home-made
            network code come from not having such a state.

            Most of this talk is about streams. With UDP there is no connection, and so there is no such diagram: a
            packet arrives, or it doesn't.
        """),
        Ask(
            "In which states can a connection be lost although our program has not asked for it?",
            """
            In all of them but *closed*. While it is open, or half open, the peer may hang up or the network may fail;
            while it is closing, the peer may be gone before it has read the rest. In part 2 a client is dropped, twice,
            while it does nothing at all.
            """,
            run="07_client_factory",
            shows="connecting to 7775\nlost: ConnectionDone",
            command="python client.py",
        ),
        minutes=1.75,
        short=True,
    ),
    Slide(
        "Basic Definitions – Protocol",
        Bullet("The rules by which two programs talk"),
        Bullet("Speaks through a transport, and doesn't care which"),
        Bullet("The client calls, the server answers"),
        Bullet("HTTP, SSH and IMAP on streams; DNS mostly on packets"),
        Code("04_chat/guest.py", "Guest.dataReceived"),
        Sequence("04_chat", "Two guests, and a server that passes on what each says", most=6, marks=False),
        Notes("""
            A protocol gives meaning to bytes. Who speaks first? Where does a message end? What do you answer when you
            have not understood? A protocol settles such questions.

            In our programs a protocol is an object, one for each connection. It has three methods for what may happen:
            the connection was made, data came, the connection is lost. That's the whole interface, and you know it now.
            The picture shows a few words of a chat that we'll meet again: who speaks first there?

            Client and server differ in one thing only: the client is the one who called. Once connected, the two ends
            have equal rights; both may speak, both may hang up. In SMTP the server even speaks first.

            In 2003 the list of examples could end with DNS on UDP. Since then HTTP/3 has moved the web to packets as
            well, and rebuilt a reliable stream on top of them. Everything returns, with more states.
        """),
        Ask(
            "In the picture, who speaks first?",
            """
            The server: it tells the first guest how many guests there are. In HTTP the client speaks first, in SMTP the
            server. If both wait for the other, it is a very quiet protocol.
            """,
            run="04_chat",
            shows="guests: 1",
            command="python guest.py ann &",
        ),
        minutes=1.75,
    ),
    Slide(
        "All Together Now",
        Drawing(picture("together"), picture("together-narrow"), wide=True),
        Bullet("The reactor hears from the operating system, and calls the transport"),
        Bullet("The transport moves the bytes, and calls the protocol"),
        Bullet("The protocol decides, and tells the transport what to do"),
        Notes("""
            Three objects, and the arrows say who calls whom. Go round once with an echo. The kernel has bytes for us;
            the reactor wakes up and calls the transport: *you can read*. The transport reads, and calls the
            protocol's `dataReceived`. The protocol calls `write` on the transport, and returns. Control goes back to
            the reactor, the way it came. When the kernel is ready to take bytes, the reactor calls the transport once
            more: *you can write*.

            Notice which arrows are not there. The protocol never calls the kernel, and does not wait for anything.
            The reactor has no idea what the bytes mean.

            This is why the parts can be swapped: another reactor on another system, another transport below the same
            protocol, and in a test no network at all.
        """),
        Ask(
            "Who calls the reactor?",
            """
            Our program does, once, in its last line. Everything that the server prints after “listening” is printed by
            something that the reactor calls.
            """,
            run="03_echo",
            shows="listening on port 7771\nconnection made with 127.0.0.1",
            command="python server.py &",
        ),
        minutes=1.25,
        short=True,
        exercises=(5,),
    ),
]
