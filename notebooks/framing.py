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
# # Where a message ends
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
#
# ```python
# def connectionMade(self):
#     self.pieces = [POST[at : at + 5] for at in range(0, len(POST), 5)]
#     self.send()
# ```

# %% [markdown]
# The slide shows `PostOffice` in `42_framing/server.py`:
#
# ```python
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
# ```

# %% active="ipynb"
# %%world 42_framing
# # client.py
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
# # server.py
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
#
# ```python
# class InBinary(Int16StringReceiver):
#     MAX_LENGTH = 10
#
#     def stringReceived(self, string):
#         print("  received", string)
# ```

# %% [markdown]
# The slide shows `talk` in `42b_lengths/lengths.py`:
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
# %%world 42b_lengths
# # lengths.py
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
#
# ```python
# def timeoutConnection(self):
#     print("somebody has fallen asleep")
#     self.sendLine(b"we are closing")
#     self.transport.loseConnection()
# ```

# %% [markdown]
# The slide shows `limits` in `43_policies/server.py`:
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
#
# ```python
# def lineReceived(self, line):
#     name = self.factory.name
#     print(f"{name} hears:", line.decode())
#     if line == b"what would you like?":
#         self.sendLine(b"soup")
#         come_in("bob")
# ```

# %% active="ipynb"
# %%world 43_policies
# # client.py
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
# # server.py
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
#
# ```python
# def join(self, other):
#     self.other = other
#     self.transport.registerProducer(other, True)
# ```

# %% [markdown]
# The slide shows `Half.dataReceived` in `44_proxy/proxy.py`:
#
# ```python
# def dataReceived(self, data):
#     self.other.transport.write(data)
# ```

# %% [markdown]
# The slide shows `Half.pauseProducing` in `44_proxy/proxy.py`:
#
# ```python
# def pauseProducing(self):
#     say("wait, there is no room at the other end")
#     self.transport.pauseProducing()
# ```

# %% [markdown]
# The slide shows `ToCellar` in `44_proxy/proxy.py`:
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
#
# ```python
# class Cellar(Protocol):
#     def connectionMade(self):
#         pouring = FileSender().beginFileTransfer(WINE, self.transport)
#         pouring.addCallback(lambda last: self.transport.loseConnection())
# ```

# %% active="ipynb"
# %%world 44_proxy
# # ends.py
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
# # proxy.py
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
# ## Exercises
#
# Each cell shows a task, and puts its program into a cell below, to be mended and run there.

# %%
# %exercise 6

# %%
# %exercise 9

# %%
# %exercise 10

# %%
# %exercise 11

# %%
# %exercise 12
