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
# # Datagrams, names, proxies, mail, news, calls from elsewhere, directories, positions, files, shells and rooms
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
#
# ```python
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
# ```

# %% [markdown]
# The slide shows `Kitchen.datagramReceived` in `40_udp/server.py`:
#
# ```python
# def datagramReceived(self, datagram, guest):
#     if guest not in self.guests:
#         self.guests.add(guest)
#         print("was that a question?")
#         return
#     print("answering", datagram.decode())
#     self.transport.write(b"tomato", guest)
# ```

# %% active="ipynb"
# %%world 40_udp
# # client.py
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
# # server.py
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
#
# ```python
# def ring(self):
#     self.transport.write(b"dinner!", ("239.255.77.86", 7786))
#     reactor.callLater(0.5, self.ring)
# ```

# %% [markdown]
# The slide shows `Table` in `41_multicast/table.py`:
#
# ```python
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
# ```

# %% active="ipynb"
# %%world 41_multicast
# # bell.py
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
# # table.py
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
#
# ```text
# zone = [
#     SOA("kitchen.test", "ns.kitchen.test", "chef.kitchen.test", serial=1),
#     NS("kitchen.test", "ns.kitchen.test"),
#     MX("kitchen.test", 10, "stove.kitchen.test"),
#     A("ns.kitchen.test", "127.0.0.1"),
#     A("stove.kitchen.test", "127.0.0.1"),
#     CNAME("soup.kitchen.test", "stove.kitchen.test"),
# ]
# ```

# %% [markdown]
# The slide shows `serve` in `48_names/server.py`:
#
# ```python
# names = DNSServerFactory([PySourceAuthority("kitchen.zone")])
# reactor.listenUDP(7812, dns.DNSDatagramProtocol(names))
# ```

# %% [markdown]
# The session of `48_names` needs a machine: it is in the notebook of its part, at “Names”.

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
#
# ```python
# resolver = Resolver(servers=[("127.0.0.1", 7810)], timeout=(0.2, 2))
# reactor.installResolver(resolver)
# print("where is the soup?")
# reactor.connectTCP("soup.kitchen.test", 7811, Visit())
# ```

# %% [markdown]
# The slide shows `HardOfHearing.messageReceived` in `48b_resolver/server.py`:
#
# ```python
# def messageReceived(self, message, proto, address=None):
#     self.questions += 1
#     if self.questions == 1:
#         print("did somebody say something?")
#         return
#     print("telling where", message.queries[0].name, "is")
#     super().messageReceived(message, proto, address)
# ```

# %% [markdown]
# The session of `48b_resolver` needs a machine: it is in the notebook of its part, at “Names – A Resolver of Your Own”.

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
#
# ```python
# def connectionMade(self):
#     print("somebody comes from", self.transport.getPeer().host)
#     self.transport.write(b"tomato soup\n")
#     self.transport.loseConnection()
# ```

# %% [markdown]
# The slide shows `proxy` in `60_socks/proxy.py`:
#
# ```python
# proxy = SOCKSFactory(Rules(allow=["127.0.0.1:7795"]))
# proxy.protocol = Errand
# reactor.listenTCP(7796, proxy, interface="127.0.0.1")
# ```

# %% [markdown]
# The slide shows `ask` in `60_socks/guest.py`:
#
# ```python
# async def ask(reactor, place):
#     try:
#         endpoint = clientFromString(reactor, place)
#         guest = await connectProtocol(endpoint, Guest())
#         print(await guest.heard, end="")
#     except Exception as problem:
#         print("no menu:", problem)
# ```

# %% active="ipynb"
# %%world 60_socks
# # guest.py
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
# # kitchen.py
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
# # proxy.py
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
#
# ```python
# reactor.listenTCP(7797, Factory.forProtocol(Finger))
# ```

