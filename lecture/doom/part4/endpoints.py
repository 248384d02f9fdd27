"""Part 4, places as values: where to listen and where to connect, said by the person who starts the program."""

from lecture.slides import Bullet, Code, Markdown, Notes, Session, Slide

endpoints = [
    Slide(
        "Endpoints",
        Bullet("Where to listen is a decision of the person who starts the program"),
        Bullet(Markdown("`tcp:8080`, `tls:/etc/keys:443`, `unix:/run/door`, `systemd:INET:0`, `stdio:`")),
        Bullet(Markdown("`listen(factory)` and `connect(factory)` return Deferreds; nothing is raised")),
        Code("47_endpoints/server.py", "serve"),
        Code("47_endpoints/client.py", "visit", highlight=(3, 4)),
        Session("47_endpoints"),
        Notes("""
            `listenTCP(7771, factory)` is two decisions in one line. The factory is ours. The port belongs to whoever
            runs the thing, and so does the question whether it is a port at all.

            An endpoint is that second half as a value. Written down, it fits on a command line or into a configuration
            file. The program hands it a factory, and can't tell whether TCP, TLS, a socket in the file system, or
            systemd has come of it.

            And a client gets one thing more. `connect` gives a Deferred of the one connection that it makes, so
            connecting can be awaited, and its failure is an `except`. The factory with its four callbacks is still
            underneath, for those who want to come again.

            What can't be read is refused at once, by an error that says at which character.

            *Ask:* in which of your programs is a port number a constant?
        """),
    ),
    Slide(
        "Endpoints – One Name, Many Addresses",
        Bullet("A name has addresses of two families, and some of them don't answer"),
        Bullet(Markdown("`HostnameEndpoint` lets them race: “happy eyeballs”, RFC 8305")),
        Bullet("Each has a head start of 300 ms; the first connection wins, the others are stopped"),
        Code("47_endpoints/client.py", "main", highlight=(4, 6)),
        Notes("""
            An address that doesn't answer costs half a minute until TCP gives up. A host with a broken IPv6, and there
            are many, would cost you that each time, if you tried one after the other.

            All at once would be quick, and rude: two connections made and one thrown away, for every visit on earth.

            So they race with a handicap. The first address starts. Has it not answered after three hundred
            milliseconds, the next one starts as well, of the other family. One that is refused lets the next one start
            right away. The first connection wins; the rest are called off, before their servers have noticed much.

            In the session before, the name had two addresses, and a server at one of them. You saw the winner, and no
            sign of the other.

            With TLS you get this by `tls:example.org:443`; and the certificate is asked for the name, whoever wins.

            *Ask:* which of the two would you let start first?
        """),
    ),
]
