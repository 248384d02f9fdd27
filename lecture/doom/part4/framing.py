"""Part 4, protocols that others have begun for you: framing, policies, and two connections joined."""

from lecture.slides import Bullet, Code, Markdown, Notes, Session, Slide

framing = [
    Slide(
        "Framing – Lines",
        Bullet(Markdown("TCP keeps the order of bytes, and forgets where you called `write`")),
        Bullet(Markdown("`LineReceiver`: a mark ends each message; `setRawMode` for what is no line")),
        Bullet(Markdown("A line longer than `MAX_LENGTH` is not waited for")),
        Code("42_framing/client.py", "Sender.connectionMade"),
        Code("42_framing/server.py", "PostOffice", highlight=(5, 14)),
        Notes("""
            The first program that people write with TCP works, as long as both ends are on one desk: what was one
            `write` arrives as one `dataReceived`. On the way to the other side of the town it's cut somewhere else.

            So somebody has to keep the half that came until the other half is there. That code is short, dull, and
            wrong the first three times, so it is in a base class. The client here sends five bytes at a time, and
            the server never notices.

            The parcel holds a line break that isn't one. In raw mode the receiver gives us whatever comes; we count,
            and hand back what was too much. HTTP works like that: lines until the empty one, then so many bytes.

            And a peer that never ends its line? Here that is one more method to override. Without a limit it's how
            your memory ends.

            *Ask:* what does a STARTTLS do to lines that have come, and have not been read yet?
        """),
    ),
    Slide(
        "Framing – Lengths",
        Bullet("Or say how long it is before it begins"),
        Bullet(Markdown("`NetstringReceiver`: in decimal; `Int8/16/32StringReceiver`: in so many bytes")),
        Bullet("Too long is known at once, before it has come"),
        Code("42_framing/lengths.py", "InBinary"),
        Code("42_framing/lengths.py", "talk", highlight=(8, 9)),
        Session("42_framing"),
        Notes("""
            A mark at the end has a price: the mark may not occur inside. With the length in front anything may, line
            breaks and all, and nobody has to look at every byte.

            Netstrings can be typed by a person who can count. The binary ones can't, and are what programs among
            themselves prefer.

            Look at the last lines of each. The peer announces thirteen bytes; our limit is ten. The connection closes
            on the announcement, when not one of the thirteen is here. That is the best moment to say no.

            This program has no reactor and no socket. The transport is one for tests: it keeps what was written, and
            we carry it over by hand, a byte at a time. A protocol can't tell.

            *Ask:* `Int32StringReceiver` allows four gigabytes. What do you set before anything else?
        """),
    ),
    Slide(
        "Policies",
        Bullet(Markdown("`TimeoutMixin`: how long a silence may be")),
        Bullet(Markdown("`LimitTotalConnectionsFactory`, `LimitConnectionsByPeer`: how many")),
        Bullet(Markdown("`ThrottlingFactory`: how fast; `TrafficLoggingFactory`: what was said")),
        Code("43_policies/server.py", "Table.timeoutConnection"),
        Code("43_policies/server.py", "limits"),
        Code("43_policies/client.py", "Guest.lineReceived"),
        Session("43_policies"),
        Notes("""
            None of this belongs into a protocol. How long we wait, how many we let in, how fast they may talk: that
            changes with the house and the hour, and the protocol of the table stays as it is.

            So most policies are factories around factories. What they build stands between the transport and your
            protocol, and looks to each of them like the other one. You can put one into the next.

            Bob comes when the one table is taken, and is told so; a bare refusal would have done as well. Ann orders
            soup and falls asleep. A dead peer and a silent one look the same from here, and both hold a table, so
            whoever listens to the internet has a time-out somewhere.

            The counterpart for clients you know: the one that reconnects, each time more patiently.

            *Ask:* ann's time begins again with every line. What if she sends one letter every minute, and no line end?
        """),
    ),
    Slide(
        "Between Two Transports",
        Bullet("A proxy reads here and writes there; one of the two is always slower"),
        Bullet("A transport is a consumer, and a producer too: register each with the other"),
        Bullet(Markdown("`FileSender` is the smallest producer: a file, piece by piece")),
        Code("44_proxy/proxy.py", "Half.join"),
        Code("44_proxy/proxy.py", "Half.dataReceived"),
        Code("44_proxy/proxy.py", "Half.pauseProducing", highlight=(3,)),
        Code("44_proxy/proxy.py", "ToCellar"),
        Code("44_proxy/ends.py", "Cellar"),
        Session("44_proxy"),
        Notes("""
            A proxy that only copies is five lines, and works until somebody downloads a film over a telephone. Then
            the film is in the proxy.

            We have everything that helps. When the guest doesn't drink, the transport towards the guest fills up, and
            asks its producer to pause. Its producer is the other half, which stops reading from the cellar. Now the
            kernel's buffers fill, TCP tells the cellar's kernel, the cellar's own transport fills up, and at the end of
            it all somebody doesn't call `read` on a file. Nobody has written a line about speed.

            When the guest wakes up, the same happens backwards.

            Twenty megabytes went through. Of these the proxy itself never had more than one read and what waits in one
            buffer. A ready-made pair of such halves is in `portforward`.

            *Ask:* which of the two connections does the proxy close first, and what becomes of the bytes in between?
        """),
    ),
]
