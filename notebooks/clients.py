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
# # Clients
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
# ## Client Side Protocol
#
# <figure class="drawing">
# <img alt="A client that finds no server, and one that is answered. 3 programs: client.py 1, server.py, client.py 2. 1. client.py 1 to nobody: connect to 127.0.0.1:7771. 2. client.py 2 to server.py: connect to 127.0.0.1:7771. 3. client.py 2 to server.py: hello world. 4. server.py to client.py 2: hello world. 5. client.py 2 to server.py: close." src="data:image/svg+xml;base64,PHN2ZyBzdHlsZT0iY29sb3I6IzFjMjQzMDtiYWNrZ3JvdW5kOiNmZmYiIHhtbG5zPSJodHRwOi8vd3d3LnczLm9yZy8yMDAwL3N2ZyIgY2xhc3M9InNlcXVlbmNlLTAzLWVjaG8iIHZpZXdCb3g9IjAgMCAzODAgMzE5IiB3aWR0aD0iMzgwIiBoZWlnaHQ9IjMxOSIgcm9sZT0iaW1nIiBhcmlhLWxhYmVsbGVkYnk9InNlcXVlbmNlLTAzLWVjaG8tdGl0bGUgc2VxdWVuY2UtMDMtZWNoby10ZXh0Ij4KPHRpdGxlIGlkPSJzZXF1ZW5jZS0wMy1lY2hvLXRpdGxlIj5BIGNsaWVudCB0aGF0IGZpbmRzIG5vIHNlcnZlciwgYW5kIG9uZSB0aGF0IGlzIGFuc3dlcmVkPC90aXRsZT4KPGRlc2MgaWQ9InNlcXVlbmNlLTAzLWVjaG8tdGV4dCI+MyBwcm9ncmFtczogY2xpZW50LnB5IDEsIHNlcnZlci5weSwgY2xpZW50LnB5IDIuIDEuIGNsaWVudC5weSAxIHRvIG5vYm9keTogY29ubmVjdCB0byAxMjcuMC4wLjE6Nzc3MS4gMi4gY2xpZW50LnB5IDIgdG8gc2VydmVyLnB5OiBjb25uZWN0IHRvIDEyNy4wLjAuMTo3NzcxLiAzLiBjbGllbnQucHkgMiB0byBzZXJ2ZXIucHk6IGhlbGxvIHdvcmxkLiA0LiBzZXJ2ZXIucHkgdG8gY2xpZW50LnB5IDI6IGhlbGxvIHdvcmxkLiA1LiBjbGllbnQucHkgMiB0byBzZXJ2ZXIucHk6IGNsb3NlLjwvZGVzYz4KPHN0eWxlPgouc2VxdWVuY2UtMDMtZWNobyB0ZXh0IHsgZm9udDogMTNweCBzeXN0ZW0tdWksIHNhbnMtc2VyaWY7IGZpbGw6IGN1cnJlbnRDb2xvciB9Ci5zZXF1ZW5jZS0wMy1lY2hvIC53aG8geyBmb250LXdlaWdodDogNjAwOyBmb250LXNpemU6IDE0cHg7IHRleHQtYW5jaG9yOiBtaWRkbGUgfQouc2VxdWVuY2UtMDMtZWNobyAubGlmZSwgLnNlcXVlbmNlLTAzLWVjaG8gLmJveCB7IHN0cm9rZTogY3VycmVudENvbG9yOyBzdHJva2Utb3BhY2l0eTogLjQ1OyBzdHJva2Utd2lkdGg6IDEuNTsgZmlsbDogbm9uZSB9Ci5zZXF1ZW5jZS0wMy1lY2hvIC5ib3ggeyBmaWxsOiAjN2Y4ZWEzOyBmaWxsLW9wYWNpdHk6IC4xNiB9Ci5zZXF1ZW5jZS0wMy1lY2hvIC53YXkgeyBzdHJva2U6IGN1cnJlbnRDb2xvcjsgc3Ryb2tlLXdpZHRoOiAxLjg7IGZpbGw6IG5vbmUgfQouc2VxdWVuY2UtMDMtZWNobyAuaGVhZCB7IGZpbGw6IGN1cnJlbnRDb2xvcjsgc3Ryb2tlOiBub25lIH0KLnNlcXVlbmNlLTAzLWVjaG8gLmNvbm5lY3QsIC5zZXF1ZW5jZS0wMy1lY2hvIC5jbG9zZSB7IHN0cm9rZS1kYXNoYXJyYXk6IDcgNCB9Ci5zZXF1ZW5jZS0wMy1lY2hvIC5yZXNldCB7IHN0cm9rZS1kYXNoYXJyYXk6IDIgNCB9Ci5zZXF1ZW5jZS0wMy1lY2hvIC5zYWlkLCAuc2VxdWVuY2UtMDMtZWNobyAucHJpbnRlZCB7IGZvbnQtZmFtaWx5OiB1aS1tb25vc3BhY2UsIG1vbm9zcGFjZSB9Ci5zZXF1ZW5jZS0wMy1lY2hvIC5zYWlkLCAuc2VxdWVuY2UtMDMtZWNobyAucHJpbnRlZCwgLnNlcXVlbmNlLTAzLWVjaG8gLm5vdGUgeyBwYWludC1vcmRlcjogc3Ryb2tlOyBzdHJva2U6IHZhcigtLXBhcGVyLCBDYW52YXMpOyBzdHJva2Utd2lkdGg6IDUgfQouc2VxdWVuY2UtMDMtZWNobyAubm90ZSB7IGZvbnQtc3R5bGU6IGl0YWxpYyB9Ci5zZXF1ZW5jZS0wMy1lY2hvIC50aW1lIHsgZmlsbC1vcGFjaXR5OiAuNzUgfQouc2VxdWVuY2UtMDMtZWNobyAuZG90IHsgZmlsbDogY3VycmVudENvbG9yIH0KPC9zdHlsZT4KPGxpbmUgY2xhc3M9ImxpZmUiIHgxPSI1NiIgeTE9IjQ2IiB4Mj0iNTYiIHkyPSIzMTEiLz48cmVjdCBjbGFzcz0iYm94IiB4PSIyIiB5PSIxMiIgd2lkdGg9IjExNC42IiBoZWlnaHQ9IjM0IiByeD0iNiIvPjx0ZXh0IGNsYXNzPSJ3aG8iIHg9IjU5LjMiIHk9IjM0Ij5jbGllbnQucHkgMTwvdGV4dD4KPGxpbmUgY2xhc3M9ImxpZmUiIHgxPSIxOTAiIHkxPSI0NiIgeDI9IjE5MCIgeTI9IjMxMSIvPjxyZWN0IGNsYXNzPSJib3giIHg9IjE0MS4zIiB5PSIxMiIgd2lkdGg9Ijk3LjQiIGhlaWdodD0iMzQiIHJ4PSI2Ii8+PHRleHQgY2xhc3M9IndobyIgeD0iMTkwIiB5PSIzNCI+c2VydmVyLnB5PC90ZXh0Pgo8bGluZSBjbGFzcz0ibGlmZSIgeDE9IjMyNCIgeTE9IjQ2IiB4Mj0iMzI0IiB5Mj0iMzExIi8+PHJlY3QgY2xhc3M9ImJveCIgeD0iMjYzLjQiIHk9IjEyIiB3aWR0aD0iMTE0LjYiIGhlaWdodD0iMzQiIHJ4PSI2Ii8+PHRleHQgY2xhc3M9IndobyIgeD0iMzIwLjciIHk9IjM0Ij5jbGllbnQucHkgMjwvdGV4dD4KPGxpbmUgY2xhc3M9IndheSBjb25uZWN0IiB4MT0iNTYiIHkxPSI5NCIgeDI9IjEwMCIgeTI9Ijk0Ii8+PHBhdGggY2xhc3M9IndheSIgZD0iTTk0IDg4IGwxMiAxMiBtMCAtMTIgbC0xMiAxMiIvPjx0ZXh0IGNsYXNzPSJzYWlkIG5vdGUiIHg9IjEwMi43NSIgeT0iODQiIHRleHQtYW5jaG9yPSJtaWRkbGUiPmNvbm5lY3QgdG8gMTI3LjAuMC4xOjc3NzE8L3RleHQ+CjxsaW5lIGNsYXNzPSJ3YXkgY29ubmVjdCIgeDE9IjMyNCIgeTE9IjEzOSIgeDI9IjE5MCIgeTI9IjE1NCIvPjxwb2x5Z29uIGNsYXNzPSJoZWFkIiBwb2ludHM9IjE5MC4wLDE1NC4wIDIwMC40LDE0Ny44IDIwMS41LDE1Ny43Ii8+PHRleHQgY2xhc3M9InNhaWQgbm90ZSIgeD0iMjU3IiB5PSIxMzYuNSIgdGV4dC1hbmNob3I9Im1pZGRsZSI+Y29ubmVjdCB0byAxMjcuMC4wLjE6Nzc3MTwvdGV4dD4KPGxpbmUgY2xhc3M9IndheSBkYXRhIiB4MT0iMzI0IiB5MT0iMTg0IiB4Mj0iMTkwIiB5Mj0iMTk5Ii8+PHBvbHlnb24gY2xhc3M9ImhlYWQiIHBvaW50cz0iMTkwLjAsMTk5LjAgMjAwLjQsMTkyLjggMjAxLjUsMjAyLjciLz48dGV4dCBjbGFzcz0ic2FpZCIgeD0iMjU3IiB5PSIxODEuNSIgdGV4dC1hbmNob3I9Im1pZGRsZSI+aGVsbG8gd29ybGQ8L3RleHQ+CjxsaW5lIGNsYXNzPSJ3YXkgZGF0YSIgeDE9IjE5MCIgeTE9IjIyOSIgeDI9IjMyNCIgeTI9IjI0NCIvPjxwb2x5Z29uIGNsYXNzPSJoZWFkIiBwb2ludHM9IjMyNC4wLDI0NC4wIDMxMi41LDI0Ny43IDMxMy42LDIzNy44Ii8+PHRleHQgY2xhc3M9InNhaWQiIHg9IjI1NyIgeT0iMjI2LjUiIHRleHQtYW5jaG9yPSJtaWRkbGUiPmhlbGxvIHdvcmxkPC90ZXh0Pgo8bGluZSBjbGFzcz0id2F5IGNsb3NlIiB4MT0iMzI0IiB5MT0iMjc0IiB4Mj0iMTkwIiB5Mj0iMjg5Ii8+PHBvbHlnb24gY2xhc3M9ImhlYWQiIHBvaW50cz0iMTkwLjAsMjg5LjAgMjAwLjQsMjgyLjggMjAxLjUsMjkyLjciLz48dGV4dCBjbGFzcz0ic2FpZCBub3RlIiB4PSIyNTciIHk9IjI3MS41IiB0ZXh0LWFuY2hvcj0ibWlkZGxlIj5jbG9zZTwvdGV4dD4KPC9zdmc+">
# <figcaption>03&#95;echo, simulated: 202 steps</figcaption></figure>
#
# - The same three methods: once connected, both ends are equal
# - Collect what comes until it is complete; it may come in pieces

