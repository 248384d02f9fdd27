"""Part 4, what else there is on the network: an overview, datagrams to one, datagrams to many."""

from lecture.slides import Bullet, Code, Markdown, Notes, Sequence, Session, Slide

datagrams = [
    Slide(
        "Other twisted.internet Features",
        Bullet(Markdown("UDP: one datagram at a time, to whom you like (`listenUDP`)")),
        Bullet(Markdown("Multicast: one datagram to everybody who cares (`listenMulticast`)")),
        Bullet(Markdown("UNIX sockets: streams and datagrams within one machine, and open files as a present")),
        Bullet("Serial lines, and child processes: not on the network at all, and still transports"),
        Bullet("Threads: for what blocks and can't be helped"),
        Notes("""
            All of these are sources of events, so all of them fit into the same loop, beside the TCP connections that
            you have already. That is the only thing this slide has to say. The next ones take them one by one.

            UNIX sockets you have met: they are streams, so the echo server did not notice. Two more things about them.
            They come as datagrams too. And a process can send another one an open file over them, or a connection that
            it has accepted: `sendFileDescriptor` at this end, `fileDescriptorReceived` at the other. That is how a
            server hands its customers over to its successor without hanging up on them.

            The rest has less in common with TCP than the names suggest. A datagram has no connection, a serial line has
            no address, and a child process has an exit status, as we all do.

            *Ask:* which of these would you have solved with a thread, or a loop with a sleep in it?
        """),
    ),
    Slide(
        "Other twisted.internet Features – UDP",
        Bullet("A datagram comes whole, or not at all, and perhaps twice"),
        Bullet("No connection, so no factory: one protocol serves the port"),
        Code("40_udp/client.py", "Guest", highlight=(3, 8)),
        Code("40_udp/server.py", "Kitchen.datagramReceived"),
        Session("40_udp"),
        Notes("""
            `datagramReceived` gets one message, with its edges where the sender put them, and the sender's address. You
            answer with `write(datagram, address)`. There is nothing else: no buffer, no producers, no `connectionLost`,
            because there is nothing to lose.

            Well, the messages. Nobody tells you when one is gone, and the kitchen on this slide loses the first one of
            each guest on purpose. So the guest keeps a timer: ask, wait, ask again, each time more patiently. Whoever
            waits and repeats and numbers its messages in the end has built TCP again, so stop early.

            `connect` sends nothing. It only tells the kernel that there is one peer, so that others are not heard, and
            that we want to know when nobody is there: `connectionRefused`.

            Good for names, clocks, games, voices: where an answer that comes late is no answer.

            *Ask:* the guest asked twice. What if both questions had got through, and it had been an order, not a
            question?
        """),
    ),
    Slide(
        "Other twisted.internet Features – UDP, as it happened",
        Sequence("40_udp", "The first question is ignored, the second is answered", wide=True),
        Notes("""
            The same session, as a picture of who sent what to whom. Time runs downwards. Nobody has drawn it: the
            programs ran on a simulated network, a recorder wrote down every step, and this is what a reader can take
            in of that. The file below the picture has the rest: each packet, each timer, each turn of each loop.

            Follow the first question. It arrives, and nothing comes back, as nobody promised that anything would.
            Now look at the clock on the left: a fifth of a second goes by, the timer fires, and the guest asks again.
            That waiting cost the build no time at all, since the clock of a simulated network is only a number.

            You can have such a picture of your own programs: `python -m reactor.trace --svg picture.svg program.py`.

            *Ask:* where in this picture would you see that a datagram came twice?
        """),
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
            `listenUDP`; `listenMultiple` says that sharing is meant. The bell rings once, and the network makes the
            copies, as late on the way as it can.

            To send to a group you need not be in it. How far the datagram goes is decided by its time to live: one,
            unless you call `setTTL`, keeps it in the building, and that is where multicast lives these days. Printers,
            loudspeakers and televisions find each other by it. On the open internet no router will carry it for you.

            Here everything stays on the loopback interface, and for that we name it: `joinGroup` takes an interface,
            and so does `setOutgoingInterface`. A laptop with three networks makes this a matter of daily life.

            It is still UDP. The bell goes on ringing until two have answered.

            *Ask:* how does the bell know that two is everybody?
        """),
    ),
]
