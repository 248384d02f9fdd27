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
# ## Part 4: Further Bits and Pieces

# %% [markdown]
# You could go home now and write a server. This part is for those who stay: it shows what else the library
# has in its drawers, in a slide or two each, with a program that you can take away.
#
# None of it changes what you know. There is still one loop, and still no handler may block it. What follows
# are other things to wait for, and nicer ways to say what happens afterwards.
#
# Pick what you need. Hardly anything depends on what comes before it. Deferreds are the exception: they turn
# up everywhere.

# %% [markdown] tags=["question"]
# <details><summary><b>What have you missed so far?</b></summary>
#
# Write it down; with some luck there is a slide for it. If there isn't, `docs/guides` may have it, and after
# that the issue tracker has room.
#
# </details>

# %% [markdown]
# ## Other twisted.internet Features
#
# - UDP: one datagram at a time, to whom you like (`listenUDP`)
# - Multicast: one datagram to all who have joined (`listenMulticast`)
# - UNIX sockets: streams and datagrams within one machine, and open files on top
# - Serial lines, and child processes: not on the network at all, and still transports
# - Threads: for what blocks and can't be helped

# %% [markdown]
# All of these are sources of events, so all of them fit into the same loop, beside the TCP connections that
# you have already. That is the point of this slide. The next ones take them one by one.
#
# You have met UNIX sockets: they are streams, so the echo server did not notice. They can do two more things.
# They carry datagrams too. And over them a process can send an open file to another process, or a connection
# that it has accepted: `sendFileDescriptor` at one end, `fileDescriptorReceived` at the other. That is how a
# server hands its customers over to its successor without hanging up on them.
#
# The others have less in common with TCP. A datagram has no connection, a serial line has no address, and a
# child process has an exit status, as we all do.

# %% [markdown] tags=["question"]
# <details><summary><b>For which of these would you have used a thread, or a loop with a sleep in it?</b></summary>
#
# Most people: for the serial line and the child process, because the libraries that they know wait there. The
# loop waits for them as it does for a socket.
#
# As 46\_children printed:
#
# ```
# arthur
# marvin
# zaphod
# sorted, exit code 0
# ```
#
# </details>

# %% [markdown]
# ## Other twisted.internet Features – UDP
#
# - A datagram comes whole, or not at all, and perhaps twice
# - No connection, so no factory: one protocol serves the port

# %% [markdown]
# `datagramReceived` gets one message, exactly as it was sent, and the sender's address. You answer with
# `write(datagram, address)`. There is nothing else: no buffer, no producers, no `connectionLost`, because
# there is nothing to lose.
#
# Well, nothing but the messages. The network doesn't tell you when it has lost one, and the kitchen on this
# slide ignores each guest's first message on purpose. So the guest keeps a timer: ask, wait, ask again, each
# time more patiently. Wait, repeat, number your messages, and in the end you have built TCP again. So stop
# early.
#
# `connect` sends nothing. It only tells the kernel that there is one peer. The kernel then drops datagrams
# from others, and if no program listens at the peer's port, we hear of it: `connectionRefused`.
#
# UDP is good for names, clocks, games, voices: wherever a late answer is no answer.

# %% [markdown]
# The slide shows `Guest` in `40_udp/client.py`:

# %% active="ipynb"
# %%program 40_udp/client.py
# """Ask the kitchen, and ask again if nothing comes."""
#
# from reactor import reactor
# from reactor.protocol import DatagramProtocol
#
#
# class Guest(DatagramProtocol):
#     def startProtocol(self):
#         self.transport.connect("127.0.0.1", 7785)
#         self.ask(patience=0.2)
#
#     def ask(self, patience):
#         print("which soup is it today?")
#         self.transport.write(b"soup?")
#         self.again = reactor.callLater(patience, self.ask, patience * 10)
#
#     def datagramReceived(self, datagram, kitchen):
#         print(datagram.decode())
#         self.again.cancel()
#         reactor.stop()
#
#
# reactor.listenUDP(0, Guest())
# reactor.run()

# %% [markdown]
# The slide shows `Kitchen.datagramReceived` in `40_udp/server.py`:

# %% active="ipynb"
# %%program 40_udp/server.py
# """A kitchen that answers questions, but ignores each guest's first one."""
#
# from reactor import reactor
# from reactor.protocol import DatagramProtocol
#
#
# class Kitchen(DatagramProtocol):
#     def startProtocol(self):
#         self.guests = set()
#
#     def datagramReceived(self, datagram, guest):
#         if guest not in self.guests:
#             self.guests.add(guest)
#             print("was that a question?")
#             return
#         print("answering", datagram.decode())
#         self.transport.write(b"tomato", guest)
#
#
# reactor.listenUDP(7785, Kitchen())
# print("listening on UDP port 7785")
# reactor.run()

# %% active="ipynb"
# %%session 40_udp
# # A question gets lost, as datagrams may, and is asked again.
# $ python server.py &
# $ python client.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: A question is asked once</summary>
#
# The datagram is lost, nobody says so, and the guest waits for ever.
#
# `40_udp/wrong/asked_once/client.py`:
#
# ```diff
#       def ask(self, patience):
#           print("which soup is it today?")
#           self.transport.write(b"soup?")
# -         self.again = reactor.callLater(patience, self.ask, patience * 10)
#
#       def datagramReceived(self, datagram, kitchen):
#           print(datagram.decode())
# -         self.again.cancel()
#           reactor.stop()
# ```
#
# ```console
# $ python server.py &
# listening on UDP port 7785
# was that a question?
# $ python client.py
# which soup is it today?
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>The guest asked twice. What if both questions had got through, and it had been an order, not a question?</b></summary>
#
# They did get through: the server heard the first one, and chose to ignore it. Had it been an order, there
# would be two soups. So number your orders, and let the kitchen remember which numbers it has cooked.
#
# As 40\_udp printed:
#
# ```
# was that a question?
# answering soup?
# ```
#
# </details>

# %% [markdown]
# ## UDP, as it happened
#
# <figure class="drawing wide">
# <img alt="The first question is ignored, the second is answered. 2 programs: server.py, client.py. 1. server.py: listening on UDP port 7785. 2. client.py: which soup is it today?. 3. client.py to server.py: soup?. 4. server.py: was that a question?. 5. client.py: 0.21 s: Guest.ask. 6. client.py: which soup is it today?. 7. client.py to server.py: soup?. 8. server.py: answering soup?. 9. server.py to client.py: tomato. 10. client.py: tomato." src="data:image/svg+xml;base64,PHN2ZyBzdHlsZT0iY29sb3I6IzFjMjQzMDtiYWNrZ3JvdW5kOiNmZmYiIHhtbG5zPSJodHRwOi8vd3d3LnczLm9yZy8yMDAwL3N2ZyIgY2xhc3M9InNlcXVlbmNlLTQwLXVkcCIgdmlld0JveD0iMCAwIDM4MCA0MzkiIHdpZHRoPSIzODAiIGhlaWdodD0iNDM5IiByb2xlPSJpbWciIGFyaWEtbGFiZWxsZWRieT0ic2VxdWVuY2UtNDAtdWRwLXRpdGxlIHNlcXVlbmNlLTQwLXVkcC10ZXh0Ij4KPHRpdGxlIGlkPSJzZXF1ZW5jZS00MC11ZHAtdGl0bGUiPlRoZSBmaXJzdCBxdWVzdGlvbiBpcyBpZ25vcmVkLCB0aGUgc2Vjb25kIGlzIGFuc3dlcmVkPC90aXRsZT4KPGRlc2MgaWQ9InNlcXVlbmNlLTQwLXVkcC10ZXh0Ij4yIHByb2dyYW1zOiBzZXJ2ZXIucHksIGNsaWVudC5weS4gMS4gc2VydmVyLnB5OiBsaXN0ZW5pbmcgb24gVURQIHBvcnQgNzc4NS4gMi4gY2xpZW50LnB5OiB3aGljaCBzb3VwIGlzIGl0IHRvZGF5Py4gMy4gY2xpZW50LnB5IHRvIHNlcnZlci5weTogc291cD8uIDQuIHNlcnZlci5weTogd2FzIHRoYXQgYSBxdWVzdGlvbj8uIDUuIGNsaWVudC5weTogMC4yMSBzOiBHdWVzdC5hc2suIDYuIGNsaWVudC5weTogd2hpY2ggc291cCBpcyBpdCB0b2RheT8uIDcuIGNsaWVudC5weSB0byBzZXJ2ZXIucHk6IHNvdXA/LiA4LiBzZXJ2ZXIucHk6IGFuc3dlcmluZyBzb3VwPy4gOS4gc2VydmVyLnB5IHRvIGNsaWVudC5weTogdG9tYXRvLiAxMC4gY2xpZW50LnB5OiB0b21hdG8uPC9kZXNjPgo8c3R5bGU+Ci5zZXF1ZW5jZS00MC11ZHAgdGV4dCB7IGZvbnQ6IDEzcHggc3lzdGVtLXVpLCBzYW5zLXNlcmlmOyBmaWxsOiBjdXJyZW50Q29sb3IgfQouc2VxdWVuY2UtNDAtdWRwIC53aG8geyBmb250LXdlaWdodDogNjAwOyBmb250LXNpemU6IDE0cHg7IHRleHQtYW5jaG9yOiBtaWRkbGUgfQouc2VxdWVuY2UtNDAtdWRwIC5saWZlLCAuc2VxdWVuY2UtNDAtdWRwIC5ib3ggeyBzdHJva2U6IGN1cnJlbnRDb2xvcjsgc3Ryb2tlLW9wYWNpdHk6IC40NTsgc3Ryb2tlLXdpZHRoOiAxLjU7IGZpbGw6IG5vbmUgfQouc2VxdWVuY2UtNDAtdWRwIC5ib3ggeyBmaWxsOiAjN2Y4ZWEzOyBmaWxsLW9wYWNpdHk6IC4xNiB9Ci5zZXF1ZW5jZS00MC11ZHAgLndheSB7IHN0cm9rZTogY3VycmVudENvbG9yOyBzdHJva2Utd2lkdGg6IDEuODsgZmlsbDogbm9uZSB9Ci5zZXF1ZW5jZS00MC11ZHAgLmhlYWQgeyBmaWxsOiBjdXJyZW50Q29sb3I7IHN0cm9rZTogbm9uZSB9Ci5zZXF1ZW5jZS00MC11ZHAgLmNvbm5lY3QsIC5zZXF1ZW5jZS00MC11ZHAgLmNsb3NlIHsgc3Ryb2tlLWRhc2hhcnJheTogNyA0IH0KLnNlcXVlbmNlLTQwLXVkcCAucmVzZXQgeyBzdHJva2UtZGFzaGFycmF5OiAyIDQgfQouc2VxdWVuY2UtNDAtdWRwIC5zYWlkLCAuc2VxdWVuY2UtNDAtdWRwIC5wcmludGVkIHsgZm9udC1mYW1pbHk6IHVpLW1vbm9zcGFjZSwgbW9ub3NwYWNlIH0KLnNlcXVlbmNlLTQwLXVkcCAuc2FpZCwgLnNlcXVlbmNlLTQwLXVkcCAucHJpbnRlZCwgLnNlcXVlbmNlLTQwLXVkcCAubm90ZSB7IHBhaW50LW9yZGVyOiBzdHJva2U7IHN0cm9rZTogdmFyKC0tcGFwZXIsIENhbnZhcyk7IHN0cm9rZS13aWR0aDogNSB9Ci5zZXF1ZW5jZS00MC11ZHAgLm5vdGUgeyBmb250LXN0eWxlOiBpdGFsaWMgfQouc2VxdWVuY2UtNDAtdWRwIC50aW1lIHsgZmlsbC1vcGFjaXR5OiAuNzUgfQouc2VxdWVuY2UtNDAtdWRwIC5kb3QgeyBmaWxsOiBjdXJyZW50Q29sb3IgfQo8L3N0eWxlPgo8bGluZSBjbGFzcz0ibGlmZSIgeDE9IjU2IiB5MT0iNDYiIHgyPSI1NiIgeTI9IjQzMSIvPjxyZWN0IGNsYXNzPSJib3giIHg9IjcuMyIgeT0iMTIiIHdpZHRoPSI5Ny40IiBoZWlnaHQ9IjM0IiByeD0iNiIvPjx0ZXh0IGNsYXNzPSJ3aG8iIHg9IjU2IiB5PSIzNCI+c2VydmVyLnB5PC90ZXh0Pgo8bGluZSBjbGFzcz0ibGlmZSIgeDE9IjMyNCIgeTE9IjQ2IiB4Mj0iMzI0IiB5Mj0iNDMxIi8+PHJlY3QgY2xhc3M9ImJveCIgeD0iMjc1LjMiIHk9IjEyIiB3aWR0aD0iOTcuNCIgaGVpZ2h0PSIzNCIgcng9IjYiLz48dGV4dCBjbGFzcz0id2hvIiB4PSIzMjQiIHk9IjM0Ij5jbGllbnQucHk8L3RleHQ+Cjx0ZXh0IGNsYXNzPSJwcmludGVkIiB4PSI2OCIgeT0iOTgiPmxpc3RlbmluZyBvbiBVRFAgcG9ydCA3Nzg1PC90ZXh0PjxjaXJjbGUgY2xhc3M9ImRvdCIgY3g9IjU2IiBjeT0iOTQiIHI9IjQiLz4KPHRleHQgY2xhc3M9InByaW50ZWQiIHg9IjMxMiIgeT0iMTI4IiB0ZXh0LWFuY2hvcj0iZW5kIj53aGljaCBzb3VwIGlzIGl0IHRvZGF5PzwvdGV4dD48Y2lyY2xlIGNsYXNzPSJkb3QiIGN4PSIzMjQiIGN5PSIxMjQiIHI9IjQiLz4KPGxpbmUgY2xhc3M9IndheSBkYXRhIiB4MT0iMzI0IiB5MT0iMTU0IiB4Mj0iNTYiIHkyPSIxNjkiLz48cG9seWdvbiBjbGFzcz0iaGVhZCIgcG9pbnRzPSI1Ni4wLDE2OS4wIDY2LjcsMTYzLjQgNjcuMywxNzMuNCIvPjx0ZXh0IGNsYXNzPSJzYWlkIiB4PSIxOTAiIHk9IjE1MS41IiB0ZXh0LWFuY2hvcj0ibWlkZGxlIj5zb3VwPzwvdGV4dD4KPHRleHQgY2xhc3M9InByaW50ZWQiIHg9IjY4IiB5PSIyMDMiPndhcyB0aGF0IGEgcXVlc3Rpb24/PC90ZXh0PjxjaXJjbGUgY2xhc3M9ImRvdCIgY3g9IjU2IiBjeT0iMTk5IiByPSI0Ii8+Cjx0ZXh0IGNsYXNzPSJub3RlIiB4PSIzMTIiIHk9IjIzMyIgdGV4dC1hbmNob3I9ImVuZCI+MC4yMSBzOiBHdWVzdC5hc2s8L3RleHQ+PGNpcmNsZSBjbGFzcz0iZG90IiBjeD0iMzI0IiBjeT0iMjI5IiByPSI0Ii8+Cjx0ZXh0IGNsYXNzPSJwcmludGVkIiB4PSIzMTIiIHk9IjI2MyIgdGV4dC1hbmNob3I9ImVuZCI+d2hpY2ggc291cCBpcyBpdCB0b2RheT88L3RleHQ+PGNpcmNsZSBjbGFzcz0iZG90IiBjeD0iMzI0IiBjeT0iMjU5IiByPSI0Ii8+CjxsaW5lIGNsYXNzPSJ3YXkgZGF0YSIgeDE9IjMyNCIgeTE9IjI4OSIgeDI9IjU2IiB5Mj0iMzA0Ii8+PHBvbHlnb24gY2xhc3M9ImhlYWQiIHBvaW50cz0iNTYuMCwzMDQuMCA2Ni43LDI5OC40IDY3LjMsMzA4LjQiLz48dGV4dCBjbGFzcz0ic2FpZCIgeD0iMTkwIiB5PSIyODYuNSIgdGV4dC1hbmNob3I9Im1pZGRsZSI+c291cD88L3RleHQ+Cjx0ZXh0IGNsYXNzPSJwcmludGVkIiB4PSI2OCIgeT0iMzM4Ij5hbnN3ZXJpbmcgc291cD88L3RleHQ+PGNpcmNsZSBjbGFzcz0iZG90IiBjeD0iNTYiIGN5PSIzMzQiIHI9IjQiLz4KPGxpbmUgY2xhc3M9IndheSBkYXRhIiB4MT0iNTYiIHkxPSIzNjQiIHgyPSIzMjQiIHkyPSIzNzkiLz48cG9seWdvbiBjbGFzcz0iaGVhZCIgcG9pbnRzPSIzMjQuMCwzNzkuMCAzMTIuNywzODMuNCAzMTMuMywzNzMuNCIvPjx0ZXh0IGNsYXNzPSJzYWlkIiB4PSIxOTAiIHk9IjM2MS41IiB0ZXh0LWFuY2hvcj0ibWlkZGxlIj50b21hdG88L3RleHQ+Cjx0ZXh0IGNsYXNzPSJwcmludGVkIiB4PSIzMTIiIHk9IjQxMyIgdGV4dC1hbmNob3I9ImVuZCI+dG9tYXRvPC90ZXh0PjxjaXJjbGUgY2xhc3M9ImRvdCIgY3g9IjMyNCIgY3k9IjQwOSIgcj0iNCIvPgo8dGV4dCBjbGFzcz0idGltZSIgeD0iNCIgeT0iMjMzIj4wLjIxIHM8L3RleHQ+Cjwvc3ZnPg==">
# <figcaption>40&#95;udp, simulated: 125 steps</figcaption></figure>

# %% [markdown]
# This is the same session, as a picture of who sent what to whom. Time runs downwards. It is not drawn by
# hand: the programs ran on a simulated network, a recorder wrote down every step, and the picture shows as
# many as a reader can take in. The file below the picture has the rest: each packet, each timer, each turn of
# each loop.
#
# Follow the first question. It arrives, and nothing comes back: UDP never promised that anything would. Now
# look at the clock on the left: a fifth of a second goes by, the timer fires, and the guest asks again. That
# waiting cost the build no time at all, because the clock of a simulated network is only a number.
#
# You can have such a picture of your own program: `python -m reactor.trace --svg picture.svg program.py`.

# %% [markdown] tags=["question"]
# <details><summary><b>How would this picture show that a datagram came twice?</b></summary>
#
# As two arrows where one was sent: they begin at the same place, and end at different times. The simulated
# network does that to you if you ask for it, with `duplication=0.3` for instance.
#
# </details>

# %% [markdown]
# ## Other twisted.internet Features – Multicast
#
# - A group is an address that nobody has and everybody may join
# - `joinGroup` is between you and the kernel; the sender never knows who listens

# %% [markdown]
# One bell, two tables, one datagram. Both tables have the same port, which they could not have with
# `listenUDP`; `listenMultiple` says that they mean to share it. The bell rings once, and the network makes
# the copies, as late on the way as it can.
#
# To send to a group you need not be in it. The datagram's time to live decides how far it goes: one, unless
# you call `setTTL`, keeps it in the building, and that is where multicast lives these days. Printers,
# loudspeakers and televisions use it to find each other. On the open internet no router will carry it for
# you.
#
# Here everything stays on the loopback interface, because we name that interface: in `joinGroup`, and in
# `setOutgoingInterface`. On a laptop with three networks you need this every day.
#
# It is still UDP: datagrams get lost. So the bell goes on ringing until two tables have answered.

# %% [markdown]
# The slide shows `Bell.ring` in `41_multicast/bell.py`:

# %% active="ipynb"
# %%program 41_multicast/bell.py
# """Ring the bell for all tables that listen, until two have answered."""
#
# from reactor import reactor
# from reactor.protocol import DatagramProtocol
#
#
# class Bell(DatagramProtocol):
#     def startProtocol(self):
#         self.coming = set()
#         self.transport.setOutgoingInterface("127.0.0.1")
#         self.ring()
#
#     def ring(self):
#         self.transport.write(b"dinner!", ("239.255.77.86", 7786))
#         reactor.callLater(0.5, self.ring)
#
#     def datagramReceived(self, datagram, table):
#         self.coming.add(datagram.decode())
#         if len(self.coming) == 2:
#             print("coming:", *sorted(self.coming))
#             reactor.stop()
#
#
# reactor.listenMulticast(0, Bell())
# reactor.run()

# %% [markdown]
# The slide shows `Table` in `41_multicast/table.py`:

# %% active="ipynb"
# %%program 41_multicast/table.py
# """A table that listens for the bell, and answers whoever rings it."""
#
# import sys
#
# from reactor import reactor
# from reactor.protocol import DatagramProtocol
#
#
# class Table(DatagramProtocol):
#     def __init__(self, name):
#         self.name = name
#         self.has_heard = False
#
#     def startProtocol(self):
#         self.transport.joinGroup("239.255.77.86", "127.0.0.1")
#         print(self.name, "is hungry")
#
#     def datagramReceived(self, datagram, cook):
#         if not self.has_heard:
#             print(self.name, "hears:", datagram.decode())
#         self.has_heard = True
#         self.transport.write(self.name.encode(), cook)
#
#
# reactor.listenMulticast(7786, Table(sys.argv[1]), listenMultiple=True)
# reactor.run()

# %% active="ipynb"
# %%session 41_multicast
# # One datagram, two tables: they have the same port, and have joined the same group.
# $ python table.py ann &
# $ python table.py bob &
# $ python bell.py

# %% [markdown] tags=["question"]
# <details><summary><b>How does the bell know that there are only two tables?</b></summary>
#
# It doesn't; we wrote it into the program. A group has no list of members. All the bell knows is who has
# answered.
#
# As 41\_multicast printed:
#
# ```
# coming: ann bob
# ```
#
# </details>

# %% [markdown]
# ## Framing – Lines
#
# - TCP keeps the order of bytes, and forgets where you called `write`
# - `LineReceiver`: a mark ends each message; `setRawMode` for other bytes
# - It gives up on a line that is longer than `MAX_LENGTH`

# %% [markdown]
# The first program that people write with TCP works as long as both ends are on one desk: one `write` arrives
# as one `dataReceived`. On the way to the other side of town, TCP cuts it somewhere else.
#
# So the receiver has to keep one half of a message until the other half is there. That code is short, dull,
# and wrong the first three times, so it is in a base class. The client here sends five bytes at a time, and
# the server never notices.
#
# The parcel holds line breaks that end no line. In raw mode the receiver gives us all bytes as they come; we
# count them, and hand back the rest. HTTP works like that: lines up to an empty one, then a known number of
# bytes.
#
# And a peer that never ends its line? The receiver calls `lineLengthExceeded`, and here the server hangs up.
# Without a limit, that peer fills your memory.

# %% [markdown]
# The slide shows `Sender.connectionMade` in `42_framing/client.py`:

# %% active="ipynb"
# %%program 42_framing/client.py
# """Send the post in pieces, cut anywhere, then a postcard without an end."""
#
# from reactor import reactor
# from reactor.protocol import ClientFactory, Protocol
#
# POST = b"wish you were here\r\nparcel 9\r\none\r\ntwo\nthe last one\r\n"
#
#
# class Sender(Protocol):
#     def connectionMade(self):
#         self.pieces = [POST[at : at + 5] for at in range(0, len(POST), 5)]
#         self.send()
#
#     def send(self):
#         if self.pieces:
#             self.transport.write(self.pieces.pop(0))
#             reactor.callLater(0, self.send)
#         else:
#             self.transport.write(b"and " * 10_000)
#
#     def connectionLost(self, reason):
#         print("they have shut the window")
#         reactor.stop()
#
#
# class SenderFactory(ClientFactory):
#     protocol = Sender
#
#     def clientConnectionFailed(self, connector, reason):
#         print("nobody there:", reason.type.__name__)
#         reactor.stop()
#
#
# reactor.connectTCP("127.0.0.1", 7788, SenderFactory())
# reactor.run()

