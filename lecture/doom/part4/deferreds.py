"""Part 4, results that come later: Deferreds by callbacks and by await, and work for other threads."""

from lecture.slides import Bullet, Code, Markdown, Notes, Session, Slide

threads = [
    Slide(
        "Other twisted.internet Features – Threads",
        Bullet(Markdown("`threads.deferToThread`: call this over there, tell me here what came of it")),
        Bullet("For what blocks and can't be helped: a database driver, an old library"),
        Bullet("Ten threads at most, and a queue with an end"),
        Code("50_threads/oven.py", "baking", highlight=(1, 6)),
        Session("50_threads"),
        Notes("""
            We have been rude about threads. Here is what they are good for: somebody else's code that blocks, and
            that you can't rewrite. Put it in a thread, go on serving, and have the result brought to you.

            `bake` runs over there. It may wait as long as it likes, and it may touch nothing of ours: no transport,
            no protocol, no timer. `take_out` runs here, in the loop, like any other handler. Between the two nothing
            is shared but the argument and the result, so there is nothing to lock.

            The pool has ten threads, and a queue. Both have an end, and who asks for more is told so at once. When the
            reactor stops, it waits until its threads are done with what they have.

            A thread that wants something from the loop says `callFromThread`, the one method it may call.

            *Ask:* ten threads wait for a slow database, and an eleventh query comes. What becomes of the echo server?
        """),
    ),
]

deferreds = [
    Slide(
        "Deferreds",
        Bullet("A result that isn't there yet, and a list of what to do with it"),
        Bullet("Callbacks for results, errbacks for failures; each gets what the one before returned"),
        Bullet("An errback that returns normally has mended it: the chain goes on with a result"),
        Code("51_deferreds/kitchen.py", "cook"),
        Code("51_deferreds/callbacks.py", "dinner", highlight=(1, 13, 14)),
        Notes("""
            A function that can't answer yet must return something. It returns a Deferred: a promise of an answer, on
            which you hang what is to be done with it.

            `order` hangs two functions on the plate that the kitchen will send. Follow the fish: no failure, so
            `apologise` is passed by, and `serve` gets the plate. Now the oysters: the kitchen raises SoldOut, and the
            failure travels along the chain until an errback takes it. `trap` says which failures we know how to
            handle; any other goes on its way. What `apologise` returns is a result again, and so `serve` serves soup.

            It's `try` and `except` laid out flat. And when nobody handles a failure, it is logged when the Deferred
            goes, never lost.

            *Ask:* what would be served if the two lines in `order` changed places?
        """),
    ),
    Slide(
        "Deferreds, awaited",
        Bullet(Markdown("In an `async def`, `await` waits for a Deferred without holding up the loop")),
        Bullet(Markdown("`ensureDeferred` runs a coroutine, and returns a Deferred of its result")),
        Bullet(Markdown("Loops, `try` and `with` are Python's own again")),
        Code("51_deferreds/await_it.py", "dinner", highlight=(3, 4, 11)),
        Session("51_deferreds"),
        Notes("""
            The same evening once more, and the same output. The errback has become an `except`, and the callback is
            simply the next line.

            Nothing new happens underneath. At `await` the coroutine hands its Deferred to whoever runs it, and that one
            adds a callback which wakes the coroutine up. The waiter is free meanwhile: both orders are cooking at once,
            as `gatherResults` waits for all of them.

            Which to use? Await reads better when one thing follows another. Callbacks are still what connects your code
            to everything that isn't a coroutine: protocols, factories, timers.

            A trap: between two `await`s the world may change, since others run. But between them, and nowhere else; in
            a thread it may change anywhere.

            *Ask:* what if you call `order` and forget both `await` and `ensureDeferred`? Try it: Python complains, and
            nobody eats.
        """),
    ),
    Slide(
        "Deferreds, cancelled",
        Bullet(Markdown("Nobody wants it any more: `cancel()`, and the work stops")),
        Bullet(Markdown("Who makes a Deferred says how, in its *canceller*")),
        Bullet(Markdown("`addTimeout(seconds, reactor)`: cancelled by the clock")),
        Code("52_cancelling/patience.py", "cook"),
        Code("52_cancelling/patience.py", "guests", highlight=(3, 11)),
        Session("52_cancelling"),
        Notes("""
            The customer has left, and the roast is still in the oven. Somebody should tell the kitchen.

            A Deferred can be asked to stop. It asks the function that its maker left with it: close the connection,
            take back the timer, switch off the stove. The chain then fails with CancelledError, so whoever waits
            doesn't wait for ever.

            A time-out is the same, done by a timer. It fails with TimeoutError, to be told apart from a change of mind.
            Put it on the whole chain, not on each step: what your guest has is one patience, not five.

            Cancelling goes down the line. If the chain waits for another Deferred, that one is cancelled, down to the
            one that has a stove.

            *Ask:* what if there is no canceller? Then the kitchen cooks on, and nobody listens to what it says.
        """),
    ),
    Slide(
        "Deferreds, taking turns",
        Bullet(Markdown("`DeferredSemaphore(2)`: two at a time; `DeferredLock`: one")),
        Bullet(Markdown("`DeferredQueue`: a window between who makes and who takes")),
        Bullet("Who has to wait gets a Deferred, and the loop goes on"),
        Code("53_turns/stoves.py", "cook", highlight=(2,)),
        Code("53_turns/stoves.py", "waiter", highlight=(3,)),
        Session("53_turns"),
        Notes("""
            We said that there is nothing to lock, since only one handler runs at a time. That's true between two
            `await`s. Over an `await` it isn't: what you found empty before may be full after.

            So there are locks, and they are polite. `async with stoves` waits until a stove is free, and waiting is
            what a Deferred is for. Ann and bob have a stove each; cid gets bob's.

            They are useful for being moderate, more than for safety. Two queries at a time to the old database; four
            downloads, not four hundred.

            The queue connects who makes with who takes, when neither knows the other. Give it a size: `put` then
            refuses when it's full, and says so at once.

            *Ask:* can two programs of this kind deadlock? Certainly. What would `kill -USR1` show you?
        """),
    ),
    Slide(
        "Again and Again, a Little at a Time",
        Bullet(Markdown("`LoopingCall`: every so many seconds, on the beat, without drift")),
        Bullet(Markdown("`cooperate`: a long job as a generator, a slice each turn")),
        Bullet(Markdown("`react`: a program that begins, waits for one Deferred, and ends")),
        Code("54_task/rounds.py", "round"),
        Code("54_task/potatoes.py", "peel", highlight=(4,)),
        Code("54_task/potatoes.py", "main"),
        Session("54_task"),
        Notes("""
            The waiter makes his rounds every ten minutes. Once he is held up for thirty-five. He doesn't run three
            rounds in a row to catch up; he is told that three were due, and makes the next one on time. The beat is
            counted from the beginning, so it never drifts.

            That program took no hour. It runs on a clock of its own, as tests do.

            Potatoes are what you can't do in one handler: a hundred thousand rows, a large file. Write the job as a
            generator and say `yield` wherever others may have their turn. No threads, no locks, and two cooks who get
            on with each other.

            `react` is for programs that aren't servers. It gives you the reactor, waits until what you return has
            happened, and makes a failure an exit status.

            *Ask:* one potato takes a second to peel. What now?
        """),
    ),
]
