"""Part 4, what is no network at all and yet a transport: serial lines, other programs, standard input."""

from lecture.slides import Bullet, Code, Markdown, Notes, Session, Slide

devices = [
    Slide(
        "Other twisted.internet Features – Serial",
        Bullet("A modem, a receiver for satellites, a thermometer: bytes in, bytes out"),
        Bullet(Markdown("`SerialPort(protocol, port, reactor, baudrate=9600)`")),
        Bullet("The protocol is the kind that you know, and could sit on TCP"),
        Code("45_serial/thermometer.py", "Display.lineReceived"),
        Code("45_serial/thermometer.py", "line", highlight="SerialPort"),
        Session("45_serial"),
        Notes("""
            A serial line has two ends and no addresses. Nobody listens and nobody connects: the port is opened, the
            protocol is connected at once, and `connectionLost` means that the device was unplugged or the port was
            closed. So there is no factory here; you make the protocol yourself.

            Everything in between is old news. Lines arrive, lines are sent, and neither end knows what lies between.

            Not having a thermometer at hand, we made one. A pseudo-terminal is a line with two ends. At the one sits
            the display, which takes it for a serial port. At the other sits the thermometer, a protocol as well. Both
            live in one loop, and talk to each other over the kernel.

            Speed, parity and the rest are set by pyserial, which the reactor borrows for that and for nothing else.

            *Ask:* the line says nothing when the cable is cut. How would you notice? With a `callLater` and a `reset`.
        """),
    ),
    Slide(
        "Other twisted.internet Features – Processes",
        Bullet("Another program is a transport: standard input goes there, output comes back"),
        Bullet(Markdown("`ProcessProtocol`: `outReceived`, `errReceived`, and in the end `processEnded`")),
        Code("46_children/guests.py", "Sort"),
        Code("46_children/guests.py", "start"),
        Notes("""
            Why write a sort when there is one? Start it, write to it, close its input, and take what comes.

            The child is given three pipes. `write` fills the first; its output arrives like data from the network, cut
            anywhere; its errors apart from that. Nothing waits: if the child is slow, our bytes wait in the buffer, as
            for any slow reader.

            It has two ends. *Exited*: the process is gone. *Ended*: it is gone, and its pipes are closed too, so that
            no more can come. Between the two there may still be output, so tidy up in `processEnded`. Its reason tells
            the exit code, or the signal.

            The program's name comes twice, once to find the file, once as the child's first argument. No shell sees
            it, so no quotation mark in a guest's name is going to delete your disk. And the environment is empty unless
            you say otherwise.

            *Ask:* `sort` prints nothing until we call `closeStdin`. Why can't it?
        """),
    ),
    Slide(
        "Other twisted.internet Features – Standard Input",
        Bullet(Markdown("`StandardIO(protocol)`: the other side of that pipe")),
        Bullet("Pipes, terminals, files: a protocol can't tell"),
        Code("46_children/shout.py", "Shout"),
        Code("46_children/talk.py", "Talk"),
        Session("46_children"),
        Notes("""
            Now both ends are ours. `shout.py` is a filter: what comes in on standard input goes out again, louder. Run
            it by hand and talk to it; or put it between two others with a pipe. The protocol is a LineReceiver, and as
            with the serial line nobody had to tell it.

            The second program starts the first as its child and has a conversation with it. It closes the child's
            input, the child's protocol hears that its connection is lost, stops its reactor, and is gone; and that is
            what `processEnded` tells here. Two loops in two processes, and neither waits for the other.

            One thing to know: standard input belongs to the whole program. While the transport has it, it doesn't
            block, and neither does the terminal that you share with the shell. At the end it gets its old manners back.

            *Ask:* where would you `print` in a program whose standard output is a transport?
        """),
    ),
]