# %% [markdown]
# The slide shows `PostOffice` in `42_framing/server.py`:

# %% active="ipynb"
# %%program 42_framing/server.py
# """A post office: postcards are lines, and a parcel is raw bytes."""
#
# from reactor import reactor
# from reactor.protocol import ServerFactory
# from reactor.protocols.basic import LineReceiver
#
#
# class PostOffice(LineReceiver):
#     def lineReceived(self, line):
#         if line.startswith(b"parcel "):
#             self.parcel, self.size = b"", int(line[7:])
#             self.setRawMode()
#         else:
#             print("a postcard:", line.decode())
#
#     def rawDataReceived(self, data):
#         self.parcel += data
#         if len(self.parcel) >= self.size:
#             rest = self.parcel[self.size :]
#             print("a parcel:", self.parcel[: self.size])
#             self.setLineMode(rest)
#
#     def lineLengthExceeded(self, line):
#         print("not a postcard, and no end in sight")
#         self.transport.loseConnection()
#
#
# reactor.listenTCP(7788, ServerFactory.forProtocol(PostOffice))
# reactor.run()

# %% active="ipynb"
# %%session 42_framing
# # Lines, with raw bytes between them, cut anywhere; then a line without an end.
# $ python server.py &
# $ python client.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: What comes behind the parcel is thrown away</summary>
#
# The postcard came in the same chunk as the parcel, and is gone with its paper.
#
# `42_framing/wrong/rest_thrown_away/server.py`:
#
# ```diff
#           if len(self.parcel) >= self.size:
#               rest = self.parcel[self.size :]
#               print("a parcel:", self.parcel[: self.size])
# -             self.setLineMode(rest)
# +             self.setLineMode()
#
#       def lineLengthExceeded(self, line):
#           print("not a postcard, and no end in sight")
# ```
#
# `42_framing/wrong/rest_thrown_away/glued.py`:
#
# ```python
# """Send a parcel, and a postcard right behind it: one write, so one chunk."""
#
# import socket
#
# with socket.create_connection(("127.0.0.1", 7788)) as connection:
#     connection.sendall(b"parcel 9\r\none\r\ntwo\nthe last one\r\n")
# ```
#
# ```console
# $ python server.py &
# a parcel: b'one\r\ntwo\n'
# $ python glued.py
# ```
#
# The right program, in the same scene:
#
# ```console
# $ python server.py &
# a parcel: b'one\r\ntwo\n'
# a postcard: the last one
# $ python glued.py
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>What becomes of lines that came right behind a STARTTLS, and that the server has not read yet?</b></summary>
#
# They were sent in the clear, by anybody, and must not count once the connection is encrypted. A server that
# keeps them in its buffer takes an attacker's lines for its client's: a famous hole of 2011, and others found
# it again ten years later. Throw them away.
#
# </details>

# %% [markdown]
# ## Framing – Lengths
#
# - Or send a message's length in front of it
# - `NetstringReceiver`: in decimal; `Int8/16/32StringReceiver`: in so many bits
# - The receiver can refuse a long message before it comes

# %% [markdown]
# A mark at the end has a price: it may not occur inside the message. With the length in front the message may
# hold anything, line breaks and all, and the receiver need not look at every byte.
#
# A person who can count can type netstrings. The binary kinds are not for typing; programs among themselves
# prefer them.
#
# Look at the last line that each receiver prints. The peer announces thirteen bytes; our limit is ten. The
# connection closes on the announcement, before any of the thirteen is here. That is the best moment to say
# no.
#
# This program has no reactor and no socket. Its transport is one for tests: it keeps what was written, and we
# carry that back by hand, a byte at a time. The protocol can't tell the difference.

# %% [markdown]
# The slide shows `InBinary` in `42b_lengths/lengths.py`:

# %% active="ipynb"
# %%program 42b_lengths/lengths.py
# """The other way to say where a message ends: before it begins."""
#
# from reactor.protocols.basic import Int16StringReceiver, NetstringReceiver
# from reactor.testing import StringTransport
#
#
# class InDecimal(NetstringReceiver):
#     MAX_LENGTH = 10
#
#     def stringReceived(self, string):
#         print("  received", string)
#
#
# class InBinary(Int16StringReceiver):
#     MAX_LENGTH = 10
#
#     def stringReceived(self, string):
#         print("  received", string)
#
#
# def talk(protocol):
#     transport = StringTransport()
#     protocol.makeConnection(transport)
#     protocol.sendString(b"hello\r\n")
#     stream = transport.value()
#     print(f"{type(protocol).__name__}: {stream!r}")
#     for place in range(len(stream)):  # a byte at a time
#         protocol.dataReceived(stream[place : place + 1])
#     protocol.sendString(b"I said HELLO!")
#     protocol.dataReceived(transport.value()[len(stream) :][:3])
#     print("  too long, so close:", bool(transport.disconnecting))
#
#
# talk(InDecimal())
# talk(InBinary())

# %% [markdown]
# The slide shows `talk` in `42b_lengths/lengths.py`, whose cell is just above:
#
# ```python
# def talk(protocol):
#     transport = StringTransport()
#     protocol.makeConnection(transport)
#     protocol.sendString(b"hello\r\n")
#     stream = transport.value()
#     print(f"{type(protocol).__name__}: {stream!r}")
#     for place in range(len(stream)):  # a byte at a time
#         protocol.dataReceived(stream[place : place + 1])
#     protocol.sendString(b"I said HELLO!")
#     protocol.dataReceived(transport.value()[len(stream) :][:3])
#     print("  too long, so close:", bool(transport.disconnecting))
# ```

# %% active="ipynb"
# %%session 42b_lengths
# # A length in front of each message: a byte at a time, and then one that is too long.
# $ python lengths.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: There is no limit</summary>
#
# Whatever length is announced, the receiver waits for it, and keeps what comes.
#
# `42b_lengths/wrong/no_limit/lengths.py`:
#
# ```diff
#   class InBinary(Int16StringReceiver):
# -     MAX_LENGTH = 10
# -
#       def stringReceived(self, string):
#           print("  received", string)
# ```
#
# ```console
# $ python lengths.py
# InDecimal: b'7:hello\r\n,'
#   received b'hello\r\n'
#   too long, so close: True
# InBinary: b'\x00\x07hello\r\n'
#   received b'hello\r\n'
#   too long, so close: False
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>The length in front of an <code>Int32StringReceiver</code>'s message may say four gigabytes. What do you set first?</b></summary>
#
# `MAX_LENGTH`. Then the connection closes on the announcement, and not when the memory is full.
#
# As 42b\_lengths printed:
#
# ```
# too long, so close: True
# ```
#
# </details>

# %% [markdown]
# ## Policies
#
# - `TimeoutMixin`: how long a peer may be silent
# - `LimitTotalConnectionsFactory`, `LimitConnectionsByPeer`: how many
# - `ThrottlingFactory`: how fast; `TrafficLoggingFactory`: what was said

# %% [markdown]
# None of this belongs in a protocol. How long we wait, how many we let in, how fast they may talk: that
# changes with the house and the hour, and the protocol of the table stays as it is.
#
# So most policies are factories around your factory. Each builds an object that stands between the transport
# and your protocol: to the transport it looks like a protocol, to your protocol like a transport. You can put
# one policy around another.
#
# Bob comes when the only table is taken, and the server tells him so; it could also just hang up. Ann orders
# soup and falls asleep. From here a dead peer and a silent one look the same, and both hold a table, so every
# server on the internet needs a time-out somewhere.
#
# You know the policy for clients: reconnect, each time more patiently.

# %% [markdown]
# The slide shows `Table.timeoutConnection` in `43_policies/server.py`:

# %% active="ipynb"
# %%program 43_policies/server.py
# """One table, and a waiter who doesn't wait for ever."""
#
# from reactor import reactor
# from reactor.protocol import Protocol
# from reactor.protocols.basic import LineReceiver
# from reactor.protocols.policies import LimitTotalConnectionsFactory, TimeoutMixin
#
#
# class Table(LineReceiver, TimeoutMixin):
#     def connectionMade(self):
#         self.sendLine(b"what would you like?")
#         self.setTimeout(0.3)
#
#     def lineReceived(self, line):
#         print("somebody orders", line.decode())
#         self.resetTimeout()
#
#     def timeoutConnection(self):
#         print("somebody has fallen asleep")
#         self.sendLine(b"we are closing")
#         self.transport.loseConnection()
#
#     def connectionLost(self, reason):
#         self.setTimeout(None)
#
#
# class Sorry(Protocol):
#     def connectionMade(self):
#         self.transport.write(b"we are full\r\n")
#         self.transport.loseConnection()
#
#
# # [limits]
# restaurant = LimitTotalConnectionsFactory()
# restaurant.protocol = Table
# restaurant.connectionLimit = 1
# restaurant.overflowProtocol = Sorry
# reactor.listenTCP(7789, restaurant)
# # [/limits]
# reactor.run()

# %% [markdown]
# The slide shows `limits` in `43_policies/server.py`, whose cell is just above:
#
# ```python
# restaurant = LimitTotalConnectionsFactory()
# restaurant.protocol = Table
# restaurant.connectionLimit = 1
# restaurant.overflowProtocol = Sorry
# reactor.listenTCP(7789, restaurant)
# ```

# %% [markdown]
# The slide shows `Guest.lineReceived` in `43_policies/client.py`:

# %% active="ipynb"
# %%program 43_policies/client.py
# """Two guests: ann sits down and forgets to order more, bob comes when the table is taken."""
#
# from reactor import reactor
# from reactor.protocol import ClientFactory
# from reactor.protocols.basic import LineReceiver
#
#
# class Guest(LineReceiver):
#     def lineReceived(self, line):
#         name = self.factory.name
#         print(f"{name} hears:", line.decode())
#         if line == b"what would you like?":
#             self.sendLine(b"soup")
#             come_in("bob")
#
#     def connectionLost(self, reason):
#         print(self.factory.name, "is outside")
#         if self.factory.name == "ann":
#             reactor.stop()
#
#
# class Invitation(ClientFactory):
#     protocol = Guest
#
#     def __init__(self, name):
#         self.name = name
#
#     def clientConnectionFailed(self, connector, reason):
#         print("nobody there:", reason.type.__name__)
#         reactor.stop()
#
#
# def come_in(name):
#     reactor.connectTCP("127.0.0.1", 7789, Invitation(name))
#
#
# come_in("ann")
# reactor.run()

# %% active="ipynb"
# %%session 43_policies
# # A second guest is turned away; the first one says nothing for too long.
# $ python server.py &
# $ python client.py

# %% [markdown] tags=["question"]
# <details><summary><b>Ann's time begins again with every line. What if she sends one letter every minute, and never a line end?</b></summary>
#
# Then she is thrown out all the same: it is `lineReceived` that resets the clock, and half a line doesn't get
# there. Had we reset it in `dataReceived`, one letter a minute would keep a table for ever, which is how a
# whole restaurant is occupied for the price of a telephone call.
#
# As 43\_policies printed:
#
# ```
# somebody has fallen asleep
# ```
#
# </details>

# %% [markdown]
# ## Between Two Transports
#
# - A proxy reads here and writes there; one of the two sides is always slower
# - A transport is a consumer, and a producer too: register each with the other
# - `FileSender` is the smallest producer: a file, piece by piece

# %% [markdown]
# A proxy that only copies has five lines, and works until a user downloads a film over a telephone. Then the
# film is in the proxy.
#
# We have all that we need against it. When the guest doesn't drink, the transport towards the guest fills up,
# and tells its producer to pause. Its producer is the other half, which stops reading from the cellar. Now
# the kernel's buffers fill, TCP tells the cellar's kernel, the cellar's own transport fills up, and at the
# end of the chain the cellar stops reading its file. No line of the program is about speed.
#
# When the guest wakes up, the chain starts again, link by link.
#
# Twenty megabytes went through. The proxy never held more of them than one read and one buffer. `portforward`
# has a ready-made pair of such halves.

# %% [markdown]
# The slide shows `Half.join` in `44_proxy/proxy.py`:

# %% active="ipynb"
# %%program 44_proxy/proxy.py
# """A proxy between two connections: each is the other's producer, so it never holds more than a mouthful."""
#
# from ends import Cellar, Guests
#
# from reactor import defer, reactor
# from reactor.protocol import ClientFactory, Protocol, ServerFactory
#
# said: list[str] = []
# noise: defer.Deferred = defer.Deferred()
#
#
# def say(words):
#     if words not in said:  # it happens many times; print only the first
#         said.append(words)
#         print("proxy:", words)
#     if not noise.called:
#         noise.callback(words)
#
#
# class Half(Protocol):
#     def join(self, other):
#         self.other = other
#         self.transport.registerProducer(other, True)
#
#     def dataReceived(self, data):
#         self.other.transport.write(data)
#
#     def pauseProducing(self):
#         say("wait, there is no room at the other end")
#         self.transport.pauseProducing()
#
#     def resumeProducing(self):
#         say("go on")
#         self.transport.resumeProducing()
#
#     def stopProducing(self):
#         self.transport.loseConnection()
#
#     def connectionLost(self, reason):
#         self.other.transport.unregisterProducer()
#         self.other.transport.loseConnection()
#
#
# class ToCellar(Half):
#     def connectionMade(self):
#         self.join(self.factory.half)
#         self.other.join(self)
#         self.other.transport.resumeProducing()
#
#
# class WayToCellar(ClientFactory):
#     protocol = ToCellar
#
#     def __init__(self, half):
#         self.half = half
#
#
# class ToGuest(Half):
#     def connectionMade(self):
#         self.transport.pauseProducing()  # until there is another end
#         reactor.connectTCP("127.0.0.1", 7790, WayToCellar(self))
#
#
# reactor.listenTCP(7790, ServerFactory.forProtocol(Cellar))
# reactor.listenTCP(7791, ServerFactory.forProtocol(ToGuest))
# reactor.connectTCP("127.0.0.1", 7791, Guests(noise))
# reactor.run()

# %% [markdown]
# The slide shows `Half.dataReceived` in `44_proxy/proxy.py`, whose cell is just above:
#
# ```python
# def dataReceived(self, data):
#     self.other.transport.write(data)
# ```

# %% [markdown]
# The slide shows `Half.pauseProducing` in `44_proxy/proxy.py`, whose cell is just above:
#
# ```python
# def pauseProducing(self):
#     say("wait, there is no room at the other end")
#     self.transport.pauseProducing()
# ```

# %% [markdown]
# The slide shows `ToCellar` in `44_proxy/proxy.py`, whose cell is just above:
#
# ```python
# class ToCellar(Half):
#     def connectionMade(self):
#         self.join(self.factory.half)
#         self.other.join(self)
#         self.other.transport.resumeProducing()
# ```

# %% [markdown]
# The slide shows `Cellar` in `44_proxy/ends.py`:

# %% active="ipynb"
# %%program 44_proxy/ends.py
# """The two ends: a cellar that pours as fast as it can, and a guest who is asleep."""
#
# import io
#
# from reactor import reactor
# from reactor.protocol import ClientFactory, Protocol
# from reactor.protocols.basic import FileSender
#
# WINE = io.BytesIO(bytes(20_000_000))
#
#
# class Cellar(Protocol):
#     def connectionMade(self):
#         pouring = FileSender().beginFileTransfer(WINE, self.transport)
#         pouring.addCallback(lambda last: self.transport.loseConnection())
#
#
# class Guest(Protocol):
#     drunk = 0
#
#     def connectionMade(self):
#         self.transport.pauseProducing()
#         self.factory.noise.addCallback(self.wake_up)
#
#     def wake_up(self, noise):
#         print("guest: wakes up")
#         self.transport.resumeProducing()
#
#     def dataReceived(self, data):
#         self.drunk += len(data)
#
#     def connectionLost(self, reason):
#         print(f"guest: {self.drunk:,} bytes, thank you")
#         reactor.stop()
#
#
# class Guests(ClientFactory):
#     protocol = Guest
#
#     def __init__(self, noise):
#         self.noise = noise  # a Deferred, of what wakes a guest

# %% active="ipynb"
# %%session 44_proxy
# # Twenty megabytes for a guest who sleeps, through a proxy that holds none of it for long.
# $ python proxy.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: A proxy that only copies</summary>
#
# Nobody tells the cellar to wait: all of the wine is in the proxy, and the guest, whom its complaint would wake, sleeps on.
#
# `44_proxy/wrong/nobody_pauses/proxy.py`:
#
# ```diff
#   class Half(Protocol):
#       def join(self, other):
#           self.other = other
# -         self.transport.registerProducer(other, True)
#
#       def dataReceived(self, data):
#           self.other.transport.write(data)
# ```
#
# ```console
# $ python proxy.py
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>Which of the two connections does the proxy close first, and what becomes of the bytes in between?</b></summary>
#
# The cellar hangs up first, after its last byte. The other half then asks for `loseConnection`, which sends
# what is still in its buffer before it closes. So every byte arrives.
#
# As 44\_proxy printed:
#
# ```
# guest: 20,000,000 bytes, thank you
# ```
#
# </details>

# %% [markdown]
# ## Other twisted.internet Features – Serial
#
# - A modem, a satellite receiver, a thermometer: bytes in, bytes out
# - `SerialPort(protocol, port, reactor, baudrate=9600)`
# - The protocol is of the kind that you know, and could run over TCP

# %% [markdown]
# A serial line has two ends and no addresses. Neither end listens or connects: opening the port connects the
# protocol at once, and `connectionLost` means that the device was unplugged or the port was closed. So there
# is no factory here; you make the protocol yourself.
#
# The rest is old news. Lines arrive, lines are sent, and neither end knows what lies between.
#
# We had no thermometer at hand, so we made one. A pseudo-terminal is a line with two ends. At one end sits
# the display, which takes it for a serial port. At the other end sits the thermometer, a protocol as well.
# Both live in one loop, and talk to each other through the kernel.
#
# The library pyserial sets speed, parity and so on; the reactor uses it for that and for nothing else.

# %% [markdown]
# The slide shows `Display.lineReceived` in `45_serial/thermometer.py`:

# %% active="ipynb"
# %%program 45_serial/thermometer.py
# """A thermometer at the end of a serial line. A pseudo-terminal is the line, so that there is nothing to solder."""
#
# import os
# import tty
#
# from reactor import reactor
# from reactor.protocols.basic import LineReceiver
# from reactor.serialport import SerialPort
# from reactor.stdio import StandardIO
#
#
# class Thermometer(LineReceiver):
#     def connectionMade(self):
#         self.readings = [b"21.5", b"21.7", b"22.0"]
#
#     def lineReceived(self, line):
#         self.sendLine(self.readings.pop(0))
#
#
# class Display(LineReceiver):
#     questions = 3
#
#     def connectionMade(self):
#         self.ask()
#
#     def ask(self):
#         self.questions -= 1
#         self.sendLine(b"how warm is it?")
#
#     def lineReceived(self, line):
#         print(line.decode(), "degrees")
#         if self.questions:
#             self.ask()
#         else:
#             self.transport.loseConnection()
#
#     def connectionLost(self, reason):
#         print("unplugged")
#         reactor.stop()
#
#
# # [line]
# device, port = os.openpty()
# tty.setraw(device)
# StandardIO(Thermometer(), device, os.dup(device))  # one to read, one to write
# SerialPort(Display(), os.ttyname(port), reactor, baudrate=9600)
# # [/line]
# reactor.run()

# %% [markdown]
# The slide shows `line` in `45_serial/thermometer.py`, whose cell is just above:
#
# ```python
# device, port = os.openpty()
# tty.setraw(device)
# StandardIO(Thermometer(), device, os.dup(device))  # one to read, one to write
# SerialPort(Display(), os.ttyname(port), reactor, baudrate=9600)
# ```

# %% active="ipynb"
# %%session 45_serial
# # A thermometer on a serial line, read by the kind of protocol that could run over TCP.
# # needs: serial
# $ python thermometer.py

# %% [markdown] tags=["question"]
# <details><summary><b>The line tells you nothing when the cable is cut. How would you notice?</b></summary>
#
# By a `callLater` that each line resets: a thermometer that has been silent for a minute is no longer a
# thermometer. It is the same timeout that Ann fell asleep over.
#
# As 43\_policies printed:
#
# ```
# somebody has fallen asleep
# ```
#
# </details>

# %% [markdown]
# ## Other twisted.internet Features – Processes
#
# - Another program is a transport: standard input goes there, output comes back
# - `ProcessProtocol`: `outReceived`, `errReceived`, and in the end `processEnded`

# %% [markdown]
# Why write a sort program when there is one? Start it, write to it, close its input, and take what comes.
#
# The child gets three pipes. Our `write` goes into the first. The second brings its output, cut anywhere,
# like data from the network; the third brings its errors. The loop never waits: if the child is slow, our
# bytes wait in a buffer, as for any slow reader.
#
# A child ends in two steps. *Exited*: the process is gone. *Ended*: it is gone, and its pipes are closed too,
# so no more output can come. Between the two there may still be some, so tidy up in `processEnded`. Its
# reason gives the exit code, or the signal.
#
# You give the program's name twice, once to find the file, once as the child's first argument. No shell sees
# the arguments, so no quotation mark in a guest's name is going to delete your disk. And the environment is
# empty unless you say otherwise.

# %% [markdown]
# The slide shows `Sort` in `46_children/guests.py`:

# %% active="ipynb"
# %%program 46_children/guests.py
# """Have another program put the guests in order."""
#
# from reactor import reactor
# from reactor.protocol import ProcessProtocol
#
#
# class Sort(ProcessProtocol):
#     def connectionMade(self):
#         for guest in ("zaphod", "marvin", "arthur"):
#             self.transport.write(guest.encode() + b"\n")
#         self.transport.closeStdin()
#
#     def outReceived(self, data):
#         print(data.decode(), end="")
#
#     def processEnded(self, reason):
#         print("sorted, exit code", reason.value.exitCode)
#         reactor.stop()
#
#
# # [start]
# reactor.spawnProcess(Sort(), "/usr/bin/sort", ["sort"])
# reactor.run()
# # [/start]

# %% [markdown]
# The slide shows `start` in `46_children/guests.py`, whose cell is just above:
#
# ```python
# reactor.spawnProcess(Sort(), "/usr/bin/sort", ["sort"])
# reactor.run()
# ```

# %% active="ipynb"
# %%session 46_children
# # A child process that comes with the system: it gets the guests' names, and gives them back in order.
# $ python guests.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The child&#x27;s input is never closed</summary>
#
# Another guest might come, so sort can't say yet who is the first.
#
# `46_children/wrong/input_left_open/guests.py`:
#
# ```diff
#       def connectionMade(self):
#           for guest in ("zaphod", "marvin", "arthur"):
#               self.transport.write(guest.encode() + b"\n")
# -         self.transport.closeStdin()
#
#       def outReceived(self, data):
#           print(data.decode(), end="")
# ```
#
# ```console
# $ python guests.py
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b><code>sort</code> prints nothing until we call <code>closeStdin</code>. Why can't it?</b></summary>
#
# The last line may be the one that belongs at the top. Until the input ends, nobody knows which line comes
# first.
#
# As 46\_children printed:
#
# ```
# arthur
# marvin
# zaphod
# ```
#
# </details>

