"""Part 3, what a program consists of: applications, services, and a log."""

from lecture.slides import Ask, Bullet, Code, Markdown, Notes, Session, Slide, Wrong

services = [
    Slide(
        "Applications",
        Bullet("The reactor is an event loop; the application is your program"),
        Bullet("Configuration, services, persistence"),
        Bullet(Markdown("Like the reactor it can `listenTCP`, `connectTCP` and so on: when it is started")),
        Bullet("A runner starts it, or a test, or the program itself"),
        Code("16_application/greeter.py", "application", highlight="application.listenTCP"),
        Session("16_application"),
        Notes("""
            `reactor.listenTCP` listens, there and then. `application.listenTCP` makes a note that the application will
            listen once it is started. That is all the difference, and everything in this part follows from it.

            Look at the session. Importing the file runs its lines, and no port is opened. Started as a program, the
            same file listens. So a test can take the application apart, a runner can start it as a daemon, and you can
            try it at your desk, all with one file.

            It starts as a whole or not at all. If the second of two ports is taken, the application closes the first
            one again, and you get one line that names the port, instead of half a server.

            In today's Twisted an application has only the services of the next slide. Methods like `listenTCP` are
            those of 2003: they are shorter, and make such services for you.
        """),
        Ask(
            "What happens in your programs when you import them?",
            """
            If the answer is anything but definitions, then no test can import them, and no runner. This one makes a few
            objects, and opens no port.
            """,
            run="16_application",
            shows="nobody listens yet",
            command='python -c "import greeter"',
        ),
        minutes=1.75,
    ),
    Slide(
        "Services",
        Bullet("Parts of an application that are started and stopped"),
        Bullet("A service encapsulates “business logic”: authentication, mail storage, who is logged in"),
        Bullet("What belongs to no protocol, because it should work with all of them"),
        Bullet("Services can be made of services"),
        Code("17_services/house.py", "house", highlight=(8, 10)),
        Session("17_services"),
        Notes("""
            A protocol lives as long as its connection, a factory as long as its port. Where do the users' mail boxes
            live? With the program. And two protocols may want them, one to bring mail and one to fetch it.

            So the mail boxes get a place of their own: a service, with a name, a parent, and two methods, one to start
            and one to stop. A protocol that wants the mail boxes asks for them by name.

            Services start in the order in which they were added, and stop in the opposite order. The cellar is open
            before the till, and when the till closes, the cellar is still there. So a service can rely on those before
            it, at its start and at its end.

            Stopping may take time. A service that has something to finish returns a Deferred from `stopService`, and
            the reactor doesn't stop before that Deferred has fired.
        """),
        Ask(
            "In your program, what has to stop before what?",
            """
            What lets people in stops before what serves them, and that before what stores their things: the order of
            the start, backwards.
            """,
            run="17_services",
            shows="door is closed\ntill is closed\ncellar is closed",
        ),
        Wrong("17_services", "nobody_stops_it"),
        minutes=1.75,
    ),
    Slide(
        "Services 2",
        Code("18_visits/visits.py", "Visits", highlight=(2, 13)),
        Code("18_visits/visits.py", "application"),
        Session("18_visits"),
        Notes("""
            Two doors, one count. The protocol asks the application for the service by name, and calls a method that
            knows nothing of bytes. That method is the part to test first, and you need no network for it.

            `keeps` is the persistence that the slide on applications promised. In 2003 the whole application was
            pickled when it stopped: every object, your bugs, and the references between them. It worked until you
            changed a class. Here a service names the attributes that are worth keeping, and the application writes them
            to a file that you can read, all of them or none. At its second start, the program in the session goes on
            from two.

            If that file is damaged, the application tells you, and puts it aside instead of overwriting it. A value
            that doesn't fit into JSON is refused, with the name of its service, while the old file is still there.

            For data that a power cut mustn't lose, use a database. This is for the rest.
        """),
        Ask(
            "Which attributes of your largest object are worth keeping?",
            "Those that the program can't find out again: usually two, of twenty. Here it is one number.",
            run="18_visits",
            shows='"count": 3',
        ),
        Wrong("18_visits", "not_kept"),
        minutes=2.5,
    ),
    Slide(
        "Logging",
        Bullet("The program says what has happened; observers decide where it goes"),
        Bullet("A file that rotates, syslog, the journal, lines of JSON: all of these are observers"),
        Bullet(Markdown("By default only errors are shown, on standard error")),
        Code("19_log/diary.py", "log", highlight="log.startLogging"),
        Session("19_log"),
        Notes("""
            `print` is a log, too, until two people want to read it, or nobody sits at the terminal. The trouble is that
            it decides two things at once: what to say, and to whom.

            `log.msg` decides only what to say. Every observer gets the message as a dictionary: the words, the time,
            who speaks, and whatever you have added by name. `startLogging` adds an observer that writes lines to a
            file. The list's `append` is an observer as well, and in a test it's the best of all.

            An observer that raises an error doesn't hurt your program: the log puts it aside and tells the other
            observers. Logging must never be the reason why a program fails.

            Python has had its own `logging` since 2003, the year of this talk. There is a bridge between the two, in
            both directions, so use what your libraries use.
        """),
        Ask(
            "What does your program say that nobody has ever read?",
            """
            Most of it, probably. That is fine, as long as the line is there on the day when somebody looks, and a test
            can look every day: here the list that observes is read in the next line.
            """,
            run="19_log",
            shows="('anybody may watch',) good",
        ),
        Wrong("19_log", "too_late"),
        minutes=2,
    ),
    Slide(
        "Logging Errors",
        Bullet("An error without a handler should be seen, and shouldn't stop the rest"),
        Bullet(Markdown("`log.err`: with a Failure, in an `except` block, at the end of a chain of Deferreds")),
        Code("20_log_errors/errors.py", "errors", highlight=(2, 7, 11)),
        Session("20_log_errors"),
        Notes("""
            The slide shows three ways into the log: an error that you made yourself; the one that an `except` block
            handles, which you need not name; and a failure that comes down a chain of Deferreds, where `log.err` is
            simply the last errback. In 2003 there was `deferr` for the last two; it still works.

            Why log an error? Because the alternative is `except: pass`, or a program that ends. A server with a
            thousand guests should do neither. It logs the error, gives up on this one guest, and goes on. The reactor
            does that for you when a handler raises; do the same where you catch an error yourself.

            The second argument is worth the effort. "Division by zero" tells you what happened to the computer; "while
            it was salted" tells you what happened to the cook.

            Run the program under the debugger, and it stops at every such error, with all variables to look at. That's
            a good reason to log errors instead of printing them.
        """),
        Ask(
            "Where does your program say `except: pass`?",
            """
            Wherever somebody wanted it to go on. This program goes on as well, after three errors, and every one of
            them is in the log.
            """,
            run="20_log_errors",
            shows="ZeroDivisionError: division by zero\n[..]\ndinner is served",
        ),
        Wrong("20_log_errors", "unhandled"),
        minutes=2.25,
    ),
]