# %% [markdown]
# This is the client of our echo server. It is a protocol as before; nothing in it says *client*. The picture
# is not drawn by hand: it shows what the programs said in the simulated run of this session.
#
# Look at `self.received`. We sent eleven bytes in one go, and it is tempting to compare `data` with them.
# That works on your machine. It works in the demonstration. Then a user sits in a train, the eleven bytes
# arrive as three and eight, and the program waits for ever. TCP carries a stream: collect what comes, then
# look whether it is complete.
#
# The buffer is set in `connectionMade`, not in the class, because all connections share what is in the class.
# With bytes you would get away with it; with a list you would not.
#
# `loseConnection` is a request. It returns at once, the transport still sends what we've written, and
# `connectionLost` follows in its own time. So we stop the reactor there, and not in `dataReceived`.

# %% [markdown]
# The slide shows `Echo` in `03_echo/server.py`:
#
# ```python
# class Echo(Protocol):
#     def connectionMade(self):
#         print("connection made with", self.transport.getPeer().host)
#
#     def dataReceived(self, data):
#         self.transport.write(data)
#
#     def connectionLost(self, reason):
#         print("connection was lost, alas")
# ```

# %% [markdown]
# The slide shows `Hello` in `03_echo/client.py`:
#
# ```python
# class Hello(Protocol):
#     def connectionMade(self):
#         self.received = b""
#         self.transport.write(b"hello world")
#
#     def dataReceived(self, data):
#         self.received += data
#         if self.received == b"hello world":
#             print("received", self.received.decode())
#             self.transport.loseConnection()
#
#     def connectionLost(self, reason):
#         reactor.stop()
# ```