# %% [markdown]
# ## Other twisted.internet Features – Standard Input
#
# - `StandardIO(protocol)`: the other side of that pipe
# - Pipes, terminals, files: a protocol can't tell

# %% [markdown]
# Now both ends are ours. `shout.py` is a filter: what comes in on standard input goes out again, louder. Run
# it by hand and talk to it, or put it into a pipe between two others. Its protocol is a LineReceiver, and
# doesn't know that it is in a pipe.
#
# The second program starts the first as its child and has a conversation with it. Then it closes the child's
# input. The child's protocol hears that its connection is lost, and stops its reactor; the child ends, and
# here `processEnded` says so. There are two loops in two processes, and neither waits for the other.
#
# Note that standard input belongs to the whole program. While the transport has it, it doesn't block, and
# neither does the terminal that you share with the shell. At the end the transport gives both their old
# manners back.

# %% [markdown]
# The slide shows `Shout` in `46b_standard_input/shout.py`:

# %% active="ipynb"
# %%program 46b_standard_input/shout.py
# """A filter: repeats everything that comes in on standard input, louder."""
#
# from reactor import reactor
# from reactor.protocols.basic import LineReceiver
# from reactor.stdio import StandardIO
#
#
# class Shout(LineReceiver):
#     delimiter = b"\n"
#
#     def lineReceived(self, line):
#         self.sendLine(line.upper() + b"!")
#
#     def connectionLost(self, reason):
#         reactor.stop()
#
#
# StandardIO(Shout())
# reactor.run()

# %% [markdown]
# The slide shows `Sort` in `46_children/guests.py`, whose cell is above, at “Other twisted.internet Features – Processes”:
#
# ```python
# class Sort(ProcessProtocol):
#     def connectionMade(self):
#         for guest in ("zaphod", "marvin", "arthur"):
#             self.transport.write(guest.encode() + b"\n")
#         self.transport.closeStdin()
#
#     def outReceived(self, data):
#         print(data.decode(), end="")
#
#     def processEnded(self, reason):
#         print("sorted, exit code", reason.value.exitCode)
#         reactor.stop()
# ```

# %% [markdown]
# The slide shows `Talk` in `46b_standard_input/talk.py`:

# %% active="ipynb"
# %%program 46b_standard_input/talk.py
# """Talk to the filter in shout.py, which is a program of its own."""
#
# import sys
#
# from reactor import reactor
# from reactor.protocol import ProcessProtocol
#
#
# class Talk(ProcessProtocol):
#     def connectionMade(self):
#         self.transport.write(b"can you hear me\n")
#
#     def outReceived(self, data):
#         print("it says", data.decode().strip())
#         self.transport.closeStdin()
#
#     def processEnded(self, reason):
#         print("it has gone, exit code", reason.value.exitCode)
#         reactor.stop()
#
#
# reactor.spawnProcess(Talk(), sys.executable, [sys.executable, "shout.py"], None)
# reactor.run()

# %% active="ipynb"
# %%session 46b_standard_input
# # One program starts another, talks to it, and closes its input.
# $ python talk.py

# %% [markdown] tags=["question"]
# <details><summary><b>Where would you <code>print</code> in a program whose standard output is a transport?</b></summary>
#
# To standard error, or into the log. What goes to standard output is part of the conversation: the other
# program takes it for an answer.
#
# As 46b\_standard\_input printed:
#
# ```
# it says CAN YOU HEAR ME!
# ```
#
# </details>

# %% [markdown]
# ## Endpoints
#
# - Whoever starts the program decides where it listens
# - `tcp:8080`, `tls:/etc/keys:443`, `unix:/run/door`, `systemd:INET:0`, `stdio:`
# - `listen(factory)` and `connect(factory)` return Deferreds; nothing is raised

# %% [markdown]
# `listenTCP(7771, factory)` is two decisions in one line. The factory is ours, as the program's authors. The
# port belongs to the administrator, and so does the question whether it is a port at all.
#
# An endpoint is that second decision as a value. Written as a string, it fits on a command line or into a
# configuration file. The program hands the endpoint a factory, and can't tell whether it listens by TCP, by
# TLS, at a socket in the file system, or at one that systemd has opened.
#
# For a client there is one thing more. `connect` returns a Deferred of the one connection that it makes, so
# you can await it, and handle a failure with `except`. The factory with its callbacks is still there, for
# clients that want to reconnect.
#
# A string with a mistake is refused at once, by an error that names the character where it is.

# %% [markdown]
# The slide shows `serve` in `47_endpoints/server.py`:

# %% active="ipynb"
# %%program 47_endpoints/server.py
# """Serve at every place that the command line names."""
#
# import sys
#
# from reactor import reactor
# from reactor.endpoints import serverFromString
# from reactor.protocol import Factory, Protocol
#
#
# class Greeter(Protocol):
#     def connectionMade(self):
#         self.transport.write(b"good evening")
#         self.transport.loseConnection()
#
#
# # [serve]
# greeters = Factory.forProtocol(Greeter)
# for place in sys.argv[1:]:
#     listening = serverFromString(reactor, place).listen(greeters)
#     listening.addCallback(lambda port, place: print("serving at", place), place)
# # [/serve]
# reactor.run()

# %% [markdown]
# The slide shows `visit` in `47_endpoints/client.py`:

# %% active="ipynb"
# %%program 47_endpoints/client.py
# """Connect to every place that the command line names, and say what came of it."""
#
# import sys
#
# from reactor import defer, task
# from reactor.endpoints import HostnameEndpoint, clientFromString, connectProtocol
# from reactor.protocol import Protocol
#
#
# class Guest(Protocol):
#     def __init__(self):
#         self.words, self.heard = "", defer.Deferred()
#
#     def dataReceived(self, data):
#         self.words += data.decode()
#
#     def connectionLost(self, reason):
#         self.heard.callback(self.words)
#
#
# async def visit(reactor, place):
#     try:
#         endpoint = clientFromString(reactor, place)
#         guest = await connectProtocol(endpoint, Guest())
#         print(place, "says", await guest.heard)
#     except Exception as problem:
#         print(place, "is no good:", type(problem).__name__)
#
#
# async def main(reactor, *places):
#     for place in places:
#         await visit(reactor, place)
#     race = HostnameEndpoint(reactor, "localhost", 7792)
#     guest = await connectProtocol(race, Guest())
#     print("localhost has two addresses;", guest.transport.getPeer().host, "won")
#     await guest.heard
#
#
# task.react(main, sys.argv[1:])

# %% active="ipynb"
# %%session 47_endpoints
# # The same server at two places and the same client to four; the command lines name the places.
# $ python server.py tcp:7792:interface=127.0.0.1 unix:door &
# $ python client.py tcp:localhost:7792 unix:door tcp:localhost:7793 tpc:localhost

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: An await is forgotten</summary>
#
# What comes back is a Deferred and no guest, and the broad except takes the mistake for a bad address.
#
# `47_endpoints/wrong/no_await/client.py`:
#
# ```diff
#   async def visit(reactor, place):
#       try:
#           endpoint = clientFromString(reactor, place)
# -         guest = await connectProtocol(endpoint, Guest())
# +         guest = connectProtocol(endpoint, Guest())
#           print(place, "says", await guest.heard)
#       except Exception as problem:
#           print(place, "is no good:", type(problem).__name__)
# ```
#
# ```console
# $ python server.py tcp:7792:interface=127.0.0.1 unix:door &
# serving at tcp:7792:interface=127.0.0.1
# serving at unix:door
# $ python client.py tcp:localhost:7792 unix:door tcp:localhost:7793 tpc:localhost
# tcp:localhost:7792 is no good: AttributeError
# unix:door is no good: AttributeError
# tcp:localhost:7793 is no good: AttributeError
# tpc:localhost is no good: ValueError
# localhost has two addresses; 127.0.0.1 won
# [..]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>In which of your programs is a port number a constant?</b></summary>
#
# In all of those that can't run twice on one machine. This one serves at two places, named on its command
# line.
#
# As 47\_endpoints printed:
#
# ```
# serving at tcp:7792:interface=127.0.0.1
# serving at unix:door
# ```
#
# </details>

# %% [markdown]
# ## Endpoints – One Name, Many Addresses
#
# - A name has addresses of two families, and some of them don't answer
# - `HostnameEndpoint` lets them race: “happy eyeballs”, RFC 8305
# - Each has a head start of 300 ms; the first connection wins, the others stop

# %% [markdown]
# An address that doesn't answer costs half a minute, until the attempt times out. Many hosts have a broken
# IPv6. If you tried one address after the other, each visit to such a host would cost you that half minute.
#
# To try all addresses at once would be quick, and rude: two connections made and one thrown away, for every
# visit on earth.
#
# So the addresses race with a handicap. The first one starts. If it has not answered after three hundred
# milliseconds, the next one starts as well, of the other family. If an attempt is refused, the next one
# starts right away. The first connection wins; the other attempts are called off, before their servers have
# noticed much.
#
# In the session on the slide before, the name had two addresses, and a server listened at one of them. You
# saw the winner, and no sign of the other.
#
# The string `tls:example.org:443` gives you this race with TLS; whichever address wins, the certificate has
# to be for that name.

# %% [markdown]
# The slide shows `main` in `47_endpoints/client.py`, whose cell is above, at “Endpoints”:
#
# ```python
# async def main(reactor, *places):
#     for place in places:
#         await visit(reactor, place)
#     race = HostnameEndpoint(reactor, "localhost", 7792)
#     guest = await connectProtocol(race, Guest())
#     print("localhost has two addresses;", guest.transport.getPeer().host, "won")
#     await guest.heard
# ```

# %% [markdown] tags=["question"]
# <details><summary><b>Which of the two would you let start first?</b></summary>
#
# RFC 8305 says the IPv6 address, so that the world moves on; the short head start sees to it that you hardly
# notice when it doesn't. Here the server listened at the old one only, and the old one won.
#
# As 47\_endpoints printed:
#
# ```
# localhost has two addresses; 127.0.0.1 won
# ```
#
# </details>

# %% [markdown]
# ## Names
#
# - A zone is a table: a name, a type, what the name stands for
# - `DNSServerFactory` answers from zones, caches and other resolvers, in that order

# %% [markdown]
# “DNS turns names into addresses”, said part 2, and left it there. Here is the other end of it. A name server
# has a table, and its clients ask for a row. The type says what they want to know: `A` for an address, `MX`
# for the host that takes the mail, `CNAME` for “that is another name of”. The first row, `SOA`, says who
# keeps the table, and how long others may remember what it said.
#
# The question is one datagram, and so is the answer. The protocol needs no factory for that; but over TCP the
# same object makes the connections, because an answer may be too long for a datagram.
#
# `dig` is not ours: it comes with BIND, the name server that most of the Internet learned from. When a
# program of others asks, you notice what you have left out.
#
# *Don't* run a name server for strangers on an afternoon's notice. Somebody will write your neighbour's
# address on a question, and have you send him the answer. Ours counts its answers for each network.

# %% [markdown]
# The slide shows `48_names/kitchen.zone`:

# %% active="ipynb"
# %%program 48_names/kitchen.zone
# zone = [
#     SOA("kitchen.test", "ns.kitchen.test", "chef.kitchen.test", serial=1),
#     NS("kitchen.test", "ns.kitchen.test"),
#     MX("kitchen.test", 10, "stove.kitchen.test"),
#     A("ns.kitchen.test", "127.0.0.1"),
#     A("stove.kitchen.test", "127.0.0.1"),
#     CNAME("soup.kitchen.test", "stove.kitchen.test"),
# ]

# %% [markdown]
# The slide shows `serve` in `48_names/server.py`:

# %% active="ipynb"
# %%program 48_names/server.py
# """A name server for one zone, which is in a file of its own."""
#
# from reactor import reactor
# from reactor.names import dns
# from reactor.names.authority import PySourceAuthority
# from reactor.names.server import DNSServerFactory
#
# # [serve]
# names = DNSServerFactory([PySourceAuthority("kitchen.zone")])
# reactor.listenUDP(7812, dns.DNSDatagramProtocol(names))
# # [/serve]
# print("names on UDP port 7812")
# reactor.run()

# %% active="ipynb"
# %%session 48_names
# # A name server with a zone of eight lines, asked by a program that others wrote.
# # needs: dig
# $ python server.py &
# $ dig +short -p 7812 @127.0.0.1 soup.kitchen.test
# $ dig +short -p 7812 @127.0.0.1 kitchen.test MX

# %% [markdown] tags=["question"]
# <details><summary><b>The session asked for soup, and got two lines. Why two?</b></summary>
#
# The soup has no address of its own: it stands for the stove, and the server follows that by itself, since
# the stove is in its zone. Had it been in another zone, you would have had the first line, and a second
# question to ask elsewhere.
#
# As 48\_names printed:
#
# ```
# stove.kitchen.test.
# 127.0.0.1
# ```
#
# </details>

# %% [markdown]
# ## Names – A Resolver of Your Own
#
# - The system's resolver blocks; the reactor asks it in a thread
# - `installResolver`: one that waits for nothing, in the same loop

# %% [markdown]
# `connectTCP` with a name has done something improper all along. The operating system's resolver comes only
# as a function that waits, and may wait for half a minute. So the reactor asks it in a thread, behind your
# back. A resolver that speaks the protocol needs no thread: it sends a datagram, sets a timer, and has a
# callback for each.
#
# `timeout=(0.2, 2)` is the guest of the UDP slide again: ask, wait, ask once more, with more patience. The
# server here is hard of hearing on purpose, so you can see it work. Each question goes out from another port,
# with another number, and both are random. Somebody who can't see the question would have to guess them, or
# could send you to his own stove.
#
# On a real machine, `client.createResolver()` reads the list of servers from `/etc/resolv.conf`, asks
# `/etc/hosts` first, and remembers answers for as long as they allow.

# %% [markdown]
# The slide shows `install` in `48b_resolver/client.py`:

# %% active="ipynb"
# %%program 48b_resolver/client.py
# """Connect to a host by its name, which a resolver of our own finds; one answer on the way gets lost."""
#
# from reactor import reactor
# from reactor.names.client import Resolver
# from reactor.protocol import ClientFactory, Protocol
#
#
# class Guest(Protocol):
#     def connectionMade(self):
#         print("at the stove")
#
#     def dataReceived(self, data):
#         print("the soup is", data.decode())
#
#
# class Visit(ClientFactory):
#     protocol = Guest
#
#     def clientConnectionFailed(self, connector, reason):
#         print("nobody there:", reason.type.__name__)
#         reactor.stop()
#
#     def clientConnectionLost(self, connector, reason):
#         reactor.stop()
#
#
# # [install]
# resolver = Resolver(servers=[("127.0.0.1", 7810)], timeout=(0.2, 2))
# reactor.installResolver(resolver)
# print("where is the soup?")
# reactor.connectTCP("soup.kitchen.test", 7811, Visit())
# # [/install]
# reactor.run()

# %% [markdown]
# The slide shows `HardOfHearing.messageReceived` in `48b_resolver/server.py`:

# %% active="ipynb"
# %%program 48b_resolver/server.py
# """A kitchen: a name server for its zone, and a stove. Whoever answers questions there is hard of hearing."""
#
# from reactor import reactor
# from reactor.names import dns
# from reactor.names.authority import PySourceAuthority
# from reactor.names.server import DNSServerFactory
# from reactor.protocol import Factory, Protocol
#
#
# class HardOfHearing(DNSServerFactory):
#     questions = 0
#
#     def messageReceived(self, message, proto, address=None):
#         self.questions += 1
#         if self.questions == 1:
#             print("did somebody say something?")
#             return
#         print("telling where", message.queries[0].name, "is")
#         super().messageReceived(message, proto, address)
#
#
# class Stove(Protocol):
#     def connectionMade(self):
#         self.transport.write(b"tomato")
#         self.transport.loseConnection()
#
#
# names = HardOfHearing([PySourceAuthority("kitchen.zone")])
# reactor.listenUDP(7810, dns.DNSDatagramProtocol(names))
# reactor.listenTCP(7811, Factory.forProtocol(Stove))
# print("names on UDP port 7810, soup on TCP port 7811")
# reactor.run()

# %% active="ipynb"
# %%session 48b_resolver
# # A host is found by its name in a zone of eight lines, although the first question gets no answer.
# $ python server.py &
# $ python client.py

# %% [markdown] tags=["question"]
# <details><summary><b>Who may send an answer to a question that was sent in a datagram?</b></summary>
#
# Anybody; a datagram has no connection. So it must come from where the question went, to the port it came
# from, with its number and its words. What doesn't is passed by, and the wait goes on.
#
# As 48b\_resolver printed:
#
# ```
# where is the soup?
# at the stove
# ```
#
# </details>

# %% [markdown]
# ## Names – A Resolver of Your Own, as it happened
#
# <figure class="drawing">
# <img alt="The first question is lost, the second is answered; then comes TCP. 2 programs: server.py, client.py. 1. client.py to server.py: connect to soup.kitchen.test:7811. 2. client.py to server.py: 46 bytes. 3. client.py to server.py: 46 bytes. 4. server.py to client.py: 82 bytes. 5. server.py to client.py: tomato. 6. server.py to client.py: close." src="data:image/svg+xml;base64,PHN2ZyBzdHlsZT0iY29sb3I6IzFjMjQzMDtiYWNrZ3JvdW5kOiNmZmYiIHhtbG5zPSJodHRwOi8vd3d3LnczLm9yZy8yMDAwL3N2ZyIgY2xhc3M9InNlcXVlbmNlLTQ4Yi1yZXNvbHZlciIgdmlld0JveD0iMCAwIDM4MCA0MDkiIHdpZHRoPSIzODAiIGhlaWdodD0iNDA5IiByb2xlPSJpbWciIGFyaWEtbGFiZWxsZWRieT0ic2VxdWVuY2UtNDhiLXJlc29sdmVyLXRpdGxlIHNlcXVlbmNlLTQ4Yi1yZXNvbHZlci10ZXh0Ij4KPHRpdGxlIGlkPSJzZXF1ZW5jZS00OGItcmVzb2x2ZXItdGl0bGUiPlRoZSBmaXJzdCBxdWVzdGlvbiBpcyBsb3N0LCB0aGUgc2Vjb25kIGlzIGFuc3dlcmVkOyB0aGVuIGNvbWVzIFRDUDwvdGl0bGU+CjxkZXNjIGlkPSJzZXF1ZW5jZS00OGItcmVzb2x2ZXItdGV4dCI+MiBwcm9ncmFtczogc2VydmVyLnB5LCBjbGllbnQucHkuIDEuIGNsaWVudC5weSB0byBzZXJ2ZXIucHk6IGNvbm5lY3QgdG8gc291cC5raXRjaGVuLnRlc3Q6NzgxMS4gMi4gY2xpZW50LnB5IHRvIHNlcnZlci5weTogNDYgYnl0ZXMuIDMuIGNsaWVudC5weSB0byBzZXJ2ZXIucHk6IDQ2IGJ5dGVzLiA0LiBzZXJ2ZXIucHkgdG8gY2xpZW50LnB5OiA4MiBieXRlcy4gNS4gc2VydmVyLnB5IHRvIGNsaWVudC5weTogdG9tYXRvLiA2LiBzZXJ2ZXIucHkgdG8gY2xpZW50LnB5OiBjbG9zZS48L2Rlc2M+CjxzdHlsZT4KLnNlcXVlbmNlLTQ4Yi1yZXNvbHZlciB0ZXh0IHsgZm9udDogMTNweCBzeXN0ZW0tdWksIHNhbnMtc2VyaWY7IGZpbGw6IGN1cnJlbnRDb2xvciB9Ci5zZXF1ZW5jZS00OGItcmVzb2x2ZXIgLndobyB7IGZvbnQtd2VpZ2h0OiA2MDA7IGZvbnQtc2l6ZTogMTRweDsgdGV4dC1hbmNob3I6IG1pZGRsZSB9Ci5zZXF1ZW5jZS00OGItcmVzb2x2ZXIgLmxpZmUsIC5zZXF1ZW5jZS00OGItcmVzb2x2ZXIgLmJveCB7IHN0cm9rZTogY3VycmVudENvbG9yOyBzdHJva2Utb3BhY2l0eTogLjQ1OyBzdHJva2Utd2lkdGg6IDEuNTsgZmlsbDogbm9uZSB9Ci5zZXF1ZW5jZS00OGItcmVzb2x2ZXIgLmJveCB7IGZpbGw6ICM3ZjhlYTM7IGZpbGwtb3BhY2l0eTogLjE2IH0KLnNlcXVlbmNlLTQ4Yi1yZXNvbHZlciAud2F5IHsgc3Ryb2tlOiBjdXJyZW50Q29sb3I7IHN0cm9rZS13aWR0aDogMS44OyBmaWxsOiBub25lIH0KLnNlcXVlbmNlLTQ4Yi1yZXNvbHZlciAuaGVhZCB7IGZpbGw6IGN1cnJlbnRDb2xvcjsgc3Ryb2tlOiBub25lIH0KLnNlcXVlbmNlLTQ4Yi1yZXNvbHZlciAuY29ubmVjdCwgLnNlcXVlbmNlLTQ4Yi1yZXNvbHZlciAuY2xvc2UgeyBzdHJva2UtZGFzaGFycmF5OiA3IDQgfQouc2VxdWVuY2UtNDhiLXJlc29sdmVyIC5yZXNldCB7IHN0cm9rZS1kYXNoYXJyYXk6IDIgNCB9Ci5zZXF1ZW5jZS00OGItcmVzb2x2ZXIgLnNhaWQsIC5zZXF1ZW5jZS00OGItcmVzb2x2ZXIgLnByaW50ZWQgeyBmb250LWZhbWlseTogdWktbW9ub3NwYWNlLCBtb25vc3BhY2UgfQouc2VxdWVuY2UtNDhiLXJlc29sdmVyIC5zYWlkLCAuc2VxdWVuY2UtNDhiLXJlc29sdmVyIC5wcmludGVkLCAuc2VxdWVuY2UtNDhiLXJlc29sdmVyIC5ub3RlIHsgcGFpbnQtb3JkZXI6IHN0cm9rZTsgc3Ryb2tlOiB2YXIoLS1wYXBlciwgQ2FudmFzKTsgc3Ryb2tlLXdpZHRoOiA1IH0KLnNlcXVlbmNlLTQ4Yi1yZXNvbHZlciAubm90ZSB7IGZvbnQtc3R5bGU6IGl0YWxpYyB9Ci5zZXF1ZW5jZS00OGItcmVzb2x2ZXIgLnRpbWUgeyBmaWxsLW9wYWNpdHk6IC43NSB9Ci5zZXF1ZW5jZS00OGItcmVzb2x2ZXIgLmRvdCB7IGZpbGw6IGN1cnJlbnRDb2xvciB9Cjwvc3R5bGU+CjxsaW5lIGNsYXNzPSJsaWZlIiB4MT0iNTYiIHkxPSI0NiIgeDI9IjU2IiB5Mj0iNDAxIi8+PHJlY3QgY2xhc3M9ImJveCIgeD0iNy4zIiB5PSIxMiIgd2lkdGg9Ijk3LjQiIGhlaWdodD0iMzQiIHJ4PSI2Ii8+PHRleHQgY2xhc3M9IndobyIgeD0iNTYiIHk9IjM0Ij5zZXJ2ZXIucHk8L3RleHQ+CjxsaW5lIGNsYXNzPSJsaWZlIiB4MT0iMzI0IiB5MT0iNDYiIHgyPSIzMjQiIHkyPSI0MDEiLz48cmVjdCBjbGFzcz0iYm94IiB4PSIyNzUuMyIgeT0iMTIiIHdpZHRoPSI5Ny40IiBoZWlnaHQ9IjM0IiByeD0iNiIvPjx0ZXh0IGNsYXNzPSJ3aG8iIHg9IjMyNCIgeT0iMzQiPmNsaWVudC5weTwvdGV4dD4KPGxpbmUgY2xhc3M9IndheSBjb25uZWN0IiB4MT0iMzI0IiB5MT0iOTQiIHgyPSI1NiIgeTI9IjI1OSIvPjxwb2x5Z29uIGNsYXNzPSJoZWFkIiBwb2ludHM9IjU2LjAsMjU5LjAgNjIuNywyNDkuMCA2OC4wLDI1Ny41Ii8+PHRleHQgY2xhc3M9InNhaWQgbm90ZSIgeD0iMjQ1LjY1IiB5PSIxMDAuNSIgdGV4dC1hbmNob3I9Im1pZGRsZSI+Y29ubmVjdCB0byBzb3VwLmtpdGNoZW4udGVzdDo3ODExPC90ZXh0Pgo8bGluZSBjbGFzcz0id2F5IGRhdGEiIHgxPSIzMjQiIHkxPSIxMjQiIHgyPSI1NiIgeTI9IjEzOSIvPjxwb2x5Z29uIGNsYXNzPSJoZWFkIiBwb2ludHM9IjU2LjAsMTM5LjAgNjYuNywxMzMuNCA2Ny4zLDE0My40Ii8+PHRleHQgY2xhc3M9InNhaWQiIHg9IjE5MCIgeT0iMTIxLjUiIHRleHQtYW5jaG9yPSJtaWRkbGUiPjQ2IGJ5dGVzPC90ZXh0Pgo8bGluZSBjbGFzcz0id2F5IGRhdGEiIHgxPSIzMjQiIHkxPSIxNjkiIHgyPSI1NiIgeTI9IjE4NCIvPjxwb2x5Z29uIGNsYXNzPSJoZWFkIiBwb2ludHM9IjU2LjAsMTg0LjAgNjYuNywxNzguNCA2Ny4zLDE4OC40Ii8+PHRleHQgY2xhc3M9InNhaWQiIHg9IjE5MCIgeT0iMTY2LjUiIHRleHQtYW5jaG9yPSJtaWRkbGUiPjQ2IGJ5dGVzPC90ZXh0Pgo8bGluZSBjbGFzcz0id2F5IGRhdGEiIHgxPSI1NiIgeTE9IjIxNCIgeDI9IjMyNCIgeTI9IjIyOSIvPjxwb2x5Z29uIGNsYXNzPSJoZWFkIiBwb2ludHM9IjMyNC4wLDIyOS4wIDMxMi43LDIzMy40IDMxMy4zLDIyMy40Ii8+PHRleHQgY2xhc3M9InNhaWQiIHg9IjE5MCIgeT0iMjExLjUiIHRleHQtYW5jaG9yPSJtaWRkbGUiPjgyIGJ5dGVzPC90ZXh0Pgo8bGluZSBjbGFzcz0id2F5IGRhdGEiIHgxPSI1NiIgeTE9IjI4OSIgeDI9IjMyNCIgeTI9IjM0OSIvPjxwb2x5Z29uIGNsYXNzPSJoZWFkIiBwb2ludHM9IjMyNC4wLDM0OS4wIDMxMi4yLDM1MS41IDMxNC40LDM0MS43Ii8+PHRleHQgY2xhc3M9InNhaWQiIHg9IjE5MCIgeT0iMzA5IiB0ZXh0LWFuY2hvcj0ibWlkZGxlIj50b21hdG88L3RleHQ+CjxsaW5lIGNsYXNzPSJ3YXkgY2xvc2UiIHgxPSI1NiIgeTE9IjMxOSIgeDI9IjMyNCIgeTI9IjM3OSIvPjxwb2x5Z29uIGNsYXNzPSJoZWFkIiBwb2ludHM9IjMyNC4wLDM3OS4wIDMxMi4yLDM4MS41IDMxNC40LDM3MS43Ii8+PHRleHQgY2xhc3M9InNhaWQgbm90ZSIgeD0iMTkwIiB5PSIzMzkiIHRleHQtYW5jaG9yPSJtaWRkbGUiPmNsb3NlPC90ZXh0Pgo8dGV4dCBjbGFzcz0idGltZSIgeD0iNCIgeT0iMTczIj4wLjIxIHM8L3RleHQ+Cjwvc3ZnPg==">
# <figcaption>48b&#95;resolver, simulated: 221 steps</figcaption></figure>

