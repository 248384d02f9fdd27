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
# # Reactors and time
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
# ## Scheduling

# %% [markdown]
# Not every event comes from outside. `callLater` asks the reactor to call a function after a number of
# seconds, with the arguments that you give, positional or by name. It returns at once; what you get is an
# appointment, and you can move it.
#
# `delay` moves it later than it was planned. `reset` forgets the plan and counts from now. `cancel` is
# `cancel`. They are easily mixed up: for a timeout that starts anew whenever data arrives, you want `reset`.
#
# The soup was ordered for two seconds later, and came first. The tea was to come first, and came last. The
# cake is a lie.
#
# The times are promises of *not earlier*. If a handler takes a second, all calls that are due have to wait
# for it. And you cannot cancel a call that has run, or that was cancelled before: `AlreadyCalled` and
# `AlreadyCancelled` tell you which. So ask `active()` first.

# %% [markdown]
# The slide shows `dinner` in `13_scheduling/scheduling.py`:
#
# ```python
# def serve(dish, course="main course"):
#     print(f"{course}: {dish}")
#
#
# tea = reactor.callLater(0.05, serve, "tea", course="at last")
# fish = reactor.callLater(0.1, serve, "fish")
# soup = reactor.callLater(2, serve, "soup", course="starter")
# cake = reactor.callLater(0.1, serve, "cake", course="dessert")
#
# tea.delay(0.2)  # that much later than planned
# soup.reset(0)  # that long from now, whatever was planned
# cake.cancel()  # no, thank you
# print("is there cake?", cake.active())
# ```

# %% active="ipynb"
# %%world 13_scheduling
# # scheduling.py
# """A dinner in the right order, whatever order it was asked for in."""
#
# from reactor import reactor
#
#
# # [dinner]
# def serve(dish, course="main course"):
#     print(f"{course}: {dish}")
#
#
# tea = reactor.callLater(0.05, serve, "tea", course="at last")
# fish = reactor.callLater(0.1, serve, "fish")
# soup = reactor.callLater(2, serve, "soup", course="starter")
# cake = reactor.callLater(0.1, serve, "cake", course="dessert")
#
# tea.delay(0.2)  # that much later than planned
# soup.reset(0)  # that long from now, whatever was planned
# cake.cancel()  # no, thank you
# print("is there cake?", cake.active())
# # [/dinner]
#
# reactor.callLater(0.3, reactor.stop)
# reactor.run()
# $ python scheduling.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: delay() is taken for reset()</summary>
#
# The soup is still planned for two seconds from now, and by then we have closed.
#
# `13_scheduling/wrong/delay_not_reset/scheduling.py`:
#
# ```diff
#   cake = reactor.callLater(0.1, serve, "cake", course="dessert")
#
#   tea.delay(0.2)  # that much later than planned
# - soup.reset(0)  # that long from now, whatever was planned
# + soup.delay(0)  # that much later than planned
#   cake.cancel()  # no, thank you
#   print("is there cake?", cake.active())
# ```
#
# ```console
# $ python scheduling.py
# is there cake? False
# main course: fish
# at last: tea
# ```
#
# </details>

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: A call is cancelled that may be no more</summary>
#
# The second cancel() raises AlreadyCancelled, and there is no dinner at all; ask active() first.
#
# `13_scheduling/wrong/cancelled_twice/scheduling.py`:
#
# ```diff
#   tea.delay(0.2)  # that much later than planned
#   soup.reset(0)  # that long from now, whatever was planned
#   cake.cancel()  # no, thank you
# + cake.cancel()  # really
#   print("is there cake?", cake.active())
#
#   reactor.callLater(0.3, reactor.stop)
# ```
#
# ```console
# $ python scheduling.py
# Traceback (most recent call last):
#   File "scheduling.py", line 19, in <module>
#     cake.cancel()  # really
# [..]
# [..]AlreadyCancelled: Tried to cancel an already-cancelled event.
# [exit 1]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>Why is there no <code>reactor.sleep(1)</code>?</b></summary>
#
# Because whoever waits inside a handler holds up all the others. `callLater` says what to do after a second,
# and returns. `time.sleep` is still there for those who want to see this message:
#
# As 57\_debug printed:
#
# ```
# a handler held the loop for 0.[..] s
# ```
#
# </details>

