"""Part 2, first steps: the internet in one slide, and the three words that everything else is built on."""

from lecture.doom.diagrams import connection_states
from lecture.doom.drawings import Drawing, picture
from lecture.slides import Bullet, Code, Notes, Sequence, Session, Slide, TitleSlide

definitions = [
    TitleSlide(
        "Part 2 – Basic Networking With Twisted",
        Notes("""
            Enough of restaurants, though you may meet the waiter again. This part is about the network: three words
            first (reactor, transport, protocol), then a server, then clients, and then what to do when there is more
            to send than the other side cares to read.

            All programs say `from reactor import reactor`. That is our small library with Twisted's names. To run
            them on Twisted, write `twisted.internet` in front: `from twisted.internet import reactor`, `from
            twisted.internet.protocol import Protocol`. Nothing else changes, and the output is the same; that was
            tried, with each of them.

            You need two terminals and the folder `examples`. Start the server in the one, the client in the other, on
            the port that the slide shows; Ctrl-C ends a server. *Ask:* does everybody have two terminals?
        """),
    ),
    Slide(
        "Internet!",
        Bullet("Machines, connected to each other; some on purpose"),
        Bullet("Each has one or more IP addresses, the long kind (IPv6) or the short (IPv4)"),
        Bullet("DNS turns names into addresses"),
        Bullet("TCP runs on top of IP: a reliable stream of bytes, in both directions"),
        Bullet("A server listens on one of 65,535 ports, such as 443 for HTTPS"),
        Code("02_event_loop/client.py", "talk"),
        Notes("""
            A very short history of everything. An address finds the machine, a port finds the program on it. A name
            is for people; a look-up in DNS comes first, may take seconds, and may fail on its own.

            Why 65,535 ports and not 65,536? The number has sixteen bits, but port 0 cannot be listened on: it means
            *give me any that is free*. The system picks one; our tests live on that.

            TCP promises that the bytes arrive in order and unharmed, or that you hear about it. It doesn't promise
            when, and it doesn't know where one message ends and the next begins. Write "hello" and "world", and the
            other side may read "helloworld", or "h" and then the rest. Please remember this one; it is the most
            popular bug in network programs.

            *Ask:* how many bytes does a client get that asks to read up to a hundred?
        """),
    ),
    Slide(
        "Basic Definitions – Reactor",
        Bullet("Runs the event loop: waits for events, and calls those who asked for them"),
        Code("02_event_loop/server.py", "Reactor", highlight=(12, 18)),
        Session("02_event_loop"),
        Notes("""
            This is not pseudo-code. It is an event loop, all of it, on Python's `selectors`, and the output beside it
            is from a server that runs on it.

            Two lines matter. In `get_next_events` the operating system is asked which sockets have something to read,
            and it puts the program to sleep until one has: no processor time is wasted on waiting. In `run`, the
            handler is called that asked for that socket. Everything else is book-keeping.

            Look at the output: the second customer was served while the first had not said a word. No threads were
            involved.

            What is missing? Timers, writing without getting stuck, errors in handlers, and a way to stop. That is why
            the real one has a few more lines.

            `run` comes last in a program, for it does not return until all is over. *Ask:* what happens to the other
            customers while a handler runs?
        """),
    ),
    Slide(
        "Basic Definitions – Transport",
        Bullet("Moves bytes between here and there"),
        Bullet("Ours are ordered and reliable streams: TCP, TLS, UNIX sockets"),
        Bullet("UDP is of another kind: packets, no promises"),
        Drawing(connection_states()),
        Notes("""
            A transport is one end of a connection. It hides the socket: you hand it bytes, and it takes care of the
            kernel taking only some of them, and of the rest.

            The diagram is the life of a connection. Nobody drew the arrows: they come from the very table that the
            code looks its next state up in, so the two cannot disagree. An arrow from a dashed frame holds for
            everything inside it. Follow the happy path with your finger: open, `loseConnection()`, closing, closed.
            In *closing* the transport still delivers what it has been given, and a good half of the bugs in home-made
            network code comes from not having such a state.

            Most of this talk is about streams. With UDP there is no connection, and so there is no such diagram: a
            packet arrives, or it doesn't.

            *Ask:* from which states can a connection be lost without anybody having asked?
        """),
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
            A protocol gives meaning to bytes. Who speaks first? Where does a message end? What does one say when one
            has not understood? Those are its questions.

            In our programs a protocol is an object, one for each connection. It has three methods for what may
            happen: the connection was made, data came, the connection is lost. That's the whole interface, and you
            know it now. The picture shows a few words of one that we'll meet again: who speaks first there?

            Client and server differ in one thing only: the client is the one who called. Once connected, the two ends
            have equal rights; both may speak, both may hang up. In SMTP the server even speaks first.

            In 2003 the list of examples could end with DNS on UDP. Since then HTTP/3 has moved the web to packets as
            well, with a reliable stream rebuilt on top of them. Everything returns, with more states.

            *Ask:* which protocol did you last debug by hand?
        """),
    ),
    Slide(
        "All Together Now",
        Drawing(picture("together"), wide=True),
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

            *Ask:* who calls the reactor? Only once, at the bottom of the program.
        """),
    ),
]
