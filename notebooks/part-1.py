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
# # The Tutorial of Doom
#
# The programs in this notebook are yours to change. A cell that begins with `%%program` saves a program into a folder of
# your own; a cell that begins with `%%session` types commands into a terminal there, and shows below it what the programs
# printed. They are real processes, and talk over this machine's own network. What you see now is what came when the
# notebook was made; if your programs do something else, the cell says what. `%%original` above the text of a cell brings
# back what it was.
#
# The next cell teaches this notebook these words. If it finds no `lecture`, type
# `pip install --editable ".[notebooks]"` into a terminal first, in a clone of the repository.

# %%
# %reload_ext lecture.notebook

# %% [markdown]
# ## Part 1 – Introduction

# %% [markdown]
# Welcome. In the next quarter of an hour we answer one question: a program has many conversations going on at
# the same time, most of them silent most of the time. Who waits?
#
# There are several answers, and people get heated about them. We look at two, with the help of a restaurant,
# and then stay with one of them for the rest of the day.
#
# One promise before we start: every program that you will see ran when these slides were built, and every
# output is what it printed then. If a slide is wrong, it is wrong honestly.

# %% [markdown] tags=["question"]
# <details><summary><b>Who has written a program that used a socket? A thread? A thread that worked?</b></summary>
#
# Fewer hands each time, as a rule. The third question is unfair: a thread that works looks just like one that
# has not failed yet.
#
# </details>

# %% [markdown]
# ## Choosing a networking paradigm for the enterprise
#
# - Event driven: one loop, which handles whatever happens
# - <strong class="bad">Threads</strong>: one for each conversation, each waiting on its own
# - Coroutines: look like threads, run on an event loop
# - Others, which we will ignore: processes, actors, hope

# %% [markdown]
# The word *enterprise* is here so that you can show this slide to somebody who pays for things.
#
# Processes are sturdy but heavy, and each operating system wants its own code for them. We leave them to the
# web servers of the nineties.
#
# The third line was not on this slide in 2003. `async` and `await` have since become part of Python, and
# people call them a paradigm of their own. Look underneath and you find an event loop, the very thing we are
# going to build: at each `await` the function can hand control back to the loop. So if you write `await`
# tomorrow, nothing that you learn today is lost. You will merely know what it does.

# %% [markdown] tags=["question"]
# <details><summary><b>What is your web framework doing while it waits for the database?</b></summary>
#
# One of two things. Either a thread of its own sleeps until the answer is there, and you pay for the bed. Or
# the framework runs on a loop, which serves the others meanwhile. In part 4 a waiter walks past an oven three
# times before the bread is done: that is the second kind.
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
# ## Applied Bistromathics 101
#
# - A network application is a restaurant
# - A customer is a connection, an order is a request
# - The kitchen is everything slow that happens elsewhere: a disk, a database, another continent
# - The waiter is our processor's time
# - An evening: six tables, and every dish costs seven

# %% [markdown]
# It is a metaphor, so let us agree on who is who. Customers come in and ask the waiters for things; waiters
# take the orders, and the kitchen takes its time. Of all these people it is the waiter whom we pay.
#
# Notice how little of an evening in a restaurant is work for a waiter. The guests stay for two hours, and
# nearly all of that is cooking and chewing. A network server is like that: most of the time, on most of its
# connections, nothing happens.
#
# The next two programs serve the same evening: six tables, one dish for each, and every dish costs seven. So
# we know how much money ought to be in the till at the end.

# %% [markdown] tags=["question"]
# <details><summary><b>How much money ought to be in the till at the end?</b></summary>
#
# Six tables, seven each: forty-two. The first of the two programs gets there.
#
# As 01\_restaurant printed:
#
# ```
# in the till: 42 of 42
# ```
#
# </details>

# %% [markdown]
# ## The event driven waiter
#
# - One waiter, all tables
# - Takes an order to the kitchen, and does not wait there
# - Takes food to a table, and does not watch them eat

# %% [markdown]
# Here is the whole idea of this tutorial, in a dozen lines. There is a queue of things that have happened.
# The waiter takes the next one, does the little that it needs, and comes back for another one.
#
# Look at the `hungry` branch: the waiter takes the order to the kitchen, and doesn't come back with food.
# What comes, later, is another event: `cooked`. That is the habit to learn: never stand and wait; say what is
# to be done once the event has come.
#
# The trap is in the same place. If one handler stands in the kitchen for ten minutes, all the tables wait,
# not only the table that it serves. One waiter is efficient only as long as every handler is short.

