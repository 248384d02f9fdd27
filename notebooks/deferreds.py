# ---
# jupyter:
#   jupytext:
#     notebook_metadata_filter: kernelspec,-jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Deferreds
#
# A cell that begins with `%%world` runs its programs in a simulated world: with hosts, a network and a clock of their
# own, so that half a minute is over at once, and every run is the same. Change a program, or the world, as in
# `%%world seed=7 latency_s=0.05`, and run the cell. `%step` in a cell of its own goes through the run one event at a
# time, `%step w` asks why. `%%original` above the text of a cell brings back what it was.
#
# The next cell teaches this notebook these words. If it finds no `lecture`, type
# `pip install --editable ".[notebooks]"` into a terminal first, in a clone of the repository.

# %%
# %reload_ext lecture.notebook

# %% [markdown]
# ## Deferreds
#
# - A result that isn't there yet, and a list of what to do with it
# - Callbacks for results, errbacks for failures; each gets what the one before returned
# - After an errback that returns normally, the chain goes on with a result
# - Whatever takes time returns one: names, threads, services, the web
# - And in asyncio's loop: `await deferred.asFuture(loop)`

# %% [markdown]
# A function that can't answer yet must return something. It returns a Deferred: the promise of an answer, to
# which you attach what is to be done with it.
#
# `order` attaches two functions to the plate that the kitchen will send. Follow the fish: there is no
# failure, so the chain skips `apologise`, and `serve` gets the plate. Now the oysters: the kitchen raises
# SoldOut, and the failure travels along the chain until an errback takes it. `trap` says which failures we
# know how to handle; any other goes on its way. What `apologise` returns is a result again, and so `serve`
# serves soup.
#
# It's `try` and `except` laid out flat. And a failure without an errback is never lost: when Python frees the
# Deferred, the failure is logged.

# %% [markdown]
# The slide shows `cook` in `51_deferreds/kitchen.py`:
#
# ```python
# def cook(dish):
#     return task.deferLater(reactor, 0.01, put_on_plate, dish)
# ```

# %% [markdown]
# The slide shows `callbacks` in `51_deferreds/callbacks.py`:
#
# ```python
# def apologise(failure):
#     failure.trap(SoldOut)
#     print("waiter:", failure.getErrorMessage())
#     return "a plate of soup"
#
#
# def serve(plate):
#     print("guest gets", plate)
# ```

# %% [markdown]
# The slide shows `dinner` in `51_deferreds/callbacks.py`:
#
# ```python
# def order(dish):
#     cooking = cook(dish)
#     cooking.addErrback(apologise)
#     cooking.addCallback(serve)
#     return cooking
#
#
# evening = defer.gatherResults([order("fish"), order("oysters")])
# evening.addCallback(lambda _: reactor.stop())
# print("waiter: two orders taken")
# ```

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The errback comes after what should serve its soup</summary>
#
# The failure passes serve() by, the apology is made, and the soup stays in the kitchen.
#
# `51_deferreds/wrong/errback_last/callbacks.py`:
#
# ```diff
#       print("guest gets", plate)
#
#
# -
# -
#   def order(dish):
#       cooking = cook(dish)
# +     cooking.addCallback(serve)
#       cooking.addErrback(apologise)
# -     cooking.addCallback(serve)
#       return cooking
# ```
#
# ```console
# $ python callbacks.py
# waiter: two orders taken
# guest gets a plate of fish
# waiter: there are no more oysters
# ```
#
# </details>

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: A DeferredList is trusted to fail</summary>
#
# It waits for all of them, and never fails itself: the evening is declared a success.
#
# `51_deferreds/wrong/list_of_all/callbacks.py`:
#
# ```diff
#       print("guest gets", plate)
#
#
# -
# -
#   def order(dish):
#       cooking = cook(dish)
# -     cooking.addErrback(apologise)
#       cooking.addCallback(serve)
#       return cooking
#
#
# - evening = defer.gatherResults([order("fish"), order("oysters")])
# + evening = defer.DeferredList([order("fish"), order("oysters")])
#   evening.addCallback(lambda _: reactor.stop())
#   print("waiter: two orders taken")
# ```
#
# ```console
# $ python callbacks.py
# waiter: two orders taken
# guest gets a plate of fish
# Unhandled error in Deferred[..]
# [..]
# [..]SoldOut: there are no more oysters
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>What would be served if the two lines in <code>order</code> changed places?</b></summary>
#
# Fish, as before. But the oysters' failure passes `serve` first, which takes only results, and then
# `apologise` makes a soup of it that nobody serves: no line about soup comes after its own. The order of a
# chain is the order of its lines.
#
# As 51\_deferreds/wrong/errback\_last printed:
#
# ```
# guest gets a plate of fish
# waiter: there are no more oysters
# ```
#
# </details>