# %% [markdown]
# The slide shows `answer` in `61_finger/answer.py`:
#
# ```python
# STAFF = {b"alice": b"cooks until ten", b"bob": b"is at table two"}
#
#
# def find(user, more):
#     return STAFF.get(user)
#
#
# reactor.listenTCP(7797, FingerFactory(find))
# ```

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
#
# ```python
# def render_GET(self, request):
#     request.setHeader(b"content-type", b"text/plain")
#     found = self.staff.find(request.postpath[0])
#     return (found or b"No such user") + b"\n"
# ```

# %% [markdown]
# The slide shows `both` in `61_finger/both.py`:
#
# ```python
# staff = Staff()
# reactor.listenTCP(7797, FingerFactory(staff.find))
# reactor.listenTCP(7798, Site(StaffPage(staff)))
# ```

# %% [markdown]
# The slide shows `ask` in `61_finger/ask.py`:
#
# ```python
# async def ask(reactor, *users):
#     server = TCP4ClientEndpoint(reactor, "127.0.0.1", 7797)
#     for user in users:
#         answer = await query(server, user.encode())
#         print(answer.decode(), end="")
# ```

# %% [markdown]
# The session of `61_finger` needs a machine: it is in the notebook of its part, at “Finger: One Service, Two Protocols”.

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
#
# ```python
# def validateTo(self, user):
#     if user.dest.domain != b"kitchen.example":
#         raise SMTPBadRcpt(user, 550, "5.7.1 We are no post office")
#     return lambda: Letter(user)
# ```

# %% [markdown]
# The slide shows `Letter.eomReceived` in `62_mail/server.py`:
#
# ```python
# def eomReceived(self):
#     print("for", self.user, self.lines)
#     return succeed(None)
# ```

# %% [markdown]
# The slide shows `send` in `62_mail/send.py`:
#
# ```python
# async def send(reactor, *users):
#     sent, answers = await sendmail("127.0.0.1", ME, users, LETTER, port=7813)
#     print(sent, "of", len(users))
#     for user, code, text in answers:
#         print(user.decode(), code, text.decode())
# ```

# %% active="ipynb"
# %%world 62_mail
# # send.py
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
# # server.py
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
#
# ```python
# checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
# portal = Portal(Mailboxes({b"ann": store}), [checker])
# reactor.listenTCP(7815, POP3Factory(portal))
# ```

# %% [markdown]
# The slide shows `take_home` in `63_pop3/take_home.py`:
#
# ```python
# async def take_home(reactor):
#     server = TCP4ClientEndpoint(reactor, "127.0.0.1", 7815)
#     client = await connectProtocol(server, AdvancedPOP3Client())
#     await client.login(b"ann", b"secret")
#     for index, size in enumerate(await client.listSize()):
#         lines = await client.retrieve(index)
#         keep(size, lines)
#         await client.delete(index)
#     await client.quit()
# ```

# %% [markdown]
# The session of `63_pop3` needs a machine: it is in the notebook of its part, at “Fetching Mail: POP3”.

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
#
# ```python
# ann = MemoryAccount()
# mail = MailService()
# mail.addDomain(b"kitchen.example", Domain({b"ann": ann.select("INBOX")}))
# reactor.listenTCP(7816, SMTPFactory(Portal(mail, [AllowAnonymousAccess()])))
#
# checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
# portal = Portal(Accounts({b"ann": ann}.__getitem__), [checker])
# reactor.listenTCP(7817, IMAP4Factory(portal))
# ```

# %% [markdown]
# The slide shows `send` in `64_imap/send.py`:
#
# ```python
# async def send(reactor):
#     for letter in LETTERS:
#         await sendmail("127.0.0.1", BOB, [ANN], letter, port=7816)
#         print("sent", letter.split(b"\n")[0].decode())
# ```

# %% [markdown]
# The session of `64_imap` needs a machine: it is in the notebook of its part, at “Mail That Stays: IMAP”.

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
#
# ```python
# store = NewsDatabase()
# store.addGroup("doom.kitchen", "what is cooked")
# reactor.listenTCP(7819, NNTPFactory(store))
# ```

# %% [markdown]
# The slide shows `post` in `65_news/post.py`:
#
# ```python
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
# ```

