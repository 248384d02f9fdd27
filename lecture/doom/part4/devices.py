"""Part 4, transports without a network: serial lines, other programs, standard input."""

from lecture.slides import Ask, Bullet, Changes, Code, Markdown, Notes, Session, Slide, Wrong

devices = [
    Slide(
        "Other twisted.internet Features – Serial",
        Bullet("A modem, a satellite receiver, a thermometer: bytes in, bytes out"),
        Bullet(Markdown("`SerialPort(protocol, port, reactor, baudrate=9600)`")),
        Bullet("The protocol is of the kind that you know, and could run over TCP"),
        Code("45_serial/thermometer.py", "Display.lineReceived"),
        Code("45_serial/thermometer.py", "line", highlight="SerialPort"),
        Session("45_serial"),
        Notes("""
            A serial line has two ends and no addresses. Neither end listens or connects: opening the port connects the
            protocol at once, and `connectionLost` means that the device was unplugged or the port was closed. So there
            is no factory here; you make the protocol yourself.

            The rest is old news. Lines arrive, lines are sent, and neither end knows what lies between.

            We had no thermometer at hand, so we made one. A pseudo-terminal is a line with two ends. At one end sits
            the display, which takes it for a serial port. At the other end sits the thermometer, a protocol as well.
            Both live in one loop, and talk to each other through the kernel.

            The library pyserial sets speed, parity and so on; the reactor uses it for that and for nothing else.
        """),
        Ask(
            "The line tells you nothing when the cable is cut. How would you notice?",
            """
            By a `callLater` that each line resets: a thermometer that has been silent for a minute is no longer a
            thermometer. It is the same timeout that Ann fell asleep over.
            """,
            run="43_policies",
            shows="somebody has fallen asleep",
        ),
        minutes=1.75,
    ),
    Slide(
        "Other twisted.internet Features – Processes",
        Bullet("Another program is a transport: standard input goes there, output comes back"),
        Bullet(Markdown("`ProcessProtocol`: `outReceived`, `errReceived`, and in the end `processEnded`")),
        Code("46_children/guests.py", "Sort"),
        Code("46_children/guests.py", "start"),
        Session("46_children"),
        Notes("""
            Why write a sort program when there is one? Start it, write to it, close its input, and take what comes.

            The child gets three pipes. Our `write` goes into the first. The second brings its output, cut anywhere,
            like data from the network; the third brings its errors. The loop never waits: if the child is slow, our
            bytes wait in a buffer, as for any slow reader.

            A child ends in two steps. *Exited*: the process is gone. *Ended*: it is gone, and its pipes are closed too,
            so no more output can come. Between the two there may still be some, so tidy up in `processEnded`. Its
            reason gives the exit code, or the signal.

            You give the program's name twice, once to find the file, once as the child's first argument. No shell sees
            the arguments, so no quotation mark in a guest's name is going to delete your disk. And the environment is
            empty unless you say otherwise.
        """),
        Ask(
            "`sort` prints nothing until we call `closeStdin`. Why can't it?",
            """
            The last line may be the one that belongs at the top. Until the input ends, nobody knows which line comes
            first.
            """,
            run="46_children",
            shows="arthur\nmarvin\nzaphod",
            command="python guests.py",
        ),
        Wrong("46_children", "input_left_open"),
        minutes=2,
    ),
    Slide(
        "Other twisted.internet Features – Standard Input",
        Bullet(Markdown("`StandardIO(protocol)`: the other side of that pipe")),
        Bullet("Pipes, terminals, files: a protocol can't tell"),
        Code("46b_standard_input/shout.py", "Shout"),
        Changes("46_children/guests.py", "46b_standard_input/talk.py", "Talk", was="Sort"),
        Session("46b_standard_input"),
        Notes("""
            Now both ends are ours. `shout.py` is a filter: what comes in on standard input goes out again, louder. Run
            it by hand and talk to it, or put it into a pipe between two others. Its protocol is a LineReceiver, and
            doesn't know that it is in a pipe.

            The second program starts the first as its child and has a conversation with it. Then it closes the child's
            input. The child's protocol hears that its connection is lost, and stops its reactor; the child ends, and
            here `processEnded` says so. There are two loops in two processes, and neither waits for the other.

            Note that standard input belongs to the whole program. While the transport has it, it doesn't block, and
            neither does the terminal that you share with the shell. At the end the transport gives both their old
            manners back.
        """),
        Ask(
            "Where would you `print` in a program whose standard output is a transport?",
            """
            To standard error, or into the log. What goes to standard output is part of the conversation: the other
            program takes it for an answer.
            """,
            run="46b_standard_input",
            shows="it says CAN YOU HEAR ME!",
            command="python talk.py",
        ),
        minutes=2,
    ),
]