# %% [markdown]
# ## Speaking Without Being Asked
#
# - A timer fires, a database answers, a sensor beeps: how does it reach a connection?
# - The factory outlives the connections: let it keep those that are there, by name
# - Never make a protocol yourself: a new object has no transport

# %% [markdown]
# So far our servers speak when they are spoken to. But people want to push: a message from another program, a
# price that has changed, a call at seven in the morning. The clock on this slide belongs to no protocol, and
# has none at hand.
#
# The first idea is nearly always `Guest().sendLine(b"good morning")`. It makes a new guest, who never
# connected and has no transport. The guest whom we mean exists already: the factory built it when Ann called.
# So the factory has to be asked, and has to know whom it built.
#
# A guest who says a name is put into a dictionary, and taken out in `connectionLost`. Do both, always: a
# connection that is gone takes your words without complaint, and delivers none of them.
#
# The clock runs in the loop, so it may write to any transport. A thread may not; it has to go through
# `callFromThread`.

# %% [markdown]
# The slide shows `Guest` in `13b_wake_up/hotel.py`:
#
# ```python
# class Guest(LineReceiver):
#     name = None
#
#     def lineReceived(self, line):
#         self.name = line.decode()
#         self.factory.guests[self.name] = self
#
#     def connectionLost(self, reason):
#         self.factory.guests.pop(self.name, None)
# ```

# %% [markdown]
# The slide shows `Hotel.wake` in `13b_wake_up/hotel.py`:
#
# ```python
# def wake(self, name):
#     if name in self.guests:
#         self.guests[name].sendLine(b"good morning")
#         print("called", name)
#     else:
#         print(name, "is not in")
# ```

# %% [markdown]
# The slide shows `clock` in `13b_wake_up/hotel.py`:
#
# ```python
# def strike(hotel):
#     if not hotel.guests:  # the night goes on
#         reactor.callLater(0.01, strike, hotel)
#         return
#     hotel.wake("ann")
#     hotel.wake("bob")
#
#
# hotel = Hotel()
# reactor.listenTCP(7807, hotel)
# reactor.callLater(0.01, strike, hotel)
# ```

# %% [markdown]
# The slide shows `Sleeper` in `13b_wake_up/guest.py`:
#
# ```python
# class Sleeper(LineReceiver):
#     def connectionMade(self):
#         self.sendLine(sys.argv[1].encode())
#
#     def lineReceived(self, line):
#         print(sys.argv[1], "hears:", line.decode())
#         self.transport.loseConnection()
#
#     def connectionLost(self, reason):
#         reactor.stop()
# ```

