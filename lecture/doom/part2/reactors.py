"""Part 2, the loop itself: things to do later, and other loops to do them in."""

from lecture.slides import URL, Ask, Bullet, Center, Code, Image, Markdown, Notes, Session, Slide, Wrong

reactors = [
    Slide(
        "Scheduling",
        Code("13_scheduling/scheduling.py", "dinner", highlight=(10, 11, 12)),
        Session("13_scheduling"),
        Notes("""
            Not every event comes from outside. `callLater` asks the reactor to call a function after a number of
            seconds, with the arguments that you give, positional or by name. It returns at once; what you get is an
            appointment, and you can move it.

            `delay` moves it later than it was planned. `reset` forgets the plan and counts from now. `cancel` is
            `cancel`. They are easily mixed up: for a timeout that starts anew whenever data arrives, you want `reset`.

            The soup was ordered for two seconds later, and came first. The tea was to come first, and came last. The
            cake is a lie.

            The times are promises of *not earlier*. If a handler takes a second, all calls that are due have to wait
            for it. And you cannot cancel a call that has run, or that was cancelled before: `AlreadyCalled` and
            `AlreadyCancelled` tell you which. So ask `active()` first.
        """),
        Ask(
            "Why is there no `reactor.sleep(1)`?",
            """
            Because whoever waits inside a handler holds up all the others. `callLater` says what to do after a second,
            and returns. `time.sleep` is still there for those who want to see this message:
            """,
            run="57_debug",
            shows="a handler held the loop for 0.[..] s",
        ),
        Wrong("13_scheduling", "delay_not_reset"),
        Wrong("13_scheduling", "cancelled_twice"),
        minutes=2,
        short=True,
        exercises=(29, 30),
    ),
    Slide(
        "Speaking Without Being Asked",
        Bullet("A timer fires, a database answers, a sensor beeps: how does it reach a connection?"),
        Bullet("The factory outlives the connections: let it keep those that are there, by name"),
        Bullet("Never make a protocol yourself: a new object has no transport"),
        Code("13b_wake_up/hotel.py", "Guest"),
        Code("13b_wake_up/hotel.py", "Hotel.wake", highlight=(3,)),
        Code("13b_wake_up/hotel.py", "clock"),
        Code("13b_wake_up/guest.py", "Sleeper"),
        Session("13b_wake_up"),
        Notes("""
            So far our servers speak when they are spoken to. But people want to push: a message from another program, a
            price that has changed, a call at seven in the morning. The clock on this slide belongs to no protocol, and
            has none at hand.

            The first idea is nearly always `Guest().sendLine(b"good morning")`. It makes a new guest, who never
            connected and has no transport. The guest whom we mean exists already: the factory built it when Ann called.
            So the factory has to be asked, and has to know whom it built.

            A guest who says a name is put into a dictionary, and taken out in `connectionLost`. Do both, always: a
            connection that is gone takes your words without complaint, and delivers none of them.

            The clock runs in the loop, so it may write to any transport. A thread may not; it has to go through
            `callFromThread`.
        """),
        Ask(
            "Two guests say that they are Ann. Who is called in the morning?",
            """
            The second one, and when she leaves, the first one has lost her place in the dictionary as well. Refuse a
            name that is taken, or keep a list for each name. Bob, who never came, is simply not in.
            """,
            run="13b_wake_up",
            shows="called ann\nbob is not in",
            command="python hotel.py &",
        ),
        Wrong("13b_wake_up", "new_object"),
        minutes=2.5,
        exercises=(19,),
    ),
    Slide(
        "Choosing a Reactor – Why?",
        Bullet("A window system has an event loop of its own, and wants to be in charge"),
        Bullet(Markdown("So has `asyncio`, and many libraries live there now")),
        Bullet("Every platform has its best way of waiting: epoll, kqueue, completion ports"),
        Bullet("There can be only one loop in a thread"),
        Notes("""
            Put two loops into one thread, and while one waits, the other is dead. You could let each of them have a
            look a few times a second, and people did; it is slow when the program is busy and wastes the battery when
            it is not.

            The way out is that one loop waits for both and tells the other. If your program has windows, the window
            system's loop rules, and the reactor asks it to watch the sockets as well.

            The second line was not there in 2003. Python has had an event loop in its standard library since version
            3.4; when half of your libraries are written for `asyncio`, run the reactor on that loop, and both halves
            work.

            The third line is about speed. `select` exists everywhere, and looks through all sockets each time; epoll
            and kqueue only name those that have news. With ten connections you won't notice. With ten thousand you'll
            notice nothing else.
        """),
        Ask(
            "Which loop did your last program have, perhaps without your knowing?",
            """
            A program with windows: the toolkit's. A notebook: asyncio's. A script in the browser: the browser's. And
            one that says `from reactor import reactor` can ask.
            """,
            run="14_another_reactor",
            shows="running on a SelectReactor",
            command="python choose.py",
        ),
        minutes=1.5,
    ),
    Slide(
        "Choosing a Reactor",
        Bullet("By default the best there is: epoll, kqueue, poll, select"),
        Bullet("Where another loop rules: asyncio, uvloop, GLib and GTK, Qt; Tk and wx as guests"),
        Bullet("Choose before any module has one"),
        Code("14_another_reactor/choose.py", highlight="selectreactor.install()"),
        Code("14_another_reactor/too_late.py", "late"),
        Session("14_another_reactor"),
        Notes("""
            `install` makes a reactor of its kind and puts it where `from reactor import reactor` finds it. After that,
            every module with that line gets this reactor. Nothing else in the program changes: protocols and factories
            never know.

            It has to happen first, and the second program of the session shows why. That program has taken a reactor
            already, and a reactor may have ports and timers in it. To put another one in its place would leave those
            behind in a loop that never runs. So it is an error, and a loud one.

            The trap in real programs is an import. You install in line ten; but line three imported a module that
            imported a module that wanted a reactor. So install in the first lines of the main program. Linters may
            complain about the order of imports; they are right in general, and wrong here.
        """),
        Ask(
            "Why not pass the reactor to every function as an argument?",
            """
            Good question. Libraries should, and ours does: what is handed its reactor can be handed a clock in a test.
            Programs have only one, and may as well import it.
            """,
            run="56_testing",
            shows="test_hangs_up_on_the_silent (__main__.TestShy.test_hangs_up_on_the_silent) ... ok",
        ),
        minutes=2,
    ),
    Slide(
        "Run It Again",
        Bullet(Markdown("`reactor.run()` returns when the reactor has stopped, and may be called again")),
        Bullet(Markdown("Twisted's runs once in a process; after that, `ReactorNotRestartable`")),
        Bullet("Ports and connections end with the evening; factories and what they know stay"),
        Code("14b_run_again/evenings.py", "evenings", highlight=(5,)),
        Session("14b_run_again"),
        Notes("""
            This is the oldest complaint about Twisted. Somebody wraps a crawler into a function, calls it twice, in a
            loop or from two cells of a notebook, and the second call raises an error. Half of the answers on the
            internet start a new process for every call.

            It isn't malice. When Twisted's reactor stops, it takes down what it had set up at the start: its threads,
            its ports and connections, the handlers of signals. Libraries have put their own things among these, and
            nobody can say which of them would survive a second start. So it says no, clearly, and that is better than
            to limp.

            Ours sets up anew whatever a stop has taken down. A run ends with its ports and connections closed; timers
            that were not due yet wait for the next one. Please don't read this as advice: a program has one evening,
            and its functions return Deferreds. It is for notebooks, for tests, and for you at your desk.
        """),
        Ask(
            "What if you call `reactor.run()` while it runs, in a handler?",
            """
            That is another question, and has another answer: there is one loop, you are inside it, and it can't go on
            until you return. asyncio says *cannot be called from a running event loop*, Twisted and ours say that the
            reactor is running. One evening after the other is fine; one inside the other is not.
            """,
            run="14b_run_again/wrong/run_in_a_handler",
            shows="ReactorAlreadyRunning",
        ),
        Wrong("14b_run_again", "run_in_a_handler"),
        minutes=2.25,
        exercises=(38,),
    ),
    Slide(
        "Example GTK Program",
        Code("15_gtk/window.py", "install", highlight="install()"),
        Bullet("First of all the reactor, in the first lines of the program"),
        Bullet(
            "Then windows and connections, in one thread and one loop",
            Center(Image("pictures/window.png", "A window: “hello from a window”, and below it a line to type in")),
        ),
        Code("15_gtk/window.py", "talk"),
        Code("15_gtk/window.py", "window", highlight="reactor."),
        Code("15_gtk/server.py", "listen"),
        Session("15_gtk"),
        Notes("""
            First of all the program installs the reactor for GTK. Then it makes windows and connections, in any order
            you like; then it calls `run`, which runs GTK's loop with our sockets in it. When the user closes the
            window, it calls `reactor.stop`. In 2003 this slide had GTK 1, which has gone to its rest; the shape of the
            program is the same. GTK 4 differs in how a box is filled, and in nothing that concerns us.

            Think about what is *not* here. There is no thread for the network, no queue between it and the window, no
            "please update the label from the main thread". The handler of the entry writes to the transport,
            `dataReceived` changes the label: one loop calls both, one at a time. A dialog that waits for its answer
            doesn't stop the network either: GTK runs a loop inside the loop, and our sockets are in that one too.

            The old trap stays: a handler that takes long freezes both the window and the network.
        """),
        Ask(
            """
            You type a word and press Enter, the server echoes it, and the label changes. How many threads did that
            take?
            """,
            """
            The one that was there. The same loop has seen a key, a socket that can be written, a socket that can be
            read, and a label to draw.
            """,
            run="15_gtk",
            shows="the label says: hello from a window",
        ),
        minutes=2.5,
    ),
    Slide(
        "Learning more about networking and scheduling",
        Bullet(Markdown("`reactor/interfaces/`: what reactor, transport, protocol and producer promise one another")),
        Bullet(Markdown("The source: `docs/READING.md` begins with the loop and TCP, an evening's reading")),
        Bullet("Twisted's documentation: ", URL("https://docs.twisted.org/")),
        Bullet(Markdown("Python's own `selectors`, `socket` and `asyncio`")),
        Bullet("W. Richard Stevens, “UNIX Network Programming”, for everything below"),
        Notes("""
            End of part 2. You've seen all that a small network program needs: a loop, protocols, factories, clients
            that don't despair, and data that flows no faster than it is read.

            To go on, read `interfaces/` first. It holds the promises and none of the machinery: who calls which method
            when, and what you may rely on afterwards. Then take the first evening of `docs/READING.md`, which follows
            one echo through the source. A test counts how many functions you have to read for an echo, and fails when
            there are too many.

            The names are Twisted's, so its documentation explains this library too, and shows how far one can go. And
            what happens below `socket` is in Stevens: older than this talk, and still right about nearly everything.
        """),
        Ask(
            "Take the chat server, and make it drop guests who have said nothing for a minute. What do you need?",
            """
            One `callLater`, one `reset`, and a slide that you have seen. `TimeoutMixin`, in part 4, is those two with a
            name.
            """,
            run="43_policies",
            shows="somebody has fallen asleep",
        ),
        minutes=1.25,
    ),
]
