"""Part 2, lots of data: where bytes wait, what a factory looks after, and how to send more than fits into memory."""

from lecture.slides import Ask, Bullet, Code, Markdown, Notes, Session, Slide, SubBullet, Wrong

flow = [
    Slide(
        "Buffering",
        Bullet(Markdown("`write` puts bytes into a buffer, and returns")),
        Bullet(Markdown("`loseConnection` waits until all of it is sent, and a pull producer, if any, has finished")),
        Code("09_buffering/buffering.py", "Talker", highlight=(3, 5)),
        Session("09_buffering"),
        Notes("""
            Ten million bytes in a single `write`, to a reader who takes its time. How many have arrived when `write`
            returns? None: we asked the reader's own socket. They are in the transport's buffer, and leave it when the
            kernel has room, long after this method is over.

            It is the same with `loseConnection`. It says *when you are done, close*, and the program goes on. The
            reader gets every byte, and only then the end of the stream. So *write, then loseConnection* is the right
            way to say goodbye; you need not wait in between. If you really want to drop everything, there is
            `abortConnection`.

            The trap hides in the third line of output. The transport is done as soon as the kernel has the last byte.
            You don't know whether the other program has read it, unless your protocol makes that program say so.
        """),
        Ask(
            "What would have happened to our memory with ten *billion* bytes?",
            """
            All of them would be in it: `write` takes what it is given, and nothing had left when it returned. Producers
            are the answer, in four slides.
            """,
            run="09_buffering",
            shows="write returned; arrived: 0\nloseConnection returned; arrived: 0",
        ),
        Wrong("09_buffering", "abort"),
        minutes=1.75,
        short=True,
        exercises=(14,),
    ),
    Slide(
        "Hanging Up Halfway",
        Bullet("A connection is two streams, one each way, and each can end by itself"),
        Bullet(Markdown("`loseWriteConnection()`: that was all from me, I am still listening")),
        Bullet(Markdown("`readConnectionLost()`: the peer has said all; the answer may still go out")),
        Code("09b_half_close/server.py", "Till", highlight=(7, 8, 9)),
        Code("09b_half_close/client.py", "Guest.connectionMade", highlight=(4,)),
        Session("09b_half_close"),
        Notes("""
            The guest names three prices. How does the till know that there is no fourth? The protocol could have a word
            for it. But TCP has one already: the guest closes its own direction, and keeps the other one open for the
            bill. `nc -N host port < orders.txt` does just that.

            Most protocols never ask, so a transport takes the peer's end of stream for the end of the connection, and
            closes. A protocol that wants to answer has a `readConnectionLost`, and is asked instead. It answers, and
            then closes the second half itself. `writeConnectionLost` tells it when its own half is gone.

            The trap is on the other side. Many a proxy and many a load balancer closes both halves when it sees the
            first end. The answer is on its way then, and nobody is left to take it. So if you design a protocol, say
            “that was all” in words.

            Twisted has the same two methods, in `IHalfCloseableProtocol`.
        """),
        Ask(
            "What does a client see that half-closes against a server without `readConnectionLost`?",
            """
            The end of the connection, and no bill: the server closes as soon as it has seen the guest's end. Whoever
            wrote the client is sure that the server has a bug, and whoever wrote the server is sure of the opposite.
            """,
            run="09b_half_close/wrong/end_for_end",
            shows="closed: ConnectionDone",
            command="python server.py &",
        ),
        Wrong("09b_half_close", "end_for_end"),
        Wrong("09b_half_close", "bill_for_all"),
        Wrong("09b_half_close", "one_chunk_one_price"),
        minutes=2.25,
        exercises=(13,),
    ),
    Slide(
        "Factory Resources",
        Bullet("A factory may need something open while it works: a log, a database, a file of jokes"),
        Bullet(Markdown("`startFactory`: called before the first port or connection that uses it")),
        Bullet(Markdown("`stopFactory`: called after the last one has gone")),
        Bullet("Once each, however many ports there are in between"),
        Notes("""
            Where do you open the log? `__init__` is too early: the factory may never be used, or may be used again
            after it has stopped. `connectionMade` is too often.

            So there are two methods. A factory counts its users, which are listening ports and connectors. When the
            first one comes, it calls `startFactory`; when the last one has gone, it calls `stopFactory`. Two ports on
            the same factory, say one for IPv4 and one for IPv6, still open one log.

            And a factory can start again: stop listening, listen again, and both are called once more. So write them as
            a pair that may take turns for ever.

            The trap: a client factory counts its users as well. When its only connection fails, it has none left and
            stops, unless it tries again on the spot; if it tries again later, it starts anew.
        """),
        Ask(
            "Does a reconnecting client open its log once, or each time?",
            """
            Each time. When the attempt has failed, the factory has no connection left, and stops; the next attempt
            comes later, and starts it anew.
            """,
            Code("10_factory_resources/patient.py", "Patient"),
            run="10_factory_resources",
            shows="opening the diary\nfailed: ConnectionRefusedError\nclosing the diary\nopening the diary",
        ),
        minutes=1.5,
    ),
    Slide(
        "Factory Resources 2",
        Code("10_factory_resources/server.py", "LogFactory", highlight=(4, 8)),
        Code("10_factory_resources/client.py", "words"),
        Session("10_factory_resources"),
        Notes("""
            The log factory listens on two ports. Look at the server's output: the log is opened before the server says
            that it listens, because `listenTCP` calls `startFactory`. It's opened once, though there are two of these
            calls.

            The client then leaves a word at each port. Both words are in the one log. When the server is told to stop,
            it closes both ports, and after the second one the log. The two programs below that come to the questions.

            Notice what isn't there: no `try … finally`, no `atexit`, no flag `already_opened`. The base class does the
            counting, for all factories.

            The log here is a temporary file, so that running the lecture leaves nothing behind. Yours will probably
            have a name.
        """),
        Ask(
            "What if `startFactory` raises, because the disk is full?",
            "Then `listenTCP` raises, in the line where you would look, and no port stays open.",
            Code("10_factory_resources/full.py", "disk"),
            run="10_factory_resources",
            shows="listenTCP raised OSError: No space left on device",
        ),
        Wrong("10_factory_resources", "opened_each_time"),
        minutes=1.75,
    ),
    Slide(
        "Producers and Consumers",
        Bullet("What if there's a lot to send? A film, a back-up, the year's logs"),
        Bullet(Markdown("One big `write`: all of it sits in memory, for each reader")),
        Bullet("A loop of small writes: the same, only slower"),
        Bullet("We want to write as fast as they read, and no faster"),
        Code("11_pull_producer/reader.py", "SlowReader"),
        Notes("""
            On the slide about buffering we wrote ten million bytes and got away with it. Now imagine a thousand
            readers, and among them one on a telephone in a tunnel.

            `write` never says no, and it may not wait, because that would hold up the loop. So a fast sender and a slow
            reader together fill the memory of the program between them, and that is ours. It's the classic way for a
            server to die: it runs well for months, until one client reads slowly.

            In threaded programs this doesn't come up, because `send` blocks, and a slow reader stops only the thread
            that serves it. Blocking is flow control for free. Having given up blocking, we owe ourselves a replacement.

            It is this: the transport tells the object that makes the data when to stop, and when to go on. The name for
            that is back-pressure.
        """),
        Ask(
            "What does a waiter do when the table is full of plates?",
            "Stops bringing more, and comes back when there is room. That is all of flow control.",
            run="12_push_producer",
            shows="paused: the buffers are full\nthe reader wakes up\nresumed: there is room again",
        ),
        minutes=1.75,
        short=True,
        exercises=(24,),
    ),
    Slide(
        "Producers",
        Bullet(Markdown("Make data for a consumer; here, by calling the transport's `write`")),
        Bullet(
            "Two kinds",
            SubBullet(
                Bullet(Markdown("push: goes on by itself until `pauseProducing`, and again after `resumeProducing`")),
                Bullet(Markdown("pull: makes one piece for each `resumeProducing`")),
            ),
        ),
        Bullet(Markdown("`stopProducing`: the consumer is gone")),
        Notes("""
            A producer is any object with these methods; there is nothing to inherit from.

            Which kind is yours? Ask where the data comes from. If it comes when *it* wants (another connection, a
            microphone, a stock exchange), it's a push producer, and must be told when to hold back. If it waits for
            you, like a file, it's a pull producer: each call is a request for one more helping.

            Pull is simpler, and slower, because every piece costs a turn of the loop. Push is faster and has one
            obligation: after `pauseProducing` you may finish your sentence, but then be quiet.

            `stopProducing` is the method that people forget. The transport calls it when the connection is gone; close
            there what you hold open for this reader.
        """),
        Ask(
            "A transport that reads from the network can be paused too. Which kind of producer is it?",
            """
            A push producer: the bytes come when the peer wants. Pause it, and the kernel's buffer fills up, until TCP
            tells the peer to wait. The proxy in part 4 is made of two of them.
            """,
            run="44_proxy",
            shows="proxy: wait, there is no room at the other end",
        ),
        minutes=1.5,
        exercises=(27,),
    ),
    Slide(
        "Consumers",
        Bullet(Markdown("`transport.registerProducer(producer, streaming)`; `True` means push, `False` means pull")),
        Bullet("Pauses the producer when its buffer is full, resumes it when there is room"),
        Bullet(Markdown("`transport.unregisterProducer()` after the last piece; then `loseConnection()`")),
        Bullet("One producer at a time"),
        Notes("""
            The transport is the consumer. It knows how many bytes wait in its buffer, and needs to know no more: above
            a mark it pauses the producer, and when the buffer is empty it resumes it. The mark is 64 KiB in our
            reactor, as in Twisted.

            Mind the second argument. Its name is `streaming`, and it alone tells the two kinds apart. If you register a
            pull producer as push, the transport never asks it for anything. The other way round, it asks a push
            producer to resume over and over, and never to pause.

            The end takes two calls: `unregisterProducer`, then `loseConnection`. Forget the first, and the transport
            waits for a pull producer for ever: your users see a connection that delivered everything and then hung. For
            a push producer it waits only while the producer is paused; otherwise it calls `stopProducing` as soon as
            the buffer is empty.
        """),
        Ask(
            "What if the reader never reads again?",
            """
            The producer stays paused, with all that it holds open. Nothing in the network will ever tell, so your
            protocol needs a timeout; part 4 has one ready-made.
            """,
            run="43_policies",
            shows="somebody has fallen asleep",
        ),
        minutes=1.5,
        exercises=(26,),
    ),
    Slide(
        "Sample Pull Producer",
        Code("11_pull_producer/server.py", "FileProducer", highlight=(6, 9, 12)),
        Session("11_pull_producer"),
        Notes("""
            A file of a million bytes goes to a reader that takes a breath after every mouthful. The server never has
            more than one piece of it in its hands.

            `registerProducer` with `False` says: please ask me. The transport asks at once, and then each time that its
            buffer has run empty. `resumeProducing` reads 16,384 bytes, writes them, and returns. That makes sixty-two
            pieces, the last one short: count them if you like, the server did.

            The `else` is the end: no more bytes, so unregister, then close. Leave the first of these out, and you get
            the hanging connection from the last slide.

            Two honest remarks. Reading a file blocks, because disks have no events; but the system nearly always has
            pieces this small in memory already. And if the reader goes away half way, the transport calls
            `stopProducing` instead.
        """),
        Ask(
            "Why 16,384, and not the whole file? And why not one byte?",
            """
            The whole file would be in memory, for every reader. One byte would be a million turns of the loop instead
            of sixty-two. Between the two, anything does.
            """,
            run="11_pull_producer",
            shows="sent it in 62 pieces",
        ),
        Wrong("11_pull_producer", "as_push"),
        Wrong("11_pull_producer", "no_unregister"),
        minutes=2,
        short=True,
    ),
    Slide(
        "Sample Push Producer",
        Code("12_push_producer/garbage.py", "GarbageProducer.__init__", highlight=(4,)),
        Code("12_push_producer/garbage.py", "GarbageProducer.produce", highlight=(2,)),
        Code("12_push_producer/garbage.py", "GarbageProducer.pauseProducing", highlight=(3,)),
        Code("12_push_producer/garbage.py", "GarbageProducer.resumeProducing", highlight=(3,)),
        Code("12_push_producer/garbage.py", "GarbageProducer.stopProducing"),
        Session("12_push_producer"),
        Notes("""
            Some data comes whether you want it or not. Here it is garbage: thirty thousand bytes every millisecond,
            from a producer with a timer of its own. The reader has gone to sleep, and reads nothing.

            Read the output as a story. For a while you see nothing: the bytes disappear into the kernel's buffers at
            both ends, which are surprisingly deep. Then those are full, our own buffer grows past its mark, and the
            transport calls `pauseProducing`. The reader wakes up, the buffers drain, `resumeProducing`. The reader has
            had enough and leaves: `stopProducing`.

            Look at `produce`: while paused, its timer goes on, but it writes nothing. So the data of that time is
            dropped, and for garbage that is right. For anything else decide what to do: keep a little, drop the oldest,
            or pause your own source.
        """),
        Ask(
            "Which would you choose for stock prices? And for letters?",
            """
            Of stock prices, keep the latest and drop the rest: an old price is worse than none. Of letters none may be
            lost, so pause whoever sends them. The proxy in part 4 does that, and not a byte is missing.
            """,
            run="44_proxy",
            shows="guest: 20,000,000 bytes, thank you",
        ),
        minutes=2.25,
        exercises=(25,),
    ),
]