# %% [markdown]
# The same session, drawn from its recording. First a datagram that nothing answers; then a fifth of a second
# in which nothing happens; then the second question, from another port. Only when the answer has come does
# TCP begin, with its handshake.
#
# So a visit to a host by its name takes at least two round trips, and half of what people call “the network
# is slow” is on the upper half of this picture.

# %% [markdown] tags=["question"]
# <details><summary><b>What would the picture show for a second visit?</b></summary>
#
# The same again: this resolver forgets. Put a cache in front of it, and the second visit begins with TCP, as
# long as the record's time has not run out.
#
# As 48b\_resolver printed:
#
# ```
# telling where soup.kitchen.test is
# ```
#
# </details>

# %% [markdown]
# ## Other twisted.internet Features – Threads
#
# - `threads.deferToThread`: call this in a thread, give me the result here
# - For what blocks and can't be helped: a database driver, an old library
# - At most ten threads, and a queue that can be full

# %% [markdown]
# We have been rude about threads. Here is what they are good for: code that blocks, and that you can't
# rewrite, because it isn't yours. Put it in a thread, go on serving, and have the result brought to you.
#
# `bake` runs in the other thread. It may wait as long as it likes, but it may touch nothing of ours: no
# transport, no protocol, no timer. `take_out` runs here, in the loop, like any other handler. The two share
# nothing but the argument and the result, so there is nothing to lock.
#
# The pool has ten threads, and a queue for the calls that wait. When the queue is full, the next call fails
# at once. When the reactor stops, it waits until its threads have finished their work.
#
# A thread that wants something from the loop uses `callFromThread`, the one method of the reactor that it may
# call.

# %% [markdown]
# The slide shows `baking` in `50_threads/oven.py`:

# %% active="ipynb"
# %%program 50_threads/oven.py
# """An oven that blocks until the bread is done, and a waiter who doesn't wait for it."""
#
# from threading import Event
#
# from reactor import reactor, threads
#
# bread_has_risen = Event()
#
#
# # [baking]
# def bake(dough):  # in another thread: it may block, and touches nothing of ours
#     bread_has_risen.wait()
#     return f"bread of {dough}"
#
#
# def take_out(bread):  # back in the loop's thread
#     print("waiter takes out the", bread)
#     reactor.stop()
#
#
# def walk_past(times):
#     print("waiter walks past the oven")
#     if times > 1:
#         reactor.callLater(0.01, walk_past, times - 1)
#     else:
#         bread_has_risen.set()
#
#
# threads.deferToThread(bake, "rye").addCallback(take_out)
# # [/baking]
#
# reactor.callWhenRunning(walk_past, 3)
# reactor.run()

# %% active="ipynb"
# %%session 50_threads
# # A thread does what blocks, and the loop goes on meanwhile.
# $ python oven.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: What blocks is called in the loop</summary>
#
# The oven waits for the waiter, who stands before it and can't walk past.
#
# `50_threads/wrong/in_the_loop/oven.py`:
#
# ```diff
#   from threading import Event
#
# - from reactor import reactor, threads
# + from reactor import reactor
#
#   bread_has_risen = Event()
# ```
#
# `50_threads/wrong/in_the_loop/oven.py`:
#
# ```diff
#           bread_has_risen.set()
#
#
# - threads.deferToThread(bake, "rye").addCallback(take_out)
# + reactor.callWhenRunning(lambda: take_out(bake("rye")))
#
#   reactor.callWhenRunning(walk_past, 3)
#   reactor.run()
# ```
#
# ```console
# $ python oven.py
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: A thread calls the loop&#x27;s own methods</summary>
#
# The loop is asleep, and a stop() that doesn't come by callFromThread doesn't wake it.
#
# `50_threads/wrong/in_the_thread/oven.py`:
#
# ```diff
#   from threading import Event
#
# - from reactor import reactor, threads
# + from reactor import reactor
#
#   bread_has_risen = Event()
# ```
#
# `50_threads/wrong/in_the_thread/oven.py`:
#
# ```diff
#           bread_has_risen.set()
#
#
# - threads.deferToThread(bake, "rye").addCallback(take_out)
# + reactor.callInThread(lambda: take_out(bake("rye")))
#
#   reactor.callWhenRunning(walk_past, 3)
#   reactor.run()
# ```
#
# ```console
# $ python oven.py
# waiter walks past the oven
# waiter walks past the oven
# waiter walks past the oven
# waiter takes out the bread of rye
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>Ten threads wait for a slow database, and an eleventh query comes. What happens to the echo server?</b></summary>
#
# Nothing. The eleventh query waits in the pool's queue, and the loop goes on, as the waiter does past the
# oven.
#
# As 50\_threads printed:
#
# ```
# waiter walks past the oven
# waiter walks past the oven
# waiter walks past the oven
# ```
#
# </details>

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

# %% active="ipynb"
# %%program 51_deferreds/kitchen.py
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

# %% [markdown]
# The slide shows `callbacks` in `51_deferreds/callbacks.py`:

# %% active="ipynb"
# %%program 51_deferreds/callbacks.py
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

# %% [markdown]
# The slide shows `dinner` in `51_deferreds/callbacks.py`, whose cell is just above:
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

# %% active="ipynb"
# %%program 51_deferreds/await_it.py
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

# %% active="ipynb"
# %%session 51_deferreds
# # Two orders at once, one of them sold out: by callbacks, and then by await.
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

# %% active="ipynb"
# %%program 52_cancelling/patience.py
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

# %% [markdown]
# The slide shows `guests` in `52_cancelling/patience.py`, whose cell is just above:
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

# %% [markdown]
# The session below needs `52_cancelling/deaf.py` too:

# %% active="ipynb"
# %%program 52_cancelling/deaf.py
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

# %% active="ipynb"
# %%session 52_cancelling
# # Two guests don't want their dishes any more, and the kitchen stops cooking them.
# $ python patience.py
# $ python deaf.py

# %% [markdown]
# The slide shows `kitchen` in `52_cancelling/deaf.py`, whose cell is just above:
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

# %% active="ipynb"
# %%program 53_turns/stoves.py
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

# %% [markdown]
# The slide shows `waiter` in `53_turns/stoves.py`, whose cell is just above:
#
# ```python
# async def waiter(dishes):
#     for _ in range(dishes):
#         print("served:", await window.get())
#     reactor.stop()
# ```

# %% active="ipynb"
# %%session 53_turns
# # The third cook waits for a stove, and the waiter for a dish; neither blocks the loop.
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

# %% active="ipynb"
# %%program 54_task/rounds.py
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

# %% [markdown]
# The slide shows `peel` in `54_task/potatoes.py`:

# %% active="ipynb"
# %%program 54_task/potatoes.py
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

# %% [markdown]
# The slide shows `main` in `54_task/potatoes.py`, whose cell is just above:
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
# %%session 54_task
# # Again and again, and a little at a time.
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
# ## Two worlds, one loop
#
# - asyncio is an event loop as well, and there can be only one in a thread
# - So ours can be asyncio's: `ReactorEventLoop(reactor)`
# - Or asyncio's can be ours: `asyncioreactor.install()`, in a notebook too

# %% [markdown]
# Python has had an event loop of its own for some years, and people have written good libraries for it: SSH,
# web servers, mail. You want those, and you want your protocols. Two loops in one thread can't both wait, and
# a thread for each brings back the locks.
#
# So one loop does both jobs. asyncio lets you choose the object that asks the kernel who is ready. We give it
# one that makes a turn of our loop instead: asyncio thinks that it has waited, and meanwhile `Echo` has done
# its work. The coroutine and the protocol take turns in the output, as they do in the loop, and neither knows
# of the other.
#
# Here asyncio is the guest. The other way round works as well. You need it in a notebook, where asyncio's
# loop runs already: there you call `reactor.startRunning()` instead of `reactor.run()`.

# %% [markdown]
# The slide shows `Echo` in `03_echo/server.py`:

# %% active="ipynb"
# %%program 03_echo/server.py
# """What comes in goes out again."""
#
# from reactor import reactor
# from reactor.protocol import Protocol, ServerFactory
#
#
# class Echo(Protocol):
#     def connectionMade(self):
#         print("connection made with", self.transport.getPeer().host)
#
#     def dataReceived(self, data):
#         self.transport.write(data)
#
#     def connectionLost(self, reason):
#         print("connection was lost, alas")
#
#
# class EchoFactory(ServerFactory):
#     protocol = Echo
#
#
# # [listen]
# reactor.listenTCP(7771, EchoFactory())
# print("listening on port 7771")
# reactor.run()
# # [/listen]

# %% [markdown]
# The slide shows `Echo` in `55_two_worlds/restaurant.py`:

# %% active="ipynb"
# %%program 55_two_worlds/restaurant.py
# """Our protocol serves, a coroutine of asyncio's dines; they share one loop."""
#
# import asyncio
#
# from reactor import reactor
# from reactor.asyncioloop import ReactorEventLoop
# from reactor.protocol import Factory, Protocol
#
#
# class Echo(Protocol):
#     def dataReceived(self, data):
#         print("protocol: somebody says", data.decode().strip())
#         self.transport.write(data)
#
#
# async def dine():
#     reader, writer = await asyncio.open_connection("127.0.0.1", 7787)
#     for dish in ("soup", "fish"):
#         writer.write(dish.encode() + b"\n")
#         answer = await reader.readline()
#         print("coroutine: back came", answer.decode().strip())
#     writer.close()
#     await writer.wait_closed()
#     reactor.stop()
#
#
# # [worlds]
# loop = ReactorEventLoop(reactor)
# reactor.listenTCP(7787, Factory.forProtocol(Echo))
# dinner = loop.create_task(dine())
# reactor.run()
# loop.close()
# # [/worlds]

# %% [markdown]
# The slide shows `dine` in `55_two_worlds/restaurant.py`, whose cell is just above:
#
# ```python
# async def dine():
#     reader, writer = await asyncio.open_connection("127.0.0.1", 7787)
#     for dish in ("soup", "fish"):
#         writer.write(dish.encode() + b"\n")
#         answer = await reader.readline()
#         print("coroutine: back came", answer.decode().strip())
#     writer.close()
#     await writer.wait_closed()
#     reactor.stop()
# ```

# %% [markdown]
# The slide shows `worlds` in `55_two_worlds/restaurant.py`, whose cell is just above:
#
# ```python
# loop = ReactorEventLoop(reactor)
# reactor.listenTCP(7787, Factory.forProtocol(Echo))
# dinner = loop.create_task(dine())
# reactor.run()
# loop.close()
# ```

# %% active="ipynb"
# %%session 55_two_worlds
# # A protocol of the reactor and a coroutine of asyncio, in one program and one loop.
# # not on Twisted: its reactor can be a guest of asyncio's loop, but not the other way round
# $ python restaurant.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: asyncio.run() brings a loop of its own</summary>
#
# The coroutine's loop runs, the protocol's doesn't: the connection is made, and nobody answers.
#
# `55_two_worlds/wrong/two_loops/restaurant.py`:
#
# ```diff
#   loop = ReactorEventLoop(reactor)
#   reactor.listenTCP(7787, Factory.forProtocol(Echo))
# - dinner = loop.create_task(dine())
# + asyncio.run(dine())
#   reactor.run()
#   loop.close()
# ```
#
# ```console
# $ python restaurant.py
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>The coroutine calls <code>time.sleep(5)</code>. Who has to wait?</b></summary>
#
# Everybody: coroutine and protocol share one thread. One loop has one waiter, whichever library's uniform he
# wears, and the debug mode tells on him.
#
# As 57\_debug printed:
#
# ```
# a handler held the loop for 0.[..] s
# ```
#
# </details>

# %% [markdown]
# ## Testing a Protocol
#
# - No socket, no sleep, no reactor: a protocol is an object with methods
# - `StringTransport` keeps what was written, and refuses what real ones refuse
# - `Clock` is time that moves when you say so

# %% [markdown]
# This test tries half a minute of silence, in less than a millisecond. A test that sleeps is slow when it
# passes, and fails on the day when the machine is busy.
#
# It works because a protocol needs only a transport and a clock, and doesn't care which. So hand them in.
# `Shy` takes its clock as an argument, and in the server that clock is the reactor.
#
# Feed your protocol one byte at a time, as the first test does. Networks do that to you, and no other test
# finds so many bugs for so little work.
#
# To test a server with its client there is `connectedServerAndClient`, and for programs that listen and
# connect, `MemoryReactor`. The same tests run against these and against the real ones, or they would soon be
# nicer than the world.

# %% [markdown]
# The slide shows `Shy.connectionMade` in `56_testing/shy.py`:

# %% active="ipynb"
# %%program 56_testing/shy.py
# """A server that asks for a name, and doesn't ask for long."""
#
# from reactor.protocols.basic import LineReceiver
# from reactor.protocols.policies import TimeoutMixin
#
#
# class Shy(LineReceiver, TimeoutMixin):
#     def __init__(self, clock):
#         self.callLater = clock.callLater
#
#     def connectionMade(self):
#         self.setTimeout(30)
#         self.sendLine(b"who are you?")
#
#     def lineReceived(self, line):
#         self.setTimeout(None)
#         self.sendLine(b"pleased to meet you, " + line)
#         self.transport.loseConnection()
#
#     def timeoutConnection(self):
#         self.transport.abortConnection()

# %% [markdown]
# The slide shows `TestShy.setUp` in `56_testing/test_shy.py`:

# %% active="ipynb"
# %%program 56_testing/test_shy.py
# """Half a minute, tried in no time: no socket, no sleep, no reactor."""
#
# import unittest
#
# from shy import Shy
#
# from reactor.task import Clock
# from reactor.testing import StringTransport
#
#
# class TestShy(unittest.TestCase):
#     def setUp(self):
#         self.clock, self.transport = Clock(), StringTransport()
#         self.shy = Shy(self.clock)
#         self.shy.makeConnection(self.transport)
#
#     def test_greets_a_slow_talker(self):
#         self.transport.clear()
#         for byte in b"arthur\r\n":
#             self.clock.advance(3)
#             self.shy.dataReceived(bytes([byte]))
#         self.assertEqual(self.transport.value(), b"pleased to meet you, arthur\r\n")
#         self.assertTrue(self.transport.disconnecting)
#
#     def test_hangs_up_on_the_silent(self):
#         self.clock.advance(29)
#         self.assertFalse(self.transport.disconnected)
#         self.clock.advance(1)
#         self.assertTrue(self.transport.disconnected)
#
#
# unittest.main(verbosity=2)

# %% [markdown]
# The slide shows `TestShy.test_hangs_up_on_the_silent` in `56_testing/test_shy.py`, whose cell is just above:
#
# ```python
# def test_hangs_up_on_the_silent(self):
#     self.clock.advance(29)
#     self.assertFalse(self.transport.disconnected)
#     self.clock.advance(1)
#     self.assertTrue(self.transport.disconnected)
# ```

# %% active="ipynb"
# %%session 56_testing
# # A protocol tried without a socket, a sleep or a reactor.
# $ python test_shy.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The protocol takes the time from the wall</summary>
#
# The test moves its clock, and the protocol looks at another one.
#
# `56_testing/wrong/its_own_clock/shy.py`:
#
# ```diff
#   class Shy(LineReceiver, TimeoutMixin):
#       def __init__(self, clock):
# -         self.callLater = clock.callLater
# +         pass
#
#       def connectionMade(self):
#           self.setTimeout(30)
# ```
#
# ```console
# $ python test_shy.py
# test_greets_a_slow_talker (__main__.TestShy.test_greets_a_slow_talker) ... ok
# test_hangs_up_on_the_silent (__main__.TestShy.test_hangs_up_on_the_silent) ... FAIL
#
# [..]
#     self.assertTrue(self.transport.disconnected)
# [..]
# AssertionError: False is not true
# [..]
# FAILED (failures=1)
# [exit 1]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>Which of your tests sleep? What are they waiting for?</b></summary>
#
# For something that the test could have been told, or done itself. Here the clock is an argument, and half a
# minute of silence passes in no time.
#
# As 56\_testing printed:
#
# ```
# test_hangs_up_on_the_silent (__main__.TestShy.test_hangs_up_on_the_silent) ... ok
# ```
#
# </details>

# %% [markdown]
# ## What Is It Doing?
#
# - `REACTOR_DEBUG=1 python server.py`: the program reports what is wrong
# - Which handler held the loop for more than 100 ms, and at which line
# - `kill -USR1`: what is open, which timers, and which line made which Deferred

# %% [markdown]
# A server that does nothing looks much the same whether it thinks, waits, or has forgotten something. These
# are three different bugs.
#
# It thinks: a handler sleeps, or asks a database, or computes, and no other connection is served. The report
# has the line where the handler was after 100 milliseconds, and that's usually the line to change.
#
# It waits for something that will not happen: a timer an hour away, a Deferred that no code is going to fire.
# For a Deferred, the table tells which line made it, because that is where the story begins.
#
# It has forgotten something: when the program is told to stop, the report lists once more what is still open.
#
# This program switches the debug mode on in its code, to have it on the slide. Usually you set the
# environment variable and change nothing.

# %% [markdown]
# The slide shows `wrong` in `57_debug/slow.py`:

# %% active="ipynb"
# %%program 57_debug/slow.py
# """A program that does everything wrong, under observation."""
#
# import time
#
# from reactor import defer, reactor
# from reactor.debug import ps, watch
# from reactor.protocol import Factory
#
# defer.setDebugging(True)
# watch(reactor, report=print)  # or start the program with REACTOR_DEBUG=1
#
#
# # [wrong]
# def think():
#     time.sleep(0.15)  # and nobody is served meanwhile
#
#
# def promise():
#     return defer.Deferred()  # and never kept
#
#
# def look():
#     print(ps(reactor))
#     reactor.stop()
#
#
# promised = promise()
# reactor.listenTCP(7794, Factory())
# reactor.callLater(0, think)
# reactor.callLater(0.01, look)
# reactor.callLater(3600, print, "an hour has passed")
# # [/wrong]
# reactor.run()

# %% active="ipynb"
# %%session 57_debug
# # The debug mode reports what holds the loop, what is open, what waits, and at which lines.
# # not on Twisted: its debug mode reports only Deferreds
# $ python slow.py

# %% [markdown] tags=["question"]
# <details><summary><b>Why isn't this always on?</b></summary>
#
# It looks at the clock around every handler, and looks cost. But it costs little, and may be on for the hour
# in which you need it:
#
# As 57\_debug printed:
#
# ```
# a handler held the loop for 0.[..] s: after 100 ms it was at slow.py:15 in think
# ```
#
# </details>

# %% [markdown]
# ## Going Through a Proxy: SOCKS
#
# - A client says where it wants to go; the proxy goes there, and passes on what comes
# - As a place: `socks:proxy:1080:host:80`, and the program doesn't notice
# - This machine and its link are shut, by whatever name, unless you allow them

