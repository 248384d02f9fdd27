"""Part 3, how a program is run: the runner, what it can do, and a web server from its first line to its end."""

from lecture.slides import Bullet, Code, Markdown, Notes, Session, Slide

running = [
    Slide(
        "twistd – Application Runner",
        Bullet(Markdown("Twisted's is called `twistd`, ours `reactord`: one way to start any application")),
        Bullet("What is to run is configuration; where and how it runs is deployment"),
        Bullet(Markdown("`-y FILE`: a program; `-c FILE`: a TOML file; or the name of a plugin")),
        Code("21_runner/quotes.py", "quotes", highlight="application ="),
        Session("21_runner"),
        Notes("""
            Look at what isn't in the program: no fork, no log file, no signal, no user, and no `run`. It says what it
            is. The runner takes the name `application` out of the file, and does the rest.

            The command comes back when the server listens, and not before. If it can't, the line that says why is in
            your terminal and the status isn't zero, so a script can rely on it. After that the server has no terminal
            any more. It has a number, in a file, and `kill` is how you talk to it.

            So two people can work on it. One writes the program, and never asks under which user it will run. The
            other runs it, and never reads Python. Both are grateful.

            This program is run by `twistd` as well, when these slides are built, and prints the same.

            *Ask:* which of the two are you, and which one wrote your start script?
        """),
    ),
    Slide(
        "twistd Features",
        Bullet("A daemon with a pid file, or in front of you; a second start is refused"),
        Bullet("Log to a file that turns over, to syslog, to the journal, or as lines of JSON"),
        Bullet("Any reactor; under the debugger; with a profile"),
        Bullet("As another user, in another root, once the ports are bound; with systemd, too"),
        Bullet(Markdown("Plugins: `reactord web --port 8080 --path /srv`")),
        Code("22_features/site.toml"),
        Session("22_features"),
        Notes("""
            All of these are things that a program shouldn't have to know. In 2003 the last line of this slide said
            "Future: WinNT Services". The future has been and gone; there's a shim for it, and on other machines systemd
            now does half of what is listed here, and wants to be told when you are ready. It is told.

            A plugin is somebody's service with its options, and a name that the runner finds, because the package says
            so when it's installed. The options are declared once and can then stand on the command line, or in a file
            like this one.

            Look at what goes wrong in the session, it's on purpose. A second start names the process that is in the
            way. A name with a slip of the finger is compared with those that there are. An error that helps takes
            ten minutes to write, and somebody will read it at three in the morning.

            *Ask:* what is the least helpful message that you have ever seen? Who wrote it?
        """),
    ),
    Slide(
        "Making a runnable application",
        Bullet(Markdown("A Python file that defines `application`: that is all")),
        Bullet("A whole web server, and no daemon in it, no log, no user"),
        Code("23_web/web.py", "web", highlight="application"),
        Notes("""
            This is the program of 2003, nearly to the letter. A site that serves a folder, on port 8080. The folder was
            `/var/www` then, and is now one beside the program, so that you can try it without asking anybody.

            The runner wants the name `application`, at the top level, and nothing else. The last two lines are for
            you: start the file as a program, and it runs in front of you, without any runner. Started by the runner it
            is imported, its name isn't `__main__`, and the two lines do nothing.

            `Site` is a factory like all others, and its protocol is HTTP. So everything you know holds: it can listen
            at a UNIX socket, with TLS, or at both at once. `File` is a resource that stands for files; what else there
            is to say about the web fills a part of its own.

            *Ask:* where would you put the number of the port, if it is different on every machine?
        """),
    ),
    Slide(
        "Running twistd",
        Bullet("Start it, look at it, kill it"),
        Session("23_web"),
        Notes("""
            One line starts a web server, one ends it, and the rest is to see that it's true. In 2003 the browser in the
            second line was `lynx`.

            Follow the log from top to bottom. It runs, with a number and a reactor. Somebody came, and got nineteen
            bytes. Then it got a signal, and this is where it differs from a program that just dies: the services
            stopped, last one first, what was worth keeping was kept, the log has a last line, and the pid file is gone.

            Kill it with -9, and none of that happens. You'll find that it starts again all the same: the pid file is
            only believed while somebody holds a lock on it, and a state file is either the old one or the new one.

            That's the end of the third part. You have a network program that can be handed over.

            *Ask:* what has to happen, in your program, between the signal and the end? And how long may it take?
        """),
    ),
]
