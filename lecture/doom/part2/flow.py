"""Part 2, lots of data: where bytes wait, what a factory looks after, and how to send more than fits into memory."""

from lecture.slides import Bullet, Code, Markdown, Notes, Session, Slide, SubBullet

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

            *Ask:* what would have happened to our memory with ten *billion* bytes?
        """),
    ),
    Slide(
        "Factory Resources",
        Bullet("A factory may need something open while it works: a log, a database, a file of jokes"),
        Bullet(Markdown("`startFactory`: called before the first port or connection that uses it")),
        Bullet(Markdown("`stopFactory`: called after the last one has gone")),
        Bullet("Once each, however many ports there are in between"),
        Code("10_factory_resources/client.py"),
        Notes("""
            Where do you open the log? `__init__` is too early: the factory may never be used, or may be used again
            after it has stopped. `connectionMade` is too often.

            So there are two methods. A factory counts its users, which are listening ports and connectors. When the
            first one comes, it calls `startFactory`; when the last one has gone, it calls `stopFactory`. Two ports on
            the same factory, say one for IPv4 and one for IPv6, still open one log.

            And a factory can start again: stop listening, listen again, and both are called once more. So write them as
            a pair that may take turns for ever.

            The trap: a client factory counts its users as well. When its only connection fails, it has none left and
            stops, unless it tries again on the spot; if it tries again later, it starts anew. *Ask:* does a
            reconnecting client open its log once, or each time?
        """),
    ),
    Slide(
        "Factory Resources 2",
        Code("10_factory_resources/server.py", "LogFactory", highlight=(4, 8)),
        Session("10_factory_resources"),
        Notes("""
            The log factory listens on two ports. Look at the server's output: the log is opened before the server says
            that it listens, because `listenTCP` calls `startFactory`. It's opened once, though there are two of these
            calls.

            The client then leaves a word at each port. Both words are in the one log. When the server is told to stop,
            it closes both ports, and after the second one the log.

            Point out what isn't there: no `try … finally`, no `atexit`, no flag `already_opened`. The base class does
            the counting, for all factories.

            The log here is a temporary file, so that running the lecture leaves nothing behind. Yours will probably
            have a name. *Ask:* what if `startFactory` raises, because the disk is full? Then `listenTCP` raises, in the
            line where you would look.
        """),
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
            that is back-pressure. *Ask:* what does a waiter do when the table is full of plates?
        """),
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

            *Ask:* a transport that reads from the network can be paused too. Which kind of producer is it?
        """),
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

            *Ask:* what if the reader never reads again? The producer stays paused, and your protocol needs a timeout.
        """),
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

            *Ask:* why 16,384, and not the whole file? And why not one byte?
        """),
    ),
    Slide(
        "Sample Push Producer",
        Code("12_push_producer/garbage.py", "GarbageProducer", highlight=(5, 9, 16, 20)),
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

            *Ask:* which would you choose for stock prices? And for letters?
        """),
    ),
]