# %% active="ipynb"
# %%world 13b_wake_up
# # guest.py
# """A guest who goes to bed, and leaves when called: `python guest.py NAME`."""
#
# import sys
#
# from reactor import reactor
# from reactor.protocol import ClientFactory
# from reactor.protocols.basic import LineReceiver
#
#
# class Sleeper(LineReceiver):
#     def connectionMade(self):
#         self.sendLine(sys.argv[1].encode())
#
#     def lineReceived(self, line):
#         print(sys.argv[1], "hears:", line.decode())
#         self.transport.loseConnection()
#
#     def connectionLost(self, reason):
#         reactor.stop()
#
#
# class Night(ClientFactory):
#     protocol = Sleeper
#
#     def clientConnectionFailed(self, connector, reason):
#         print("nobody there:", reason.type.__name__)
#         reactor.stop()
#
#
# reactor.connectTCP("127.0.0.1", 7807, Night())
# reactor.run()
# # hotel.py
# """A hotel that speaks first: at seven a clock calls the guests, whoever of them is in."""
#
# from reactor import reactor
# from reactor.protocol import ServerFactory
# from reactor.protocols.basic import LineReceiver
#
#
# class Guest(LineReceiver):
#     name = None
#
#     def lineReceived(self, line):
#         self.name = line.decode()
#         self.factory.guests[self.name] = self
#
#     def connectionLost(self, reason):
#         self.factory.guests.pop(self.name, None)
#
#
# class Hotel(ServerFactory):
#     protocol = Guest
#
#     def __init__(self):
#         self.guests = {}
#
#     def wake(self, name):
#         if name in self.guests:
#             self.guests[name].sendLine(b"good morning")
#             print("called", name)
#         else:
#             print(name, "is not in")
#
#
# # [clock]
# def strike(hotel):
#     if not hotel.guests:  # the night goes on
#         reactor.callLater(0.01, strike, hotel)
#         return
#     hotel.wake("ann")
#     hotel.wake("bob")
#
#
# hotel = Hotel()
# reactor.listenTCP(7807, hotel)
# reactor.callLater(0.01, strike, hotel)
# # [/clock]
# print("listening on port 7807")
# reactor.run()
# $ python hotel.py &
# $ python guest.py ann

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The guest is made, not found</summary>
#
# Guest() is a new protocol, which no connection belongs to: ann, who has one, sleeps on.
#
# `13b_wake_up/wrong/new_object/hotel.py`:
#
# ```diff
#       def wake(self, name):
#           if name in self.guests:
# -             self.guests[name].sendLine(b"good morning")
# +             Guest().sendLine(b"good morning")
#               print("called", name)
#           else:
#               print(name, "is not in")
# ```
#
# ```console
# $ python hotel.py &
# listening on port 7807
# [..]
#     Guest().sendLine(b"good morning")
# [..]
# [..]AttributeError: 'NoneType' object has no attribute 'write'
# $ python guest.py ann
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>Two guests say that they are Ann. Who is called in the morning?</b></summary>
#
# The second one, and when she leaves, the first one has lost her place in the dictionary as well. Refuse a
# name that is taken, or keep a list for each name. Bob, who never came, is simply not in.
#
# As 13b\_wake\_up printed:
#
# ```
# called ann
# bob is not in
# ```
#
# </details>

# %% [markdown]
# ## Choosing a Reactor – Why?
#
# - A window system has an event loop of its own, and wants to be in charge
# - So has `asyncio`, and many libraries live there now
# - Every platform has its best way of waiting: epoll, kqueue, completion ports
# - There can be only one loop in a thread

# %% [markdown]
# Put two loops into one thread, and while one waits, the other is dead. You could let each of them have a
# look a few times a second, and people did; it is slow when the program is busy and wastes the battery when
# it is not.
#
# The way out is that one loop waits for both and tells the other. If your program has windows, the window
# system's loop rules, and the reactor asks it to watch the sockets as well.
#
# The second line was not there in 2003. Python has had an event loop in its standard library since version
# 3.4; when half of your libraries are written for `asyncio`, run the reactor on that loop, and both halves
# work.
#
# The third line is about speed. `select` exists everywhere, and looks through all sockets each time; epoll
# and kqueue only name those that have news. With ten connections you won't notice. With ten thousand you'll
# notice nothing else.

# %% [markdown] tags=["question"]
# <details><summary><b>Which loop did your last program have, perhaps without your knowing?</b></summary>
#
# A program with windows: the toolkit's. A notebook: asyncio's. A script in the browser: the browser's. And
# one that says `from reactor import reactor` can ask.
#
# As 14\_another\_reactor printed:
#
# ```
# running on a SelectReactor
# ```
#
# </details>

# %% [markdown]
# ## Choosing a Reactor
#
# - By default the best there is: epoll, kqueue, poll, select
# - Where another loop rules: asyncio, uvloop, GLib and GTK, Qt; Tk and wx as guests
# - Choose before any module has one