# %% [markdown]
# A proxy stands where its clients can't go: behind a firewall, or in another country. The client opens a
# connection to it and sends a few bytes: the version, the command, an address or a name, a port. The proxy
# connects, says yes, and from then on it is a pipe. SOCKS is that, and has been since 1992.
#
# The pipe is the proxy of part 2: each side is the other one's producer. What is new stands before it. A
# proxy can reach what its clients can't, its own machine first of all, where a database trusts whoever comes
# from there. So our rules shut that. And since anybody may give the address 127.0.0.1 a name in a domain of
# theirs, they are asked a second time when the name has been looked up.
#
# The client sends the name as it is, and never looks it up at home.

# %% [markdown]
# The slide shows `Menu.connectionMade` in `60_socks/kitchen.py`:

# %% active="ipynb"
# %%program 60_socks/kitchen.py
# """A kitchen that tells everybody the menu, and notes where they came from."""
#
# from reactor import reactor
# from reactor.protocol import Factory, Protocol
#
#
# class Menu(Protocol):
#     def connectionMade(self):
#         print("somebody comes from", self.transport.getPeer().host)
#         self.transport.write(b"tomato soup\n")
#         self.transport.loseConnection()
#
#
# reactor.listenTCP(7795, Factory.forProtocol(Menu), interface="127.0.0.1")
# print("listening on port 7795")
# reactor.run()

# %% [markdown]
# The slide shows `proxy` in `60_socks/proxy.py`:

# %% active="ipynb"
# %%program 60_socks/proxy.py
# """A proxy that goes to the kitchen for its guests, and nowhere else on this machine."""
#
# from reactor import reactor
# from reactor.protocols.socks import Rules, SOCKSFactory, SOCKSProtocol
#
#
# class Errand(SOCKSProtocol):
#     def account(self, reason):
#         wanted, came = self.request, self.otherConn.carried if self.otherConn else 0
#         print(f"SOCKS {wanted.version} to {wanted.host}:{wanted.port}: {came} bytes")
#         return super().account(reason)
#
#
# # [proxy]
# proxy = SOCKSFactory(Rules(allow=["127.0.0.1:7795"]))
# proxy.protocol = Errand
# reactor.listenTCP(7796, proxy, interface="127.0.0.1")
# # [/proxy]
# print("listening on port 7796")
# reactor.run()

# %% [markdown]
# The slide shows `ask` in `60_socks/guest.py`:

# %% active="ipynb"
# %%program 60_socks/guest.py
# """Ask for the menu at the place that the command line names."""
#
# import sys
#
# from reactor import defer, task
# from reactor.endpoints import clientFromString, connectProtocol
# from reactor.protocol import Protocol
#
#
# class Guest(Protocol):
#     def __init__(self):
#         self.words, self.heard = "", defer.Deferred()
#
#     def dataReceived(self, data):
#         self.words += data.decode()
#
#     def connectionLost(self, reason):
#         self.heard.callback(self.words)
#
#
# async def ask(reactor, place):
#     try:
#         endpoint = clientFromString(reactor, place)
#         guest = await connectProtocol(endpoint, Guest())
#         print(await guest.heard, end="")
#     except Exception as problem:
#         print("no menu:", problem)
#
#
# task.react(ask, sys.argv[1:])

# %% active="ipynb"
# %%session 60_socks
# # A proxy goes to the kitchen for its guests, and nowhere else on its machine; it prints a line for each visit.
# # not on Twisted: it speaks SOCKS 4 only, has no client for it, and goes wherever it is told
# $ python kitchen.py &
# $ python proxy.py &
# $ python guest.py socks:127.0.0.1:7796:localhost:7795
# $ python guest.py socks:127.0.0.1:7796:localhost:7795:version=4a
# $ python guest.py socks:127.0.0.1:7796:localhost:22

# %% [markdown] tags=["question"]
# <details><summary><b>Whom does the kitchen believe that it is talking to?</b></summary>
#
# The proxy: it sees the proxy's address and no other. That is what some people use one for, and it is why a
# server that lets in everybody from its own machine should have no proxy beside it.
#
# As 60\_socks printed:
#
# ```
# somebody comes from 127.0.0.1
# ```
#
# </details>

# %% [markdown]
# ## Finger: Refuse, Then Answer
#
# - One line comes, some text goes, and the connection is closed: RFC 1288
# - The protocol as it comes knows nobody, and refuses
# - A policy is a function from a name to a text, or to a Deferred of one

# %% [markdown]
# Twisted's tutorial has grown a finger server for twenty years, because there is no shorter protocol. A line
# comes with a name on it, and the answer is text.
#
# The first program has no policy. It says that there is no such user, it doesn't list who is there, and it
# asks no other host for you, since that would make it everybody's proxy. These three are methods of the
# class, and you could override them.
#
# The second program brings a policy: a function, in two lines. What is a line longer than 512 bytes? What
# becomes of control characters in the answer? When is a client given up that never asks? That is no business
# of the function's. In 1988 it was nobody's, and the first worm walked in through a finger server.

# %% [markdown]
# The slide shows `refuse` in `61_finger/refuse.py`:

# %% active="ipynb"
# %%program 61_finger/refuse.py
# """A finger server that knows nobody: the protocol as it comes, and no policy at all."""
#
# from reactor import reactor
# from reactor.protocol import Factory
# from reactor.protocols.finger import Finger
#
# # [refuse]
# reactor.listenTCP(7797, Factory.forProtocol(Finger))
# # [/refuse]
# print("listening on port 7797")
# reactor.run()

# %% [markdown]
# The slide shows `answer` in `61_finger/answer.py`:

# %% active="ipynb"
# %%program 61_finger/answer.py
# """A finger server that asks a function who somebody is."""
#
# from reactor import reactor
# from reactor.protocols.finger import FingerFactory
#
# # [answer]
# STAFF = {b"alice": b"cooks until ten", b"bob": b"is at table two"}
#
#
# def find(user, more):
#     return STAFF.get(user)
#
#
# reactor.listenTCP(7797, FingerFactory(find))
# # [/answer]
# print("listening on port 7797")
# reactor.run()

# %% [markdown] tags=["question"]
# <details><summary><b>Where would you put a look into a database?</b></summary>
#
# Into the function, which may return a Deferred: the connection waits, and the loop doesn't. Nothing else
# changes, and the protocol least of all.
#
# As 61\_finger printed:
#
# ```
# cooks until ten
# ```
#
# </details>

# %% [markdown]
# ## Finger: One Service, Two Protocols
#
# - What the staff does is known in one place, and that place knows no protocol
# - Finger asks it, the web asks it; mail and chat could

# %% [markdown]
# Here is the third step, and the reason for the first two. The staff has become an object with one method.
# The finger factory gets that method, and calls it. The page gets the object, and calls the same method. One
# loop has both ports, so nobody locks anything, and what you tell the one, the other knows at once.
#
# That is what the talk of 2003 meant by "low-level implementations, without policies". A protocol that
# decides nothing can be used by whoever has decided. Had the first program answered by itself, we would now
# be copying it into the web page.
#
# The client is a function as well: it takes an endpoint, so it asks through a proxy, too, if you give it one.

# %% [markdown]
# The slide shows `StaffPage.render_GET` in `61_finger/both.py`:

# %% active="ipynb"
# %%program 61_finger/both.py
# """One service and two protocols: the same answers by finger and on the web."""
#
# from reactor import reactor
# from reactor.protocols.finger import FingerFactory
# from reactor.web.resource import Resource
# from reactor.web.server import Site
#
#
# class Staff:
#     def __init__(self):
#         self.places = {b"alice": b"cooks until ten", b"bob": b"is at table two"}
#
#     def find(self, user, more=False):
#         return self.places.get(user)
#
#
# class StaffPage(Resource):
#     isLeaf = True
#
#     def __init__(self, staff):
#         Resource.__init__(self)
#         self.staff = staff
#
#     def render_GET(self, request):
#         request.setHeader(b"content-type", b"text/plain")
#         found = self.staff.find(request.postpath[0])
#         return (found or b"No such user") + b"\n"
#
#
# # [both]
# staff = Staff()
# reactor.listenTCP(7797, FingerFactory(staff.find))
# reactor.listenTCP(7798, Site(StaffPage(staff)))
# # [/both]
# print("listening on ports 7797 and 7798")
# reactor.run()

# %% [markdown]
# The slide shows `both` in `61_finger/both.py`, whose cell is just above:
#
# ```python
# staff = Staff()
# reactor.listenTCP(7797, FingerFactory(staff.find))
# reactor.listenTCP(7798, Site(StaffPage(staff)))
# ```

# %% [markdown]
# The slide shows `ask` in `61_finger/ask.py`:

# %% active="ipynb"
# %%program 61_finger/ask.py
# """Ask a finger server about everybody on the command line."""
#
# import sys
#
# from reactor import task
# from reactor.endpoints import TCP4ClientEndpoint
# from reactor.protocols.finger import query
#
#
# async def ask(reactor, *users):
#     server = TCP4ClientEndpoint(reactor, "127.0.0.1", 7797)
#     for user in users:
#         answer = await query(server, user.encode())
#         print(answer.decode(), end="")
#
#
# task.react(ask, sys.argv[1:])

# %% active="ipynb"
# %%session 61_finger
# # A finger server in three steps: it refuses, it answers, and the web has the same answers.
# # needs: curl, h11
# # deadline: 30
# # not on Twisted: its server ends with refusing, and it has no client
# $ python refuse.py &
# $ python ask.py alice "" alice@elsewhere
# $ kill %1
# $ python answer.py &
# $ python ask.py alice mallory
# $ kill %2
# $ python both.py &
# $ python ask.py bob
# $ curl -sS http://localhost:7798/bob

# %% [markdown] tags=["question"]
# <details><summary><b>Bob moves to table three. What has to change?</b></summary>
#
# One entry of one dictionary, and both protocols say so from then on. Neither of them has kept anything.
#
# As 61\_finger printed:
#
# ```
# is at table two
# ```
#
# </details>

# %% [markdown]
# ## Mail: The Protocol Asks, You Decide
#
# - SMTP knows commands, order, sizes, dots; it knows nobody, and decides nothing
# - May it come from there? To whom may it go? What becomes of it? Three methods, or a Deferred of each
# - 250 means: I have it, and shall not lose it

# %% [markdown]
# The same again, in a protocol that carries half of the world's business. What SMTP is about you find nowhere
# in this program: greetings, the order of commands, how long a line may be, TLS, logins. What you find are
# decisions. Carol is not from here, so she is refused, and her sender hears it before the letter goes.
#
# One of Bob's lines is a dot. A dot alone on a line ends a letter, so the client sends two, and the server
# takes one off. And the server believes one end only: CR LF, dot, CR
# LF. Servers that also took LF, dot, LF for the end could be made to see two letters where their neighbour
# had seen one, and the second said whatever its writer liked. That was found in 2023, in programs twenty
# years old.
#
# eomReceived returns a Deferred, and the sender gets no 250 until it has fired. So write the file, sync it,
# rename it, and then fire. Where the library's own server has said 250, you may pull the plug.

# %% [markdown]
# The slide shows `Kitchen.validateTo` in `62_mail/server.py`:

# %% active="ipynb"
# %%program 62_mail/server.py
# """A mail server for one kitchen: it prints every letter that comes."""
#
# from reactor import reactor
# from reactor.defer import succeed
# from reactor.mail.smtp import ESMTP, SMTPBadRcpt, SMTPFactory
#
#
# class Letter:
#     def __init__(self, user):
#         self.user, self.lines = user, []
#
#     def lineReceived(self, line):
#         self.lines.append(line.decode())
#
#     def eomReceived(self):
#         print("for", self.user, self.lines)
#         return succeed(None)
#
#     def connectionLost(self):
#         print("half a letter for", self.user)
#
#
# class Kitchen(ESMTP):
#     noisy = False
#
#     def validateFrom(self, helo, origin):
#         return origin
#
#     def validateTo(self, user):
#         if user.dest.domain != b"kitchen.example":
#             raise SMTPBadRcpt(user, 550, "5.7.1 We are no post office")
#         return lambda: Letter(user)
#
#     def receivedHeader(self, helo, origin, recipients):
#         return b""
#
#
# factory = SMTPFactory()
# factory.noisy, factory.protocol = False, Kitchen
# reactor.listenTCP(7813, factory)
# print("listening on port 7813")
# reactor.run()

# %% [markdown]
# The slide shows `Letter.eomReceived` in `62_mail/server.py`, whose cell is just above:
#
# ```python
# def eomReceived(self):
#     print("for", self.user, self.lines)
#     return succeed(None)
# ```

# %% [markdown]
# The slide shows `send` in `62_mail/send.py`:

# %% active="ipynb"
# %%program 62_mail/send.py
# """Send a letter with a dot in it to everybody on the command line."""
#
# import sys
#
# from reactor import task
# from reactor.mail.smtp import sendmail
#
# ME = "ann@home.example"
# LETTER = b"Subject: oysters\n\n.\nThat was the dot.\n"
#
#
# async def send(reactor, *users):
#     sent, answers = await sendmail("127.0.0.1", ME, users, LETTER, port=7813)
#     print(sent, "of", len(users))
#     for user, code, text in answers:
#         print(user.decode(), code, text.decode())
#
#
# task.react(send, sys.argv[1:])

# %% active="ipynb"
# %%session 62_mail
# # A mail server that decides for whom it takes letters, and a client that hears what becomes of each recipient.
# $ python server.py &
# $ python send.py bob@kitchen.example carol@elsewhere.example

# %% [markdown] tags=["question"]
# <details><summary><b>The disk is full. What do you answer?</b></summary>
#
# 452, which means "not now": the sender keeps the letter and comes again. You need only let the OSError
# happen; the protocol makes 452 of it. A 5 in front would tell the sender to give up.
#
# As 62\_mail printed:
#
# ```
# Recipient address accepted
# ```
#
# </details>

# %% [markdown]
# ## Fetching Mail: POP3
#
# - The protocol asks a portal who may come in, and gets a mailbox
# - A mailbox is in memory, or a Maildir; the protocol can't tell
# - Deleted is what was deleted when you said goodbye

# %% [markdown]
# Three lines make the server. The checker knows the password, the portal leads whoever has it to their
# mailbox, and the factory speaks POP3. Put a `Maildir` in place of the `MemoryStore`, and the letters lie in
# a folder, where any other program on the machine may deliver and read while we run.
#
# The client is a loop: fetch, keep, delete. Look at the order. Until you have kept a letter, the only copy
# is on the server, so a client that deletes first loses mail on the day on which its disk is full.
#
# And look at the last line. POP3 deletes nothing until the client says QUIT. If the line breaks in the middle
# of the third letter, all of them are still there tomorrow, and you get two of them twice. Twice is a
# nuisance; never is a catastrophe. Protocols about things that matter choose the nuisance.
#
# While Ann's client is in there nobody else is, not even Ann with her telephone: numbers of letters must not
# change under anybody's hands. `[IN-USE]`, says the server.

# %% [markdown]
# The slide shows `serve` in `63_pop3/mailbox.py`:

# %% active="ipynb"
# %%program 63_pop3/mailbox.py
# """A mailbox with two letters in it, for whoever knows the password."""
#
# from reactor import reactor
# from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
# from reactor.cred.portal import Portal
# from reactor.mail.maildrop import Mailboxes, MemoryStore
# from reactor.mail.pop3 import POP3Factory
#
# store = MemoryStore()
# store.deliver(b"Subject: soup\r\n\r\nIt is ready.\r\n")
# store.deliver(b"Subject: oysters\r\n\r\nThere are no more.\r\n.\r\nBob\r\n")
#
# # [serve]
# checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
# portal = Portal(Mailboxes({b"ann": store}), [checker])
# reactor.listenTCP(7815, POP3Factory(portal))
# # [/serve]
# print("listening on port 7815")
# reactor.run()

# %% [markdown]
# The slide shows `take_home` in `63_pop3/take_home.py`:

# %% active="ipynb"
# %%program 63_pop3/take_home.py
# """Take all letters home: fetch, keep, delete, and say goodbye."""
#
# from reactor import task
# from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
# from reactor.mail.pop3 import AdvancedPOP3Client
#
#
# async def take_home(reactor):
#     server = TCP4ClientEndpoint(reactor, "127.0.0.1", 7815)
#     client = await connectProtocol(server, AdvancedPOP3Client())
#     await client.login(b"ann", b"secret")
#     for index, size in enumerate(await client.listSize()):
#         lines = await client.retrieve(index)
#         keep(size, lines)
#         await client.delete(index)
#     await client.quit()
#
#
# def keep(size, lines):
#     print(f"{size} bytes,", *(line.decode() for line in lines if line))
#
#
# task.react(take_home)

# %% active="ipynb"
# %%session 63_pop3
# # A mailbox with two letters, read by curl, and taken home by a client that deletes what it has.
# # needs: curl
# # not on Twisted: it has no mailboxes for a portal to give out
# $ python mailbox.py &
# $ curl -sS pop3://ann:secret@localhost:7815/
# $ curl -sS pop3://ann:secret@localhost:7815/2
# $ python take_home.py
# $ python take_home.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The client leaves without quit()</summary>
#
# Both letters were deleted, and both are still there: POP3 deletes at the goodbye, and a lost connection isn't one.
#
# `63_pop3/wrong/no_goodbye/take_home.py`:
#
# ```diff
# - """Take all letters home: fetch, keep, delete, and say goodbye."""
# + """Take all letters home, and leave without a goodbye."""
#
#   from reactor import task
#   from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
# ```
#
# `63_pop3/wrong/no_goodbye/take_home.py`:
#
# ```diff
#           lines = await client.retrieve(index)
#           keep(size, lines)
#           await client.delete(index)
# -     await client.quit()
#
#
#   def keep(size, lines):
# ```
#
# ```console
# $ python mailbox.py &
# listening on port 7815
# $ python take_home.py
# 31 bytes, Subject: soup It is ready.
# 48 bytes, Subject: oysters There are no more. . Bob
# $ python take_home.py
# 31 bytes, Subject: soup It is ready.
# 48 bytes, Subject: oysters There are no more. . Bob
# ```
#
# The right program, in the same scene:
#
# ```console
# $ python mailbox.py &
# listening on port 7815
# $ python take_home.py
# 31 bytes, Subject: soup It is ready.
# 48 bytes, Subject: oysters There are no more. . Bob
# $ python take_home.py
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>Why does <code>listSize</code> say 31 bytes, when the server's program spells one that is shorter?</b></summary>
#
# It doesn't: every line ends with two bytes, CR and LF, and they count. A server that keeps letters with one
# of them has to count as if there were two, or a client that trusts the size waits for bytes that never come.
#
# As 63\_pop3 printed:
#
# ```
# 1 31
# ```
#
# </details>

# %% [markdown]
# ## Mail That Stays: IMAP
#
# - One mailbox, two doors: SMTP puts letters in, IMAP shows them
# - Every letter has a number for ever; whoever saw 17 asks for 18 and up
# - Parts of letters, searches, flags: the server works, the line is short

# %% [markdown]
# POP3 empties a mailbox. IMAP leaves everything where it is, and lets the laptop, the telephone and the web
# page look at it at once. So the server has the work: it searches, it takes letters apart, it remembers who
# has read what.
#
# The two factories share one object: SMTP's `Domain` delivers into the INBOX that the account hands out.
#
# curl asks for the body of the second letter and gets that alone, not the letter with the film in it. Then
# mbsync copies the mailbox to a folder. Start it again, and it fetches nothing: it remembers the last number
# that it has seen. So a server that gives a number to a second letter loses mail, politely.
#
# What makes the protocol hard isn't in this session: the other telephone deletes the third letter while you
# ask for the fifth. Which is the fifth then? The server must say "the third is gone" before the numbers
# move, and it may not say so while you might be asking.

# %% [markdown]
# The slide shows `serve` in `64_imap/server.py`:

# %% active="ipynb"
# %%program 64_imap/server.py
# """A mailbox that SMTP fills and IMAP shows."""
#
# from reactor import reactor
# from reactor.cred.checkers import AllowAnonymousAccess, InMemoryUsernamePasswordDatabaseDontUse
# from reactor.cred.portal import Portal
# from reactor.mail.imap4 import Accounts, IMAP4Factory, MemoryAccount
# from reactor.mail.mail import Domain, MailService
# from reactor.mail.smtp import SMTPFactory
#
# # [serve]
# ann = MemoryAccount()
# mail = MailService()
# mail.addDomain(b"kitchen.example", Domain({b"ann": ann.select("INBOX")}))
# reactor.listenTCP(7816, SMTPFactory(Portal(mail, [AllowAnonymousAccess()])))
#
# checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
# portal = Portal(Accounts({b"ann": ann}.__getitem__), [checker])
# reactor.listenTCP(7817, IMAP4Factory(portal))
# # [/serve]
# print("listening on ports 7816 and 7817")
# reactor.run()

# %% [markdown]
# The slide shows `send` in `64_imap/send.py`:

# %% active="ipynb"
# %%program 64_imap/send.py
# """Send Ann two letters."""
#
# from reactor import task
# from reactor.mail.smtp import sendmail
#
# BOB, ANN = "bob@kitchen.example", "ann@kitchen.example"
# LETTERS = [b"Subject: soup\n\nIt is ready.\n", b"Subject: oysters\n\nThere are no more.\n"]
#
#
# async def send(reactor):
#     for letter in LETTERS:
#         await sendmail("127.0.0.1", BOB, [ANN], letter, port=7816)
#         print("sent", letter.split(b"\n")[0].decode())
#
#
# task.react(send)

# %% [markdown]
# The session below needs `64_imap/copy.sh` too:

# %% active="ipynb"
# %%program 64_imap/copy.sh
# # Copy the mailbox at port $1 into the folder mail, and say what is there.
# mkdir -p mail
# mbsync -q -c /dev/stdin kitchen <<END
# IMAPAccount kitchen
# Host 127.0.0.1
# Port $1
# User ann
# Pass secret
# SSLType None
#
# IMAPStore there
# Account kitchen
#
# MaildirStore here
# Path mail/
# Inbox mail/INBOX
#
# Channel kitchen
# Far :there:
# Near :here:
# Create Near
# SyncState *
# END
# grep -rh Subject mail/INBOX | sort

# %% active="ipynb"
# %%session 64_imap
# # A mailbox that SMTP fills; curl searches in it and shows a part of a letter, and mbsync copies all of it.
# # needs: curl, mbsync
# # not on Twisted: it has no mailboxes for an account to give out
# $ python server.py &
# $ python send.py
# $ curl -sS imap://ann:secret@localhost:7817/INBOX?SUBJECT%20oysters
# $ curl -sS "imap://ann:secret@localhost:7817/INBOX;MAILINDEX=2;SECTION=TEXT"
# $ sh copy.sh 7817

# %% [markdown] tags=["question"]
# <details><summary><b>How does your telephone learn of a new letter without asking every minute?</b></summary>
#
# It says IDLE, and the server says `* 3 EXISTS` when there is a third letter. One line, whenever it comes,
# over a connection that costs nothing while it waits: you have known for three parts why.
#
# </details>

# %% [markdown]
# ## News: NNTP
#
# - A group is a list of numbers; an article may be in several, and is stored once
# - Its Message-ID is the same everywhere, so servers ask “do you have it?”
# - “It is here” means: on disk