# %% [markdown]
# The slide shows `evening` in `01_restaurant/evening.py`:

# %% active="ipynb"
# %%program 01_restaurant/evening.py
# """An evening in the restaurant: who sits where, and what they want."""
#
# # [evening]
# PRICE = 7  # of any dish: this is a lecture on networking
#
# ORDERS = {
#     "table 1": "soup",
#     "table 2": "fish",
#     "table 3": "omelette",
#     "table 4": "beans",
#     "table 5": "the other soup",
#     "table 6": "whatever table 2 is having",
# }
# # [/evening]

# %% [markdown]
# The slide shows `evening` in `01_restaurant/one_waiter.py`:

# %% active="ipynb"
# %%program 01_restaurant/one_waiter.py
# """The evening, with one waiter who never waits."""
#
# from collections import deque
#
# from evening import ORDERS, PRICE
#
# # [evening]
# till = 0
# events = deque(("hungry", table) for table in ORDERS)
#
# while events:
#     what, table = events.popleft()
#     if what == "hungry":
#         # The kitchen will call. Meanwhile, the next table.
#         events.append(("cooked", table))
#     elif what == "cooked":
#         events.append(("finished", table))
#     elif what == "finished":
#         till += PRICE
# # [/evening]
#
# print("waiters on the payroll:", 1)
# print("in the till:", till, "of", PRICE * len(ORDERS))

# %% [markdown] tags=["question"]
# <details><summary><b>Who has used a program like this today?</b></summary>
#
# All of you: every window with a button in it has such a loop behind it. In part 2 we share the loop of one.
#
# As 15\_gtk printed:
#
# ```
# the label says: hello from a window
# ```
#
# </details>

# %% [markdown]
# ## Threads (a caricature)
#
# - <strong class="bad">One waiter for each table</strong>
#   - <strong class="bad">expensive</strong>
#   - <strong class="bad">they need to be careful not to bump into each other</strong>

# %% [markdown]
# This is a caricature: real threads are not that stupid. But a good cartoonist exaggerates something that is
# there.
#
# Two things are there. Every waiter costs something even when idle: a stack, a place in the scheduler. And
# all waiters share the till. Look at `serve`. It reads the till, and later writes what it has read plus
# seven. Between these two lines another waiter may do the same, and then one of the payments is gone.
#
# In life this happens rarely, which is the bad news: it happens on a Friday, to a customer. So the program
# forces the unlucky moment with a barrier: all six waiters have read the till, and none has paid in. The till
# ends with seven instead of forty-two, every single time.
#
# A lock repairs it. Then the waiters queue for the till, one after the other.

# %% [markdown]
# The slide shows `serve` in `01_restaurant/waiter_per_table.py`:

# %% active="ipynb"
# %%program 01_restaurant/waiter_per_table.py
# """The same evening, with a thread for each table."""
#
# from threading import Barrier, Thread
#
# from evening import ORDERS, PRICE
#
# till = 0
# unlucky_moment = Barrier(len(ORDERS))  # the interleaving that happens once a month, every time
#
#
# def serve():
#     global till
#     seen = till
#     unlucky_moment.wait()  # all have looked, none has paid in
#     till = seen + PRICE
#
#
# waiters = [Thread(target=serve) for table in ORDERS]
# for waiter in waiters:
#     waiter.start()
# for waiter in waiters:
#     waiter.join()
#
# print("waiters on the payroll:", len(waiters))
# print("in the till:", till, "of", PRICE * len(ORDERS))

# %% active="ipynb"
# %%session 01_restaurant
# # The same evening twice: with one waiter, then with a thread for each table.
# $ python one_waiter.py
# $ python waiter_per_table.py

# %% [markdown] tags=["question"]
# <details><summary><b>With a lock around the till it holds forty-two again. What have we got when six waiters do one thing at a
# time?</b></summary>
#
# One waiter, and five salaries.
#
# As 01\_restaurant printed:
#
# ```
# waiters on the payroll: 6
# in the till: 7 of 42
# ```
#
# </details>