# %% [markdown]
# ## Deferreds, awaited
#
# - In an `async def`, `await` waits for a Deferred without holding up the loop
# - `ensureDeferred` runs a coroutine, and returns a Deferred of its result
# - Loops, `try` and `with` are Python's own again

# %% [markdown]
# This is the same evening once more, with the same output. The errback has become an `except`, and the
# callback is simply the next line.
#
# Nothing new happens underneath. At `await` the coroutine hands its Deferred to `ensureDeferred`, which adds
# a callback that wakes the coroutine up. The waiter is free meanwhile: both orders are cooking at once, and
# `gatherResults` waits for both.
#
# Which should you use? `await` reads better when one step follows another. Callbacks still connect your code
# to everything that isn't a coroutine: protocols, factories, timers.
#
# A trap: at each `await` other handlers run, and may change what you have looked at. But only there; in a
# thread it may change anywhere.

# %% [markdown]
# The slide shows `dinner` in `51_deferreds/await_it.py`:
#
# ```python
# async def order(dish):
#     try:
#         plate = await cook(dish)
#     except SoldOut as reason:
#         print("waiter:", reason)
#         plate = "a plate of soup"
#     print("guest gets", plate)
#
#
# async def evening():
#     orders = map(defer.ensureDeferred, [order("fish"), order("oysters")])
#     print("waiter: two orders taken")
#     await defer.gatherResults(orders)
#     reactor.stop()
# ```

# %% active="ipynb"
# %%world 51_deferreds
# # await_it.py
# """The same two orders, by `await`."""
#
# from kitchen import SoldOut, cook
#
# from reactor import defer, reactor
#
#
# # [dinner]
# async def order(dish):
#     try:
#         plate = await cook(dish)
#     except SoldOut as reason:
#         print("waiter:", reason)
#         plate = "a plate of soup"
#     print("guest gets", plate)
#
#
# async def evening():
#     orders = map(defer.ensureDeferred, [order("fish"), order("oysters")])
#     print("waiter: two orders taken")
#     await defer.gatherResults(orders)
#     reactor.stop()
#
#
# # [/dinner]
#
# reactor.callWhenRunning(defer.ensureDeferred, evening())
# reactor.run()
# # callbacks.py
# """Two orders at once: each dish comes when it comes, or doesn't come at all."""
#
# from kitchen import SoldOut, cook
#
# from reactor import defer, reactor
#
#
# # [callbacks]
# def apologise(failure):
#     failure.trap(SoldOut)
#     print("waiter:", failure.getErrorMessage())
#     return "a plate of soup"
#
#
# def serve(plate):
#     print("guest gets", plate)
#
#
# # [/callbacks]
#
#
# # [dinner]
# def order(dish):
#     cooking = cook(dish)
#     cooking.addErrback(apologise)
#     cooking.addCallback(serve)
#     return cooking
#
#
# evening = defer.gatherResults([order("fish"), order("oysters")])
# evening.addCallback(lambda _: reactor.stop())
# print("waiter: two orders taken")
# # [/dinner]
#
# reactor.run()
# # kitchen.py
# """A kitchen: asked for a dish, it gives a Deferred of a plate."""
#
# from reactor import reactor, task
#
#
# class SoldOut(Exception):
#     pass
#
#
# def cook(dish):
#     return task.deferLater(reactor, 0.01, put_on_plate, dish)
#
#
# def put_on_plate(dish):
#     if dish == "oysters":
#         raise SoldOut("there are no more oysters")
#     return f"a plate of {dish}"
# $ python callbacks.py
# $ python await_it.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: Coroutines are called, and nobody awaits them</summary>
#
# Calling an async def only makes a coroutine: Python complains, and nobody eats.
#
# `51_deferreds/wrong/nobody_eats/await_it.py`:
#
# ```diff
#   async def evening():
# -     orders = map(defer.ensureDeferred, [order("fish"), order("oysters")])
# +     order("fish")
# +     order("oysters")
#       print("waiter: two orders taken")
# -     await defer.gatherResults(orders)
#       reactor.stop()
# ```
#
# ```console
# $ python await_it.py
# [..]RuntimeWarning: coroutine 'order' was never awaited
#   order("fish")
# [..]
# [..]RuntimeWarning: coroutine 'order' was never awaited
#   order("oysters")
# [..]
# waiter: two orders taken
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>What if you call <code>order</code>, and forget both <code>await</code> and <code>ensureDeferred</code>?</b></summary>
#
# Calling a coroutine function runs none of it: you get a coroutine object, which is dropped. Python warns
# that it was never awaited, and nobody eats.
#
# As 51\_deferreds/wrong/nobody\_eats printed:
#
# ```
# RuntimeWarning: coroutine 'order' was never awaited
# ```
#
# </details>

