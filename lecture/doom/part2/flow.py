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
            returns? None: we asked the reader's own socket. They are in the transport's buffer, and leave when the
            kernel has room, long after this method is over.

            The same with `loseConnection`. It says *when you are done, close*, and the program goes on. In the end
            the reader has every byte, and only then the end of the stream. So *write, then loseConnection* is the
            right way to say goodbye; nothing has to be waited for. If you really want to drop everything, there is
            `abortConnection`.

            The trap hides in the third line of output. The transport is done as soon as the kernel has the last byte.
            Whether the other program has read it, nobody knows, unless the protocol makes it say so.

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
            Where do you open the log? In `__init__` is too early: the factory may never be used, or be used again
            after it had stopped. In `connectionMade` is too often.

            So there are two methods, called by whoever uses the factory: a listening port, or a connector. The
            factory counts its users. When the first one comes, `startFactory`; when the last one goes, `stopFactory`.
            Two ports on the same factory, say one for IPv4 and one for IPv6, still open one log.

            And it can start again: stop listening, listen again, and both are called once more. So write them as a
            pair that may take turns for ever.

            The trap: a client factory counts as well. When its only connection fails, it has no user left, and stops,
            unless it tries again on the spot; trying again later starts it anew. *Ask:* is a reconnecting client's
            log opened once, or each time?
        """),
    ),
    Slide(
        "Factory Resources 2",
        Code("10_factory_resources/server.py", "LogFactory", highlight=(4, 8)),
        Session("10_factory_resources"),
        Notes("""
            The log factory listens on two ports. Look at the server's output: the log is opened before the server
            says that it listens, as `startFactory` is called from within `listenTCP`. It's opened once, though there
            are two of these calls.

            The client then leaves a word at each port. Both words are in the one log. When the server is told to
            stop, both ports are closed, and after the second of them the log is.

            Point out what isn't there: no `try … finally`, no `atexit`, no flag `already_opened`. The factory's users
            are counted elsewhere, once, for all factories.

            The log here is a temporary file, so that running the lecture leaves nothing behind. Yours will probably
            have a name. *Ask:* what if `startFactory` raises, since the disk is full? Then `listenTCP` raises, at the
            place where you would look.
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

            `write` never says no. It can't: there is nobody to wait in. So a fast sender and a slow reader together
            fill the memory of whoever stands between them, and that is us. It's the classic way for a server to die:
            it runs well for months, until somebody reads slowly.

            In threaded programs this doesn't come up, because `send` blocks, and the slow reader stops his own
            thread. Blocking is flow control that one gets for nothing. Having given up blocking, we owe ourselves a
            replacement.

            It is this: whoever makes data can be told to stop and to go on. Others call it back-pressure. *Ask:* what
            does a waiter do when the table is full of plates?
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
        Bullet(Markdown("`stopProducing`: there is nobody left to produce for")),
        Notes("""
            A producer is any object with these methods; there is nothing to inherit from.

            Which kind is yours? Ask where the data comes from. If it comes when *it* wants (another connection, a
            microphone, a stock exchange), it's a push producer, and must be told when to hold back. If it is there
            and waits for you, like a file, it's a pull producer: each call is a request for one more helping.

            Pull is simpler, and slower, as every piece costs a round through the loop. Push is faster and has one
            obligation: after `pauseProducing` you may finish your sentence, but then be quiet.

            `stopProducing` is the one people forget. It's called when the connection is gone; whatever you hold open
            for the sake of this reader, let go of it there.

            *Ask:* a transport that reads from the network can be paused too. Which kind of producer is it?
        """),
    ),
    Slide(
        "Consumers",
        Bullet(Markdown("`transport.registerProducer(producer, streaming)`; `True` means push, `False` means pull")),
        Bullet("Pauses the producer when its buffer is full, resumes it when there is room"),
        Bullet(Markdown("`transport.unregisterProducer()` when that was all; then `loseConnection()`")),
        Bullet("One producer at a time"),
        Notes("""
            The transport is the consumer. It knows how many bytes wait in its buffer, and that is all it takes to
            conduct: above a mark, pause; empty, resume. The mark is 64 KiB in our reactor, as in Twisted.

            Mind the second argument. Its name is `streaming`, and the kinds are told apart by it and by nothing else.
            Register a pull producer as push, and nobody ever asks it for anything; the other way round, and a push
            producer is asked to resume over and over, and never to pause.

            The end is a matter of two calls: `unregisterProducer`, then `loseConnection`. Forget the first, and
            closing waits for a pull producer for ever: your users see a connection that delivered everything and then
            hung. A push producer is waited for only while it is paused; otherwise it is stopped as soon as the buffer
            is empty.

            *Ask:* what if the reader never reads again? The producer stays paused. Somebody needs a timeout.
        """),
    ),
    Slide(
        "Sample Pull Producer",
        Code("11_pull_producer/server.py", "FileProducer", highlight=(6, 9, 12)),
        Session("11_pull_producer"),
        Notes("""
            A file of a million bytes goes to a reader which takes a breath after every mouthful. The server never has
            more than one piece of it in its hands.

            `registerProducer` with `False`: please ask me. It asks straight away, and then each time that its buffer
            has run empty. `resumeProducing` reads 16,384 bytes, writes them, and returns. Sixty-two pieces, the last
            one short: count them if you like, the output did.

            The end is the `else`: no more bytes, so unregister, then close. Leave the first of these out, and you get
            the hanging connection from the last slide.

            Two honest remarks. Reading a file blocks, for disks have no events; pieces this small are nearly always
            in memory already. And if the reader goes away half way, `stopProducing` is called instead.

            *Ask:* why 16,384, and not the whole file? And why not one byte?
        """),
    ),
    Slide(
        "Sample Push Producer",
        Code("12_push_producer/garbage.py", "GarbageProducer", highlight=(5, 9, 16, 20)),
        Session("12_push_producer"),
        Notes("""
            Some data comes whether you want it or not. Here it is garbage, thirty thousand bytes every millisecond,
            made by a producer that sets its own clock. The reader has gone to sleep, and reads nothing.

            Read the output as a story. For a while nothing is to be seen: the bytes disappear into the kernel's
            buffers, here and there, which are surprisingly deep. Then they are full, our own buffer grows past its
            mark, and the transport calls `pauseProducing`. The reader wakes up, the buffers drain, `resumeProducing`.
            The reader has had enough and leaves: `stopProducing`.

            Look at `produce`: while paused, its clock goes on ticking, but it writes nothing. Data that nobody
            collects is dropped here, and for garbage that is right. For anything else decide what to do: keep a
            little, drop the oldest, or pause your own source.

            *Ask:* which would you choose for stock prices? And for letters?
        """),
    ),
]