# %% [markdown]
# Mail goes to a person; news goes to a place. A server keeps groups, and a group is nothing but numbers, each
# of which stands for an article. The numbers are the server's own: number 2 here may be number 90 elsewhere.
# They only grow, and none is used again, since a reader remembers what it has seen as “1 to 41”.
#
# What an article is called in all places is its Message-ID. With it, servers need no plan. Each offers its
# neighbours what it has, by id; who has it says so, who hasn't takes it and offers it on. An article finds
# its way around any hole in the net, and comes by two ways at once only to be refused at the second.
#
# Three lines make the server, as always. Put the name of a file between the brackets of `NewsDatabase()`, and
# the articles are there tomorrow. `reactord news` does that, with logins, TLS and neighbours. A reader from
# 1991 works: `tin -r -g localhost`.

# %% [markdown]
# The slide shows `serve` in `65_news/newsroom.py`:

# %% active="ipynb"
# %%program 65_news/newsroom.py
# """A group in which everybody may read and post."""
#
# from reactor import reactor
# from reactor.news.database import NewsDatabase
# from reactor.news.news import NNTPFactory
#
# # [serve]
# store = NewsDatabase()
# store.addGroup("doom.kitchen", "what is cooked")
# reactor.listenTCP(7819, NNTPFactory(store))
# # [/serve]
# print("listening on port 7819")
# reactor.run()

# %% [markdown]
# The slide shows `post` in `65_news/post.py`:

# %% active="ipynb"
# %%program 65_news/post.py
# """Post an article: post.py SUBJECT."""
#
# import sys
#
# from reactor import task
# from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
# from reactor.news.nntp import NNTPClient, NNTPError
#
#
# async def post(reactor, subject):
#     server = TCP4ClientEndpoint(reactor, "127.0.0.1", 7819)
#     client = await connectProtocol(server, NNTPClient())
#     lines = [
#         "From: Ann <ann@a.example>",
#         "Newsgroups: doom.kitchen",
#         f"Subject: {subject}",
#         "",
#         "Taste it.",
#         "",
#     ]
#     try:
#         reply = await client.postArticle("\r\n".join(lines).encode())
#         print(reply.code, reply.text.decode())
#     except NNTPError as problem:
#         print(problem)
#
#
# task.react(post, sys.argv[1:])

# %% [markdown]
# The slide shows `read` in `65_news/read.py`:

# %% active="ipynb"
# %%program 65_news/read.py
# """Show what is in a group."""
#
# from reactor import task
# from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
# from reactor.news.nntp import NNTPClient
#
#
# async def read(reactor):
#     server = TCP4ClientEndpoint(reactor, "127.0.0.1", 7819)
#     client = await connectProtocol(server, NNTPClient())
#     group = await client.fetchGroup("doom.kitchen")
#     print(f"{group.name}: {group.size} articles")
#     for number, fields in await client.fetchOverview(group.low, group.high):
#         body = await client.fetchBody(number)
#         print(number, fields["Subject"], "--", body.decode().strip())
#
#
# task.react(read)

# %% active="ipynb"
# %%session 65_news
# # A group of news: two articles are posted, and a reader lists them.
# # not on Twisted: it has no news any more
# $ python newsroom.py &
# $ python post.py soup
# $ python post.py oysters
# $ python read.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: No empty line behind the headers</summary>
#
# The server refuses it: where the headers end, an empty line says, and without one all of it is headers.
#
# `65_news/wrong/no_gap/post.py`:
#
# ```diff
#           "From: Ann <ann@a.example>",
#           "Newsgroups: doom.kitchen",
#           f"Subject: {subject}",
# -         "",
#           "Taste it.",
#           "",
#       ]
# ```
#
# ```console
# $ python newsroom.py &
# listening on port 7819
# $ python post.py soup
# 441 an article has headers, an empty line, and a body, and no NUL in it
# ```
#
# The right program, in the same scene:
#
# ```console
# $ python newsroom.py &
# listening on port 7819
# $ python post.py soup
# 240 it is here
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>Two neighbours offer the same new article in the same moment. Why isn't it stored twice?</b></summary>
#
# Both may be told to send it. But the id is unique in the store's table, and the article with its numbers is
# one transaction: the first that is complete wins, the other is refused, and its server strikes it off.
# The reader sees each article once.
#
# As 65\_news printed:
#
# ```
# doom.kitchen: 2 articles
# ```
#
# </details>

# %% [markdown]
# ## Objects That Call Each Other
#
# - The peer gets a reference, and calls what begins with \`remote\_\`
# - An argument can be an object, too: then the server calls the client
# - Each call returns a Deferred; answers come in any order

# %% [markdown]
# Two programs, and two objects. The customer asks for the root of the kitchen and gets a reference to the
# waiter. `callRemote` sends the name of a method and its arguments, and returns a Deferred at once.
#
# Now look at the third argument. The customer doesn't send its data; it sends itself. What arrives in the
# kitchen is a reference, and when the soup is ready the waiter calls `taste` on it. Who is the client now?
# Both are. That is why the answer to the order may come before the soup does, or after it.
#
# Whose methods can be called? Those whose names begin with `remote_`, of objects that were sent, by the peer
# to whom they were sent. When the customer's reference is dropped in the kitchen, the customer hears of it,
# and may be forgotten.
#
# The same bytes are understood by Twisted, and by `Client.java` in the same folder, which is one file. A page
# in the documentation, `perspective-broker.md`, has all that it needed to know.

# %% [markdown]
# The slide shows `Waiter` in `66_pb/kitchen.py`:

# %% active="ipynb"
# %%program 66_pb/kitchen.py
# """A waiter who takes orders from anywhere, and calls the customer when the dish is there."""
#
# from reactor import reactor
# from reactor.spread import pb
#
#
# class Waiter(pb.Root):
#     def remote_order(self, dish, customer):
#         reactor.callLater(0.2, self.bring, dish, customer)
#         return f"one {dish}, in a moment"
#
#     def bring(self, dish, customer):
#         customer.callRemote("taste", dish).addCallback(self.hear)
#
#     def remote_pay(self, amount):
#         return f"{amount} it is: come again"
#
#     def hear(self, opinion):
#         print("the customer says:", opinion)
#
#
# reactor.listenTCP(7820, pb.PBServerFactory(Waiter()))
# print("listening on port 7820")
# reactor.run()

# %% [markdown]
# The slide shows `Customer` in `66_pb/customer.py`:

# %% active="ipynb"
# %%program 66_pb/customer.py
# """Order, and be called back."""
#
# from reactor import task
# from reactor.defer import Deferred
# from reactor.endpoints import TCP4ClientEndpoint
# from reactor.spread import pb
#
#
# class Customer(pb.Referenceable):
#     def __init__(self):
#         self.full = Deferred()
#
#     def remote_taste(self, dish):
#         self.full.callback(dish)
#         return f"more {dish}!"
#
#
# async def eat(reactor):
#     kitchen, customer = pb.PBClientFactory(), Customer()
#     await TCP4ClientEndpoint(reactor, "127.0.0.1", 7820).connect(kitchen)
#     waiter = await kitchen.getRootObject()
#     print(await waiter.callRemote("order", "soup", customer))
#     print("I had", await customer.full)
#     print(await waiter.callRemote("pay", 5))
#
#
# task.react(eat)

# %% [markdown]
# The slide shows `eat` in `66_pb/customer.py`, whose cell is just above:
#
# ```python
# async def eat(reactor):
#     kitchen, customer = pb.PBClientFactory(), Customer()
#     await TCP4ClientEndpoint(reactor, "127.0.0.1", 7820).connect(kitchen)
#     waiter = await kitchen.getRootObject()
#     print(await waiter.callRemote("order", "soup", customer))
#     print("I had", await customer.full)
#     print(await waiter.callRemote("pay", 5))
# ```

# %% active="ipynb"
# %%session 66_pb
# # A waiter's object: the customer orders from another process, and the kitchen calls the customer back.
# $ python kitchen.py &
# $ python customer.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The customer is an ordinary object</summary>
#
# Nothing travels by itself: a class says how, by what it inherits from; else all that it knows would go to the peer.
#
# `66_pb/wrong/no_flavor/customer.py`:
#
# ```diff
#   from reactor.spread import pb
#
#
# - class Customer(pb.Referenceable):
# + class Customer:
#       def __init__(self):
#           self.full = Deferred()
# ```
#
# ```console
# $ python kitchen.py &
# listening on port 7820
# $ python customer.py
# [..]
# reactor.spread.jelly.InsecureJelly: objects of __main__.Customer don't travel: [..]
# [exit 1]
# ```
#
# The right program, in the same scene:
#
# ```console
# $ python kitchen.py &
# listening on port 7820
# the customer says: more soup!
# $ python customer.py
# one soup, in a moment
# I had soup
# 5 it is: come again
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>The customer leaves before the soup is ready. What does the waiter get?</b></summary>
#
# The connection is lost, so the reference is dead: `callRemote` raises DeadReferenceError. A waiter who wants
# to know it earlier asks the reference, by `notifyOnDisconnect`. In this run the customer stays, and says:
#
# As 66\_pb printed:
#
# ```
# the customer says: more soup!
# ```
#
# </details>

# %% [markdown]
# ## How To Not Implement A Protocol, Again: XML-RPC
#
# - The protocol is there: a call is XML, posted by HTTP, and so is its answer
# - Publish a method by its prefix; return a value, or a Deferred of one
# - Any language calls it: Perl, JavaScript, the one of your accountants

# %% [markdown]
# In part 2 the best protocol was the one that you don't write. Here you don't even choose its messages. The
# kitchen is a class; a method whose name begins with `xmlrpc_` can be called from everywhere, and what it
# returns goes back. There are numbers, texts, dates, bytes, lists and dictionaries, and no objects. The
# specification is one page of 1999, and everybody could implement it in an afternoon. So everybody did, and
# that is its whole secret.
#
# The third program isn't ours. It is the standard library, waits where it stands, and neither side knows what
# the other is made of. An error travels as a number and a sentence. Which error, the method decides: what it
# didn't mean to raise is logged here; the caller learns “error”, since a traceback is nothing to hand out.
#
# What comes over the wire was written by somebody. A kilobyte of XML can say “ten of the last line” nine
# times, and mean a gigabyte: such definitions are refused, and so are calls of more than a megabyte.

# %% [markdown]
# The slide shows `publish` in `67_xmlrpc/kitchen.py`:

# %% active="ipynb"
# %%program 67_xmlrpc/kitchen.py
# """A kitchen whose methods other programs call."""
#
# from reactor import reactor
# from reactor.web.server import Site
# from reactor.web.xmlrpc import XMLRPC
#
#
# # [publish]
# class Kitchen(XMLRPC):
#     def xmlrpc_order(self, dish, count):
#         return [f"{dish} {number}" for number in range(1, count + 1)]
#
#
# reactor.listenTCP(7867, Site(Kitchen()))
# # [/publish]
# print("listening on port 7867")
# reactor.run()

# %% [markdown]
# The slide shows `order` in `67_xmlrpc/waiter.py`:

# %% active="ipynb"
# %%program 67_xmlrpc/waiter.py
# """Call a kitchen: waiter.py DISH COUNT."""
#
# import sys
#
# from reactor import task
# from reactor.web.xmlrpc import Fault, Proxy
#
#
# async def order(reactor, dish, count):
#     kitchen = Proxy(b"http://127.0.0.1:7867/")
#     try:
#         print(await kitchen.callRemote("order", dish, int(count)))
#         await kitchen.callRemote("close")
#     except Fault as fault:
#         print(fault.faultCode, fault.faultString)
#
#
# task.react(order, sys.argv[1:])

# %% [markdown]
# The slide shows `67_xmlrpc/stranger.py`:

# %% active="ipynb"
# %%program 67_xmlrpc/stranger.py
# """Call the kitchen with what the standard library has."""
#
# from xmlrpc.client import ServerProxy
#
# with ServerProxy("http://127.0.0.1:7867/") as kitchen:
#     print(kitchen.order("oyster", 3))

# %% active="ipynb"
# %%session 67_xmlrpc
# # A class is called from other programs: by ours, and by one that knows nothing of us.
# # needs: defusedxml, h11
# $ python kitchen.py &
# $ python waiter.py soup 2
# $ python stranger.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: A method is called as it is named</summary>
#
# What has no prefix is nobody's business, and can't be called.
#
# `67_xmlrpc/wrong/not_published/kitchen.py`:
#
# ```diff
#   class Kitchen(XMLRPC):
# -     def xmlrpc_order(self, dish, count):
# +     def order(self, dish, count):
#           return [f"{dish} {number}" for number in range(1, count + 1)]
# ```
#
# ```console
# $ python kitchen.py &
# listening on port 7867
# $ python waiter.py soup 2
# 8001 procedure order not found
# ```
#
# The right program, in the same scene:
#
# ```console
# $ python kitchen.py &
# listening on port 7867
# $ python waiter.py soup 2
# ['soup 1', 'soup 2']
# 8001 procedure close not found
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>The kitchen stands in your own network. Why may a web page that you visit not order soup?</b></summary>
#
# Your browser could post to it: any page may make it post a form. But not a form that says it is XML: for
# that the browser asks the kitchen first, and gets no answer that allows it. So the server takes nothing that
# isn't called XML.
#
# As 67\_xmlrpc printed:
#
# ```
# 8001 procedure close not found
# ```
#
# </details>

# %% [markdown]
# ## Directories: LDAP
#
# - A tree of entries, each with a name and attributes that have values
# - A search has a place in the tree, a depth, and a filter
# - A filter is code that a stranger writes: \`escape\_value\` keeps a value a value

# %% [markdown]
# LDAP is the telephone book of offices: programs for mail look up addresses in it, and machines look up who
# may log in. An entry's name says where it stands, the leaf first: `cn=Ann,o=Doom`. All the rest is
# attributes, any number, with any number of values each.
#
# Eight lines make an address book, and OpenLDAP's own program finds everybody with an A. Put `LDIFTree` or
# `SQLiteTree` in the place of the tree, and it is there tomorrow; `reactord ldap` does that, with logins and
# TLS. On the wire this is BER: tag, length, content, and the content may be more of the same. That is a
# parser which strangers feed with lengths, so each is looked at before a byte is kept for it.
#
# The last command is somebody who types half a filter where a name belongs. With `escape_value` it is a
# strange name, and nobody has it. Without it, the filter has another part, and finds whom it likes.

# %% [markdown]
# The slide shows `serve` in `68_ldap/address_book.py`:

# %% active="ipynb"
# %%program 68_ldap/address_book.py
# """An address book that programs for mail can ask."""
#
# from reactor import reactor
# from reactor.ldap import LDAPEntry, LDAPServerFactory, MemoryTree
#
# # [serve]
# book = MemoryTree([LDAPEntry("o=Doom", {"objectClass": [b"organization"]})])
# for name in ("Ann", "Astrid", "Bob"):
#     mail = f"{name.lower()}@doom.example".encode()
#     person = {"objectClass": [b"inetOrgPerson"], "mail": [mail]}
#     book.add(LDAPEntry(f"cn={name},o=Doom", {**person, "sn": [b"Doe"]}))
# reactor.listenTCP(7818, LDAPServerFactory(book))
# # [/serve]
# print("listening on port 7818")
# reactor.run()

# %% [markdown]
# The slide shows `find` in `68_ldap/find.py`:

# %% active="ipynb"
# %%program 68_ldap/find.py
# """Ask the address book for people."""
#
# import sys
#
# from reactor import task
# from reactor.ldap import connectToLDAPEndpoint, escape_value
#
#
# async def find(reactor):
#     client = await connectToLDAPEndpoint(reactor, "ldap://127.0.0.1:7818")
#     name = escape_value(sys.argv[1])
#     wanted = f"(&(cn={name}*)(mail=*))"
#     result = await client.search("o=Doom", wanted, attributes=["mail"])
#     for person in result.entries:
#         print(person.dn, *map(bytes.decode, person["mail"]))
#     print(len(result.entries), "found")
#     client.unbind()
#
#
# task.react(find)

# %% active="ipynb"
# %%session 68_ldap
# # An address book: OpenLDAP's ldapsearch looks into it, and a client of ours.
# # needs: ldapsearch
# # not on Twisted: it has no LDAP
# $ python address_book.py &
# $ ldapsearch -x -LLL -H ldap://localhost:7818 -b o=Doom "(cn=A*)" mail
# $ python find.py b
# $ python find.py "*)(cn="

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: What somebody types goes into the filter as it is</summary>
#
# It isn't a name any more but half a filter, and finds everybody.
#
# `68_ldap/wrong/no_escape/find.py`:
#
# ```diff
#   import sys
#
#   from reactor import task
# - from reactor.ldap import connectToLDAPEndpoint, escape_value
# + from reactor.ldap import connectToLDAPEndpoint
#
#
#   async def find(reactor):
#       client = await connectToLDAPEndpoint(reactor, "ldap://127.0.0.1:7818")
# -     name = escape_value(sys.argv[1])
# +     name = sys.argv[1]
#       wanted = f"(&(cn={name}*)(mail=*))"
#       result = await client.search("o=Doom", wanted, attributes=["mail"])
#       for person in result.entries:
# ```
#
# ```console
# $ python address_book.py &
# listening on port 7818
# $ python find.py "*)(cn="
# cn=Ann,o=Doom ann@doom.example
# cn=Astrid,o=Doom astrid@doom.example
# cn=Bob,o=Doom bob@doom.example
# 3 found
# ```
#
# The right program, in the same scene:
#
# ```console
# $ python address_book.py &
# listening on port 7818
# $ python find.py "*)(cn="
# 0 found
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>A filter can say <code>(!(mail=*))</code>. What should <code>(!(password=s*))</code> find?</b></summary>
#
# Nobody. A filter that may look at passwords finds out, with some patience, how they begin; and its opposite
# finds out the same. So a password is neither here nor there: a filter has three answers, yes, no, and
# “nobody can say”, and the opposite of the third is the third. An entry is found by “yes” alone.
#
# As 68\_ldap printed:
#
# ```
# 0 found
# ```
#
# </details>

# %% [markdown]
# ## Where Are We? GPS
#
# - A receiver is a serial line that talks: a line of text for each thing it knows
# - `$GPGLL,5230.1080,N,…*72`: degrees *and minutes*, and a checksum
# - Nobody asked, so anything may come: half a line, noise, the same place three times

# %% [markdown]
# The thermometer answered when it was asked. A receiver of GPS doesn't wait for that. Once a second it says
# where it is, when, how fast, and which satellites it sees, in lines that the makers of depth sounders agreed
# upon in 1983. The standard costs money. So everybody learned it from each other, mistakes included.
#
# The program is three objects. The protocol makes sentences of lines, and drops what is none: look at what
# the receiver says first. The adapter makes places, times and speeds of sentences, whichever came first. The
# last object is ours, and knows nothing of lines. The same three read a serial port, and the last one reads
# gpsd or a Rockwell receiver of 1994 as well, which speaks in binary.
#
# This circle takes most of a second. In the simulated world it takes no time, and the program comes home
# after the same number of steps. That is how you test a journey.

# %% [markdown]
# The slide shows `Receiver.say` in `69_gps/receiver.py`:

# %% active="ipynb"
# %%program 69_gps/receiver.py
# """A receiver of GPS that isn't there: it drives a circle of 200 m, and says where it is."""
#
# from math import cos, pi, sin
#
# from reactor import reactor
# from reactor.positioning.nmea import coordinate, line
# from reactor.protocol import Factory, Protocol
# from reactor.task import LoopingCall
#
#
# class Receiver(Protocol):
#     def connectionMade(self):
#         self.angle = 0.0
#         self.transport.write(b"7.038,N,01131.000,E*00\r\n")  # one never comes at the beginning
#         self.drive = LoopingCall(self.say)
#         self.drive.start(0.1)
#
#     def say(self):
#         latitude = 52.5 + 0.0018 * cos(self.angle)
#         longitude = 13.4 + 0.00296 * sin(self.angle)
#         place = *coordinate(latitude, "NS"), *coordinate(longitude, "EW")
#         self.transport.write(line("GPGLL", *place, "120000", "A"))
#         self.angle += pi / 4
#
#     def connectionLost(self, reason):
#         self.drive.stop()
#
#
# reactor.listenTCP(7869, Factory.forProtocol(Receiver))
# print("listening on port 7869")
# reactor.run()

# %% [markdown]
# The slide shows `Trip.positionReceived` in `69_gps/home.py`:

# %% active="ipynb"
# %%program 69_gps/home.py
# """Say how far from home we are, and when we are back."""
#
# from math import cos, hypot, radians
#
# from reactor import task
# from reactor.defer import Deferred
# from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
# from reactor.positioning.base import BasePositioningReceiver
# from reactor.positioning.nmea import NMEAAdapter, NMEAProtocol
#
# A_DEGREE = 60 * 1852  # metres
#
#
# class Trip(BasePositioningReceiver):
#     def __init__(self):
#         self.home, self.was_away, self.is_home = None, False, Deferred()
#
#     def positionReceived(self, latitude, longitude):
#         here = float(latitude), float(longitude)
#         self.home = self.home or here
#         north, east = here[0] - self.home[0], here[1] - self.home[1]
#         away = A_DEGREE * hypot(north, east * cos(radians(here[0])))
#         print(f"{here[0]:.4f} {here[1]:.4f}: {away:.0f} m from home")
#         self.was_away = self.was_away or away > 50
#         if self.was_away and away < 10:
#             self.is_home.callback("home again")
#
#
# async def drive(reactor):
#     trip = Trip()
#     receiver = TCP4ClientEndpoint(reactor, "127.0.0.1", 7869)
#     protocol = await connectProtocol(receiver, NMEAProtocol(NMEAAdapter(trip)))
#     print(await trip.is_home)
#     protocol.transport.loseConnection()
#
#
# task.react(drive)

# %% [markdown]
# The slide shows `drive` in `69_gps/home.py`, whose cell is just above:
#
# ```python
# async def drive(reactor):
#     trip = Trip()
#     receiver = TCP4ClientEndpoint(reactor, "127.0.0.1", 7869)
#     protocol = await connectProtocol(receiver, NMEAProtocol(NMEAAdapter(trip)))
#     print(await trip.is_home)
#     protocol.transport.loseConnection()
# ```

# %% active="ipynb"
# %%session 69_gps
# # A receiver drives a circle, and a program says when it is home.
# # not on Twisted: it reads sentences, and writes none
# $ python receiver.py &
# $ python home.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: A latitude of 52.5 is written as 5250</summary>
#
# That is 52 degrees and 50 minutes: it starts in another town, and goes too far.
#
# `69_gps/wrong/decimal_degrees/receiver.py`:
#
# ```diff
#       def say(self):
#           latitude = 52.5 + 0.0018 * cos(self.angle)
#           longitude = 13.4 + 0.00296 * sin(self.angle)
# -         place = *coordinate(latitude, "NS"), *coordinate(longitude, "EW")
# +         place = f"{latitude * 100:.4f}", "N", *coordinate(longitude, "EW")
#           self.transport.write(line("GPGLL", *place, "120000", "A"))
#           self.angle += pi / 4
# ```
#
# ```console
# $ python receiver.py &
# listening on port 7869
# $ python home.py
# 52.8363 13.4000: 0 m from home
# 52.8355 13.4021: 171 m from home
# 52.8333 13.4030: 388 m from home
# 52.8312 13.4021: 586 m from home
# 52.8303 13.4000: 667 m from home
# 52.8312 13.3979: 586 m from home
# 52.8333 13.3970: 388 m from home
# 52.8355 13.3979: 171 m from home
# 52.8363 13.4000: 0 m from home
# home again
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>The first line of the receiver was broken. Where did it go?</b></summary>
#
# It had no beginning, and was dropped. A line with a wrong checksum goes the same way. The next one is a
# second away, so there is nothing to ask for again, and no reason to hang up.
#
# As 69\_gps printed:
#
# ```
# 52.5018 13.4000: 0 m from home
# ```
#
# </details>

