"""Part 3, how to run a program: the runner, what it can do, and a web server from its first line to its end."""

from lecture.slides import Ask, Bullet, Changes, Code, Markdown, Notes, Session, Slide, Wrong

running = [
    Slide(
        "twistd – Application Runner",
        Bullet(Markdown("Twisted's is called `twistd`, ours `reactord`: one way to start any application")),
        Bullet("What runs is configuration; where and how it runs is deployment"),
        Bullet(Markdown("`-y FILE`: a program; `-c FILE`: a TOML file; or the name of a plugin")),
        Code("21_runner/quotes.py", "quotes", highlight="application ="),
        Session("21_runner"),
        Notes("""
            Look at what isn't in the program: no fork, no log file, no signal, no user, and no `run`. The program says
            what it is. The runner takes the object named `application` from the file, and does the rest.

            The command returns when the server listens, and not before. If the server can't listen, your terminal shows
            one line that says why, and the exit status isn't zero, so a script can rely on it. After that the server
            has no terminal any more. It has a process number, in a file, and `kill` is how you talk to it.

            So two people can work on it. One writes the program, and never asks as which user it will run. The other
            runs it, and never reads Python. Both are grateful. Which of the two are you, and which one wrote your start
            script?

            `twistd` runs this program as well, and it prints the same; `make twisted` tries that.
        """),
        Ask(
            "The command has returned. May the next line of your script rely on the server?",
            "Yes: it returns when the server listens, and not before. In the session the very next line is a client.",
            run="21_runner",
            shows="An apple a day keeps the doctor away.",
            command="curl -sS telnet://localhost:7804 </dev/null",
        ),
        minutes=2,
        short=True,
    ),
    Slide(
        "twistd Features",
        Bullet("A daemon with a pid file, or in the foreground; no second start"),
        Bullet("Logs to a file that rotates, to syslog, to the journal, or as lines of JSON"),
        Bullet("Any reactor; under the debugger; with a profile"),
        Bullet("As another user, in another root, once the ports are bound; with systemd, too"),
        Bullet(Markdown("Plugins: `reactord web --port 8080 --path /srv`")),
        Code("22_features/site.toml"),
        Session("22_features"),
        Notes("""
            A program shouldn't have to know about any of these. In 2003 the last line of this slide said "Future: WinNT
            Services". The future has been and gone; there's a shim for it. On Linux, systemd now does half of what the
            slide lists, and wants to be told when the program is ready. The runner tells it.

            A plugin is a service with its options, and a name under which the runner finds it, because the package that
            brings it registers that name. The plugin declares its options once; you can then give them on the command
            line, or in a file like this one.

            Look at what goes wrong in the session; it's on purpose. A second start is told which process is in the way.
            For a mistyped name the runner suggests one that exists. An error message that helps takes ten minutes to
            write, and somebody will read it at three in the morning.
        """),
        Ask(
            "What is the least helpful message that you have ever seen? Who wrote it?",
            """
            “Error”, in a box with the button “OK”, is hard to beat. As to the second question, look into your own
            repository first. A message that helps names what it saw, and what you may have meant.
            """,
            run="22_features",
            shows="reactord: there is no plugin 'wbe', did you mean 'web'?",
        ),
        minutes=2,
    ),
    Slide(
        "Making a runnable application",
        Bullet(Markdown("A Python file that defines `application`: that is all")),
        Bullet("A whole web server, and no daemon in it, no log, no user"),
        Code("23_web/web.py", "web", highlight="application"),
        Notes("""
            This is the program of 2003, nearly to the letter: a site that serves a folder, on port 8080. The folder was
            `/var/www` then. Now it is one beside the program, so that you need no administrator to try it.

            The runner wants the name `application`, at the top level, and nothing else. The last two lines are for you:
            start the file as a program, and it runs in the foreground, without any runner. The runner imports the file,
            so its name isn't `__main__`, and the two lines do nothing.

            `Site` is a factory like all others, and its protocol is HTTP. So everything you know holds: it can listen
            at a UNIX socket, with TLS, or both at once. `File` is a resource that stands for files; the guide to an
            HTTP API, in `docs/guides`, has more about the web.
        """),
        Ask(
            "Where would you put the port number, if it is different on every machine?",
            """
            Outside of the program: on the command line, or in a file of settings, which belongs to the administrator. A
            slide in part 4 makes a value of it, and the same server listens where it is told.
            """,
            run="47_endpoints",
            shows="serving at tcp:7792:interface=127.0.0.1\nserving at unix:door",
        ),
        minutes=1.75,
    ),
    Slide(
        "Running twistd",
        Bullet("Start it, look at it, kill it"),
        Session("23_web"),
        Notes("""
            One line starts a web server, one ends it, and the rest shows that it's true. In 2003 the browser in the
            second line was `lynx`.

            Follow the log from top to bottom. The server runs, with a process number and a reactor. A client came, and
            got nineteen bytes. Then the server got a signal, and here it differs from a program that just dies: it
            stops its services, the last one first, saves what is worth keeping, writes a last line to the log, and
            removes the pid file.

            Kill it with -9, and none of that happens. It starts again all the same: a pid file counts only while a
            living process holds the lock on it, and the state file is either the old one or the new one.

            You have a network program that you can hand over to an administrator. One promise is left: that it closes
            in good order.
        """),
        Ask(
            "In your program, what has to happen between the signal and the end? And how long may it take?",
            """
            Take no new work, finish what was accepted, save, and go; and whoever sent the signal will send a harder one
            after some ten seconds, so know what you leave out. The log shows it: the signal came, and the web site
            stopped before the program did.
            """,
            run="23_web",
            shows="[..] [-] received SIGTERM, stopping\n[..]",
            command="cat reactord.log",
        ),
        minutes=2,
    ),
    Slide(
        "Last Orders, Please",
        Bullet("A clean stop: take nothing new, finish what you have accepted, then go"),
        Bullet(Markdown("`addSystemEventTrigger`: be called when the reactor is told to stop, before it does")),
        Bullet("It may return a Deferred, and the reactor waits for it"),
        Code("23b_last_orders/server.py", "Restaurant.last_orders", highlight=(3, 9)),
        Code("23b_last_orders/server.py", "Table.leave_if_done"),
        Code("23b_last_orders/server.py", "Restaurant.go_home_if_empty"),
        Changes("09b_half_close/client.py", "23b_last_orders/client.py", "Guest"),
        Session("23b_last_orders"),
        Notes("""
            Each time that you deploy, your server is told to stop, and somebody's order is on the stove. If the process
            just ends, that guest has paid for a reset connection.

            `reactor.stop()`, Ctrl-C and `kill` all lead to the same place: before it goes, the reactor calls those who
            asked to be told. The restaurant does three things then. It closes its port, so that new guests go to the
            next restaurant. It tells those at the tables, and refuses further orders in words. And it returns a
            Deferred, which fires when the last table is empty.

            Look at the session from the guest's side: soup was ordered, the end announced, cake refused, soup served,
            and the connection closed politely. In a service, `stopService` is the place for this; it returns the same
            kind of Deferred.

            Give it a limit. A guest who never leaves keeps the house open, and whoever sent the signal will lose
            patience: `addTimeout` on that Deferred, of some seconds less than theirs.
        """),
        Ask(
            "The restaurant waits until the last connection is lost. Why not stop right after the last `sendLine`?",
            """
            Because *written* is not *sent*. What the kernel has not taken yet is in our memory, and goes with the
            process. `loseConnection` sends it first, and `connectionLost` says when that is done.
            """,
            run="23b_last_orders",
            shows="no cake any more\nhere is the soup\ngood night: ConnectionDone",
            command="python client.py",
        ),
        Wrong("23b_last_orders", "just_stops"),
        minutes=2.5,
        exercises=(39,),
    ),
]