# %% [markdown]
# ## When do we want threads?
#
# - For calls that block, take long, and come in no other form
# - The classic: a database driver that waits for its answer
# - Files and name look-ups: operating systems still make us wait for these
# - Heavy computing belongs in processes, or in threads on a Python without the big lock

# %% [markdown]
# Having been rude about threads, let us be fair. Some functions wait, and no pleading makes them return
# early: a database driver written in C, `getaddrinfo`, reading a file from a disk that has gone to sleep. If
# a handler called one of them, every connection would wait.
#
# So a loop keeps a few threads in the back room. It hands them the blocking call, and the result comes back
# as an event like any other. One rule makes this safe: threads touch nothing that belongs to the loop, and
# speak to it through one door only. We come to that door in part 4.
#
# Computing is another matter. While a handler computes, nothing else runs, so move long sums elsewhere. Since
# Python 3.13 there is a build without the global lock, in which threads really compute side by side; with any
# other Python, use processes.

# %% [markdown] tags=["question"]
# <details><summary><b>Which calls in your program can block? Are you sure?</b></summary>
#
# Candidates: looking up a name, reading a file, a database driver, `requests.get`, a child process that you
# wait for, a log on a full disk, and `sleep`. You need not be sure: in part 4 a program in debug mode tells
# which handler held the loop, and at which line.
#
# As 57\_debug printed:
#
# ```
# a handler held the loop for 0.[..] s: after 100 ms it was at slow.py:15 in think
# ```
#
# </details>

