"""Part 1, the restaurant: one waiter for all tables, or one for each, told by a program and what it printed."""

from lecture.slides import Bullet, Code, Notes, Session, Slide, SubBullet, toHTML


class Bad:
    """Marks text as something to be wary of. Anything with a toHTML() may stand on a slide; this is such a thing."""

    def __init__(self, text: str) -> None:
        self.text = text

    def toHTML(self) -> str:
        return f'<strong class="bad">{toHTML(self.text)}</strong>'


waiters = [
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
]