# %% [markdown]
# The slide shows `Hello` in `03_echo/client.py`:
#
# ```python
# class Hello(Protocol):
#     def connectionMade(self):
#         self.received = b""
#         self.transport.write(b"hello world")
#
#     def dataReceived(self, data):
#         self.received += data
#         if self.received == b"hello world":
#             print("received", self.received.decode())
#             self.transport.loseConnection()
#
#     def connectionLost(self, reason):
#         reactor.stop()
# ```

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: A chunk is taken for the message</summary>
#
# The answer comes in two pieces, neither of them is the whole, and the client waits for ever.
#
# `03_echo/wrong/one_chunk/client.py`:
#
# ```diff
#           self.transport.write(b"hello world")
#
#       def dataReceived(self, data):
# -         self.received += data
# +         self.received = data
#           if self.received == b"hello world":
#               print("received", self.received.decode())
#               self.transport.loseConnection()
# ```
#
# `03_echo/wrong/one_chunk/cutting.py`:
#
# ```python
# """An echo as it comes back to a train: three bytes, a tunnel, and the rest."""
#
# from reactor import reactor
# from reactor.protocol import Protocol, ServerFactory
#
#
# class Train(Protocol):
#     def dataReceived(self, data):
#         self.transport.write(data[:3])
#         reactor.callLater(0.02, self.transport.write, data[3:])
#
#
# reactor.listenTCP(7771, ServerFactory.forProtocol(Train))
# print("listening on port 7771")
# reactor.run()
# ```
#
# ```console
# $ python cutting.py &
# listening on port 7771
# $ python client.py
# [still waiting]
# ```
#
# The right program, in the same scene:
#
# ```console
# $ python cutting.py &
# listening on port 7771
# $ python client.py
# received hello world
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>What happens if the server sends <em>more</em> than we expect?</b></summary>
#
# Then `received` is never equal to what we wait for: at one moment it is too short, at the next too long, and
# the client waits for ever. Ask `startswith`, and decide what to do with the rest; a protocol that says where
# a message ends needs no guessing.
#
# </details>

