"""Part 1: why a program that talks to many people should not wait for any of them.

The metaphor is a restaurant, and the restaurant is a program: the slides about waiters show it, and what it printed.
"""

from lecture.doom.drawings import Drawing, picture
from lecture.doom.stats import collect
from lecture.slides import Bullet, Code, Notes, Session, Slide, SubBullet, TitleSlide, toHTML


class Bad:
    """Marks text as something to be wary of. Anything with a toHTML() may stand on a slide; this is such a thing."""

    def __init__(self, text: str) -> None:
        self.text = text

    def toHTML(self) -> str:
        return f'<strong class="bad">{toHTML(self.text)}</strong>'


class Counted(Slide):
    """A slide whose figures are counted anew by every build."""

    of_this_build = True


part1 = [
    TitleSlide(
        "Part 1 – Introduction",
        Notes("""
            Welcome. In the next half hour we answer one question: a program has many conversations going on at the
            same time, most of them silent most of the time. Who waits?

            There are several answers, and people have been known to get heated about them. We look at two, with the
            help of a restaurant, and then stay with one of them for the rest of the day.

            One promise before we start: every program you will see was run when these slides were built, and every
            output is what it printed then. If a slide is wrong, it is wrong honestly.

            *Ask:* who has written a program that used a socket? A thread? A thread that worked?
        """),
    ),
    Slide(
        "Choosing a networking paradigm for the enterprise",
        Bullet("Event driven: one loop, which is told what has happened"),
        Bullet(Bad("Threads"), ": one for each conversation, each waiting on its own"),
        Bullet("Coroutines: look like the second, run on the first"),
        Bullet("Others, which we will ignore: processes, actors, hope"),
        Notes("""
            The word *enterprise* is here so that you can show this slide to somebody who pays for things.

            Processes are fine and sturdy, but heavy, and what works on one operating system has to be written again
            for the next. We leave them to the web servers of the nineties.

            The third line was not on this slide in 2003. `async` and `await` have since become part of Python, and
            people call them a paradigm of their own. Look underneath and you find an event loop, the very thing we
            are going to build: each `await` is a place where the function goes back to the loop. So nothing that you
            learn today is lost if you write `await` tomorrow. You will merely know what it does.

            *Ask:* what is your web framework doing while it waits for the database?
        """),
    ),
    Slide(
        "Applied Bistromathics 101",
        Bullet("A network application is a restaurant"),
        Bullet("Customers come in and ask the waiters for things"),
        Bullet("Waiters do something about it, and the kitchen takes its time"),
        Code("01_restaurant/evening.py"),
        Notes("""
            It is a metaphor, so let us agree on who is who. A customer is a connection. An order is a request. The
            kitchen is everything slow that somebody else does for us: a disk, a database, a server on another
            continent. The waiter is our processor's time, and it is the waiter whom we pay.

            Notice how little of an evening in a restaurant is waiter's work. Six tables are served, and nearly all of
            those two hours consist of cooking and chewing. A network server is like that: almost all of its life, on
            almost all of its connections, nothing happens.

            On the slide is the evening that both of the next programs will serve. Six tables, and every dish costs
            seven, so we know what ought to be in the till at the end. *Ask:* how much is it? It will matter.
        """),
    ),
    Slide(
        "The event driven waiter",
        Bullet("One waiter, all tables"),
        Bullet("Takes an order to the kitchen, and does not wait there"),
        Bullet("Takes food to a table, and does not watch them eat"),
        Code("01_restaurant/one_waiter.py", "evening", highlight=(6, 7, 8)),
        Notes("""
            Here is the whole idea of this tutorial, in a dozen lines. There is a queue of things that have happened.
            The waiter takes the next one, does the little that it needs, and comes back for another.

            Point at the `hungry` branch: the order goes to the kitchen, and what the waiter gets for it is not food.
            It is the expectation of a later event, `cooked`. That is the habit to learn: never stand and wait, always
            say what is to be done when.

            The trap is in the same place. If one handler stands in the kitchen for ten minutes, then all the tables
            wait, not only the one it was for. One waiter is efficient exactly as long as every handler is short.

            *Ask:* who has used a program like this today? Everybody: each window with a button in it has such a loop
            behind it.
        """),
    ),
    Slide(
        "Threads (a caricature)",
        Bullet(
            Bad("One waiter for each table"),
            SubBullet(
                Bullet(Bad("expensive")),
                Bullet(Bad("they need to be careful not to bump into each other")),
            ),
        ),
        Code("01_restaurant/waiter_per_table.py", "serve", highlight=(4,)),
        Session("01_restaurant"),
        Notes("""
            A caricature: real threads are not that stupid, and a good cartoonist exaggerates something that is there.

            What is there: every waiter costs something even when idle (a stack, a place in the scheduler), and they
            share the till. Look at `serve`. It reads the till, and later writes what it has read plus seven. Between
            these two lines anybody else may do the same, and then one of the payments is gone.

            In life this happens rarely, which is the bad news: it happens on a Friday, to a customer. So the program
            forces the unlucky moment with a barrier: everyone has looked, nobody has paid in. The till holds seven
            instead of forty-two, every single time.

            A lock repairs it. Then the waiters queue for the till, one after the other. *Ask:* what have we got when
            six waiters do one thing at a time? One waiter, and five salaries.
        """),
    ),
    Slide(
        "When do we want threads?",
        Bullet("For calls that block, take long, and come in no other form"),
        Bullet("The classic: a database driver that waits for its answer"),
        Bullet("Files and name look-ups: operating systems still make us wait for these"),
        Bullet("Heavy computing belongs in processes, or in threads on a Python without the big lock"),
        Notes("""
            Having been rude about threads, let us be fair. Some functions wait, and no pleading makes them return
            early: a database driver written in C, `getaddrinfo`, reading a file from a disk that has gone to sleep.
            Called from the loop, they would stop everybody.

            So a loop keeps a few threads in the back room. It hands them the blocking call and hears about the result
            as an event like any other. The rule that makes this safe: threads touch nothing that belongs to the loop,
            and speak to it through one door only. We come to that door in part 4.

            Computing is another matter. While a handler computes, nothing else runs, so move long sums elsewhere.
            Since Python 3.13 there is a build without the global lock, in which threads really compute side by side;
            before that, processes.

            *Ask:* which calls in your program can block? Are you sure?
        """),
    ),
    Slide(
        "Twisted: The Framework of Your Internet",
        Drawing(picture("overview")),
        Notes("""
            Read this from the bottom. At the ground is the operating system, which knows sockets and little else. On
            it stands the reactor, the event loop: everything else in the picture lives by being called from there.

            Transports move bytes. Protocols give them a meaning. On top are services and applications, which have
            users, configuration and logs.

            This tutorial was first given for Twisted, in 2003, and its title still stands here. The programs on our
            slides use a small library named `reactor` instead. Its core, the loop and TCP, is an evening's reading:
            `docs/READING.md` has the files in order, and a test keeps them below three thousand lines. The library
            uses Twisted's names on purpose: change the import lines, and the programs run there.

            Today we climb as far as the protocols; applications are part 3. *Ask:* where in this picture would you
            put the web framework that you use? And who calls it?
        """),
    ),
    Counted(
        "Project Stats",
        *[Bullet(fact) for fact in collect().facts()],
        Notes("""
            Nobody typed these numbers. The build counted them in its own repository, a moment before it wrote this
            page: version, licence and Python from the package's metadata, files and lines from the source, commits
            from git. What it cannot find out, say from an installed package without its history, it leaves out rather
            than guess.

            In 2003 this slide said: version 1.0.3, about twenty developers, started in January 2000 by Glyph
            Lefkowitz. Those were Twisted's figures, and Twisted is still there, with rather more of everything. If
            you need an event-driven framework for something that matters, use it. If you want to know how one works,
            stay seated.

            The line to look at is the one about the core: that is the part to read, in the order of
            `docs/READING.md`, and it imports the standard library and nothing else. The other lines are what stands
            on it. *Ask:* how many lines would you guess that an event loop needs? Keep the guess; a slide in part 2
            has the answer.
        """),
    ),
]