# %% [markdown]
# `install` makes a reactor of its kind and puts it where `from reactor import reactor` finds it. After that,
# every module with that line gets this reactor. Nothing else in the program changes: protocols and factories
# never know.
#
# It has to happen first, and the second program of the session shows why. That program has taken a reactor
# already, and a reactor may have ports and timers in it. To put another one in its place would leave those
# behind in a loop that never runs. So it is an error, and a loud one.
#
# The trap in real programs is an import. You install in line ten; but line three imported a module that
# imported a module that wanted a reactor. So install in the first lines of the main program. Linters may
# complain about the order of imports; they are right in general, and wrong here.

# %% [markdown]
# The slide shows `14_another_reactor/choose.py`:
#
# ```python
# """Choose a reactor: before anything else gets one."""
#
# from reactor import selectreactor
#
# selectreactor.install()
#
# from reactor import reactor
#
# print("running on a", type(reactor).__name__)
# reactor.callWhenRunning(reactor.stop)
# reactor.run()
# ```

# %% [markdown]
# The slide shows `late` in `14_another_reactor/too_late.py`:
#
# ```python
# try:
#     selectreactor.install()
# except ReactorAlreadyInstalledError:
#     print("too late")
# ```

# %% active="ipynb"
# %%world 14_another_reactor
# # choose.py
# """Choose a reactor: before anything else gets one."""
#
# from reactor import selectreactor
#
# selectreactor.install()
#
# from reactor import reactor
#
# print("running on a", type(reactor).__name__)
# reactor.callWhenRunning(reactor.stop)
# reactor.run()
# # too_late.py
# """Choose a reactor, having got one already."""
#
# from reactor import reactor, selectreactor
# from reactor.error import ReactorAlreadyInstalledError
#
# reactor.callWhenRunning(reactor.stop)
# # [late]
# try:
#     selectreactor.install()
# except ReactorAlreadyInstalledError:
#     print("too late")
# # [/late]
# reactor.run()
# $ python choose.py
# $ python too_late.py

# %% [markdown] tags=["question"]
# <details><summary><b>Why not pass the reactor to every function as an argument?</b></summary>
#
# Good question. Libraries should, and ours does: what is handed its reactor can be handed a clock in a test.
# Programs have only one, and may as well import it.
#
# As 56\_testing printed:
#
# ```
# test_hangs_up_on_the_silent (__main__.TestShy.test_hangs_up_on_the_silent) ... ok
# ```
#
# </details>

# %% [markdown]
# ## Run It Again
#
# - `reactor.run()` returns when the reactor has stopped, and may be called again
# - Twisted's runs once in a process; after that, `ReactorNotRestartable`
# - Ports and connections end with the evening; factories and what they know stay

# %% [markdown]
# This is the oldest complaint about Twisted. Somebody wraps a crawler into a function, calls it twice, in a
# loop or from two cells of a notebook, and the second call raises an error. Half of the answers on the
# internet start a new process for every call.
#
# It isn't malice. When Twisted's reactor stops, it takes down what it had set up at the start: its threads,
# its ports and connections, the handlers of signals. Libraries have put their own things among these, and
# nobody can say which of them would survive a second start. So it says no, clearly, and that is better than
# to limp.
#
# Ours sets up anew whatever a stop has taken down. A run ends with its ports and connections closed; timers
# that were not due yet wait for the next one. Please don't read this as advice: a program has one evening,
# and its functions return Deferreds. It is for notebooks, for tests, and for you at your desk.

# %% [markdown]
# The slide shows `evenings` in `14b_run_again/evenings.py`:
#
# ```python
# def evening(day):
#     print(day, "opens")
#     reactor.listenTCP(7808, ServerFactory.forProtocol(Waiter))
#     reactor.connectTCP("127.0.0.1", 7808, ClientFactory.forProtocol(Guest))
#     reactor.run()
#     print(day, "is over")
#
#
# evening("monday")
# evening("tuesday")
# ```

