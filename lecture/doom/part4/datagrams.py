"""Part 4, what else there is on the network: an overview, datagrams to one, datagrams to many."""

from lecture.slides import Ask, Bullet, Code, Markdown, Notes, Sequence, Session, Slide, Wrong

datagrams = [
    Slide(
        "Other twisted.internet Features",
        Bullet(Markdown("UDP: one datagram at a time, to whom you like (`listenUDP`)")),
        Bullet(Markdown("Multicast: one datagram to all who have joined (`listenMulticast`)")),
        Bullet(Markdown("UNIX sockets: streams and datagrams within one machine, and open files on top")),
        Bullet("Serial lines, and child processes: not on the network at all, and still transports"),
        Bullet("Threads: for what blocks and can't be helped"),
        Notes("""
            All of these are sources of events, so all of them fit into the same loop, beside the TCP connections that
            you have already. That is the point of this slide. The next ones take them one by one.

            You have met UNIX sockets: they are streams, so the echo server did not notice. They can do two more things.
            They carry datagrams too. And over them a process can send an open file to another process, or a connection
            that it has accepted: `sendFileDescriptor` at one end, `fileDescriptorReceived` at the other. That is how a
            server hands its customers over to its successor without hanging up on them.

            The others have less in common with TCP. A datagram has no connection, a serial line has no address, and a
            child process has an exit status, as we all do.
        """),
        Ask(
            "For which of these would you have used a thread, or a loop with a sleep in it?",
            """
            Most people: for the serial line and the child process, because the libraries that they know wait there. The
            loop waits for them as it does for a socket.
            """,
            run="46_children",
            shows="arthur\nmarvin\nzaphod\nsorted, exit code 0",
            command="python guests.py",
        ),
        minutes=1.5,
    ),
    Slide(
        "Other twisted.internet Features – UDP",
        Bullet("A datagram comes whole, or not at all, and perhaps twice"),
        Bullet("No connection, so no factory: one protocol serves the port"),
        Code("40_udp/client.py", "Guest", highlight=(3, 8)),
        Code("40_udp/server.py", "Kitchen.datagramReceived"),
        Session("40_udp"),
        Notes("""
            `datagramReceived` gets one message, exactly as it was sent, and the sender's address. You answer with
            `write(datagram, address)`. There is nothing else: no buffer, no producers, no `connectionLost`, because
            there is nothing to lose.

            Well, nothing but the messages. The network doesn't tell you when it has lost one, and the kitchen on this
            slide ignores each guest's first message on purpose. So the guest keeps a timer: ask, wait, ask again, each
            time more patiently. Wait, repeat, number your messages, and in the end you have built TCP again. So stop
            early.

            `connect` sends nothing. It only tells the kernel that there is one peer. The kernel then drops datagrams
            from others, and if no program listens at the peer's port, we hear of it: `connectionRefused`.

            UDP is good for names, clocks, games, voices: wherever a late answer is no answer.
        """),
        Ask(
            "The guest asked twice. What if both questions had got through, and it had been an order, not a question?",
            """
            They did get through: the server heard the first one, and chose to ignore it. Had it been an order, there
            would be two soups. So number your orders, and let the kitchen remember which numbers it has cooked.
            """,
            run="40_udp",
            shows="was that a question?\nanswering soup?",
            command="python server.py &",
        ),
        Wrong("40_udp", "asked_once"),
        minutes=2.25,
    ),
    Slide(
        "UDP, as it happened",
        Sequence("40_udp", "The first question is ignored, the second is answered", wide=True),
        Notes("""
            This is the same session, as a picture of who sent what to whom. Time runs downwards. It is not drawn by
            hand: the programs ran on a simulated network, a recorder wrote down every step, and the picture shows as
            many as a reader can take in. The file below the picture has the rest: each packet, each timer, each turn of
            each loop.

            Follow the first question. It arrives, and nothing comes back: UDP never promised that anything would. Now
            look at the clock on the left: a fifth of a second goes by, the timer fires, and the guest asks again. That
            waiting cost the build no time at all, because the clock of a simulated network is only a number.

            You can have such a picture of your own program: `python -m reactor.trace --svg picture.svg program.py`.
        """),
        Ask(
            "How would this picture show that a datagram came twice?",
            """
            As two arrows where one was sent: they begin at the same place, and end at different times. The simulated
            network does that to you if you ask for it, with `duplication=0.3` for instance.
            """,
        ),
        minutes=1.5,
        exercises=(32,),
    ),
    Slide(
        "Other twisted.internet Features – Multicast",
        Bullet("A group is an address that nobody has and everybody may join"),
        Bullet(Markdown("`joinGroup` is between you and the kernel; the sender never knows who listens")),
        Code("41_multicast/bell.py", "Bell.ring"),
        Code("41_multicast/table.py", "Table", highlight=(7,)),
        Session("41_multicast"),
        Notes("""
            One bell, two tables, one datagram. Both tables have the same port, which they could not have with
            `listenUDP`; `listenMultiple` says that they mean to share it. The bell rings once, and the network makes
            the copies, as late on the way as it can.

            To send to a group you need not be in it. The datagram's time to live decides how far it goes: one, unless
            you call `setTTL`, keeps it in the building, and that is where multicast lives these days. Printers,
            loudspeakers and televisions use it to find each other. On the open internet no router will carry it for
            you.

            Here everything stays on the loopback interface, because we name that interface: in `joinGroup`, and in
            `setOutgoingInterface`. On a laptop with three networks you need this every day.

            It is still UDP: datagrams get lost. So the bell goes on ringing until two tables have answered.
        """),
        Ask(
            "How does the bell know that there are only two tables?",
            """
            It doesn't; we wrote it into the program. A group has no list of members. All the bell knows is who has
            answered.
            """,
            run="41_multicast",
            shows="coming: ann bob",
            command="python bell.py",
        ),
        minutes=2,
    ),
]