# %% [markdown]
# ## Twisted: The Framework of Your Internet
#
# <figure class="drawing">
# <img alt="What stands on the reactor. Four layers. At the bottom the operating system with its sockets, clock and signals. On it the reactor, the event loop, with its pollers and timers. On the reactor the transports: TCP, TLS, UNIX sockets, UDP and serial lines. On the transports the protocols: echo and chat, which are ours, and HTTP, SMTP, IMAP, DNS, SSH and IRC. On top the applications, with services, configuration and logs. The first two parts of the talk go up to our own protocols." src="data:image/svg+xml;base64,PHN2ZyBzdHlsZT0iY29sb3I6IzFjMjQzMDtiYWNrZ3JvdW5kOiNmZmYiIHhtbG5zPSJodHRwOi8vd3d3LnczLm9yZy8yMDAwL3N2ZyIgdmlld0JveD0iMCAwIDk2MCA0NzAiIHJvbGU9ImltZyIgYXJpYS1sYWJlbGxlZGJ5PSJvdmVydmlldy10aXRsZSBvdmVydmlldy1kZXNjIiBmb250LWZhbWlseT0ic3lzdGVtLXVpLCBzYW5zLXNlcmlmIiB0ZXh0LWFuY2hvcj0ibWlkZGxlIiBmaWxsPSJjdXJyZW50Q29sb3IiPgogIDx0aXRsZSBpZD0ib3ZlcnZpZXctdGl0bGUiPldoYXQgc3RhbmRzIG9uIHRoZSByZWFjdG9yPC90aXRsZT4KICA8ZGVzYyBpZD0ib3ZlcnZpZXctZGVzYyI+Rm91ciBsYXllcnMuIEF0IHRoZSBib3R0b20gdGhlIG9wZXJhdGluZyBzeXN0ZW0gd2l0aCBpdHMgc29ja2V0cywgY2xvY2sgYW5kIHNpZ25hbHMuIE9uIGl0IHRoZSByZWFjdG9yLCB0aGUgZXZlbnQgbG9vcCwgd2l0aCBpdHMgcG9sbGVycyBhbmQgdGltZXJzLiBPbiB0aGUgcmVhY3RvciB0aGUgdHJhbnNwb3J0czogVENQLCBUTFMsIFVOSVggc29ja2V0cywgVURQIGFuZCBzZXJpYWwgbGluZXMuIE9uIHRoZSB0cmFuc3BvcnRzIHRoZSBwcm90b2NvbHM6IGVjaG8gYW5kIGNoYXQsIHdoaWNoIGFyZSBvdXJzLCBhbmQgSFRUUCwgU01UUCwgSU1BUCwgRE5TLCBTU0ggYW5kIElSQy4gT24gdG9wIHRoZSBhcHBsaWNhdGlvbnMsIHdpdGggc2VydmljZXMsIGNvbmZpZ3VyYXRpb24gYW5kIGxvZ3MuIFRoZSBmaXJzdCB0d28gcGFydHMgb2YgdGhlIHRhbGsgZ28gdXAgdG8gb3VyIG93biBwcm90b2NvbHMuPC9kZXNjPgogIDxzdHlsZT4KICAgIC5vdmVydmlldy1ib3ggeyBmaWxsOiAjN2Y4ZWEzOyBmaWxsLW9wYWNpdHk6IC4xNjsgc3Ryb2tlOiBjdXJyZW50Q29sb3I7IHN0cm9rZS1vcGFjaXR5OiAuNTU7IHN0cm9rZS13aWR0aDogMS41IH0KICAgIC5vdmVydmlldy1sb29wIHsgZmlsbDogdmFyKC0tZG9vbSwgI2Q5NTcyYik7IHN0cm9rZTogbm9uZSB9CiAgICAub3ZlcnZpZXctdG9kYXkgeyBmaWxsOiB2YXIoLS1kb29tLCAjZDk1NzJiKTsgZmlsbC1vcGFjaXR5OiAuMjsgc3Ryb2tlOiB2YXIoLS1kb29tLCAjZDk1NzJiKTsgc3Ryb2tlLXdpZHRoOiAyIH0KICAgIC5vdmVydmlldy1sYXllciB7IGZvbnQtc2l6ZTogMTlweDsgZm9udC13ZWlnaHQ6IDYwMDsgdGV4dC1hbmNob3I6IGVuZCB9CiAgICAub3ZlcnZpZXctbmFtZSB7IGZvbnQtc2l6ZTogMjBweCB9CiAgICAub3ZlcnZpZXctc21hbGwgeyBmb250LXNpemU6IDE1cHg7IG9wYWNpdHk6IC44IH0KICAgIC5vdmVydmlldy1vbiB7IGZpbGw6IHZhcigtLW9uLWRvb20sICNmZmYpOyBvcGFjaXR5OiAxIH0KICA8L3N0eWxlPgogIDxnIGNsYXNzPSJvdmVydmlldy1sYXllciI+CiAgICA8dGV4dCB4PSIxNDgiIHk9IjUzIj5hcHBsaWNhdGlvbnM8L3RleHQ+CiAgICA8dGV4dCB4PSIxNDgiIHk9IjE1MyI+cHJvdG9jb2xzPC90ZXh0PgogICAgPHRleHQgeD0iMTQ4IiB5PSIyNTMiPnRyYW5zcG9ydHM8L3RleHQ+CiAgICA8dGV4dCB4PSIxNDgiIHk9IjM1MyI+cmVhY3RvcjwvdGV4dD4KICAgIDx0ZXh0IHg9IjE0OCIgeT0iNDM3Ij5zeXN0ZW08L3RleHQ+CiAgPC9nPgogIDxnPgogICAgPHJlY3QgY2xhc3M9Im92ZXJ2aWV3LWJveCIgeD0iMTcwIiB5PSIxMCIgd2lkdGg9Ijc3MCIgaGVpZ2h0PSI3NCIgcng9IjEwIi8+CiAgICA8dGV4dCBjbGFzcz0ib3ZlcnZpZXctbmFtZSIgeD0iNTU1IiB5PSI0MiI+eW91ciBhcHBsaWNhdGlvbjwvdGV4dD4KICAgIDx0ZXh0IGNsYXNzPSJvdmVydmlldy1zbWFsbCIgeD0iNTU1IiB5PSI2OCI+c2VydmljZXMgwrcgY29uZmlndXJhdGlvbiDCtyBsb2dzIMK3IGEgcnVubmVyPC90ZXh0PgogIDwvZz4KICA8ZyBjbGFzcz0ib3ZlcnZpZXctbmFtZSI+CiAgICA8cmVjdCBjbGFzcz0ib3ZlcnZpZXctdG9kYXkiIHg9IjE3MCIgeT0iMTEwIiB3aWR0aD0iMTA0IiBoZWlnaHQ9Ijc0IiByeD0iMTAiLz48dGV4dCB4PSIyMjIiIHk9IjE1NCI+ZWNobzwvdGV4dD4KICAgIDxyZWN0IGNsYXNzPSJvdmVydmlldy10b2RheSIgeD0iMjgxIiB5PSIxMTAiIHdpZHRoPSIxMDQiIGhlaWdodD0iNzQiIHJ4PSIxMCIvPjx0ZXh0IHg9IjMzMyIgeT0iMTU0Ij5jaGF0PC90ZXh0PgogICAgPHJlY3QgY2xhc3M9Im92ZXJ2aWV3LWJveCIgeD0iMzkyIiB5PSIxMTAiIHdpZHRoPSIxMDQiIGhlaWdodD0iNzQiIHJ4PSIxMCIvPjx0ZXh0IHg9IjQ0NCIgeT0iMTU0Ij5IVFRQPC90ZXh0PgogICAgPHJlY3QgY2xhc3M9Im92ZXJ2aWV3LWJveCIgeD0iNTAzIiB5PSIxMTAiIHdpZHRoPSIxMDQiIGhlaWdodD0iNzQiIHJ4PSIxMCIvPjx0ZXh0IHg9IjU1NSIgeT0iMTU0Ij5tYWlsPC90ZXh0PgogICAgPHJlY3QgY2xhc3M9Im92ZXJ2aWV3LWJveCIgeD0iNjE0IiB5PSIxMTAiIHdpZHRoPSIxMDQiIGhlaWdodD0iNzQiIHJ4PSIxMCIvPjx0ZXh0IHg9IjY2NiIgeT0iMTU0Ij5TU0g8L3RleHQ+CiAgICA8cmVjdCBjbGFzcz0ib3ZlcnZpZXctYm94IiB4PSI3MjUiIHk9IjExMCIgd2lkdGg9IjEwNCIgaGVpZ2h0PSI3NCIgcng9IjEwIi8+PHRleHQgeD0iNzc3IiB5PSIxNTQiPklSQzwvdGV4dD4KICAgIDxyZWN0IGNsYXNzPSJvdmVydmlldy1ib3giIHg9IjgzNiIgeT0iMTEwIiB3aWR0aD0iMTA0IiBoZWlnaHQ9Ijc0IiByeD0iMTAiLz48dGV4dCB4PSI4ODgiIHk9IjE1NCI+RE5TPC90ZXh0PgogIDwvZz4KICA8ZyBjbGFzcz0ib3ZlcnZpZXctbmFtZSI+CiAgICA8cmVjdCBjbGFzcz0ib3ZlcnZpZXctdG9kYXkiIHg9IjE3MCIgeT0iMjEwIiB3aWR0aD0iMjE1IiBoZWlnaHQ9Ijc0IiByeD0iMTAiLz48dGV4dCB4PSIyNzciIHk9IjI1NCI+VENQPC90ZXh0PgogICAgPHJlY3QgY2xhc3M9Im92ZXJ2aWV3LWJveCIgeD0iMzkyIiB5PSIyMTAiIHdpZHRoPSIxMDQiIGhlaWdodD0iNzQiIHJ4PSIxMCIvPjx0ZXh0IHg9IjQ0NCIgeT0iMjU0Ij5UTFM8L3RleHQ+CiAgICA8cmVjdCBjbGFzcz0ib3ZlcnZpZXctYm94IiB4PSI1MDMiIHk9IjIxMCIgd2lkdGg9IjIxNSIgaGVpZ2h0PSI3NCIgcng9IjEwIi8+PHRleHQgeD0iNjEwIiB5PSIyNTQiPlVOSVggc29ja2V0czwvdGV4dD4KICAgIDxyZWN0IGNsYXNzPSJvdmVydmlldy1ib3giIHg9IjcyNSIgeT0iMjEwIiB3aWR0aD0iMTA0IiBoZWlnaHQ9Ijc0IiByeD0iMTAiLz48dGV4dCB4PSI3NzciIHk9IjI1NCI+c2VyaWFsPC90ZXh0PgogICAgPHJlY3QgY2xhc3M9Im92ZXJ2aWV3LWJveCIgeD0iODM2IiB5PSIyMTAiIHdpZHRoPSIxMDQiIGhlaWdodD0iNzQiIHJ4PSIxMCIvPjx0ZXh0IHg9Ijg4OCIgeT0iMjU0Ij5VRFA8L3RleHQ+CiAgPC9nPgogIDxnPgogICAgPHJlY3QgY2xhc3M9Im92ZXJ2aWV3LWxvb3AiIHg9IjE3MCIgeT0iMzEwIiB3aWR0aD0iNzcwIiBoZWlnaHQ9Ijc0IiByeD0iMTAiLz4KICAgIDx0ZXh0IGNsYXNzPSJvdmVydmlldy1uYW1lIG92ZXJ2aWV3LW9uIiB4PSI1NTUiIHk9IjM0MiIgZm9udC13ZWlnaHQ9IjcwMCI+dGhlIGV2ZW50IGxvb3A8L3RleHQ+CiAgICA8dGV4dCBjbGFzcz0ib3ZlcnZpZXctc21hbGwgb3ZlcnZpZXctb24iIHg9IjU1NSIgeT0iMzY4Ij53aG8gaXMgcmVhZHk/IMK3IHdoYXQgaXMgZHVlPyDCtyBjYWxsIHRoZW08L3RleHQ+CiAgPC9nPgogIDxnPgogICAgPHJlY3QgY2xhc3M9Im92ZXJ2aWV3LWJveCIgeD0iMTcwIiB5PSI0MDQiIHdpZHRoPSI3NzAiIGhlaWdodD0iNTQiIHJ4PSIxMCIvPgogICAgPHRleHQgY2xhc3M9Im92ZXJ2aWV3LW5hbWUiIHg9IjU1NSIgeT0iNDM4Ij5zb2NrZXRzIMK3IGNsb2NrIMK3IHNpZ25hbHM8L3RleHQ+CiAgPC9nPgo8L3N2Zz4=">&#10;
# </figure>

