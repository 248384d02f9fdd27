"""Part 3, how to run a program: the runner, what it can do, and a web server from its first line to its end."""

from lecture.slides import Bullet, Code, Markdown, Notes, Session, Slide

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
            runs it, and never reads Python. Both are grateful.

            `twistd` runs this program as well, and it prints the same; `make twisted` tries that.

            *Ask:* which of the two are you, and which one wrote your start script?
        """),
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

            *Ask:* what is the least helpful message that you have ever seen? Who wrote it?
        """),
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

            *Ask:* where would you put the port number, if it is different on every machine?
        """),
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

            That's the end of the third part. You have a network program that you can hand over to an administrator.

            *Ask:* in your program, what has to happen between the signal and the end? And how long may it take?
        """),
    ),
]