# %% active="ipynb"
# %%world 14b_run_again
# # evenings.py
# """One program, one reactor, two evenings."""
#
# from reactor import reactor
# from reactor.protocol import ClientFactory, Protocol, ServerFactory
#
#
# class Waiter(Protocol):
#     def connectionMade(self):
#         self.transport.write(b"good evening")
#
#
# class Guest(Protocol):
#     def dataReceived(self, data):
#         print("  a guest hears:", data.decode())
#         reactor.stop()
#
#
# # [evenings]
# def evening(day):
#     print(day, "opens")
#     reactor.listenTCP(7808, ServerFactory.forProtocol(Waiter))
#     reactor.connectTCP("127.0.0.1", 7808, ClientFactory.forProtocol(Guest))
#     reactor.run()
#     print(day, "is over")
#
#
# evening("monday")
# evening("tuesday")
# # [/evenings]
# $ python evenings.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: A handler runs the loop that runs it</summary>
#
# A reactor that runs can't be run: the handler fails, and nobody is left who would stop it.
#
# `14b_run_again/wrong/run_in_a_handler/evenings.py`:
#
# ```diff
#   class Guest(Protocol):
#       def dataReceived(self, data):
#           print("  a guest hears:", data.decode())
# -         reactor.stop()
# +         reactor.run()
#
#
#   def evening(day):
# ```
#
# ```console
# $ python evenings.py
# monday opens
#   a guest hears: good evening
# [..]
#     reactor.run()
# [..]
# [..]ReactorAlreadyRunning[..]
# [..]
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>What if you call <code>reactor.run()</code> while it runs, in a handler?</b></summary>
#
# That is another question, and has another answer: there is one loop, you are inside it, and it can't go on
# until you return. asyncio says *cannot be called from a running event loop*, Twisted and ours say that the
# reactor is running. One evening after the other is fine; one inside the other is not.
#
# As 14b\_run\_again/wrong/run\_in\_a\_handler printed:
#
# ```
# ReactorAlreadyRunning
# ```
#
# </details>

