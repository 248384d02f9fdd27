"""Part 4, places as values: the person who starts the program says where it listens and where it connects."""

from lecture.slides import Ask, Bullet, Code, Markdown, Notes, Session, Slide, Wrong

endpoints = [
    Slide(
        "Endpoints",
        Bullet("Whoever starts the program decides where it listens"),
        Bullet(Markdown("`tcp:8080`, `tls:/etc/keys:443`, `unix:/run/door`, `systemd:INET:0`, `stdio:`")),
        Bullet(Markdown("`listen(factory)` and `connect(factory)` return Deferreds; nothing is raised")),
        Code("47_endpoints/server.py", "serve"),
        Code("47_endpoints/client.py", "visit", highlight=(3, 4)),
        Session("47_endpoints"),
        Notes("""
            `listenTCP(7771, factory)` is two decisions in one line. The factory is ours, as the program's authors. The
            port belongs to the administrator, and so does the question whether it is a port at all.

            An endpoint is that second decision as a value. Written as a string, it fits on a command line or into a
            configuration file. The program hands the endpoint a factory, and can't tell whether it listens by TCP, by
            TLS, at a socket in the file system, or at one that systemd has opened.

            For a client there is one thing more. `connect` returns a Deferred of the one connection that it makes, so
            you can await it, and handle a failure with `except`. The factory with its callbacks is still there, for
            clients that want to reconnect.

            A string with a mistake is refused at once, by an error that names the character where it is.
        """),
        Ask(
            "In which of your programs is a port number a constant?",
            """
            In all of those that can't run twice on one machine. This one serves at two places, named on its command
            line.
            """,
            run="47_endpoints",
            shows="serving at tcp:7792:interface=127.0.0.1\nserving at unix:door",
        ),
        Wrong("47_endpoints", "no_await"),
        minutes=1.75,
    ),
    Slide(
        "Endpoints – One Name, Many Addresses",
        Bullet("A name has addresses of two families, and some of them don't answer"),
        Bullet(Markdown("`HostnameEndpoint` lets them race: “happy eyeballs”, RFC 8305")),
        Bullet("Each has a head start of 300 ms; the first connection wins, the others stop"),
        Code("47_endpoints/client.py", "main", highlight=(4, 6)),
        Notes("""
            An address that doesn't answer costs half a minute, until the attempt times out. Many hosts have a broken
            IPv6. If you tried one address after the other, each visit to such a host would cost you that half minute.

            To try all addresses at once would be quick, and rude: two connections made and one thrown away, for every
            visit on earth.

            So the addresses race with a handicap. The first one starts. If it has not answered after three hundred
            milliseconds, the next one starts as well, of the other family. If an attempt is refused, the next one
            starts right away. The first connection wins; the other attempts are called off, before their servers have
            noticed much.

            In the session on the slide before, the name had two addresses, and a server listened at one of them. You
            saw the winner, and no sign of the other.

            The string `tls:example.org:443` gives you this race with TLS; whichever address wins, the certificate has
            to be for that name.
        """),
        Ask(
            "Which of the two would you let start first?",
            """
            RFC 8305 says the IPv6 address, so that the world moves on; the short head start sees to it that you hardly
            notice when it doesn't. Here the server listened at the old one only, and the old one won.
            """,
            run="47_endpoints",
            shows="localhost has two addresses; 127.0.0.1 won",
        ),
        minutes=2,
        exercises=(23,),
    ),
]
