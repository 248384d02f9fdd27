"""Part 1, the restaurant: one waiter for all tables, or one for each. Both are programs, shown with their output."""

from lecture.slides import Ask, Bullet, Code, Notes, Session, Slide, SubBullet, toHTML


class Bad:
    """Marks text as something to be wary of. It shows that a slide takes any object with a toHTML()."""

    def __init__(self, text: str) -> None:
        self.text = text

    def toHTML(self) -> str:
        return f'<strong class="bad">{toHTML(self.text)}</strong>'


waiters = [
    Slide(
        "Choosing a networking paradigm for the enterprise",
        Bullet("Event driven: one loop, which handles whatever happens"),
        Bullet(Bad("Threads"), ": one for each conversation, each waiting on its own"),
        Bullet("Coroutines: look like threads, run on an event loop"),
        Bullet("Others, which we will ignore: processes, actors, hope"),
        Notes("""
            The word *enterprise* is here so that you can show this slide to somebody who pays for things.

            Processes are sturdy but heavy, and each operating system wants its own code for them. We leave them to the
            web servers of the nineties.

            The third line was not on this slide in 2003. `async` and `await` have since become part of Python, and
            people call them a paradigm of their own. Look underneath and you find an event loop, the very thing we are
            going to build: at each `await` the function can hand control back to the loop. So if you write `await`
            tomorrow, nothing that you learn today is lost. You will merely know what it does.
        """),
        Ask(
            "What is your web framework doing while it waits for the database?",
            """
            One of two things. Either a thread of its own sleeps until the answer is there, and you pay for the bed. Or
            the framework runs on a loop, which serves the others meanwhile. In part 4 a waiter walks past an oven three
            times before the bread is done: that is the second kind.
            """,
            run="50_threads",
            shows="waiter walks past the oven\nwaiter takes out the bread of rye",
        ),
        minutes=1.5,
    ),
    Slide(
        "Applied Bistromathics 101",
        Bullet("A network application is a restaurant"),
        Bullet("A customer is a connection, an order is a request"),
        Bullet("The kitchen is everything slow that happens elsewhere: a disk, a database, another continent"),
        Bullet("The waiter is our processor's time"),
        Bullet("An evening: six tables, and every dish costs seven"),
        Notes("""
            It is a metaphor, so let us agree on who is who. Customers come in and ask the waiters for things; waiters
            take the orders, and the kitchen takes its time. Of all these people it is the waiter whom we pay.

            Notice how little of an evening in a restaurant is work for a waiter. The guests stay for two hours, and
            nearly all of that is cooking and chewing. A network server is like that: most of the time, on most of its
            connections, nothing happens.

            The next two programs serve the same evening: six tables, one dish for each, and every dish costs seven. So
            we know how much money ought to be in the till at the end.
        """),
        Ask(
            "How much money ought to be in the till at the end?",
            "Six tables, seven each: forty-two. The first of the two programs gets there.",
            run="01_restaurant",
            shows="in the till: 42 of 42",
            command="python one_waiter.py",
        ),
        minutes=1.25,
        short=True,
    ),
    Slide(
        "The event driven waiter",
        Bullet("One waiter, all tables"),
        Bullet("Takes an order to the kitchen, and does not wait there"),
        Bullet("Takes food to a table, and does not watch them eat"),
        Code("01_restaurant/evening.py", "evening"),
        Code("01_restaurant/one_waiter.py", "evening", highlight=(6, 7, 8)),
        Notes("""
            Here is the whole idea of this tutorial, in a dozen lines. There is a queue of things that have happened.
            The waiter takes the next one, does the little that it needs, and comes back for another one.

            Look at the `hungry` branch: the waiter takes the order to the kitchen, and doesn't come back with food.
            What comes, later, is another event: `cooked`. That is the habit to learn: never stand and wait; say what is
            to be done once the event has come.

            The trap is in the same place. If one handler stands in the kitchen for ten minutes, all the tables wait,
            not only the table that it serves. One waiter is efficient only as long as every handler is short.
        """),
        Ask(
            "Who has used a program like this today?",
            """
            All of you: every window with a button in it has such a loop behind it. In part 2 we share the loop of one.
            """,
            run="15_gtk",
            shows="the label says: hello from a window",
        ),
        minutes=1.75,
        short=True,
        exercises=(1, 2),
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
            This is a caricature: real threads are not that stupid. But a good cartoonist exaggerates something that is
            there.

            Two things are there. Every waiter costs something even when idle: a stack, a place in the scheduler. And
            all waiters share the till. Look at `serve`. It reads the till, and later writes what it has read plus
            seven. Between these two lines another waiter may do the same, and then one of the payments is gone.

            In life this happens rarely, which is the bad news: it happens on a Friday, to a customer. So the program
            forces the unlucky moment with a barrier: all six waiters have read the till, and none has paid in. The till
            ends with seven instead of forty-two, every single time.

            A lock repairs it. Then the waiters queue for the till, one after the other.
        """),
        Ask(
            """
            With a lock around the till it holds forty-two again. What have we got when six waiters do one thing at a
            time?
            """,
            "One waiter, and five salaries.",
            run="01_restaurant",
            shows="waiters on the payroll: 6\nin the till: 7 of 42",
            command="python waiter_per_table.py",
        ),
        minutes=1.5,
        short=True,
        exercises=(4,),
    ),
    Slide(
        "When do we want threads?",
        Bullet("For calls that block, take long, and come in no other form"),
        Bullet("The classic: a database driver that waits for its answer"),
        Bullet("Files and name look-ups: operating systems still make us wait for these"),
        Bullet("Heavy computing belongs in processes, or in threads on a Python without the big lock"),
        Notes("""
            Having been rude about threads, let us be fair. Some functions wait, and no pleading makes them return
            early: a database driver written in C, `getaddrinfo`, reading a file from a disk that has gone to sleep. If
            a handler called one of them, every connection would wait.

            So a loop keeps a few threads in the back room. It hands them the blocking call, and the result comes back
            as an event like any other. One rule makes this safe: threads touch nothing that belongs to the loop, and
            speak to it through one door only. We come to that door in part 4.

            Computing is another matter. While a handler computes, nothing else runs, so move long sums elsewhere. Since
            Python 3.13 there is a build without the global lock, in which threads really compute side by side; with any
            other Python, use processes.
        """),
        Ask(
            "Which calls in your program can block? Are you sure?",
            """
            Candidates: looking up a name, reading a file, a database driver, `requests.get`, a child process that you
            wait for, a log on a full disk, and `sleep`. You need not be sure: in part 4 a program in debug mode tells
            which handler held the loop, and at which line.
            """,
            run="57_debug",
            shows="a handler held the loop for 0.[..] s: after 100 ms it was at slow.py:15 in think",
        ),
        minutes=1.5,
    ),
]