# %% [markdown]
# ## Letters Come in Bytes
#
# - A chunk is bytes; a text is what comes of them
# - `codecs.getincrementaldecoder` keeps half a letter until the other half is here

# %% [markdown]
# The waiter says one word, and takes a breath in the middle of a letter: é is two bytes in UTF-8, and the
# network has cut between them. It does that rarely, and never on your desk; here the waiter does it himself,
# so that you can see it every time.
#
# Both chunks are good bytes, and neither is good text. `data.decode()` raises an error for the first, because
# the letter isn't over, and for the second, because no letter begins like that. An error in `dataReceived`
# costs you the connection, and your log blames the user's name.
#
# A decoder that remembers is the way out: it gives you what is complete, and keeps the rest for the next
# call. Better still, find the end of the message first, as bytes, and decode the whole of it: no line break
# of ASCII ever occurs inside a letter of UTF-8.
#
# Cutting text with `text[:100]` has the same trap one floor up, where an accent is a character of its own.

# %% [markdown]
# The slide shows `waiter` in `05c_letters/server.py`:
#
# ```python
# class Waiter(Protocol):
#     def connectionMade(self):
#         self.transport.write(WORD[:4])
#
#     def dataReceived(self, data):
#         self.transport.write(WORD[4:])
#         self.transport.loseConnection()
# ```