# %% [markdown]
# ## Example GTK Program
#
# - First of all the reactor, in the first lines of the program
# - Then windows and connections, in one thread and one loop
#
#   <img alt="A window: “hello from a window”, and below it a line to type in" src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAUAAAABZCAMAAAB44A1/AAACVVBMVEX29fRKT1C3uLjx8O90eHg4Pj5FSkzt7OtXXF7Cw8Pg4N8uNDbq6eirra1HTE7Z2drW19b08/KMj5B2eHqhoqNdYmI1OjxPVFZ7fn85PkA/RUaSlJX19PPs6+x7fX45P0F3envr6umEiIgzOTuho6TR0dBlaWo0OjzKysq6u7pYXV9ZXl/b29qLjY47QUKWmZnExcVBRkiUlpZiZmeYmpqMjo8yODrOzs68vb1fY2RPU1XBw8Li4eFlamtNUVNGS02+v77h4eCJi4xrb3DLy8tESUuoqqrU1NNobG2Dhoatr6/k5ONJTlDGxsfc3NtcYWI+REaChYXe3d23uLcwNjjNzs21trff3941Oz3Q0M+TlpZpbm9TV1lDSEq7u7vIyclgZGXY2NjPz89aX2CQk5Tp6OiUl5djZmjR0tHe3t2Ii4x5fH2GiYmprKzv7u20tbausK88QUPj4+I5PT+OkJGDh4eZnJxobW7m5eQvNTewsbJPU1Q9QkSztLSxsrOqrazDxMQ6QEKoqanw7+7V1tZmamxOUlRqbnCanZ3Nzczd3dy/wMCQkpNWW1yfoaI3PT89Q0XMzMsxNzl9gIJCSElna22Rk5Tl5OTV1tXAwsFzd3dSV1i/wcF6fH7T09NlaGltcXOFiIieoKHZ2dnS0tLu7eyBhIW4ubnv7+7o6OeKjI3V1dSYm5tLUFHFxsbs6ebZ1NDPycXNx8LZ1NHs6efj4N3Tzcnv7ev8/Pz////Uz8vj4N7Szcn7+/vu7Ov9/PzQysX8+/vs6ufSzcj8/Pvk4d7Z1dFX2DatAAADU0lEQVR42u2a11cTQRSHbwhF3SiJSBAEIyIkCCJgQbpUUQEBo6AoiICKDRULKAIqFmIviGIvYFcC0WAoApa/y90lu0n0JMBRHwy/7yFn5u69N2e/M5N5yBABAAAAAAAAAAAAAADA30Pi8tvcNiR1dXP3mGjXKVNtptMY2eQVOH2Gp3zCXRUEgQIzvf78S5xa4CxvpQ+74Txm+/rN8RcEBsxV+c4L5J7PD2KYBSQJDlFrhKAkdKE6LHxRhN9ivkOkt29UNDdYspRo2fIAkipjuC4rYpVx8UQJieokF1agudoqyUkEJq9MSY1SkFdaeHpGpiBwrvcqeWIW9zxgtatMShKfNWulQlCSnZO7Li+/YL2W39sbNhZGFm1iB5uLibZsLaFSXwXXxZ1r7E/F28q2l7MCzdVWSU4isIIokEmp1KYQ7dhpFijT7iKqYsK5hN17uKy9RGJQwq63fcr9RHHVQpfyA9xSPOh/qObwETp6jO8y2ri2jnUbysiEaqskJxF4nP1g5BpGpVIVnTALjNFyy6O+xCLwJJEYlDQQVWez47BGLqEpJPmU9jQ7OKNubjwbeY7OX+C7jDZu4ao8GZlQbZXkJAJd+Pcs1XrqdLoUs0AN/7YRFy0C2SwxyE2qkwSBucpLwbrLnECKzXS9Ir1aeK1FPIoY+XWuqoqRidWWJKcSWKtNF+cSl8ob7C+8rq7ARqAYtBXYkEzkn8ELrLh5q4xab9corAS2MXeI7jIysdqS5FQCqf2eJqHpvnCIPCh/2PzoMdkIFIO2AkvVOQVPaniB8e7sxn7q3kpWAikr5NnzWPYQEaotSc4lsKMzT530Qnj1l50Rbu2vfhEoBG0F0mtVfXQqL7AjKJ/oDfPWRmBbWs27924ysdqSBAAAAAAAAAAAAAAAAP+MD136buAAfY/Bkb+Pn4y9n4EDeo2mPvv+DP0DUDQWA/3212CXEX7GZrDHrkD9F+gZxy4esiuwG3bGQzcEQiAEQiAEQiAEQiAEQiAEQiAEQiAEQiAEQiAEQiAEQiAEQiAEAgiEwP9VoB4XY8aBgz/We3C1YxwY7V/tMJiG4Wcshk0j9q9n9X0dxC52yDej6bujC4KGniFconTE0I+RSX8LFwAAAAAAAADAJOcnUMfxqBCtZHsAAAAASUVORK5CYII=">

# %% [markdown]
# First of all the program installs the reactor for GTK. Then it makes windows and connections, in any order
# you like; then it calls `run`, which runs GTK's loop with our sockets in it. When the user closes the
# window, it calls `reactor.stop`. In 2003 this slide had GTK 1, which has gone to its rest; the shape of the
# program is the same. GTK 4 differs in how a box is filled, and in nothing that concerns us.
#
# Think about what is *not* here. There is no thread for the network, no queue between it and the window, no
# "please update the label from the main thread". The handler of the entry writes to the transport,
# `dataReceived` changes the label: one loop calls both, one at a time. A dialog that waits for its answer
# doesn't stop the network either: GTK runs a loop inside the loop, and our sockets are in that one too.
#
# The old trap stays: a handler that takes long freezes both the window and the network.