# %% [markdown]
# The slide shows `read` in `65_news/read.py`:
#
# ```python
# async def read(reactor):
#     server = TCP4ClientEndpoint(reactor, "127.0.0.1", 7819)
#     client = await connectProtocol(server, NNTPClient())
#     group = await client.fetchGroup("doom.kitchen")
#     print(f"{group.name}: {group.size} articles")
#     for number, fields in await client.fetchOverview(group.low, group.high):
#         body = await client.fetchBody(number)
#         print(number, fields["Subject"], "--", body.decode().strip())
# ```

# %% active="ipynb"
# %%world 65_news
# # newsroom.py
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
# # post.py
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
# # read.py
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
#
# ```python
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
# ```

# %% [markdown]
# The slide shows `Customer` in `66_pb/customer.py`:
#
# ```python
# class Customer(pb.Referenceable):
#     def __init__(self):
#         self.full = Deferred()
#
#     def remote_taste(self, dish):
#         self.full.callback(dish)
#         return f"more {dish}!"
# ```

# %% [markdown]
# The slide shows `eat` in `66_pb/customer.py`:
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

# %% [markdown]
# The session of `66_pb` needs a machine: it is in the notebook of its part, at “Objects That Call Each Other”.

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
#
# ```python
# class Kitchen(XMLRPC):
#     def xmlrpc_order(self, dish, count):
#         return [f"{dish} {number}" for number in range(1, count + 1)]
#
#
# reactor.listenTCP(7867, Site(Kitchen()))
# ```

# %% [markdown]
# The slide shows `order` in `67_xmlrpc/waiter.py`:
#
# ```python
# async def order(reactor, dish, count):
#     kitchen = Proxy(b"http://127.0.0.1:7867/")
#     try:
#         print(await kitchen.callRemote("order", dish, int(count)))
#         await kitchen.callRemote("close")
#     except Fault as fault:
#         print(fault.faultCode, fault.faultString)
# ```

# %% [markdown]
# The slide shows `67_xmlrpc/stranger.py`:
#
# ```python
# """Call the kitchen with what the standard library has."""
#
# from xmlrpc.client import ServerProxy
#
# with ServerProxy("http://127.0.0.1:7867/") as kitchen:
#     print(kitchen.order("oyster", 3))
# ```

# %% [markdown]
# The session of `67_xmlrpc` needs a machine: it is in the notebook of its part, at “How To Not Implement A Protocol, Again: XML-RPC”.

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
#
# ```python
# book = MemoryTree([LDAPEntry("o=Doom", {"objectClass": [b"organization"]})])
# for name in ("Ann", "Astrid", "Bob"):
#     mail = f"{name.lower()}@doom.example".encode()
#     person = {"objectClass": [b"inetOrgPerson"], "mail": [mail]}
#     book.add(LDAPEntry(f"cn={name},o=Doom", {**person, "sn": [b"Doe"]}))
# reactor.listenTCP(7818, LDAPServerFactory(book))
# ```

# %% [markdown]
# The slide shows `find` in `68_ldap/find.py`:
#
# ```python
# async def find(reactor):
#     client = await connectToLDAPEndpoint(reactor, "ldap://127.0.0.1:7818")
#     name = escape_value(sys.argv[1])
#     wanted = f"(&(cn={name}*)(mail=*))"
#     result = await client.search("o=Doom", wanted, attributes=["mail"])
#     for person in result.entries:
#         print(person.dn, *map(bytes.decode, person["mail"]))
#     print(len(result.entries), "found")
#     client.unbind()
# ```

# %% [markdown]
# The session of `68_ldap` needs a machine: it is in the notebook of its part, at “Directories: LDAP”.

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
#
# ```python
# def say(self):
#     latitude = 52.5 + 0.0018 * cos(self.angle)
#     longitude = 13.4 + 0.00296 * sin(self.angle)
#     place = *coordinate(latitude, "NS"), *coordinate(longitude, "EW")
#     self.transport.write(line("GPGLL", *place, "120000", "A"))
#     self.angle += pi / 4
# ```

