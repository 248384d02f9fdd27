"""Part 3, what a program consists of: applications, services, and a log."""

from lecture.slides import Bullet, Code, Markdown, Notes, Session, Slide

services = [
    Slide(
        "Applications",
        Bullet("The reactor is an event loop; the application is your program"),
        Bullet("Configuration, services, persistence"),
        Bullet(Markdown("Like the reactor it can `listenTCP`, `connectTCP` and so on: when it is started")),
        Bullet("Who starts it is somebody else's affair: a runner, a test, or itself"),
        Code("16_application/greeter.py", "application", highlight="application.listenTCP"),
        Session("16_application"),
        Notes("""
            `reactor.listenTCP` listens, there and then. `application.listenTCP` makes a note that it should. That is
            all the difference, and everything in this part follows from it.

            Look at the session. Importing the file runs every line of it, and nobody listens. The same file, started
            as a program, does. So a test can take the application apart, a runner can start it as a daemon, and you
            can try it at your desk, and it is one file that knows of none of the three.

            It starts as a whole or not at all. If the second of two ports is taken, the first is closed again, and you
            get one line that says which it was, instead of half a server.

            Twisted's application of today has only the services of the next slide; these methods are older, shorter,
            and make such services for you.

            *Ask:* what happens in your programs when you import them?
        """),
    ),
    Slide(
        "Services",
        Bullet("Parts of an application that are started and stopped"),
        Bullet("A service encapsulates “business logic”: authentication, mail storage, who is logged in"),
        Bullet("What belongs to no protocol, since it should work with all of them"),
        Bullet("Services can be made of services"),
        Code("17_services/house.py", "house", highlight=(8, 10)),
        Session("17_services"),
        Notes("""
            A protocol lives as long as a connection, a factory as long as somebody listens. Where do the users' mail
            boxes live? With the program. And there may be two protocols that want them, one to bring mail and one to
            fetch it.

            So such things get a place of their own: a service, with a name, a parent, and two methods, start and stop.
            Whoever wants the mail boxes asks for them by name.

            They start in the order in which they were added, and stop the other way round. The cellar is open before
            the till, and when the till closes, the cellar is still there. Rely on what comes before you and you're
            right, at both ends.

            Stopping may take time. A service that has something to finish returns a Deferred from `stopService`, and
            the reactor doesn't leave before it has fired.

            *Ask:* in your program, what would have to be stopped before what?
        """),
    ),
    Slide(
        "Services 2",
        Code("18_visits/visits.py", "Visits", highlight=(2, 13)),
        Code("18_visits/visits.py", "application"),
        Session("18_visits"),
        Notes("""
            Two doors, one count. The protocol asks the application for the service by name, and calls a method that
            knows nothing of bytes. That is the part which you would test first, and without any network.

            `keeps` is the persistence of the first slide. In 2003 the whole application was pickled when it stopped:
            every object, your bugs, and the references between them. It worked until you changed a class. Here a
            service says which attributes are worth keeping, and they are written to a file that you can read, complete
            or not at all. The second start of the session goes on at two.

            If that file is damaged, you are told, it is put aside, and never written over. What can't be written as
            JSON is refused, with the name of the service, while the old file is still there.

            For anything that mustn't be lost in a power cut you want a database. This is for the rest.

            *Ask:* which attributes of your largest object are worth keeping?
        """),
    ),
    Slide(
        "Logging",
        Bullet("What has happened is said in one place; where it goes is decided in another"),
        Bullet("A file that turns over, syslog, the journal, lines of JSON: all of these are observers"),
        Bullet(Markdown("By default only errors are shown, on standard error")),
        Code("19_log/diary.py", "log", highlight="log.startLogging"),
        Session("19_log"),
        Notes("""
            `print` is a log, too, until there are two of you, or none at the terminal. The trouble is that it decides
            two things at once: what to say, and to whom.

            `log.msg` only says it. Every observer gets it, as a dictionary: the words, the time, who speaks, and
            whatever you have added by name. `startLogging` is an observer that writes lines to a file. The list in
            the middle is one as well, and in a test it's the best of all.

            An observer that raises an error doesn't hurt you: it is put aside, and the others hear of it. To log must
            never be the reason why something fails.

            Python has had its own `logging` since 2003, the year of this talk. The two are bridged, in both directions,
            so use what your libraries use.

            *Ask:* what does your program say that nobody has ever read?
        """),
    ),
    Slide(
        "Logging Errors",
        Bullet("An error that nobody handles should be seen, and shouldn't stop everybody else"),
        Bullet(Markdown("`log.err`: with a Failure, in an `except` block, at the end of a chain of Deferreds")),
        Code("20_log_errors/errors.py", "errors", highlight=(2, 7, 11)),
        Session("20_log_errors"),
        Notes("""
            Three ways to the same place. An error that you made yourself; the one that is being handled, which need not
            be named; and a failure that comes down a chain of Deferreds, where `log.err` is simply the last errback.
            In 2003 there was `deferr` for the last two; it still works.

            Why should you? Because the alternative is `except: pass`, or a program that ends. A server with a thousand
            guests should do neither. It logs, gives up on this one guest, and goes on. The reactor does it for you
            when a handler raises; do the same where you catch.

            The second argument is worth the effort. "Division by zero" tells you what happened to the computer; "while
            it was salted" tells you what happened to the cook.

            Run it under the debugger, and every such error stops right there, with all variables to look at. That's a
            good reason to log errors instead of printing them.

            *Ask:* where does your program say `except: pass`?
        """),
    ),
]