# %% [markdown]
# The slide shows `install` in `15_gtk/window.py`:
#
# ```python
# from reactor import gireactor
#
# gireactor.install()
# ```

# %% [markdown]
# The slide shows `talk` in `15_gtk/window.py`:
#
# ```python
# class Talk(Protocol):
#     def connectionMade(self):
#         entry.connect("activate", self.send)
#         self.transport.write(b"hello from a window")
#
#     def send(self, entry):
#         self.transport.write(entry.get_text().encode())
#
#     def dataReceived(self, data):
#         label.set_text(data.decode())
#         print("the label says:", label.get_text())
# ```

# %% [markdown]
# The slide shows `window` in `15_gtk/window.py`:
#
# ```python
# window = Gtk.Window(title="Echo", default_width=320)
# label, entry = Gtk.Label(label="nothing yet"), Gtk.Entry()
# box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=12, margin=12)
# box.add(label)
# box.add(entry)
# window.add(box)
# window.connect("destroy", lambda window: reactor.stop())
# window.show_all()
# reactor.connectTCP("127.0.0.1", 7799, Calling.forProtocol(Talk))
# reactor.run()
# ```

# %% [markdown]
# The slide shows `listen` in `15_gtk/server.py`:
#
# ```python
# reactor.listenTCP(7799, Factory.forProtocol(Echo))
# ```

# %% [markdown]
# The session of `15_gtk` needs a machine: it is in the notebook of its part, at “Example GTK Program”.

# %% [markdown] tags=["question"]
# <details><summary><b>You type a word and press Enter, the server echoes it, and the label changes. How many threads did that
# take?</b></summary>
#
# The one that was there. The same loop has seen a key, a socket that can be written, a socket that can be
# read, and a label to draw.
#
# As 15\_gtk printed:
#
# ```
# the label says: hello from a window
# ```
#
# </details>

# %% [markdown]
# ## Learning more about networking and scheduling
#
# - `reactor/interfaces/`: what reactor, transport, protocol and producer promise one another
# - The source: `docs/READING.md` begins with the loop and TCP, an evening's reading
# - Twisted's documentation: [https://docs.twisted.org/](<https://docs.twisted.org/>)
# - Python's own `selectors`, `socket` and `asyncio`
# - W. Richard Stevens, “UNIX Network Programming”, for everything below

# %% [markdown]
# End of part 2. You've seen all that a small network program needs: a loop, protocols, factories, clients
# that don't despair, and data that flows no faster than it is read.
#
# To go on, read `interfaces/` first. It holds the promises and none of the machinery: who calls which method
# when, and what you may rely on afterwards. Then take the first evening of `docs/READING.md`, which follows
# one echo through the source. A test counts how many functions you have to read for an echo, and fails when
# there are too many.
#
# The names are Twisted's, so its documentation explains this library too, and shows how far one can go. And
# what happens below `socket` is in Stevens: older than this talk, and still right about nearly everything.

# %% [markdown] tags=["question"]
# <details><summary><b>Take the chat server, and make it drop guests who have said nothing for a minute. What do you need?</b></summary>
#
# One `callLater`, one `reset`, and a slide that you have seen. `TimeoutMixin`, in part 4, is those two with a
# name.
#
# As 43\_policies printed:
#
# ```
# somebody has fallen asleep
# ```
#
# </details>

# %% [markdown]
# ## Exercises
#
# Each cell shows a task, and puts its program into a cell below, to be mended and run there.

# %%
# %exercise 1

# %%
# %exercise 2

# %%
# %exercise 3

# %%
# %exercise 4

# %%
# %exercise 29

# %%
# %exercise 30

# %%
# %exercise 31

# %%
# %exercise 38

# %%
# %exercise 39