# %% [markdown]
# ## Deferreds, cancelled
#
# - You don't want the result any more: `cancel()`, and the work stops
# - The maker of a Deferred says how, in its *canceller*
# - `addTimeout(seconds, reactor)`: cancelled by the clock

# %% [markdown]
# The customer has left, and the roast is still in the oven. The waiter should tell the kitchen.
#
# You can cancel a Deferred. It then calls the function that its maker gave it, its canceller: that closes the
# connection, takes back the timer, switches off the stove. After that the chain fails with CancelledError, so
# the code that waits for it doesn't wait for ever.
#
# A time-out is the same, done by a timer. The chain then fails with TimeoutError, so you can tell it from a
# change of mind. Put the time-out on the whole chain, not on each step: your guest has one patience, not
# five.
#
# Cancelling goes down the line. If the chain waits for another Deferred, it cancels that one, and so on, down
# to the one that has a stove.

# %% [markdown]
# The slide shows `cook` in `52_cancelling/patience.py`:
#
# ```python
# def cook(dish):
#     print("kitchen: the stove is on for the", dish)
#     return defer.Deferred(lambda cooking: print("kitchen: the stove is off"))
# ```

# %% [markdown]
# The slide shows `guests` in `52_cancelling/patience.py`:
#
# ```python
# def wait_for(dish, seconds):
#     cooking = cook(dish)
#     cooking.addTimeout(seconds, reactor)
#     cooking.addErrback(lambda failure: failure.trap(defer.TimeoutError))
#     cooking.addCallback(lambda _: print("first guest: too late"))
#     return cooking
#
#
# async def change_her_mind(dish):
#     cooking = cook(dish)
#     reactor.callLater(0.01, cooking.cancel)
#     try:
#         await cooking
#     except defer.CancelledError:
#         print("second guest: never mind")
# ```

# %% active="ipynb"
# %%world 52_cancelling
# # deaf.py
# """A kitchen that can't be told: its Deferred has no canceller."""
#
# from reactor import defer, reactor
#
#
# # [kitchen]
# def cook(dish):
#     cooking = defer.Deferred()
#     reactor.callLater(0.02, done, dish, cooking)
#     return cooking
#
#
# def done(dish, cooking):
#     print(f"kitchen: the {dish} is done, and nobody wants it")
#     cooking.callback(dish)  # ignored, this once
#     reactor.stop()
#
#
# # [/kitchen]
#
# stew = cook("stew")
# stew.addErrback(lambda failure: print("guest:", failure.type.__name__))
# stew.cancel()
# reactor.run()
# # patience.py
# """Two dishes that take too long: one guest sets a time-out, the other changes her mind."""
#
# from reactor import defer, reactor
#
#
# def cook(dish):
#     print("kitchen: the stove is on for the", dish)
#     return defer.Deferred(lambda cooking: print("kitchen: the stove is off"))
#
#
# # [guests]
# def wait_for(dish, seconds):
#     cooking = cook(dish)
#     cooking.addTimeout(seconds, reactor)
#     cooking.addErrback(lambda failure: failure.trap(defer.TimeoutError))
#     cooking.addCallback(lambda _: print("first guest: too late"))
#     return cooking
#
#
# async def change_her_mind(dish):
#     cooking = cook(dish)
#     reactor.callLater(0.01, cooking.cancel)
#     try:
#         await cooking
#     except defer.CancelledError:
#         print("second guest: never mind")
#
#
# # [/guests]
#
#
# async def evening():
#     await wait_for("roast", 0.01)
#     await change_her_mind("stew")
#     reactor.stop()
#
#
# reactor.callWhenRunning(defer.ensureDeferred, evening())
# reactor.run()
# $ python patience.py
# $ python deaf.py