# %% [markdown]
# The slide shows `Guest` in `05c_letters/client.py`:
#
# ```python
# class Guest(Protocol):
#     def connectionMade(self):
#         self.decoder = codecs.getincrementaldecoder("utf-8")()
#
#     def dataReceived(self, data):
#         try:
#             data.decode()
#         except UnicodeDecodeError as error:
#             print(f"{len(data)} bytes, {data!r}: {error.reason}")
#         text = self.decoder.decode(data)  # keeps half a letter until next time
#         print(f"understood: {text!r}")
#         self.transport.write(b"go on")
#
#     def connectionLost(self, reason):
#         reactor.stop()
# ```

# %% active="ipynb"
# %%world 05c_letters
# # client.py
# """A guest who takes bytes for what they are, and letters for what comes of them."""
#
# import codecs
#
# from reactor import reactor
# from reactor.protocol import ClientFactory, Protocol
#
#
# class Guest(Protocol):
#     def connectionMade(self):
#         self.decoder = codecs.getincrementaldecoder("utf-8")()
#
#     def dataReceived(self, data):
#         try:
#             data.decode()
#         except UnicodeDecodeError as error:
#             print(f"{len(data)} bytes, {data!r}: {error.reason}")
#         text = self.decoder.decode(data)  # keeps half a letter until next time
#         print(f"understood: {text!r}")
#         self.transport.write(b"go on")
#
#     def connectionLost(self, reason):
#         reactor.stop()
#
#
# class Visit(ClientFactory):
#     protocol = Guest
#
#     def clientConnectionFailed(self, connector, reason):
#         print("nobody there:", reason.type.__name__)
#         reactor.stop()
#
#
# reactor.connectTCP("127.0.0.1", 7800, Visit())
# reactor.run()
# # server.py
# """A waiter who says one word, and takes a breath in the middle of a letter."""
#
# from reactor import reactor
# from reactor.protocol import Protocol, ServerFactory
#
# WORD = "café\n".encode()
#
#
# # [waiter]
# class Waiter(Protocol):
#     def connectionMade(self):
#         self.transport.write(WORD[:4])
#
#     def dataReceived(self, data):
#         self.transport.write(WORD[4:])
#         self.transport.loseConnection()
#
#
# # [/waiter]
#
# reactor.listenTCP(7800, ServerFactory.forProtocol(Waiter))
# print("listening on port 7800")
# reactor.run()
# $ python server.py &
# $ python client.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: Each chunk is decoded by itself</summary>
#
# Half a letter is no letter, and neither is the other half: no error, and no é either.
#
# `05c_letters/wrong/chunk_by_chunk/client.py`:
#
# ```diff
#               data.decode()
#           except UnicodeDecodeError as error:
#               print(f"{len(data)} bytes, {data!r}: {error.reason}")
# -         text = self.decoder.decode(data)  # keeps half a letter until next time
# +         text = data.decode(errors="replace")
#           print(f"understood: {text!r}")
#           self.transport.write(b"go on")
# ```
#
# ```console
# $ python server.py &
# listening on port 7800
# $ python client.py
# 4 bytes, b'caf\xc3': unexpected end of data
# understood: 'caf�'
# 2 bytes, b'\xa9\n': invalid start byte
# understood: '�\n'
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>The guest leaves, and the decoder still holds half a letter. How would you notice?</b></summary>
#
# Ask it in `connectionLost`: `decoder.decode(b"", final=True)` raises an error when something is left. Half a
# letter at the end of a stream means that the stream was cut, so the message was as well.
#
# As 05c\_letters printed:
#
# ```
# 4 bytes, b'caf\xc3': unexpected end of data
# ```
#
# </details>

# %% [markdown]
# ## Client Side Factories
#
# - A client has other worries:
# - the server doesn't answer, or too late
# - the connection is lost, and should be made again
# - we change our mind

# %% [markdown]
# A server waits to be called. A client has plans, and plans fail. So a client's factory hears about the
# attempt to connect, not only about the connection.
#
# In the session the client comes first. The restaurant is closed. So the client comes again, after a longer
# wait each time, until the restaurant opens. `ReconnectingClientFactory` contains what you would otherwise
# write badly: a delay that grows, an upper limit for it, and a pinch of chance, so that ten thousand clients
# whose server went down don't all come back within the same millisecond.
#
# The trap: it reconnects after *every* loss, even after one that you wanted. Call `stopTrying()` when you are
# done. And call `resetDelay()` once a connection has proved good, or the wait after the next loss will be the
# longest so far.