# %% [markdown]
# ## Files: FTP
#
# - Commands on one connection, each file on another, which comes and goes
# - The client goes there, or says where it may be found: both were abused
# - A file appears whole, or not at all

# %% [markdown]
# FTP is from 1971, older than TCP. Commands and replies are lines, as in mail; a file travels on a
# connection of its own, and ends where that ends. So nobody has to know its length, and a transfer can be
# stopped while the conversation goes on.
#
# The second connection is the trouble. A client may tell the server where to connect, and have it knock at
# doors that only the server reaches; this is the bounce. A server can do the same to its clients. And
# whoever is first at the announced port gets the file. Both ends here believe a port and no address: data
# goes to the host of the conversation, and comes from there.
#
# A connection that ends may have broken. So the server writes an upload beside the file, and renames it when
# all has come. What came of a cut one stays, and the client may go on after it.
#
# `reactord ftp --path www --users users` is this server, with TLS and a range of ports.

# %% [markdown]
# The slide shows `serve` in `70_ftp/house.py`:

# %% active="ipynb"
# %%program 70_ftp/house.py
# """One folder with two doors: everybody reads it by HTTP, and Ann writes it by FTP."""
#
# from reactor import reactor
# from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
# from reactor.cred.portal import Portal
# from reactor.protocols.ftp import BaseFTPRealm, FTPFactory
# from reactor.web.server import Site
# from reactor.web.static import File
#
#
# # [serve]
# class OneFolder(BaseFTPRealm):
#     def getHomeDirectory(self, avatarId):
#         return "www"
#
#
# checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
# portal = Portal(OneFolder("www"), [checker])
# reactor.listenTCP(7021, FTPFactory(portal))
# reactor.listenTCP(8070, Site(File("www")))
# # [/serve]
# print("FTP at port 7021, HTTP at port 8070")
# reactor.run()

# %% [markdown]
# The slide shows `upload` in `70_ftp/upload.py`:

# %% active="ipynb"
# %%program 70_ftp/upload.py
# """Upload a file: upload.py NAME."""
#
# import sys
#
# from reactor import task
# from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
# from reactor.protocols.basic import FileSender
# from reactor.protocols.ftp import FTPClient
#
#
# async def upload(reactor, name):
#     server = TCP4ClientEndpoint(reactor, "127.0.0.1", 7021)
#     client = await connectProtocol(server, FTPClient("ann", "secret"))
#     connected, done = client.storeFile(name)
#     with open(name, "rb") as file:
#         consumer = await connected
#         await FileSender().beginFileTransfer(file, consumer)
#     consumer.finish()
#     for line in await done:
#         print(line)
#     await client.quit()
#
#
# task.react(upload, sys.argv[1:])

# %% [markdown]
# The slide shows `look` in `70_ftp/look.py`:

# %% active="ipynb"
# %%program 70_ftp/look.py
# """Look at a page: look.py NAME."""
#
# import sys
#
# from reactor import task
# from reactor.web.client import Agent, readBody
#
#
# async def look(reactor, name):
#     url = f"http://127.0.0.1:8070/{name}"
#     response = await Agent(reactor).request(b"GET", url.encode())
#     body = await readBody(response)
#     print(body.decode().strip() if response.code == 200 else response.code)
#
#
# task.react(look, sys.argv[1:])

# %% [markdown]
# The session below needs `70_ftp/menu.txt` too:

# %% active="ipynb"
# %%program 70_ftp/menu.txt
# tomato soup

# %% [markdown]
# The session below needs `70_ftp/www/index.html` too:

# %% active="ipynb"
# %%program 70_ftp/www/index.html
# <h1>It works!</h1>

# %% active="ipynb"
# %%session 70_ftp
# # A folder with two doors: what comes by FTP is there for HTTP.
# # needs: h11
# # not on Twisted: its FTP gives checkers text, and they compare bytes
# $ python house.py &
# $ python look.py menu.txt
# $ python upload.py menu.txt
# $ python look.py menu.txt

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: Each user has a folder with their name</summary>
#
# Ann's files belong into www/ann, which nobody has made, and which is not what the web server shows.
#
# `70_ftp/wrong/folder_each/house.py`:
#
# ```diff
# - """One folder with two doors: everybody reads it by HTTP, and Ann writes it by FTP."""
# + """Two doors, and behind the second a folder for each user."""
#
#   from reactor import reactor
#   from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
# ```
#
# `70_ftp/wrong/folder_each/house.py`:
#
# ```diff
#   class OneFolder(BaseFTPRealm):
#       def getHomeDirectory(self, avatarId):
# -         return "www"
# +         return f"www/{avatarId.decode()}"
#
#
#   checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
# ```
#
# ```console
# $ python house.py &
# FTP at port 7021, HTTP at port 8070
# $ python upload.py menu.txt
# [..]
# reactor.protocols.ftp.client.CommandFailed: ['550 there is no such file or folder']
# [exit 1]
# $ python look.py menu.txt
# 404
# ```
#
# The right program, in the same scene:
#
# ```console
# $ python house.py &
# FTP at port 7021, HTTP at port 8070
# $ python upload.py menu.txt
# 226 it is there
# $ python look.py menu.txt
# tomato soup
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>A client is killed during an upload; its kernel closes both connections. What does the server see?</b></summary>
#
# An end of the data that looks like the end of the file. But the other connection ends in the same moment,
# so the server looks at that before it believes: whoever has hung up doesn't wait for “it is there”. Under
# TLS there is no doubt: only a goodbye ends the file.
#
# </details>

# %% [markdown]
# ## Telnet: Who Answers Whom
#
# - Yes is WILL or DO, no is WONT or DONT; a wish and an answer look alike
# - Answer everything, and two peers answer each other for ever (*it happened*)
# - Say something only to change a state, or because the peer has changed it
#
# <table class="protocols"><thead><tr><td></td><th>hears yes</th><th>hears no</th><th>wants yes</th><th>wants no</th></tr></thead><tbody><tr><th>no</th><td>yes, says <strong>yes</strong></td><td>no</td><td>wantyes, says <strong>yes</strong></td><td>an error</td></tr><tr><th>yes</th><td>yes</td><td>no, says <strong>no</strong></td><td>an error</td><td>wantno, says <strong>no</strong></td></tr><tr><th>wantno</th><td>no</td><td>no</td><td>wantno + opposite</td><td>an error</td></tr><tr><th>wantno + opposite</th><td>yes</td><td>wantyes, says <strong>yes</strong></td><td>an error</td><td>wantno</td></tr><tr><th>wantyes</th><td>yes</td><td>no</td><td>an error</td><td>wantyes + opposite</td></tr><tr><th>wantyes + opposite</th><td>wantno, says <strong>no</strong></td><td>no</td><td>wantyes</td><td>an error</td></tr></tbody></table>

# %% [markdown]
# Telnet is text in each direction, and a way to agree on more: who echoes, how large the window is. One side
# says WILL, I would like to; the other says DO, please. Or one says DO, and the other WILL. The same words
# ask and answer.
#
# The document of 1983 forgot what happens when both ask at once, or when one changes its mind while the
# answer is under way. Programs that followed it could talk about nothing else. Seven years
# later the answer was a table. The slide draws it from the dictionary that the
# library looks into.
#
# Read the row *want yes*. We have asked. If we hear yes, the option is on, and we say nothing: it was an
# answer. If we don't want it any more, we wait all the same, and remember the opposite. That memory, one bit,
# is a queue. A test puts such tables at both ends of a line, and goes through what two people can want, in
# any order: both end up believing the same.

# %% [markdown] tags=["question"]
# <details><summary><b>We are in <em>yes</em>, and hear yes. Why is saying nothing right, and yes once more wrong?</b></summary>
#
# It changes nothing here, so nothing is to be told. If we said yes as well, the peer, which is in *yes* too,
# would hear it, and by the same reasoning say it again.
#
# As 71\_manhole printed:
#
# ```
# >>> house.visitors
# 1
# ```
#
# </details>

# %% [markdown]
# ## Manhole: A Prompt in a Running Server
#
# - Its objects, at a Python prompt, by telnet; no restart, no guest leaves
# - Never without a portal: who has the prompt *is* the program

# %% [markdown]
# The server runs, guests are inside, and something is wrong with it. You can add a print, restart, and wait
# until it happens again. Or you climb in. A manhole is a prompt whose names are the server's own objects:
# look at them, call their methods, change them. The greeting is changed here while the house is open.
#
# From the top down: a telnet connection; upon it the login, which asks a portal; what the portal gives is a
# terminal that sends each key; upon that a line editor with a history; and upon that Python. Each of them is
# a protocol to the one below and a transport to the one above. You have seen the pattern six times now.
#
# At your own terminal it is `telnet localhost 7872`, with arrow keys. `reactord manhole` has the same with
# hashed passwords. Two warnings. The prompt lives in the loop: while your command runs nobody is served,
# so ours interrupts it after ten seconds. And telnet sends passwords as they are: beyond this machine use
# TLS, or SSH.

# %% [markdown]
# The slide shows `manhole` in `71_manhole/house.py`:

# %% active="ipynb"
# %%program 71_manhole/house.py
# """A house that greets whoever comes, and a Python prompt inside of it for those who may."""
#
# from reactor import reactor
# from reactor.conch import telnet
# from reactor.conch.insults.insults import ServerProtocol
# from reactor.conch.manhole import Manhole
# from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
# from reactor.cred.portal import Portal
# from reactor.protocol import Protocol, ServerFactory
#
#
# class Greeting(Protocol):
#     def connectionMade(self):
#         self.factory.visitors += 1
#         self.transport.write(self.factory.greeting + b"\n")
#         self.transport.loseConnection()
#
#
# class House(ServerFactory):
#     protocol = Greeting
#     greeting, visitors = b"welcome", 0
#
#
# house = House()
#
#
# # [manhole]
# def prompt():
#     names = {"house": house}
#     return telnet.TelnetBootstrapProtocol(ServerProtocol, Manhole, names)
#
#
# class Realm:
#     def requestAvatar(self, avatarId, mind, *interfaces):
#         return telnet.ITelnetProtocol, prompt(), lambda: None
#
#
# users = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
# portal = Portal(Realm(), [users])
# door = ServerFactory()
# login = telnet.AuthenticatingTelnetProtocol
# door.protocol = lambda: telnet.TelnetTransport(login, portal)
# reactor.listenTCP(7872, door, interface="127.0.0.1")
# # [/manhole]
# reactor.listenTCP(7871, house)
# print("listening on ports 7871 and 7872")
# reactor.run()

# %% [markdown]
# The slide shows `type` in `71_manhole/ann.py`:

# %% active="ipynb"
# %%program 71_manhole/ann.py
# """Be Ann at the prompt of the house, and type: ann.py COMMAND… You yourself take `telnet localhost 7872`."""
#
# import re
# import sys
#
# from reactor import task
# from reactor.conch.telnet import TelnetProtocol, TelnetTransport
# from reactor.defer import Deferred
# from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
#
#
# # [type]
# class Ann(TelnetProtocol):
#     def __init__(self, commands):
#         self.keys = [b"ann\n", b"secret\n", *commands, b"\x04"]
#         self.screen, self.unread, self.left = b"", b"", Deferred()
#
#     def enableLocal(self, option):
#         return True
#
#     enableRemote = enableLocal
#
#     def dataReceived(self, data):
#         self.screen += data
#         self.unread += data
#         if seen(self.unread).endswith((b"name: ", b"word: ", b">>> ")):
#             self.unread = b""
#             self.transport.write(self.keys.pop(0))
#             # [/type]
#
#     def connectionLost(self, reason):
#         self.left.callback(None)
#
#
# def seen(text):
#     """What a person sees: no control sequences."""
#     return re.sub(rb"\x1b(\[[0-9;]*[A-Za-z]|c)|\r", b"", text)
#
#
# async def be_ann(reactor, *commands):
#     house = TCP4ClientEndpoint(reactor, "127.0.0.1", 7872)
#     ann = Ann(command.encode() + b"\n" for command in commands)
#     await connectProtocol(house, TelnetTransport(lambda: ann))
#     await ann.left
#     _, prompt, rest = seen(ann.screen).decode().partition(">>> ")
#     print(prompt + rest.rstrip())
#
#
# task.react(be_ann, sys.argv[1:])

# %% [markdown]
# The slide shows `Visitor` in `71_manhole/visit.py`:

# %% active="ipynb"
# %%program 71_manhole/visit.py
# """Visit the house, and show how it greets."""
#
# from reactor import task
# from reactor.defer import Deferred
# from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
# from reactor.protocol import Protocol
#
#
# class Visitor(Protocol):
#     def connectionMade(self):
#         self.left = Deferred()
#
#     def dataReceived(self, data):
#         print(data.decode(), end="")
#
#     def connectionLost(self, reason):
#         self.left.callback(None)
#
#
# async def visit(reactor):
#     house = TCP4ClientEndpoint(reactor, "127.0.0.1", 7871)
#     visitor = await connectProtocol(house, Visitor())
#     await visitor.left
#
#
# task.react(visit)

# %% active="ipynb"
# %%session 71_manhole
# # A server's greeting is changed while it runs, at a Python prompt inside of it.
# $ python house.py &
# $ python visit.py
# $ python ann.py house.visitors 'house.greeting = b"good evening"'
# $ python visit.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The prompt comes without a login</summary>
#
# Whoever reaches the port is the program, be it by another program on this machine.
#
# `71_manhole/wrong/open_door/house.py`:
#
# ```diff
#   portal = Portal(Realm(), [users])
#   door = ServerFactory()
#   login = telnet.AuthenticatingTelnetProtocol
# - door.protocol = lambda: telnet.TelnetTransport(login, portal)
# + door.protocol = lambda: telnet.TelnetTransport(prompt)
#   reactor.listenTCP(7872, door, interface="127.0.0.1")
#   reactor.listenTCP(7871, house)
#   print("listening on ports 7871 and 7872")
# ```
#
# ```console
# $ python house.py &
# listening on ports 7871 and 7872
# $ python ann.py house.visitors
# >>> ann
# [..]
# NameError: name 'ann' is not defined
# >>> secret
# [..]
# NameError: name 'secret' is not defined
# >>> house.visitors
# 0
# >>>
# ```
#
# The right program, in the same scene:
#
# ```console
# $ python house.py &
# listening on ports 7871 and 7872
# $ python ann.py house.visitors
# >>> house.visitors
# 0
# >>>
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>Why does the prompt listen on 127.0.0.1 only, although there is a login?</b></summary>
#
# Since a password by telnet can be read by everybody in between. On this machine nobody is in between. The
# login is for the other programs and people here: to reach a port isn't yet to be somebody.
#
# As 71\_manhole/wrong/open\_door printed:
#
# ```
# NameError: name 'secret' is not defined
# ```
#
# </details>

# %% [markdown]
# ## SSH: The Room of Part 2, Behind Keys
#
# - Two logins at once: the host shows its key, then the guest does
# - What then runs is a protocol of yours; a channel is its transport
# - An endpoint, so any client too: `ssh:ann@host:chat`

# %% [markdown]
# We have had this room since the second part. Its guests could be anybody, and whoever had the cable could
# hear them. Now it stands behind SSH. The guest's class has hardly changed: it is still a protocol, with a
# transport below. That is a channel in an encrypted connection, of which there may be many.
#
# The cryptography is asyncssh's, a library for asyncio that runs on our transports. Never write your own.
# What is ours are the decisions: the portal again, with a checker for keys this time, and an avatar that says
# what runs when somebody asks for a shell. So OpenSSH's client is a client of our chat.
#
# The other half is easily forgotten: how do you know to whom you talk? The host shows a key as well, and
# your file of known hosts has to have it. At the first visit it can't; that is when ssh asks you, and
# everybody says yes. Our endpoint asks nobody. It fails, tells you the fingerprint and the line to add, and
# leaves the deciding to you.

# %% [markdown]
# The slide shows `Session` in `72_ssh/room.py`:

# %% active="ipynb"
# %%program 72_ssh/room.py
# """The room of Part 2, behind SSH: guests are who their keys say. room.py KEY: the key that it shows."""
#
# import sys
#
# import asyncssh
#
# from reactor import reactor
# from reactor.conch.avatar import ConchUser
# from reactor.conch.checkers import InMemorySSHKeyDB, SSHPublicKeyChecker
# from reactor.conch.interfaces import IConchUser
# from reactor.conch.ssh.factory import SSHFactory
# from reactor.conch.ssh.session import wrapProtocol
# from reactor.cred.portal import Portal
# from reactor.protocol import Protocol
#
#
# class Guest(Protocol):
#     def __init__(self, room, name):
#         self.room, self.name = room, name
#
#     def connectionMade(self):
#         self.room.append(self)
#         self.transport.write(b"%b, guests: %d\n" % (self.name, len(self.room)))
#
#     def dataReceived(self, data):
#         for guest in self.room:
#             if guest is not self:
#                 guest.transport.write(self.name + b": " + data)
#
#     def connectionLost(self, reason):
#         self.room.remove(self)
#
#
# class Session:
#     def __init__(self, avatar):
#         self.guest = Guest(room, avatar.name)
#
#     def openShell(self, proto):
#         self.guest.makeConnection(proto)
#         proto.makeConnection(wrapProtocol(self.guest))
#
#     def execCommand(self, proto, command):
#         self.openShell(proto)
#
#     def eofReceived(self):
#         self.guest.transport.loseConnection()
#
#     def closed(self): ...
#
#
# class Avatar(ConchUser):
#     sessionFactory = Session
#
#     def __init__(self, name):
#         super().__init__()
#         self.name = name
#
#
# class Realm:
#     def requestAvatar(self, avatarId, mind, *interfaces):
#         return IConchUser, Avatar(avatarId), lambda: None
#
#
# room: list[Guest] = []
# keys = {name: [asyncssh.read_public_key(f"{name}.pub")] for name in ("ann", "bob")}
# checker = SSHPublicKeyChecker(InMemorySSHKeyDB({name.encode(): key for name, key in keys.items()}))
# shown = asyncssh.read_private_key(sys.argv[1])
# reactor.listenTCP(7873, SSHFactory(Portal(Realm(), [checker]), [shown]))
# print("listening on port 7873")
# reactor.run()

# %% [markdown]
# The slide shows `Avatar` in `72_ssh/room.py`, whose cell is just above:
#
# ```python
# class Avatar(ConchUser):
#     sessionFactory = Session
#
#     def __init__(self, name):
#         super().__init__()
#         self.name = name
# ```

# %% [markdown]
# The slide shows `Realm` in `72_ssh/room.py`, whose cell is just above:
#
# ```python
# class Realm:
#     def requestAvatar(self, avatarId, mind, *interfaces):
#         return IConchUser, Avatar(avatarId), lambda: None
# ```

# %% [markdown]
# The slide shows `visit` in `72_ssh/guest.py`:

# %% active="ipynb"
# %%program 72_ssh/guest.py
# """A guest of few words: `python guest.py NAME`. NAME is the file of a key, too."""
#
# import sys
#
# from reactor import task
# from reactor.conch.endpoints import SSHCommandClientEndpoint
# from reactor.defer import Deferred
# from reactor.endpoints import connectProtocol
# from reactor.protocol import Protocol
#
# name = sys.argv[1]
#
#
# class Guest(Protocol):
#     greeted = False
#
#     def connectionMade(self):
#         self.left = Deferred()
#
#     def dataReceived(self, data):
#         print(data.decode(), end="")
#         if self.greeted:
#             self.transport.loseConnection()
#         elif not data.endswith(b" 1\n"):  # alone, there is nobody to greet
#             self.greeted = True
#             self.transport.write(b"hello\n")
#
#     def connectionLost(self, reason):
#         self.left.callback(None)
#
#
# async def visit(reactor):
#     known = "known_hosts"
#     room = SSHCommandClientEndpoint.newConnection(
#         reactor,
#         "chat",
#         name,
#         "localhost",
#         7873,
#         [name],
#         knownHosts=known,
#     )
#     try:
#         guest = await connectProtocol(room, Guest())
#         await guest.left
#     except Exception as problem:
#         print(type(problem).__name__)
#
#
# task.react(visit)

# %% [markdown]
# The slide shows `72_ssh/keys.py`:

# %% active="ipynb"
# %%program 72_ssh/keys.py
# """Make a key for each name, and say how the house's looks: keys.py NAME…"""
#
# import sys
# from pathlib import Path
#
# import asyncssh
#
# for name in sys.argv[1:]:
#     key = asyncssh.generate_private_key("ssh-ed25519")
#     key.write_private_key(name)
#     Path(name).chmod(0o600)
#     key.write_public_key(f"{name}.pub")
#
# public = Path("house.pub").read_text()
# Path("known_hosts").write_text(f"localhost {public}")

# %% [markdown]
# The session below needs `72_ssh/talk.sh` too:

# %% active="ipynb"
# %%program 72_ssh/talk.sh
# # Bob says one thing, and leaves. $1: the port.
# echo good evening | ssh -F none -T -o BatchMode=yes -o UserKnownHostsFile=known_hosts -p "$1" -i bob bob@localhost

# %% active="ipynb"
# %%session 72_ssh
# # The room of Part 2 behind SSH: a guest of ours and OpenSSH's ssh come in by their keys.
# # needs: asyncssh, ssh
# # not on Twisted: its SSH has keys of another kind
# $ python keys.py house ann bob eve
# $ python room.py house &
# $ python guest.py eve
# $ python guest.py ann &
# $ sh talk.sh 7873

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: Any host key will do</summary>
#
# The two talk in a room of somebody else's, who hears and changes what he likes.
#
# `72_ssh/wrong/any_host_key/guest.py`:
#
# ```diff
#   import sys
#
#   from reactor import task
# + from reactor.conch.client.knownhosts import KnownHostsFile
#   from reactor.conch.endpoints import SSHCommandClientEndpoint
#   from reactor.defer import Deferred
#   from reactor.endpoints import connectProtocol
# ```
#
# `72_ssh/wrong/any_host_key/guest.py`:
#
# ```diff
#   async def visit(reactor):
# -     known = "known_hosts"
# +     known = KnownHostsFile("known_hosts")
# +     known.verifyHostKey = lambda hostname, key: None
#       room = SSHCommandClientEndpoint.newConnection(
#           reactor,
#           "chat",
# ```
#
# ```console
# $ python keys.py house ann bob impostor
# $ cut -d' ' -f1,2 known_hosts
# localhost ssh-ed25519
# $ python room.py impostor &
# listening on port 7873
# $ python guest.py bob &
# bob, guests: 1
# ann: hello
# $ python guest.py ann
# ann, guests: 2
# bob: hello
# ```
#
# The right program, in the same scene:
#
# ```console
# $ python keys.py house ann bob impostor
# $ cut -d' ' -f1,2 known_hosts
# localhost ssh-ed25519
# $ python room.py impostor &
# listening on port 7873
# $ python guest.py bob &
# HostKeyChanged
# $ python guest.py ann
# HostKeyChanged
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>Eve is in nobody's list. Is she told that there is no such name, or that her key is wrong?</b></summary>
#
# Neither: permission denied, in either case, and after the same time. Else she could try names until one of
# them fails in another way.
#
# As 72\_ssh printed:
#
# ```
# AuthenticationFailed
# ```
#
# </details>