# %% [markdown]
# The slide shows `kitchen` in `52_cancelling/deaf.py`:
#
# ```python
# def cook(dish):
#     cooking = defer.Deferred()
#     reactor.callLater(0.02, done, dish, cooking)
#     return cooking
#
#
# def done(dish, cooking):
#     print(f"kitchen: the {dish} is done, and nobody wants it")
#     cooking.callback(dish)  # ignored, this once
#     reactor.stop()
# ```

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: There is no canceller</summary>
#
# Both guests are gone, and the kitchen cooks on.
#
# `52_cancelling/wrong/no_canceller/patience.py`:
#
# ```diff
#   def cook(dish):
#       print("kitchen: the stove is on for the", dish)
# -     return defer.Deferred(lambda cooking: print("kitchen: the stove is off"))
# +     return defer.Deferred()
#
#
#   def wait_for(dish, seconds):
# ```
#
# ```console
# $ python patience.py
# kitchen: the stove is on for the roast
# first guest: too late
# kitchen: the stove is on for the stew
# second guest: never mind
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>What if there is no canceller?</b></summary>
#
# Then the chain fails with CancelledError all the same, at once. But nobody tells the kitchen: it cooks on,
# and its answer is ignored.
#
# As 52\_cancelling printed:
#
# ```
# guest: CancelledError
# kitchen: the stew is done, and nobody wants it
# ```
#
# </details>

# %% [markdown]
# ## Deferreds, taking turns
#
# - `DeferredSemaphore(2)`: two at a time; `DeferredLock`: one
# - `DeferredQueue`: a window from the cook to the waiter
# - A function that has to wait gets a Deferred, and the loop goes on

# %% [markdown]
# We said that there is nothing to lock, because only one handler runs at a time. That holds from one `await`
# to the next, but not across an `await`: the stove that was free before it may be taken after it.
#
# So there are locks, and they are polite. `async with stoves` waits until a stove is free, by a Deferred, so
# the loop goes on. Ann and Bob have a stove each; Cid gets Bob's.
#
# Their main use is moderation, more than safety: two queries at a time to the old database; four downloads,
# not four hundred.
#
# The queue connects a function that makes things with one that takes them, and neither knows the other. Give
# it a size: `put` then raises an error at once when the queue is full.

# %% [markdown]
# The slide shows `cook` in `53_turns/stoves.py`:
#
# ```python
# async def cook(name, dish, seconds):
#     async with stoves:
#         print(name, "has a stove")
#         await task.deferLater(reactor, seconds)
#     window.put(dish)
# ```

# %% [markdown]
# The slide shows `waiter` in `53_turns/stoves.py`:
#
# ```python
# async def waiter(dishes):
#     for _ in range(dishes):
#         print("served:", await window.get())
#     reactor.stop()
# ```

# %% active="ipynb"
# %%world 53_turns
# # stoves.py
# """Two stoves, three cooks, and a window through which the dishes go."""
#
# from reactor import defer, reactor, task
#
# stoves = defer.DeferredSemaphore(2)
# window = defer.DeferredQueue()
#
#
# async def cook(name, dish, seconds):
#     async with stoves:
#         print(name, "has a stove")
#         await task.deferLater(reactor, seconds)
#     window.put(dish)
#
#
# async def waiter(dishes):
#     for _ in range(dishes):
#         print("served:", await window.get())
#     reactor.stop()
#
#
# async def evening():
#     defer.ensureDeferred(waiter(3))
#     defer.ensureDeferred(cook("ann", "roast", 0.02))
#     defer.ensureDeferred(cook("bob", "soup", 0.01))
#     defer.ensureDeferred(cook("cid", "cake", 0.02))
#
#
# reactor.callWhenRunning(defer.ensureDeferred, evening())
# reactor.run()
# $ python stoves.py

# %% [markdown] tags=["question"]
# <details><summary><b>Can two programs of this kind deadlock? What would <code>kill -USR1</code> show you?</b></summary>
#
# Certainly: each has one lock and waits for the other's. Then the table of the debug mode shows two Deferreds
# that wait, and the lines that made them. Take locks in one order everywhere, and it can't happen.
#
# As 57\_debug printed:
#
# ```
# Deferred    created at slow.py:19 in promise
# ```
#
# </details>

# %% [markdown]
# ## Again and Again, a Little at a Time
#
# - `LoopingCall`: every few seconds, on the beat, without drift
# - `cooperate`: a long job as a generator, a slice each turn
# - `react`: a program that begins, waits for one Deferred, and ends