# %% [markdown]
# The slide shows `Hello` in `03_echo/client.py`:
#
# ```python
# class Hello(Protocol):
#     def connectionMade(self):
#         self.received = b""
#         self.transport.write(b"hello world")
#
#     def dataReceived(self, data):
#         self.received += data
#         if self.received == b"hello world":
#             print("received", self.received.decode())
#             self.transport.loseConnection()
#
#     def connectionLost(self, reason):
#         reactor.stop()
# ```

# %% [markdown]
# The slide shows `Guest` in `06_reconnect/reconnect.py`:
#
# ```python
# class Guest(Protocol):
#     def dataReceived(self, data):
#         print(data.decode())
#         self.factory.stopTrying()  # that was all we came for
#         self.transport.loseConnection()
#
#     def connectionLost(self, reason):
#         reactor.stop()
# ```

# %% [markdown]
# The slide shows `Patient` in `06_reconnect/reconnect.py`:
#
# ```python
# class Patient(ReconnectingClientFactory):
#     protocol = Guest
#     initialDelay = delay = 0.02  # seconds; later it waits longer
#     maxDelay = 1
#     maxRetries = 100
#
#     def clientConnectionFailed(self, connector, reason):
#         print("closed, attempt", self.retries + 1)
#         if self.retries == 1:
#             open_up()  # somebody inside has heard us knock
#         super().clientConnectionFailed(connector, reason)
# ```

# %% active="ipynb"
# %%world 06_reconnect
# # reconnect.py
# """A client that is earlier than its server, and patient."""
#
# from reactor import reactor
# from reactor.protocol import Protocol, ReconnectingClientFactory, ServerFactory
#
#
# class Welcome(Protocol):
#     def connectionMade(self):
#         self.transport.write(b"welcome, have you waited long?")
#
#
# class Guest(Protocol):
#     def dataReceived(self, data):
#         print(data.decode())
#         self.factory.stopTrying()  # that was all we came for
#         self.transport.loseConnection()
#
#     def connectionLost(self, reason):
#         reactor.stop()
#
#
# class Patient(ReconnectingClientFactory):
#     protocol = Guest
#     initialDelay = delay = 0.02  # seconds; later it waits longer
#     maxDelay = 1
#     maxRetries = 100
#
#     def clientConnectionFailed(self, connector, reason):
#         print("closed, attempt", self.retries + 1)
#         if self.retries == 1:
#             open_up()  # somebody inside has heard us knock
#         super().clientConnectionFailed(connector, reason)
#
#
# def open_up():
#     print("now we are open")
#     reactor.listenTCP(7774, ServerFactory.forProtocol(Welcome))
#
#
# reactor.connectTCP("127.0.0.1", 7774, Patient())
# reactor.run()
# $ python reconnect.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The method is overridden, and what it did is gone</summary>
#
# It was the inherited method that tried again: the client knocks once, and then waits for nothing.
#
# `06_reconnect/wrong/no_super/reconnect.py`:
#
# ```diff
#           print("closed, attempt", self.retries + 1)
#           if self.retries == 1:
#               open_up()  # somebody inside has heard us knock
# -         super().clientConnectionFailed(connector, reason)
#
#
#   def open_up():
# ```
#
# ```console
# $ python reconnect.py
# closed, attempt 1
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>For how long should a client go on trying? On a phone? In a lift?</b></summary>
#
# As long as anybody wants the result, and more and more rarely. A phone should stop when its owner looks
# away, and a lift is out of the network for a minute, which is no reason to give up. This one gave up never,
# and was right.
#
# As 06\_reconnect printed:
#
# ```
# closed, attempt 1
# closed, attempt 2
# now we are open
# ```
#
# </details>

# %% [markdown]
# ## Client Side Factories 2
#
# - Hear of each attempt, each loss, each failure