# %% [markdown]
# The slide shows `Trip.positionReceived` in `69_gps/home.py`:
#
# ```python
# def positionReceived(self, latitude, longitude):
#     here = float(latitude), float(longitude)
#     self.home = self.home or here
#     north, east = here[0] - self.home[0], here[1] - self.home[1]
#     away = A_DEGREE * hypot(north, east * cos(radians(here[0])))
#     print(f"{here[0]:.4f} {here[1]:.4f}: {away:.0f} m from home")
#     self.was_away = self.was_away or away > 50
#     if self.was_away and away < 10:
#         self.is_home.callback("home again")
# ```

# %% [markdown]
# The slide shows `drive` in `69_gps/home.py`:
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
# %%world 69_gps
# # home.py
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
# # receiver.py
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
#
# ```python
# class OneFolder(BaseFTPRealm):
#     def getHomeDirectory(self, avatarId):
#         return "www"
#
#
# checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
# portal = Portal(OneFolder("www"), [checker])
# reactor.listenTCP(7021, FTPFactory(portal))
# reactor.listenTCP(8070, Site(File("www")))
# ```

# %% [markdown]
# The slide shows `upload` in `70_ftp/upload.py`:
#
# ```python
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
# ```

# %% [markdown]
# The slide shows `look` in `70_ftp/look.py`:
#
# ```python
# async def look(reactor, name):
#     url = f"http://127.0.0.1:8070/{name}"
#     response = await Agent(reactor).request(b"GET", url.encode())
#     body = await readBody(response)
#     print(body.decode().strip() if response.code == 200 else response.code)
# ```

# %% [markdown]
# The session of `70_ftp` needs a machine: it is in the notebook of its part, at “Files: FTP”.

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
#
# ```python
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
# ```

# %% [markdown]
# The slide shows `type` in `71_manhole/ann.py`:
#
# ```python
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
# ```

# %% [markdown]
# The slide shows `Visitor` in `71_manhole/visit.py`:
#
# ```python
# class Visitor(Protocol):
#     def connectionMade(self):
#         self.left = Deferred()
#
#     def dataReceived(self, data):
#         print(data.decode(), end="")
#
#     def connectionLost(self, reason):
#         self.left.callback(None)
# ```

# %% active="ipynb"
# %%world 71_manhole
# # ann.py
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
# # house.py
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
# # visit.py
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
#
# ```python
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
# ```

# %% [markdown]
# The slide shows `Avatar` in `72_ssh/room.py`:
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
# The slide shows `Realm` in `72_ssh/room.py`:
#
# ```python
# class Realm:
#     def requestAvatar(self, avatarId, mind, *interfaces):
#         return IConchUser, Avatar(avatarId), lambda: None
# ```

# %% [markdown]
# The slide shows `visit` in `72_ssh/guest.py`:
#
# ```python
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
# ```

# %% [markdown]
# The slide shows `72_ssh/keys.py`:
#
# ```python
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
# ```

# %% [markdown]
# The session of `72_ssh` needs a machine: it is in the notebook of its part, at “SSH: The Room of Part 2, Behind Keys”.

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
#
# ```python
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
# ```

# %% [markdown]
# The slide shows `Waiter` in `73_irc/bot.py`:
#
# ```python
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
# ```

# %% [markdown]
# The slide shows `Guest` in `73_irc/guest.py`:
#
# ```python
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
# ```

# %% [markdown]
# The session of `73_irc` needs a machine: it is in the notebook of its part, at “IRC: A Waiter in the Room”.

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

# %% [markdown]
# ## Exercises
#
# Each cell shows a task, and puts its program into a cell below, to be mended and run there.

# %%
# %exercise 32

# %%
# %exercise 50

# %%
# %exercise 51

# %%
# %exercise 52

# %%
# %exercise 53

# %%
# %exercise 54

# %%
# %exercise 55

# %%
# %exercise 56

# %%
# %exercise 57

# %%
# %exercise 58

# %%
# %exercise 59

# %%
# %exercise 60

# %%
# %exercise 61

# %%
# %exercise 62

# %%
# %exercise 63

# %%
# %exercise 64

# %%
# %exercise 65

# %%
# %exercise 40
