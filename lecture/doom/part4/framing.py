"""Part 4, protocols that the library has begun for you: framing, policies, and two connections joined."""

from lecture.slides import Ask, Bullet, Code, Markdown, Notes, Session, Slide, Wrong

framing = [
    Slide(
        "Framing – Lines",
        Bullet(Markdown("TCP keeps the order of bytes, and forgets where you called `write`")),
        Bullet(Markdown("`LineReceiver`: a mark ends each message; `setRawMode` for other bytes")),
        Bullet(Markdown("It gives up on a line that is longer than `MAX_LENGTH`")),
        Code("42_framing/client.py", "Sender.connectionMade"),
        Code("42_framing/server.py", "PostOffice", highlight=(5, 14)),
        Session("42_framing"),
        Notes("""
            The first program that people write with TCP works as long as both ends are on one desk: one `write` arrives
            as one `dataReceived`. On the way to the other side of town, TCP cuts it somewhere else.

            So the receiver has to keep one half of a message until the other half is there. That code is short, dull,
            and wrong the first three times, so it is in a base class. The client here sends five bytes at a time, and
            the server never notices.

            The parcel holds line breaks that end no line. In raw mode the receiver gives us all bytes as they come; we
            count them, and hand back the rest. HTTP works like that: lines up to an empty one, then a known number of
            bytes.

            And a peer that never ends its line? The receiver calls `lineLengthExceeded`, and here the server hangs up.
            Without a limit, that peer fills your memory.
        """),
        Ask(
            "What becomes of lines that came right behind a STARTTLS, and that the server has not read yet?",
            """
            They were sent in the clear, by anybody, and must not count once the connection is encrypted. A server that
            keeps them in its buffer takes an attacker's lines for its client's: a famous hole of 2011, and others found
            it again ten years later. Throw them away.
            """,
        ),
        Wrong("42_framing", "rest_thrown_away"),
        minutes=2.5,
        short=True,
        exercises=(9, 12),
    ),
    Slide(
        "Framing – Lengths",
        Bullet("Or send a message's length in front of it"),
        Bullet(Markdown("`NetstringReceiver`: in decimal; `Int8/16/32StringReceiver`: in so many bits")),
        Bullet("The receiver can refuse a long message before it comes"),
        Code("42b_lengths/lengths.py", "InBinary"),
        Code("42b_lengths/lengths.py", "talk", highlight=(8, 9)),
        Session("42b_lengths"),
        Notes("""
            A mark at the end has a price: it may not occur inside the message. With the length in front the message may
            hold anything, line breaks and all, and the receiver need not look at every byte.

            A person who can count can type netstrings. The binary kinds are not for typing; programs among themselves
            prefer them.

            Look at the last line that each receiver prints. The peer announces thirteen bytes; our limit is ten. The
            connection closes on the announcement, before any of the thirteen is here. That is the best moment to say
            no.

            This program has no reactor and no socket. Its transport is one for tests: it keeps what was written, and we
            carry that back by hand, a byte at a time. The protocol can't tell the difference.
        """),
        Ask(
            "The length in front of an `Int32StringReceiver`'s message may say four gigabytes. What do you set first?",
            "`MAX_LENGTH`. Then the connection closes on the announcement, and not when the memory is full.",
            run="42b_lengths",
            shows="too long, so close: True",
            command="python lengths.py",
        ),
        Wrong("42b_lengths", "no_limit"),
        minutes=1.75,
        exercises=(10, 11),
    ),
    Slide(
        "Policies",
        Bullet(Markdown("`TimeoutMixin`: how long a peer may be silent")),
        Bullet(Markdown("`LimitTotalConnectionsFactory`, `LimitConnectionsByPeer`: how many")),
        Bullet(Markdown("`ThrottlingFactory`: how fast; `TrafficLoggingFactory`: what was said")),
        Code("43_policies/server.py", "Table.timeoutConnection"),
        Code("43_policies/server.py", "limits"),
        Code("43_policies/client.py", "Guest.lineReceived"),
        Session("43_policies"),
        Notes("""
            None of this belongs in a protocol. How long we wait, how many we let in, how fast they may talk: that
            changes with the house and the hour, and the protocol of the table stays as it is.

            So most policies are factories around your factory. Each builds an object that stands between the transport
            and your protocol: to the transport it looks like a protocol, to your protocol like a transport. You can put
            one policy around another.

            Bob comes when the only table is taken, and the server tells him so; it could also just hang up. Ann orders
            soup and falls asleep. From here a dead peer and a silent one look the same, and both hold a table, so every
            server on the internet needs a time-out somewhere.

            You know the policy for clients: reconnect, each time more patiently.
        """),
        Ask(
            "Ann's time begins again with every line. What if she sends one letter every minute, and never a line end?",
            """
            Then she is thrown out all the same: it is `lineReceived` that resets the clock, and half a line doesn't get
            there. Had we reset it in `dataReceived`, one letter a minute would keep a table for ever, which is how a
            whole restaurant is occupied for the price of a telephone call.
            """,
            run="43_policies",
            shows="somebody has fallen asleep",
            command="python server.py &",
        ),
        minutes=2.25,
    ),
    Slide(
        "Between Two Transports",
        Bullet("A proxy reads here and writes there; one of the two sides is always slower"),
        Bullet("A transport is a consumer, and a producer too: register each with the other"),
        Bullet(Markdown("`FileSender` is the smallest producer: a file, piece by piece")),
        Code("44_proxy/proxy.py", "Half.join"),
        Code("44_proxy/proxy.py", "Half.dataReceived"),
        Code("44_proxy/proxy.py", "Half.pauseProducing", highlight=(3,)),
        Code("44_proxy/proxy.py", "ToCellar"),
        Code("44_proxy/ends.py", "Cellar"),
        Session("44_proxy"),
        Notes("""
            A proxy that only copies has five lines, and works until a user downloads a film over a telephone. Then the
            film is in the proxy.

            We have all that we need against it. When the guest doesn't drink, the transport towards the guest fills up,
            and tells its producer to pause. Its producer is the other half, which stops reading from the cellar. Now
            the kernel's buffers fill, TCP tells the cellar's kernel, the cellar's own transport fills up, and at the
            end of the chain the cellar stops reading its file. No line of the program is about speed.

            When the guest wakes up, the chain starts again, link by link.

            Twenty megabytes went through. The proxy never held more of them than one read and one buffer. `portforward`
            has a ready-made pair of such halves.
        """),
        Ask(
            "Which of the two connections does the proxy close first, and what becomes of the bytes in between?",
            """
            The cellar hangs up first, after its last byte. The other half then asks for `loseConnection`, which sends
            what is still in its buffer before it closes. So every byte arrives.
            """,
            run="44_proxy",
            shows="guest: 20,000,000 bytes, thank you",
        ),
        Wrong("44_proxy", "nobody_pauses"),
        minutes=2,
        exercises=(28,),
    ),
]