# %% [markdown]
# This does the same by hand, to show what a client factory is told. `startedConnecting` comes before the
# result is known. Then comes one of two calls: the attempt has failed, or there was a connection and it is
# now lost. The factory has no callback for success: that is the protocol's `connectionMade`.
#
# All three callbacks get the connector, which is the attempt as an object: `connector.connect()` tries again,
# `stopConnecting()` gives up, and `disconnect()` gives up or hangs up, whichever fits.
#
# Follow the session: the client is connected, dropped, connected, dropped; then the restaurant has closed for
# good, and the third attempt is refused. `reason` is a `Failure`, an exception that travels as a value; ask
# it for its `type` or its message.
#
# `buildProtocol` is not on the slide. The inherited one makes a `Protocol`, which ignores all it hears, and
# suits this conversation perfectly.

# %% [markdown]
# The slide shows `Stubborn` in `07_client_factory/client.py`:
#
# ```python
# class Stubborn(ClientFactory):
#     protocol = Protocol
#
#     def startedConnecting(self, connector):
#         print("connecting to", connector.getDestination().port)
#
#     def clientConnectionLost(self, connector, reason):
#         print("lost:", reason.type.__name__)
#         connector.connect()
#
#     def clientConnectionFailed(self, connector, reason):
#         print("failed:", reason.type.__name__)
#         reactor.stop()
# ```

# %% [markdown]
# The slide shows `Rude.connectionMade` in `07_client_factory/server.py`:
#
# ```python
# def connectionMade(self):
#     self.factory.guests += 1
#     if self.factory.guests < 2:
#         self.transport.loseConnection()
#     else:
#         closed = port.stopListening()  # tells when it has
#         closed.addCallback(self.throw_out)
# ```

# %% active="ipynb"
# %%world 07_client_factory
# # client.py
# """A client that takes a lost connection for a mistake, and comes back."""
#
# from reactor import reactor
# from reactor.protocol import ClientFactory, Protocol
#
#
# class Stubborn(ClientFactory):
#     protocol = Protocol
#
#     def startedConnecting(self, connector):
#         print("connecting to", connector.getDestination().port)
#
#     def clientConnectionLost(self, connector, reason):
#         print("lost:", reason.type.__name__)
#         connector.connect()
#
#     def clientConnectionFailed(self, connector, reason):
#         print("failed:", reason.type.__name__)
#         reactor.stop()
#
#
# reactor.connectTCP("127.0.0.1", 7775, Stubborn())
# reactor.run()
# # server.py
# """Two guests, and the restaurant closes for good; neither gets anything to eat."""
#
# from reactor import reactor
# from reactor.protocol import Protocol, ServerFactory
#
#
# class Rude(Protocol):
#     def connectionMade(self):
#         self.factory.guests += 1
#         if self.factory.guests < 2:
#             self.transport.loseConnection()
#         else:
#             closed = port.stopListening()  # tells when it has
#             closed.addCallback(self.throw_out)
#
#     def throw_out(self, _):
#         self.transport.loseConnection()
#
#
# class Closing(ServerFactory):
#     protocol = Rude
#     guests = 0
#
#
# port = reactor.listenTCP(7775, Closing())
# print("listening on port 7775")
# reactor.run()
# $ python server.py &
# $ python client.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: Lost is heard, failed is not</summary>
#
# A connection that was never made can't be lost: the third attempt fails in silence, and the program stays.
#
# `07_client_factory/wrong/failed_is_not_lost/client.py`:
#
# ```diff
#           print("lost:", reason.type.__name__)
#           connector.connect()
#
# -     def clientConnectionFailed(self, connector, reason):
# -         print("failed:", reason.type.__name__)
# -         reactor.stop()
# -
#
#   reactor.connectTCP("127.0.0.1", 7775, Stubborn())
#   reactor.run()
# ```
#
# ```console
# $ python server.py &
# listening on port 7775
# $ python client.py
# connecting to 7775
# lost: ConnectionDone
# connecting to 7775
# lost: ConnectionDone
# connecting to 7775
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>What if the server goes on dropping us at once?</b></summary>
#
# Then this client becomes an attack: it is back as fast as the network allows. Hence the delays on the slide
# before.
#
# As 07\_client\_factory printed:
#
# ```
# lost: ConnectionDone
# connecting to 7775
# lost: ConnectionDone
# connecting to 7775
# ```
#
# </details>

