"""Part 4, results that come later: Deferreds by callbacks and by await, and work for other threads."""

from lecture.slides import Ask, Bullet, Code, Markdown, Notes, Session, Slide, Wrong

threads = [
    Slide(
        "Other twisted.internet Features – Threads",
        Bullet(Markdown("`threads.deferToThread`: call this in a thread, give me the result here")),
        Bullet("For what blocks and can't be helped: a database driver, an old library"),
        Bullet("At most ten threads, and a queue that can be full"),
        Code("50_threads/oven.py", "baking", highlight=(1, 6)),
        Session("50_threads"),
        Notes("""
            We have been rude about threads. Here is what they are good for: code that blocks, and that you can't
            rewrite, because it isn't yours. Put it in a thread, go on serving, and have the result brought to you.

            `bake` runs in the other thread. It may wait as long as it likes, but it may touch nothing of ours: no
            transport, no protocol, no timer. `take_out` runs here, in the loop, like any other handler. The two share
            nothing but the argument and the result, so there is nothing to lock.

            The pool has ten threads, and a queue for the calls that wait. When the queue is full, the next call fails
            at once. When the reactor stops, it waits until its threads have finished their work.

            A thread that wants something from the loop uses `callFromThread`, the one method of the reactor that it may
            call.
        """),
        Ask(
            "Ten threads wait for a slow database, and an eleventh query comes. What happens to the echo server?",
            """
            Nothing. The eleventh query waits in the pool's queue, and the loop goes on, as the waiter does past the
            oven.
            """,
            run="50_threads",
            shows="waiter walks past the oven\nwaiter walks past the oven\nwaiter walks past the oven",
        ),
        Wrong("50_threads", "in_the_loop"),
        Wrong("50_threads", "in_the_thread"),
        minutes=2,
    ),
]

