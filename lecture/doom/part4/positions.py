"""Part 4, positions: a receiver of GPS drives a circle, and says so line by line."""

from lecture.slides import Ask, Bullet, Code, Markdown, Notes, Session, Slide, Wrong

positions = [
    Slide(
        "Where Are We? GPS",
        Bullet("A receiver is a serial line that talks: a line of text for each thing it knows"),
        Bullet(Markdown("`$GPGLL,5230.1080,N,…*72`: degrees *and minutes*, and a checksum")),
        Bullet("Nobody asked, so anything may come: half a line, noise, the same place three times"),
        Code("69_gps/receiver.py", "Receiver.say", highlight=(4, 5)),
        Code("69_gps/home.py", "Trip.positionReceived", highlight=(8, 9)),
        Code("69_gps/home.py", "drive", highlight=(4,)),
        Session("69_gps"),
        Notes("""
            The thermometer answered when it was asked. A receiver of GPS doesn't wait for that. Once a second it says
            where it is, when, how fast, and which satellites it sees, in lines that the makers of depth sounders agreed
            upon in 1983. The standard costs money. So everybody learned it from each other, mistakes included.

            The program is three objects. The protocol makes sentences of lines, and drops what is none: look at what
            the receiver says first. The adapter makes places, times and speeds of sentences, whichever came first. The
            last object is ours, and knows nothing of lines. The same three read a serial port, and the last one reads
            gpsd or a Rockwell receiver of 1994 as well, which speaks in binary.

            This circle takes most of a second. In the simulated world it takes no time, and the program comes home
            after the same number of steps. That is how you test a journey.
        """),
        Ask(
            "The first line of the receiver was broken. Where did it go?",
            """
            It had no beginning, and was dropped. A line with a wrong checksum goes the same way. The next one is a
            second away, so there is nothing to ask for again, and no reason to hang up.
            """,
            run="69_gps",
            shows="52.5018 13.4000: 0 m from home",
            command="python home.py",
        ),
        Wrong("69_gps", "decimal_degrees"),
        minutes=2.25,
        exercises=(60,),
    ),
]
