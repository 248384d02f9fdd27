"""Part 4, old protocols that still teach: a proxy that is asked to go somewhere, and a server of one line."""

from lecture.slides import Ask, Bullet, Code, Markdown, Notes, Session, Slide

proxies = [
    Slide(
        "Going Through a Proxy: SOCKS",
        Bullet("A client says where it wants to go; the proxy goes there, and passes on what comes"),
        Bullet(Markdown("As a place: `socks:proxy:1080:host:80`, and the program doesn't notice")),
        Bullet("This machine and its link are shut, by whatever name, unless you allow them"),
        Code("60_socks/kitchen.py", "Menu.connectionMade"),
        Code("60_socks/proxy.py", "proxy", highlight=(1,)),
        Code("60_socks/guest.py", "ask", highlight=(3, 4)),
        Session("60_socks"),
        Notes("""
            A proxy stands where its clients can't go: behind a firewall, or in another country. The client opens a
            connection to it and sends a few bytes: the version, the command, an address or a name, a port. The proxy
            connects, says yes, and from then on it is a pipe. SOCKS is that, and has been since 1992.

            The pipe is the proxy of part 2: each side is the other one's producer. What is new stands before it. A
            proxy can reach what its clients can't, its own machine first of all, where a database trusts whoever comes
            from there. So our rules shut that. And since anybody may give the address 127.0.0.1 a name in a domain of
            theirs, they are asked a second time when the name has been looked up.

            The client sends the name as it is, and never looks it up at home.
        """),
        Ask(
            "Whom does the kitchen believe that it is talking to?",
            """
            The proxy: it sees the proxy's address and no other. That is what some people use one for, and it is why a
            server that lets in everybody from its own machine should have no proxy beside it.
            """,
            run="60_socks",
            shows="somebody comes from 127.0.0.1",
        ),
        minutes=2,
        exercises=(51,),
    ),
    Slide(
        "Finger: Refuse, Then Answer",
        Bullet("One line comes, some text goes, and the connection is closed: RFC 1288"),
        Bullet("The protocol as it comes knows nobody, and refuses"),
        Bullet("A policy is a function from a name to a text, or to a Deferred of one"),
        Code("61_finger/refuse.py", "refuse"),
        Code("61_finger/answer.py", "answer"),
        Notes("""
            Twisted's tutorial has grown a finger server for twenty years, because there is no shorter protocol. A line
            comes with a name on it, and the answer is text.

            The first program has no policy. It says that there is no such user, it doesn't list who is there, and it
            asks no other host for you, since that would make it everybody's proxy. These three are methods of the
            class, and you could override them.

            The second program brings a policy: a function, in two lines. What is a line longer than 512 bytes? What
            becomes of control characters in the answer? When is a client given up that never asks? That is no business
            of the function's. In 1988 it was nobody's, and the first worm walked in through a finger server.
        """),
        Ask(
            "Where would you put a look into a database?",
            """
            Into the function, which may return a Deferred: the connection waits, and the loop doesn't. Nothing else
            changes, and the protocol least of all.
            """,
            run="61_finger",
            shows="cooks until ten",
        ),
        minutes=1.5,
    ),
    Slide(
        "Finger: One Service, Two Protocols",
        Bullet("What the staff does is known in one place, and that place knows no protocol"),
        Bullet("Finger asks it, the web asks it; mail and chat could"),
        Code("61_finger/both.py", "StaffPage.render_GET", highlight=(3,)),
        Code("61_finger/both.py", "both"),
        Code("61_finger/ask.py", "ask", highlight=(4,)),
        Session("61_finger"),
        Notes("""
            Here is the third step, and the reason for the first two. The staff has become an object with one method.
            The finger factory gets that method, and calls it. The page gets the object, and calls the same method. One
            loop has both ports, so nobody locks anything, and what you tell the one, the other knows at once.

            That is what the talk of 2003 meant by "low-level implementations, without policies". A protocol that
            decides nothing can be used by whoever has decided. Had the first program answered by itself, we would now
            be copying it into the web page.

            The client is a function as well: it takes an endpoint, so it asks through a proxy, too, if you give it one.
        """),
        Ask(
            "Bob moves to table three. What has to change?",
            """
            One entry of one dictionary, and both protocols say so from then on. Neither of them has kept anything.
            """,
            run="61_finger",
            shows="is at table two",
            command="curl -sS http://localhost:7798/bob",
        ),
        minutes=1.75,
        exercises=(52,),
    ),
    Slide(
        "Mail: The Protocol Asks, You Decide",
        Bullet("SMTP knows commands, order, sizes, dots; it knows nobody, and decides nothing"),
        Bullet(
            Markdown(
                "May it come from there? To whom may it go? What becomes of it? Three methods, or a Deferred of each"
            )
        ),
        Bullet("250 means: I have it, and shall not lose it"),
        Code("62_mail/server.py", "Kitchen.validateTo", highlight=(2, 3)),
        Code("62_mail/server.py", "Letter.eomReceived"),
        Code("62_mail/send.py", "send"),
        Session("62_mail"),
        Notes("""
            The same again, in a protocol that carries half of the world's business. What SMTP is about you find nowhere
            in this program: greetings, the order of commands, how long a line may be, TLS, logins. What you find are
            decisions. Carol is not from here, so she is refused, and her sender hears it before the letter goes.

            One of Bob's lines is a dot. A dot alone on a line ends a letter, so the client sends two, and the server
            takes one off. And the server believes one end only: CR LF, dot, CR
            LF. Servers that also took LF, dot, LF for the end could be made to see two letters where their neighbour
            had seen one, and the second said whatever its writer liked. That was found in 2023, in programs twenty
            years old.

            eomReceived returns a Deferred, and the sender gets no 250 until it has fired. So write the file, sync it,
            rename it, and then fire. Where the library's own server has said 250, you may pull the plug.
        """),
        Ask(
            "The disk is full. What do you answer?",
            """
            452, which means "not now": the sender keeps the letter and comes again. You need only let the OSError
            happen; the protocol makes 452 of it. A 5 in front would tell the sender to give up.
            """,
            run="62_mail",
            shows="Recipient address accepted",
        ),
        minutes=2.25,
        exercises=(53,),
    ),
]