# %% [markdown]
# Read this from the bottom. The lowest layer is the operating system, which offers sockets, a clock and
# signals. On it stands the reactor, the event loop: it calls everything that stands above it.
#
# Transports move bytes. Protocols give the bytes a meaning. On top are services and applications, which have
# users, configuration and logs.
#
# This talk was first given about Twisted, in 2003, and the slide has kept its title. The programs on our
# slides use a small library named `reactor` instead. Its core, the loop and TCP, is an evening's reading:
# `docs/READING.md` has the files in order, and a test keeps them below three thousand lines. The library uses
# Twisted's names on purpose: change the import lines, and nearly all of the programs run on Twisted.
#
# Today we climb as far as the protocols; applications are part 3.

# %% [markdown] tags=["question"]
# <details><summary><b>Where in this picture would you put the web framework that you use? And who calls it?</b></summary>
#
# At the top, among the applications. A protocol calls it, HTTP, each time that a whole request has arrived,
# and the protocol is called by a transport. In part 3 a program with a page to serve never asks for one; it
# is asked.
#
# As 23\_web printed:
#
# ```
# <h1>It works!</h1>
# ```
#
# </details>

# %% [markdown] tags=["of-this-build"]
# ## Project Stats
#
# - Version 0.1.0, MIT licence; Python 3.11 or newer, wherever there is epoll, kqueue, poll or select
# - Its core, to read in an evening: 17 files, 2,773 lines; needs the standard library alone
# - Beside it mail 9,385, web 6,604, protocols 5,527, names 5,100 … 78,102 lines in all; the lecture about it 22,947
# - Programs run by this build: 130, tests: 6,441
# - Commits: 960 by 2 authors, the first on 23 November 2026
# - The library whose names it has: [https://twisted.org/](<https://twisted.org/>)

# %% [markdown]
# Nobody typed these numbers. The build counted them in its own repository, a moment before it wrote this
# page: version, licence and Python from the package's metadata, files and lines from the source, commits from
# git. What it cannot find out, it leaves out: an installed package has no git history, for example.
#
# In 2003 this slide said: version 1.0.3, about twenty developers, started in January 2000 by Glyph Lefkowitz.
# Those were Twisted's figures, and Twisted is still there, with rather more of everything. If you need an
# event-driven framework for something that matters, use Twisted. If you want to know how one works, stay
# seated.
#
# Look at the line about the core: that is the part to read, in the order of `docs/READING.md`, and it imports
# the standard library and nothing else. The next line counts what stands beside and above it, the largest
# parts by themselves; you need none of them to understand the core.

# %% [markdown] tags=["question"]
# <details><summary><b>How many lines would you guess that an event loop needs?</b></summary>
#
# Fewer than fit on a slide. “Basic Definitions – Reactor” in part 2 shows a whole one, and this is what it
# does with two customers.
#
# As 02\_event\_loop printed:
#
# ```
# second customer: soup
# first customer: fish
# ```
#
# </details>