# %% [markdown]
# ## Connection API
#
# - `connectTCP(host, port, factory, timeout=30, bindAddress=None)`

# %% [markdown]
# `connectTCP` asks for a connection and returns a connector, not a connection. It doesn't raise when no
# server is there, because it can't know that yet. The factory gets all the news.
#
# Three calls, three bad ends. On port 7776 no program listens, and the kernel says so at once: refused. On
# port 7777 there's a server which never gets round to answering, as happens behind firewalls that drop
# packets in silence; only the timeout ends that call. And one call we cancel ourselves.
#
# Look at the order in the output. The cancelled call comes last in the program and first in the output; the
# other two had to wait until the loop ran. Events arrive when they happen, and not in the order in which you
# wrote them down.
#
# The default is thirty seconds. That is too long for people and too short for some satellites; set it.

# %% [markdown]
# The slide shows `calls` in `08_connection_api/client.py`:
#
# ```python
# caller = Caller()
# reactor.connectTCP("127.0.0.1", 7776, caller)  # nobody listens there
# reactor.connectTCP("127.0.0.1", 7777, caller, timeout=0.2)  # nobody answers
# hasty = reactor.connectTCP("127.0.0.1", 7777, caller, timeout=30)
# hasty.stopConnecting()  # we have changed our mind
# reactor.run()
# ```

# %% active="ipynb"
# %%world 08_connection_api
# # client.py
# """Three ways of not getting through, each with its reason."""
#
# import socket
#
# from reactor import reactor
# from reactor.protocol import ClientFactory, Protocol
#
#
# class Caller(ClientFactory):
#     protocol = Protocol
#     calls = 3
#
#     def clientConnectionFailed(self, connector, reason):
#         print(f"port {connector.getDestination().port}: {reason.type.__name__}")
#         self.calls -= 1
#         if self.calls == 0:
#             reactor.stop()
#
#
# # A port that never answers: one customer fills its queue, so the kernel neither accepts nor refuses the next.
# full = socket.create_server(("127.0.0.1", 7777), backlog=0)
# first = socket.create_connection(("127.0.0.1", 7777))
#
# # [calls]
# caller = Caller()
# reactor.connectTCP("127.0.0.1", 7776, caller)  # nobody listens there
# reactor.connectTCP("127.0.0.1", 7777, caller, timeout=0.2)  # nobody answers
# hasty = reactor.connectTCP("127.0.0.1", 7777, caller, timeout=30)
# hasty.stopConnecting()  # we have changed our mind
# reactor.run()
# # [/calls]
# first.close()
# full.close()
# $ python client.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The time-out is left as it is</summary>
#
# Nobody answers at port 7777, and for half a minute nobody gives up.
#
# `08_connection_api/wrong/no_timeout/client.py`:
#
# ```diff
#   caller = Caller()
#   reactor.connectTCP("127.0.0.1", 7776, caller)  # nobody listens there
# - reactor.connectTCP("127.0.0.1", 7777, caller, timeout=0.2)  # nobody answers
# + reactor.connectTCP("127.0.0.1", 7777, caller)  # nobody answers
#   hasty = reactor.connectTCP("127.0.0.1", 7777, caller, timeout=30)
#   hasty.stopConnecting()  # we have changed our mind
#   reactor.run()
# ```
#
# ```console
# $ python client.py
# port 7777: UserError
# port 7776: ConnectionRefusedError
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>Without the timeout, what would ever tell the factory?</b></summary>
#
# The kernel, when it has asked often enough: with the usual settings of Linux after some two minutes. No
# error comes from a network that says nothing, so somebody has to look at a clock.
#
# As 08\_connection\_api printed:
#
# ```
# port 7777: TimeoutError
# ```
#
# </details>

# %% [markdown]
# ## Exercises
#
# Each cell shows a task, and puts its program into a cell below, to be mended and run there.

# %%
# %exercise 19

# %%
# %exercise 21

# %%
# %exercise 22

# %%
# %exercise 23