deferreds = [
    Slide(
        "Deferreds",
        Bullet("A result that isn't there yet, and a list of what to do with it"),
        Bullet("Callbacks for results, errbacks for failures; each gets what the one before returned"),
        Bullet("After an errback that returns normally, the chain goes on with a result"),
        Bullet("Whatever takes time returns one: names, threads, services, the web"),
        Bullet(Markdown("And in asyncio's loop: `await deferred.asFuture(loop)`")),
        Code("51_deferreds/kitchen.py", "cook"),
        Code("51_deferreds/callbacks.py", "callbacks", highlight=(1,)),
        Code("51_deferreds/callbacks.py", "dinner", highlight=(3, 4)),
        Notes("""
            A function that can't answer yet must return something. It returns a Deferred: the promise of an answer, to
            which you attach what is to be done with it.

            `order` attaches two functions to the plate that the kitchen will send. Follow the fish: there is no
            failure, so the chain skips `apologise`, and `serve` gets the plate. Now the oysters: the kitchen raises
            SoldOut, and the failure travels along the chain until an errback takes it. `trap` says which failures we
            know how to handle; any other goes on its way. What `apologise` returns is a result again, and so `serve`
            serves soup.

            It's `try` and `except` laid out flat. And a failure without an errback is never lost: when Python frees the
            Deferred, the failure is logged.
        """),
        Ask(
            "What would be served if the two lines in `order` changed places?",
            """
            Fish, as before. But the oysters' failure passes `serve` first, which takes only results, and then
            `apologise` makes a soup of it that nobody serves: no line about soup comes after its own. The order of a
            chain is the order of its lines.
            """,
            run="51_deferreds/wrong/errback_last",
            shows="guest gets a plate of fish\nwaiter: there are no more oysters",
        ),
        Wrong("51_deferreds", "errback_last"),
        Wrong("51_deferreds", "list_of_all"),
        minutes=2,
        short=True,
        exercises=(33, 34),
    ),
    Slide(
        "Deferreds, awaited",
        Bullet(Markdown("In an `async def`, `await` waits for a Deferred without holding up the loop")),
        Bullet(Markdown("`ensureDeferred` runs a coroutine, and returns a Deferred of its result")),
        Bullet(Markdown("Loops, `try` and `with` are Python's own again")),
        Code("51_deferreds/await_it.py", "dinner", highlight=(3, 4, 11)),
        Session("51_deferreds"),
        Notes("""
            This is the same evening once more, with the same output. The errback has become an `except`, and the
            callback is simply the next line.

            Nothing new happens underneath. At `await` the coroutine hands its Deferred to `ensureDeferred`, which adds
            a callback that wakes the coroutine up. The waiter is free meanwhile: both orders are cooking at once, and
            `gatherResults` waits for both.

            Which should you use? `await` reads better when one step follows another. Callbacks still connect your code
            to everything that isn't a coroutine: protocols, factories, timers.

            A trap: at each `await` other handlers run, and may change what you have looked at. But only there; in a
            thread it may change anywhere.
        """),
        Ask(
            "What if you call `order`, and forget both `await` and `ensureDeferred`?",
            """
            Calling a coroutine function runs none of it: you get a coroutine object, which is dropped. Python warns
            that it was never awaited, and nobody eats.
            """,
            run="51_deferreds/wrong/nobody_eats",
            shows="RuntimeWarning: coroutine 'order' was never awaited",
        ),
        Wrong("51_deferreds", "nobody_eats"),
        minutes=1.75,
        short=True,
        exercises=(35,),
    ),
    Slide(
        "Deferreds, cancelled",
        Bullet(Markdown("You don't want the result any more: `cancel()`, and the work stops")),
        Bullet(Markdown("The maker of a Deferred says how, in its *canceller*")),
        Bullet(Markdown("`addTimeout(seconds, reactor)`: cancelled by the clock")),
        Code("52_cancelling/patience.py", "cook"),
        Code("52_cancelling/patience.py", "guests", highlight=(3, 11)),
        Session("52_cancelling"),
        Notes("""
            The customer has left, and the roast is still in the oven. The waiter should tell the kitchen.

            You can cancel a Deferred. It then calls the function that its maker gave it, its canceller: that closes the
            connection, takes back the timer, switches off the stove. After that the chain fails with CancelledError, so
            the code that waits for it doesn't wait for ever.

            A time-out is the same, done by a timer. The chain then fails with TimeoutError, so you can tell it from a
            change of mind. Put the time-out on the whole chain, not on each step: your guest has one patience, not
            five.

            Cancelling goes down the line. If the chain waits for another Deferred, it cancels that one, and so on, down
            to the one that has a stove.
        """),
        Ask(
            "What if there is no canceller?",
            """
            Then the chain fails with CancelledError all the same, at once. But nobody tells the kitchen: it cooks on,
            and its answer is ignored.
            """,
            Code("52_cancelling/deaf.py", "kitchen"),
            run="52_cancelling",
            shows="guest: CancelledError\nkitchen: the stew is done, and nobody wants it",
        ),
        Wrong("52_cancelling", "no_canceller"),
        minutes=2,
        exercises=(37,),
    ),
    Slide(
        "Deferreds, taking turns",
        Bullet(Markdown("`DeferredSemaphore(2)`: two at a time; `DeferredLock`: one")),
        Bullet(Markdown("`DeferredQueue`: a window from the cook to the waiter")),
        Bullet("A function that has to wait gets a Deferred, and the loop goes on"),
        Code("53_turns/stoves.py", "cook", highlight=(2,)),
        Code("53_turns/stoves.py", "waiter", highlight=(3,)),
        Session("53_turns"),
        Notes("""
            We said that there is nothing to lock, because only one handler runs at a time. That holds from one `await`
            to the next, but not across an `await`: the stove that was free before it may be taken after it.

            So there are locks, and they are polite. `async with stoves` waits until a stove is free, by a Deferred, so
            the loop goes on. Ann and Bob have a stove each; Cid gets Bob's.

            Their main use is moderation, more than safety: two queries at a time to the old database; four downloads,
            not four hundred.

            The queue connects a function that makes things with one that takes them, and neither knows the other. Give
            it a size: `put` then raises an error at once when the queue is full.
        """),
        Ask(
            "Can two programs of this kind deadlock? What would `kill -USR1` show you?",
            """
            Certainly: each has one lock and waits for the other's. Then the table of the debug mode shows two Deferreds
            that wait, and the lines that made them. Take locks in one order everywhere, and it can't happen.
            """,
            run="57_debug",
            shows="Deferred    created at slow.py:19 in promise",
        ),
        minutes=1.75,
        exercises=(36,),
    ),
    Slide(
        "Again and Again, a Little at a Time",
        Bullet(Markdown("`LoopingCall`: every few seconds, on the beat, without drift")),
        Bullet(Markdown("`cooperate`: a long job as a generator, a slice each turn")),
        Bullet(Markdown("`react`: a program that begins, waits for one Deferred, and ends")),
        Code("54_task/rounds.py", "round"),
        Code("54_task/potatoes.py", "peel", highlight=(4,)),
        Code("54_task/potatoes.py", "main"),
        Session("54_task"),
        Notes("""
            The waiter makes his rounds every ten minutes. Once he is held up for thirty-five. He doesn't run three
            rounds in a row to catch up; he is told that three were due, and makes the next one on time. `LoopingCall`
            counts the beat from the beginning, so it never drifts.

            That program didn't take an hour. It runs on a clock of its own, as tests do.

            Potatoes are the work that is too long for one handler: a hundred thousand rows, a large file. Write the job
            as a generator, with a `yield` wherever other handlers may have their turn. No threads, no locks, and two
            cooks who get on with each other.

            `react` is for programs that aren't servers. It gives your function the reactor, waits for the Deferred that
            you return, and turns a failure into an exit status.
        """),
        Ask(
            "One potato takes a second to peel. What now?",
            """
            A slice that long holds up everybody, generator or not. Cut the potato: yield more often. If it can't be
            cut, it is a job for a thread, and for a computation that Python itself does, for a process.
            """,
            run="50_threads",
            shows="waiter walks past the oven\nwaiter takes out the bread of rye",
        ),
        Wrong("54_task", "calls_counted"),
        Wrong("54_task", "all_at_once"),
        minutes=2,
    ),
]