# %% [markdown]
# The waiter makes his rounds every ten minutes. Once he is held up for thirty-five. He doesn't run three
# rounds in a row to catch up; he is told that three were due, and makes the next one on time. `LoopingCall`
# counts the beat from the beginning, so it never drifts.
#
# That program didn't take an hour. It runs on a clock of its own, as tests do.
#
# Potatoes are the work that is too long for one handler: a hundred thousand rows, a large file. Write the job
# as a generator, with a `yield` wherever other handlers may have their turn. No threads, no locks, and two
# cooks who get on with each other.
#
# `react` is for programs that aren't servers. It gives your function the reactor, waits for the Deferred that
# you return, and turns a failure into an exit status.

# %% [markdown]
# The slide shows `round` in `54_task/rounds.py`:
#
# ```python
# def round(due):
#     print(f"{clock.seconds() / 60:3.0f} min: {due} round(s) due")
# ```

# %% [markdown]
# The slide shows `peel` in `54_task/potatoes.py`:
#
# ```python
# def peel(cook, potatoes):
#     for potato in range(potatoes):
#         print(cook, "has peeled", potato + 1)
#         yield  # let others have their turn
# ```

# %% [markdown]
# The slide shows `main` in `54_task/potatoes.py`:
#
# ```python
# async def main(reactor):
#     ann = task.cooperate(peel("ann", 3))
#     bob = task.cooperate(peel("bob", 2))
#     await ann.whenDone()
#     await bob.whenDone()
#     print("done")
# ```

# %% active="ipynb"
# %%world 54_task
# # potatoes.py
# """Long jobs in small slices: two cooks share the one thread there is."""
#
# from reactor import task
#
#
# def peel(cook, potatoes):
#     for potato in range(potatoes):
#         print(cook, "has peeled", potato + 1)
#         yield  # let others have their turn
#
#
# async def main(reactor):
#     ann = task.cooperate(peel("ann", 3))
#     bob = task.cooperate(peel("bob", 2))
#     await ann.whenDone()
#     await bob.whenDone()
#     print("done")
#
#
# task.react(main)
# # rounds.py
# """A waiter makes his rounds every ten minutes, and is held up once."""
#
# from reactor import task
#
# clock = task.Clock()
#
#
# def round(due):
#     print(f"{clock.seconds() / 60:3.0f} min: {due} round(s) due")
#
#
# rounds = task.LoopingCall.withCount(round)
# rounds.clock = clock
# rounds.start(600)
# for minutes in (10, 10, 35, 5, 10):
#     clock.advance(minutes * 60)
# rounds.stop()
# $ python rounds.py
# $ python potatoes.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: Calls are counted, and not rounds</summary>
#
# Three rounds were due at once, one was made, and two are missing from the bill.
#
# `54_task/wrong/calls_counted/rounds.py`:
#
# ```diff
#       print(f"{clock.seconds() / 60:3.0f} min: {due} round(s) due")
#
#
# - rounds = task.LoopingCall.withCount(round)
# + rounds = task.LoopingCall(round, 1)
#   rounds.clock = clock
#   rounds.start(600)
#   for minutes in (10, 10, 35, 5, 10):
# ```
#
# ```console
# $ python rounds.py
#   0 min: 1 round(s) due
#  10 min: 1 round(s) due
#  20 min: 1 round(s) due
#  55 min: 1 round(s) due
#  60 min: 1 round(s) due
#  70 min: 1 round(s) due
# ```
#
# </details>

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The generator yields when all is done</summary>
#
# Ann peels all of hers before bob gets a turn.
#
# `54_task/wrong/all_at_once/potatoes.py`:
#
# ```diff
#   def peel(cook, potatoes):
#       for potato in range(potatoes):
#           print(cook, "has peeled", potato + 1)
# -         yield  # let others have their turn
# +     yield  # let others have their turn
#
#
#   async def main(reactor):
# ```
#
# ```console
# $ python potatoes.py
# ann has peeled 1
# ann has peeled 2
# ann has peeled 3
# bob has peeled 1
# bob has peeled 2
# done
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>One potato takes a second to peel. What now?</b></summary>
#
# A slice that long holds up everybody, generator or not. Cut the potato: yield more often. If it can't be
# cut, it is a job for a thread, and for a computation that Python itself does, for a process.
#
# As 50\_threads printed:
#
# ```
# waiter walks past the oven
# waiter takes out the bread of rye
# ```
#
# </details>

# %% [markdown]
# ## Exercises
#
# Each cell shows a task, and puts its program into a cell below, to be mended and run there.

# %%
# %exercise 33

# %%
# %exercise 34

# %%
# %exercise 35

# %%
# %exercise 36

# %%
# %exercise 37