# %% [markdown]
# ## IRC: A Waiter in the Room
#
# - The room knows no protocol; IRC is a door to it, and others can be
# - Everybody hears the same, in the same order
# - A client is methods for what happens: `signedOn`, `privmsg`

# %% [markdown]
# Our chat of the second part has one room, and guests without names. IRC is what people made of that idea in
# 1988, and it has never stopped. A line is a command; the server passes it on to whoever is in the room.
#
# The room itself is in another package, and knows nothing of lines. It has people, a topic, rules, and one
# queue: whatever happens goes through it, so that no two guests can disagree about who spoke first. A door
# turns what happens into bytes, once for each kind of reader and not once for each reader. That is why a room
# of a thousand costs little more than a room of ten.
#
# And the one who doesn't read? Their bytes wait, up to a bound. Then they are out, and the room goes on. It
# would be kind to wait for them; then one of them could stop everybody.

# %% [markdown]
# The slide shows `73_irc/server.py`:

# %% active="ipynb"
# %%program 73_irc/server.py
# """A room with a door for IRC."""
#
# from reactor import reactor
# from reactor.words.service import InMemoryWordsRealm, IRCFactory
#
# rooms = InMemoryWordsRealm("doom.test")
# rooms.createGroup("doom")
# reactor.listenTCP(7874, IRCFactory(rooms))
# print("rooms at port 7874")
# reactor.run()

# %% [markdown]
# The slide shows `Waiter` in `73_irc/bot.py`:

# %% active="ipynb"
# %%program 73_irc/bot.py
# """A waiter in the room #doom, who knows what there is."""
#
# from reactor import reactor
# from reactor.protocol import ClientFactory
# from reactor.words.protocols.irc import IRCClient
#
#
# class Waiter(IRCClient):
#     nickname = "waiter"
#
#     def signedOn(self):
#         self.join("doom")
#
#     def privmsg(self, user, channel, message):
#         guest = user.partition("!")[0]
#         if message == "soup?":
#             self.say(channel, f"{guest}: tomato")
#
#
# class Factory(ClientFactory):
#     protocol = Waiter
#
#     def clientConnectionFailed(self, connector, reason):
#         print("nobody there:", reason.type.__name__)
#         reactor.stop()
#
#
# reactor.connectTCP("127.0.0.1", 7874, Factory())
# print("the waiter comes")
# reactor.run()

# %% [markdown]
# The slide shows `Guest` in `73_irc/guest.py`:

# %% active="ipynb"
# %%program 73_irc/guest.py
# """Asks in the room, and goes when there is an answer: guest.py NAME QUESTION"""
#
# import sys
#
# from reactor import reactor
# from reactor.protocol import ClientFactory
# from reactor.words.protocols.irc import IRCClient
#
#
# class Guest(IRCClient):
#     nickname, question = sys.argv[1:]
#
#     def signedOn(self):
#         self.join("doom")
#
#     def joined(self, channel):
#         self.say(channel, self.question)
#
#     def privmsg(self, user, channel, message):
#         print(f"{user.partition('!')[0]}: {message}")
#         self.quit("thanks")
#
#
# class Factory(ClientFactory):
#     protocol = Guest
#
#     def clientConnectionLost(self, connector, reason):
#         reactor.stop()
#
#     def clientConnectionFailed(self, connector, reason):
#         print("nobody there:", reason.type.__name__)
#         reactor.stop()
#
#
# reactor.connectTCP("127.0.0.1", 7874, Factory())
# reactor.run()

# %% active="ipynb"
# %%session 73_irc
# # A room of IRC: a waiter answers there, whoever asks.
# # not on Twisted: its server lets nobody in without an account
# $ python server.py &
# $ python bot.py &
# $ python guest.py ann "soup?"

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The waiter whispers to whoever has asked</summary>
#
# What stands before a message is a name and more, and nobody is called ann!ann@127.0.0.1.
#
# `73_irc/wrong/whole_mask/bot.py`:
#
# ```diff
#       def privmsg(self, user, channel, message):
#           guest = user.partition("!")[0]
#           if message == "soup?":
# -             self.say(channel, f"{guest}: tomato")
# +             self.msg(user, f"{guest}: tomato")
#
#
#   class Factory(ClientFactory):
# ```
#
# ```console
# $ python server.py &
# rooms at port 7874
# $ python bot.py &
# the waiter comes
# $ python guest.py ann "soup?"
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>A server tells the crier nothing of what is cut off. What should a client do with a long text?</b></summary>
#
# Cut it, before the server does: into lines that have room behind the name that others see, at the edge of a
# letter. Ours does. And a bot that answers needs a bound for what it answers, or two bots talk for ever.
#
# As 73\_irc printed:
#
# ```
# waiter: ann: tomato
# ```
#
# </details>

# %% [markdown] tags=["of-this-build"]
# ## Protocol implementations
#
# - Low-level, without policies: a protocol asks, and the house decides
#
# <table class="protocols" style="overflow-wrap: normal; line-height: 1.2"><thead><tr><th>Protocol</th><th>RFC</th><th>Module</th><th>Tried with</th></tr></thead><tbody><tr><td>SSH</td><td><span title="4251, 4252, 4253, 4254, 4256">4251, 4252, 4253, 2 more</span></td><td><code>reactor.<wbr>conch.<wbr>ssh</code></td><td><span title="dbclient, dropbear, git, paramiko, plink, rsync, ssh, ssh-audit, sshd, twisted">dbclient, dropbear, git, paramiko, plink, 5 more</span></td></tr><tr><td>HTTP</td><td>9110, 9112, 6455</td><td><code>reactor.<wbr>web</code></td><td>aiohttp, curl, nghttp, websockets, wrk</td></tr><tr><td>SMTP</td><td><span title="5321, 1870, 2033, 2034, 2920, 3030, 3207, 3461, 3464, 4954, 6152, 6409, 6531, 7505">5321, 1870, 2033, 11 more</span></td><td><code>reactor.<wbr>mail.<wbr>smtp</code></td><td><span title="Twisted, aiosmtpd, curl, msmtp, nodemailer, postfix, smtp-sink, smtp-source, swaks">Twisted, aiosmtpd, curl, msmtp, 5 more</span></td></tr><tr><td>IRC</td><td>1459, 2812, 7194</td><td><code>reactor.<wbr>words</code></td><td><span title="Twisted, ii, irssi, ngircd, sic, weechat-headless">Twisted, ii, irssi, ngircd, sic, 1 more</span></td></tr><tr><td>POP3</td><td><span title="1939, 2449, 2595, 3206, 5034, 6856">1939, 2449, 2595, 3 more</span></td><td><code>reactor.<wbr>mail.<wbr>pop3</code></td><td>Twisted, curl, dovecot, fetchmail, mpop</td></tr><tr><td>telnet</td><td><span title="854, 855, 856, 857, 858, 885, 1073, 1091, 1143, 1184, 1572, 2066">854, 855, 856, 857, 8 more</span></td><td><code>reactor.<wbr>conch.<wbr>telnet</code></td><td><span title="curl, plink, telnet, telnetd, tt++, twisted">curl, plink, telnet, telnetd, tt++, 1 more</span></td></tr></tbody></table>

# %% [markdown]
# “How To Not Implement A Protocol”, said a slide in part 2: take one that exists. In 2003 this one listed
# fifteen of them, from SSH to LDAP, and the protocols of common GPS modems. Twisted still has most.
#
# Ours has those in this table and in the two behind it. Nobody typed any of them: the build looks which
# modules there are. The last column is the one to read. A protocol that only talks to itself agrees with
# itself, so our tests talk to programs of others, as client and as server, and a program stands in the table
# when such a test has passed.
#
# *Without policies* means that the code which reads and writes the protocol decides nothing. May this person
# log in? Where does this letter go? It asks an object that you provide. So you can test the two apart, and
# use the protocol for something that its author never thought of.

# %% [markdown] tags=["question"]
# <details><summary><b>What would have to be true before you trusted such a table?</b></summary>
#
# That each name in it was earned in this build, by a run that can be repeated. The same goes for the rest of
# the talk: here a program of others, curl, asks our web server for a page, and got it a moment ago.
#
# As 23\_web printed:
#
# ```
# <h1>It works!</h1>
# ```
#
# </details>

# %% [markdown] tags=["of-this-build"]
# ## More Protocol Implementations
#
# <table class="protocols" style="overflow-wrap: normal; line-height: 1.2"><thead><tr><th>Protocol</th><th>RFC</th><th>Module</th><th>Tried with</th></tr></thead><tbody><tr><td>FTP</td><td><span title="959, 1123, 2389, 2428, 2577, 2640, 3659, 4217">959, 1123, 2389, 5 more</span></td><td><code>reactor.<wbr>protocols.<wbr>ftp</code></td><td><span title="curl, lftp, pyftpdlib, tnftp, twisted, vsftpd, wget">curl, lftp, pyftpdlib, tnftp, twisted, 2 more</span></td></tr><tr><td>SOCKS</td><td>1928, 1929</td><td><code>reactor.<wbr>protocols.<wbr>socks</code></td><td><span title="curl, danted, microsocks, nc, proxychains4, socat">curl, danted, microsocks, nc, 2 more</span></td></tr><tr><td>finger</td><td>1288</td><td><code>reactor.<wbr>protocols.<wbr>finger</code></td><td>finger, in.fingerd, libnet-finger-perl</td></tr><tr><td>DNS</td><td><span title="1034, 1035, 1995, 1996, 2308, 4592, 5936, 6891, 7766, 7858, 8945">1034, 1035, 1995, 8 more</span></td><td><code>reactor.<wbr>names</code></td><td><span title="dig, dnsperf, dnspython, kdig, knotd, named, nslookup, twisted">dig, dnsperf, dnspython, kdig, knotd, 3 more</span></td></tr><tr><td>NNTP</td><td><span title="3977, 2980, 4642, 4643, 4644, 5536, 5537, 8143">3977, 2980, 4642, 5 more</span></td><td><code>reactor.<wbr>news.<wbr>nntp</code></td><td><span title="innd, innxmit, libnews-nntpclient-perl, slrnpull, standard-nntplib, tin">innd, innxmit, libnews-nntpclient-perl, 3 more</span></td></tr><tr><td>IMAP</td><td><span title="3501, 2177, 2342, 2971, 3691, 4315, 4731, 4959, 5161, 5819, 6154, 6851, 7162, 7888, 8438">3501, 2177, 2342, 12 more</span></td><td><code>reactor.<wbr>mail.<wbr>imap4</code></td><td>Twisted, curl, dovecot, mbsync</td></tr></tbody></table>

# %% [markdown]
# The middle of the table: what carries files, letters, names and news.
#
# Compare the columns. Old protocols have many RFCs: nobody ever throws one away, they add another that says
# “but”. And the programs that a protocol was tried with come from forty years. Some of them were written
# before the person who maintains them, and all of them are right, since whoever wants to speak with them has
# no choice. The document says what should be; the programs say what is.

# %% [markdown] tags=["question"]
# <details><summary><b>A program of others and the document disagree. Whom does a server obey?</b></summary>
#
# The document where somebody could be harmed, such as a letter that ends at two places; the program in all
# else, as long as it costs nothing. Here a server gets an article that breaks a rule, and says which.
#
# As 65\_news/wrong/no\_gap printed:
#
# ```
# 441 an article has headers
# ```
#
# </details>

# %% [markdown] tags=["of-this-build"]
# ## Still More Protocol Implementations
#
# <table class="protocols" style="overflow-wrap: normal; line-height: 1.2"><thead><tr><th>Protocol</th><th>RFC</th><th>Module</th><th>Tried with</th></tr></thead><tbody><tr><td>LDAP</td><td><span title="4511, 2696, 2849, 2891, 3062, 3673, 3909, 4512, 4513, 4514, 4515, 4516, 4517, 4519, 4525, 4526, 4527, 4532">4511, 2696, 2849, 15 more</span></td><td><code>reactor.<wbr>ldap</code></td><td><span title="curl, ldap3, ldapmodify, ldappasswd, ldapsearch, ldaptor, ldapwhoami, libnet-ldap-perl, slapd">curl, ldap3, ldapmodify, ldappasswd, 5 more</span></td></tr><tr><td>GPS</td><td></td><td><code>reactor.<wbr>positioning.<wbr>nmea</code></td><td><span title="Twisted, gpsd, gpsdecode, gpsfake, gpspipe">Twisted, gpsd, gpsdecode, gpsfake, 1 more</span></td></tr><tr><td>XML-RPC</td><td></td><td><code>reactor.<wbr>web.<wbr>xmlrpc</code></td><td><span title="Twisted, aria2c, librpc-xml-perl, node-xmlrpc, xmlrpc.client, xmlrpc.server">Twisted, aria2c, librpc-xml-perl, 3 more</span></td></tr><tr><td>PB</td><td></td><td><code>reactor.<wbr>spread.<wbr>pb</code></td><td>Twisted, java</td></tr></tbody></table>
#
# - To come, of the list of 2003: TOC, OSCAR

# %% [markdown]
# The end of the table. If something is missing of the list of 2003, a line below it says so. That line gets
# shorter; the build writes it, too, by looking.
#
# The slide of 2003 ended with “protocols of common GPS modems”. There was no GPS in a telephone then: a
# receiver was a box at a serial port, and each maker had a protocol of its own. Two of them are here, and the
# program that hides all the others from you, gpsd.

# %% [markdown] tags=["question"]
# <details><summary><b>Which of all these protocols would you not implement again?</b></summary>
#
# The one whose document costs money. Everybody guesses what it says, and a program has to understand all of
# the guesses: half a line at the beginning, for instance, and a time without a date.
#
# As 69\_gps printed:
#
# ```
# home again
# ```
#
# </details>

# %% [markdown] tags=["of-this-build"]
# ## Frameworks
#
# - `reactor.web`: pages, resources, WebSockets, and a client
# - `reactor.news`: an NNTP server, with stores for its articles
# - `reactor.words`: chat rooms and people, whichever protocol they come by
# - `reactor.names`: names: a DNS client, a cache, a server
# - `reactor.mail`: mailboxes, aliases, a queue that tries again
# - `reactor.ldap`: directories: trees of entries, in memory or in files

# %% [markdown]
# A protocol says how to speak; a framework has something to say. It brings the decisions that the protocol
# left open: where pages come from, who is in the room, which mailbox a letter belongs to. And it brings them
# as objects that you can replace, one at a time.
#
# The slide of 2003 had four lines: web, news, words, names. Mail was there too, and did not fit. The build
# looks for each of them, and marks those that are still to come; a framework is not a thing to claim on a
# slide.
#
# The web has a guide of its own, `docs/guides/http_api.md`, and an example in part 3. `Site` is a factory, so
# all that you have learned about factories holds: it listens at any port, by TLS, at a socket in the file
# system; one application can have a web site and a chat, with one service behind both.

# %% [markdown] tags=["question"]
# <details><summary><b>Why is a web framework written for this loop, and not just the one that you know?</b></summary>
#
# You can have the one that you know as well: it runs in a thread, or on asyncio's loop, which ours can be.
# What it can't do there is share your objects without a lock. Here the page, the chat and the timer are
# called by one loop, one at a time.
#
# As 22\_features printed:
#
# ```
# Every word of this was served by a plugin.
# ```
#
# </details>

# %% [markdown] tags=["of-this-build"]
# ## Perspective Broker
#
# - Objects that are called from elsewhere, and call back
# - Two-way and asynchronous: each call returns a Deferred
# - Secure: nothing can be called unless it says so, by its name
# - Spoken by Twisted in Python, and in Java
# - Ours: `reactor.spread.pb`, tried with Twisted, java

# %% [markdown]
# Most ways to call a function elsewhere know one direction: the client asks, the server answers. In a game, a
# chat, a trading floor, the server has something to say as well. Perspective Broker gives both ends the same
# rights. Pass an object as an argument, and the other side gets a reference; it calls a method on that
# reference, and the call comes back to you.
#
# Whoever takes calls from strangers should be careful what can be called. Here only methods whose names begin
# with `remote_` can, and objects travel only when their class was made for it. `pickle` does the opposite,
# and runs whatever it is told to run: never feed it from a network.
#
# *Perspective* is the third idea. An object can look different to each user: the avatar that you get at login
# is the server as you may see it. What you may not do isn't there.

# %% [markdown] tags=["question"]
# <details><summary><b>The line is cut while a call is under way. Was it carried out?</b></summary>
#
# You can't know. The Deferred fails, and the other side may have done everything, or nothing. No protocol can
# do better: a network loses the last message, whichever that is. Give calls numbers, and ask again, as the
# guest of the UDP slide does.
#
# As 40\_udp printed:
#
# ```
# which soup is it today?
# which soup is it today?
# ```
#
# </details>

# %% [markdown] tags=["of-this-build"]
# ## Lore
#
# - A documentation system that is simple on purpose
# - Documents in a small part of XHTML; its lint says what is wrong, and in which line
# - From them: HTML, and LaTeX for paper
# - Ours: `lecture.lore`

# %% [markdown]
# The people who wrote Twisted wanted to write about it too, and wrote a program for that. Lore reads a few
# tags of XHTML: paragraphs, lists, headings, listings, footnotes. It takes the programs from their files, so
# that a listing in the manual is the program that ran.
#
# That idea has stayed, and you are looking at it. The slides of this talk are made by a package named
# `lecture`. It takes excerpts by name, runs the programs, and refuses to build when one of them does
# something else than its session says. The pages, the deck, the notebooks and the guides come from the same
# source.
#
# Twisted itself has moved to Sphinx, like everybody. A documentation system is a thing that one writes once,
# to understand why one should not.

# %% [markdown] tags=["question"]
# <details><summary><b>Which listing in your documentation would not run today?</b></summary>
#
# One of them, surely, and nobody knows which; so let a machine try. These slides have a test for it: change
# what a program prints, and the build names the slide, the file and the line. It has run all sessions, this
# one among them.
#
# As 03\_echo printed:
#
# ```
# received hello world
# ```
#
# </details>

# %% [markdown]
# ## One source

# %% [markdown]
# The document says what things are: a footnote, a name of the API, a listing, a note. How that looks is the
# business of whoever writes the page, or the paper. So there is no tag for "red", and no way to get one.
#
# `stove.py` is not in the document. The link of the class `py-listing` says where it is, and the session has
# run it a line above.
#
# Then the document of tomorrow. Both mistakes are told in one run, each with its line and its column. Nothing
# is guessed: a browser would show `<blink>` somehow, and LaTeX would not.

# %% [markdown]
# The slide shows `74_lore/tonight.xhtml`:

# %% active="ipynb"
# %%program 74_lore/tonight.xhtml
# <html xmlns="http://www.w3.org/1999/xhtml">
# <head><title>Tonight</title></head>
# <body>
# <h1>Tonight</h1>
# <p>We serve soup<span class="footnote">While it lasts.</span>.
# It is made by <code class="API" base="reactor">run()</code>:</p>
# <a class="py-listing" href="stove.py">The stove</a>
# <div class="note"><p>Bowls are <em>hot</em>.</p></div>
# </body>
# </html>

# %% [markdown]
# The slide shows `serve` in `74_lore/stove.py`:

# %% active="ipynb"
# %%program 74_lore/stove.py
# """Makes soup."""
#
# from reactor import reactor
#
#
# def serve():
#     print("tomato")
#     reactor.stop()
#
#
# reactor.callLater(0.1, serve)
# reactor.run()

# %% [markdown]
# The session below needs `74_lore/tomorrow.xhtml` too:

# %% active="ipynb"
# %%program 74_lore/tomorrow.xhtml
# <html xmlns="http://www.w3.org/1999/xhtml">
# <head><title>Tomorrow</title></head>
# <body>
# <h1>Tomorrow</h1>
# <p>We serve soup<span class="footnote">While it lasts.</span>.
# It is made by <code class="API" base="reactor">run()</code>:</p>
# <a class="py-listing" href="oven.py">The stove</a>
# <div class="note"><p>Bowls are <blink>hot</blink>.</p></div>
# </body>
# </html>

# %% active="ipynb"
# %%session 74_lore
# # One source becomes a page, and LaTeX for paper. Its listing is the program that ran; what is wrong is told with its place.
# $ python stove.py
# $ python -m lecture lore --into page tonight.xhtml
# $ python -m lecture lore --output latex --into paper tonight.xhtml
# $ grep hot page/tonight.html paper/tonight.tex
# $ python -m lecture lore --output lint tomorrow.xhtml

# %% [markdown] tags=["question"]
# <details><summary><b>Why does lint refuse a tag that every browser knows?</b></summary>
#
# Because paper doesn't blink. What all outputs can say is the subset; what one alone can say is a document
# for that one. A small language is easy to extend, and hard to take something out of.
#
# As 74\_lore printed:
#
# ```
# Lore knows no element <blink>
# ```
#
# </details>

# %% [markdown] tags=["of-this-build"]
# ## Reality
#
# - A framework for worlds made of text, in which several people are at once
# - Twisted was written for it, in the year 2000; then the network was the more interesting half
# - In 2003 already “a totally different project”
# - Ours is to come, as `reactor.reality`; until then, the chat of part 2 is a world with one room

# %% [markdown]
# The last slide of 2003 tells where all of it came from. Glyph Lefkowitz wanted to write a game: a world of
# text, with rooms and things, in which you type *take the lamp* and somebody else sees you take it. A game
# like that needs a server for many people. The server needed protocols, the protocols needed a loop, and that
# is how one comes to write a networking framework.
#
# It makes a fine exercise even now, because everything is in it: lines that come in pieces, guests who fall
# asleep, timers for the troll, news pushed to those who are in the room, state that survives the night.
#
# There is a moral as well. The tool that you build on the way may turn out to be what people want. Build it
# so that it can be had without the troll.

# %% [markdown] tags=["question"]
# <details><summary><b>Take the chat server. What is missing before it is a world?</b></summary>
#
# A second room, and a door: guests in a room hear each other, so let each room have its own list, and a door
# move a guest from one list to the other. The rest is furniture. What is there already: somebody speaks, and
# those in the room hear it.
#
# As 04\_chat printed:
#
# ```
# guests: 2
# hello from ann
# ```
#
# </details>

# %% [markdown]
# ## What Now?
#
# - Change a program: `notebooks/`, or `examples/` and two terminals
# - Mend one: `lecture exercises` has programs that fail until you do
# - Build something: `docs/guides` begin where the talk ends
# - Read it: `docs/READING.md`, an evening for the loop and TCP
# - Watch it: `python -m reactor.trace` writes down each step of a run
# - Use Twisted: you know its names now

# %% [markdown]
# That was the tutorial. You came in through a restaurant, and leave with a loop, transports, protocols and
# factories, with flow control, with Deferreds, and with an application that closes in good order. None of it
# was magic. Most of it was a list of what has happened, and somebody who asks for the next thing.
#
# What you do with your hands stays; what you have heard is gone by Friday. So take one program from the
# folder, tonight, and change it until it breaks. The slides that you have seen go with it: each page has the
# program, the run, and the question that you did not answer aloud.
#
# If you need such a thing for your work, use Twisted. It has been doing this since before some of you could
# type, and every name that you have learned today is one of its own.
#
# Thank you. The restaurant is closing; mind the step.

# %% [markdown] tags=["question"]
# <details><summary><b>So, who waits?</b></summary>
#
# Nobody who could be serving somebody else. Only the reactor waits, in one line, for all of us.
#
# As 01\_restaurant printed:
#
# ```
# waiters on the payroll: 1
# in the till: 42 of 42
# ```
#
# </details>
