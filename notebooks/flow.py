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
# # Buffers, goodbyes and producers
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
# ## Buffering
#
# - `write` puts bytes into a buffer, and returns
# - `loseConnection` waits until all of it is sent, and a pull producer, if any, has finished

# %% [markdown]
# Ten million bytes in a single `write`, to a reader who takes its time. How many have arrived when `write`
# returns? None: we asked the reader's own socket. They are in the transport's buffer, and leave it when the
# kernel has room, long after this method is over.
#
# It is the same with `loseConnection`. It says *when you are done, close*, and the program goes on. The
# reader gets every byte, and only then the end of the stream. So *write, then loseConnection* is the right
# way to say goodbye; you need not wait in between. If you really want to drop everything, there is
# `abortConnection`.
#
# The trap hides in the third line of output. The transport is done as soon as the kernel has the last byte.
# You don't know whether the other program has read it, unless your protocol makes that program say so.

# %% [markdown]
# The slide shows `Talker` in `09_buffering/buffering.py`:
#
# ```python
# class Talker(Protocol):
#     def connectionMade(self):
#         self.transport.write(b"x" * SIZE)
#         print("write returned; arrived:", arrived())
#         self.transport.loseConnection()
#         print("loseConnection returned; arrived:", arrived())
#         read_slowly(total=0)
#
#     def connectionLost(self, reason):
#         print("closed:", reason.type.__name__)
# ```

# %% active="ipynb"
# %%world 09_buffering
# # buffering.py
# """How much has left when write() returns, when loseConnection() returns, and when the connection is closed."""
#
# import socket
#
# from reactor import reactor
# from reactor.protocol import Protocol, ServerFactory
#
# SIZE = 10_000_000
#
#
# class Talker(Protocol):
#     def connectionMade(self):
#         self.transport.write(b"x" * SIZE)
#         print("write returned; arrived:", arrived())
#         self.transport.loseConnection()
#         print("loseConnection returned; arrived:", arrived())
#         read_slowly(total=0)
#
#     def connectionLost(self, reason):
#         print("closed:", reason.type.__name__)
#
#
# def arrived():
#     try:
#         return len(reader.recv(SIZE, socket.MSG_PEEK))
#     except BlockingIOError:
#         return 0
#
#
# def read_slowly(total):
#     try:
#         mouthful = reader.recv(65536)
#     except BlockingIOError:
#         mouthful = None  # nothing yet
#     if mouthful == b"":
#         print("read to the end:", total, "bytes")
#         reactor.stop()
#     else:
#         reactor.callLater(0.0001, read_slowly, total + len(mouthful or b""))
#
#
# reactor.listenTCP(7778, ServerFactory.forProtocol(Talker))
# reader = socket.create_connection(("127.0.0.1", 7778))  # a plain socket: it sees what the kernel has, no more
# reader.setblocking(False)
# reactor.run()
# reader.close()
# $ python buffering.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: Good-bye is said by abortConnection()</summary>
#
# What waits in the buffer is thrown away: the reader gets the little that the kernel had, and then an error.
#
# `09_buffering/wrong/abort/buffering.py`:
#
# ```diff
#       def connectionMade(self):
#           self.transport.write(b"x" * SIZE)
#           print("write returned; arrived:", arrived())
# -         self.transport.loseConnection()
# +         self.transport.abortConnection()
#           print("loseConnection returned; arrived:", arrived())
#           read_slowly(total=0)
# ```
#
# ```console
# $ python buffering.py
# write returned; arrived: 0
# loseConnection returned; arrived: 0
# closed: ConnectionAborted
# [..]
# [..]ConnectionResetError: [..]
# [..]
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>What would have happened to our memory with ten <em>billion</em> bytes?</b></summary>
#
# All of them would be in it: `write` takes what it is given, and nothing had left when it returned. Producers
# are the answer, in four slides.
#
# As 09\_buffering printed:
#
# ```
# write returned; arrived: 0
# loseConnection returned; arrived: 0
# ```
#
# </details>

# %% [markdown]
# ## Hanging Up Halfway
#
# - A connection is two streams, one each way, and each can end by itself
# - `loseWriteConnection()`: that was all from me, I am still listening
# - `readConnectionLost()`: the peer has said all; the answer may still go out

# %% [markdown]
# The guest names three prices. How does the till know that there is no fourth? The protocol could have a word
# for it. But TCP has one already: the guest closes its own direction, and keeps the other one open for the
# bill. `nc -N host port < orders.txt` does just that.
#
# Most protocols never ask, so a transport takes the peer's end of stream for the end of the connection, and
# closes. A protocol that wants to answer has a `readConnectionLost`, and is asked instead. It answers, and
# then closes the second half itself. `writeConnectionLost` tells it when its own half is gone.
#
# The trap is on the other side. Many a proxy and many a load balancer closes both halves when it sees the
# first end. The answer is on its way then, and nobody is left to take it. So if you design a protocol, say
# “that was all” in words.
#
# Twisted has the same two methods, in `IHalfCloseableProtocol`.

# %% [markdown]
# The slide shows `Till` in `09b_half_close/server.py`:
#
# ```python
# class Till(LineReceiver):
#     total = 0
#
#     def lineReceived(self, line):
#         self.total += int(line)
#
#     def readConnectionLost(self):  # the guest has hung up, and still listens
#         self.sendLine(b"that makes %d" % self.total)
#         self.transport.loseConnection()
#
#     def writeConnectionLost(self):
#         """Our own direction is closed; nothing to do."""
#
#     def connectionLost(self, reason):
#         print("closed:", reason.type.__name__)
# ```

# %% [markdown]
# The slide shows `Guest.connectionMade` in `09b_half_close/client.py`:
#
# ```python
# def connectionMade(self):
#     for price in (b"7", b"7", b"28"):
#         self.sendLine(price)
#     self.transport.loseWriteConnection()
# ```

# %% active="ipynb"
# %%world 09b_half_close
# # client.py
# """A guest who says what there was, then that this was all, and waits for the bill."""
#
# from reactor import reactor
# from reactor.protocol import ClientFactory
# from reactor.protocols.basic import LineReceiver
#
#
# class Guest(LineReceiver):
#     def connectionMade(self):
#         for price in (b"7", b"7", b"28"):
#             self.sendLine(price)
#         self.transport.loseWriteConnection()
#
#     def lineReceived(self, line):
#         print("the bill:", line.decode())
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
# reactor.connectTCP("127.0.0.1", 7806, Visit())
# reactor.run()
# # server.py
# """A waiter who adds up what a guest has had, once the guest has said that this was all."""
#
# from reactor import reactor
# from reactor.protocol import ServerFactory
# from reactor.protocols.basic import LineReceiver
#
#
# class Till(LineReceiver):
#     total = 0
#
#     def lineReceived(self, line):
#         self.total += int(line)
#
#     def readConnectionLost(self):  # the guest has hung up, and still listens
#         self.sendLine(b"that makes %d" % self.total)
#         self.transport.loseConnection()
#
#     def writeConnectionLost(self):
#         """Our own direction is closed; nothing to do."""
#
#     def connectionLost(self, reason):
#         print("closed:", reason.type.__name__)
#
#
# reactor.listenTCP(7806, ServerFactory.forProtocol(Till))
# print("listening on port 7806")
# reactor.run()
# $ python server.py &
# $ python client.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: That the guest speaks no more is taken for the end of the connection</summary>
#
# The bill is written when nobody can be reached any more, and write() doesn't say so.
#
# `09b_half_close/wrong/end_for_end/server.py`:
#
# ```diff
#       def lineReceived(self, line):
#           self.total += int(line)
#
# -     def readConnectionLost(self):  # the guest has hung up, and still listens
# +     def connectionLost(self, reason):
#           self.sendLine(b"that makes %d" % self.total)
# -         self.transport.loseConnection()
# -
# -     def writeConnectionLost(self):
# -         """Our own direction is closed; nothing to do."""
# -
# -     def connectionLost(self, reason):
#           print("closed:", reason.type.__name__)
# ```
#
# ```console
# $ python server.py &
# listening on port 7806
# closed: ConnectionDone
# $ python client.py
# ```
#
# </details>

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The list of prices is in the class</summary>
#
# All guests have the one list, and the second pays for the first.
#
# `09b_half_close/wrong/bill_for_all/server.py`:
#
# ```diff
#   class Till(LineReceiver):
# -     total = 0
# +     prices = []
#
#       def lineReceived(self, line):
# -         self.total += int(line)
# +         self.prices.append(int(line))
#
#       def readConnectionLost(self):  # the guest has hung up, and still listens
# -         self.sendLine(b"that makes %d" % self.total)
# +         self.sendLine(b"that makes %d" % sum(self.prices))
#           self.transport.loseConnection()
#
#       def writeConnectionLost(self):
# ```
#
# ```console
# $ python server.py &
# listening on port 7806
# closed: ConnectionDone
# closed: ConnectionDone
# $ python client.py
# the bill: that makes 42
# $ python client.py
# the bill: that makes 84
# ```
#
# The right program, in the same scene:
#
# ```console
# $ python server.py &
# listening on port 7806
# closed: ConnectionDone
# closed: ConnectionDone
# $ python client.py
# the bill: that makes 42
# $ python client.py
# the bill: that makes 42
# ```
#
# </details>

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: A chunk is taken for one request</summary>
#
# Three prices came in one chunk, and 7, 7 and 28 in one piece are no number.
#
# `09b_half_close/wrong/one_chunk_one_price/server.py`:
#
# ```diff
#   class Till(LineReceiver):
#       total = 0
#
# -     def lineReceived(self, line):
# +     def dataReceived(self, line):
#           self.total += int(line)
#
#       def readConnectionLost(self):  # the guest has hung up, and still listens
# ```
#
# `09b_half_close/wrong/one_chunk_one_price/glued.py`:
#
# ```python
# """The same prices, in a single write: they come in one chunk."""
#
# import socket
#
# with socket.create_connection(("127.0.0.1", 7806)) as connection:
#     connection.sendall(b"7\r\n7\r\n28\r\n")
#     connection.shutdown(socket.SHUT_WR)
#     print("the bill:", connection.recv(100).decode().strip())
# ```
#
# ```console
# $ python server.py &
# listening on port 7806
# [..]
#     self.total += int(line)
# [..]
# [..]ValueError: invalid literal for int() with base 10: b'7\r\n7\r\n28\r\n'
# [..]
# closed: ValueError
# $ python glued.py
# the bill:
# ```
#
# The right program, in the same scene:
#
# ```console
# $ python server.py &
# listening on port 7806
# closed: ConnectionDone
# $ python glued.py
# the bill: that makes 42
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>What does a client see that half-closes against a server without <code>readConnectionLost</code>?</b></summary>
#
# The end of the connection, and no bill: the server closes as soon as it has seen the guest's end. Whoever
# wrote the client is sure that the server has a bug, and whoever wrote the server is sure of the opposite.
#
# As 09b\_half\_close/wrong/end\_for\_end printed:
#
# ```
# closed: ConnectionDone
# ```
#
# </details>

# %% [markdown]
# ## Factory Resources
#
# - A factory may need something open while it works: a log, a database, a file of jokes
# - `startFactory`: called before the first port or connection that uses it
# - `stopFactory`: called after the last one has gone
# - Once each, however many ports there are in between

# %% [markdown]
# Where do you open the log? `__init__` is too early: the factory may never be used, or may be used again
# after it has stopped. `connectionMade` is too often.
#
# So there are two methods. A factory counts its users, which are listening ports and connectors. When the
# first one comes, it calls `startFactory`; when the last one has gone, it calls `stopFactory`. Two ports on
# the same factory, say one for IPv4 and one for IPv6, still open one log.
#
# And a factory can start again: stop listening, listen again, and both are called once more. So write them as
# a pair that may take turns for ever.
#
# The trap: a client factory counts its users as well. When its only connection fails, it has none left and
# stops, unless it tries again on the spot; if it tries again later, it starts anew.

# %% [markdown]
# The slide shows `Patient` in `10_factory_resources/patient.py`:
#
# ```python
# class Patient(ReconnectingClientFactory):
#     initialDelay = delay = 0.02  # seconds
#
#     def startFactory(self):
#         print("opening the diary")
#
#     def clientConnectionFailed(self, connector, reason):
#         print("failed:", reason.type.__name__)
#         super().clientConnectionFailed(connector, reason)
#
#     def stopFactory(self):
#         print("closing the diary")
#         if self.retries == 2:
#             reactor.stop()
# ```

# %% [markdown] tags=["question"]
# <details><summary><b>Does a reconnecting client open its log once, or each time?</b></summary>
#
# Each time. When the attempt has failed, the factory has no connection left, and stops; the next attempt
# comes later, and starts it anew.
#
# As 10\_factory\_resources printed:
#
# ```
# opening the diary
# failed: ConnectionRefusedError
# closing the diary
# opening the diary
# ```
#
# </details>

# %% [markdown]
# ## Factory Resources 2

# %% [markdown]
# The log factory listens on two ports. Look at the server's output: the log is opened before the server says
# that it listens, because `listenTCP` calls `startFactory`. It's opened once, though there are two of these
# calls.
#
# The client then leaves a word at each port. Both words are in the one log. When the server is told to stop,
# it closes both ports, and after the second one the log. The two programs below that come to the questions.
#
# Notice what isn't there: no `try … finally`, no `atexit`, no flag `already_opened`. The base class does the
# counting, for all factories.
#
# The log here is a temporary file, so that running the lecture leaves nothing behind. Yours will probably
# have a name.

# %% [markdown]
# The slide shows `LogFactory` in `10_factory_resources/server.py`:
#
# ```python
# class LogFactory(ServerFactory):
#     protocol = Logged
#
#     def startFactory(self):
#         print("opening the log")
#         self.log = TemporaryFile()
#
#     def stopFactory(self):
#         self.log.seek(0)
#         words = self.log.read().decode()
#         print("closing the log, it says:", words)
#         self.log.close()
# ```

# %% [markdown]
# The slide shows `words` in `10_factory_resources/client.py`:
#
# ```python
# for port, word in [(7779, b"once "), (7780, b"only")]:
#     with socket.create_connection(("127.0.0.1", port)) as connection:
#         connection.sendall(word)
#         connection.recv(1)  # until the server has written it down
# ```

# %% [markdown]
# The session of `10_factory_resources` needs a machine: it is in the notebook of its part, at “Factory Resources 2”.

# %% [markdown]
# The slide shows `disk` in `10_factory_resources/full.py`:
#
# ```python
# class Unlucky(ServerFactory):
#     def startFactory(self):
#         raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
#
#
# try:
#     reactor.listenTCP(7779, Unlucky())
# except OSError as error:
#     print("listenTCP raised OSError:", error.strerror)
# ```

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: Each connection opens the log</summary>
#
# There are two logs, and what the first client said is in the one that nobody reads.
#
# `10_factory_resources/wrong/opened_each_time/server.py`:
#
# ```diff
#   class LogFactory(ServerFactory):
#       protocol = Logged
#
# -     def startFactory(self):
# +     def buildProtocol(self, address):
#           print("opening the log")
#           self.log = TemporaryFile()
# +         return super().buildProtocol(address)
#
#       def stopFactory(self):
#           self.log.seek(0)
# ```
#
# ```console
# $ python server.py &
# listening on ports 7779 and 7780
# opening the log
# opening the log
# closing the log, it says: only
# $ python client.py
# $ kill -INT %1
# $ python full.py
# listenTCP raised OSError: No space left on device
# $ python patient.py
# opening the diary
# failed: ConnectionRefusedError
# closing the diary
# opening the diary
# failed: ConnectionRefusedError
# closing the diary
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>What if <code>startFactory</code> raises, because the disk is full?</b></summary>
#
# Then `listenTCP` raises, in the line where you would look, and no port stays open.
#
# As 10\_factory\_resources printed:
#
# ```
# listenTCP raised OSError: No space left on device
# ```
#
# </details>

# %% [markdown]
# ## Producers and Consumers
#
# - What if there's a lot to send? A film, a back-up, the year's logs
# - One big `write`: all of it sits in memory, for each reader
# - A loop of small writes: the same, only slower
# - We want to write as fast as they read, and no faster

# %% [markdown]
# On the slide about buffering we wrote ten million bytes and got away with it. Now imagine a thousand
# readers, and among them one on a telephone in a tunnel.
#
# `write` never says no, and it may not wait, because that would hold up the loop. So a fast sender and a slow
# reader together fill the memory of the program between them, and that is ours. It's the classic way for a
# server to die: it runs well for months, until one client reads slowly.
#
# In threaded programs this doesn't come up, because `send` blocks, and a slow reader stops only the thread
# that serves it. Blocking is flow control for free. Having given up blocking, we owe ourselves a replacement.
#
# It is this: the transport tells the object that makes the data when to stop, and when to go on. The name for
# that is back-pressure.

# %% [markdown]
# The slide shows `SlowReader` in `11_pull_producer/reader.py`:
#
# ```python
# class SlowReader(Protocol):
#     total = 0
#
#     def dataReceived(self, data):
#         self.total += len(data)
#         self.transport.pauseProducing()
#         reactor.callLater(0.001, self.transport.resumeProducing)
#
#     def connectionLost(self, reason):
#         print("received", self.total, "bytes")
#         reactor.stop()
# ```

# %% [markdown] tags=["question"]
# <details><summary><b>What does a waiter do when the table is full of plates?</b></summary>
#
# Stops bringing more, and comes back when there is room. That is all of flow control.
#
# As 12\_push\_producer printed:
#
# ```
# paused: the buffers are full
# the reader wakes up
# resumed: there is room again
# ```
#
# </details>

# %% [markdown]
# ## Producers
#
# - Make data for a consumer; here, by calling the transport's `write`
# - Two kinds
#   - push: goes on by itself until `pauseProducing`, and again after `resumeProducing`
#   - pull: makes one piece for each `resumeProducing`
# - `stopProducing`: the consumer is gone

# %% [markdown]
# A producer is any object with these methods; there is nothing to inherit from.
#
# Which kind is yours? Ask where the data comes from. If it comes when *it* wants (another connection, a
# microphone, a stock exchange), it's a push producer, and must be told when to hold back. If it waits for
# you, like a file, it's a pull producer: each call is a request for one more helping.
#
# Pull is simpler, and slower, because every piece costs a turn of the loop. Push is faster and has one
# obligation: after `pauseProducing` you may finish your sentence, but then be quiet.
#
# `stopProducing` is the method that people forget. The transport calls it when the connection is gone; close
# there what you hold open for this reader.

# %% [markdown] tags=["question"]
# <details><summary><b>A transport that reads from the network can be paused too. Which kind of producer is it?</b></summary>
#
# A push producer: the bytes come when the peer wants. Pause it, and the kernel's buffer fills up, until TCP
# tells the peer to wait. The proxy in part 4 is made of two of them.
#
# As 44\_proxy printed:
#
# ```
# proxy: wait, there is no room at the other end
# ```
#
# </details>

# %% [markdown]
# ## Consumers
#
# - `transport.registerProducer(producer, streaming)`; `True` means push, `False` means pull
# - Pauses the producer when its buffer is full, resumes it when there is room
# - `transport.unregisterProducer()` after the last piece; then `loseConnection()`
# - One producer at a time

# %% [markdown]
# The transport is the consumer. It knows how many bytes wait in its buffer, and needs to know no more: above
# a mark it pauses the producer, and when the buffer is empty it resumes it. The mark is 64 KiB in our
# reactor, as in Twisted.
#
# Mind the second argument. Its name is `streaming`, and it alone tells the two kinds apart. If you register a
# pull producer as push, the transport never asks it for anything. The other way round, it asks a push
# producer to resume over and over, and never to pause.
#
# The end takes two calls: `unregisterProducer`, then `loseConnection`. Forget the first, and the transport
# waits for a pull producer for ever: your users see a connection that delivered everything and then hung. For
# a push producer it waits only while the producer is paused; otherwise it calls `stopProducing` as soon as
# the buffer is empty.

# %% [markdown] tags=["question"]
# <details><summary><b>What if the reader never reads again?</b></summary>
#
# The producer stays paused, with all that it holds open. Nothing in the network will ever tell, so your
# protocol needs a timeout; part 4 has one ready-made.
#
# As 43\_policies printed:
#
# ```
# somebody has fallen asleep
# ```
#
# </details>

# %% [markdown]
# ## Sample Pull Producer

# %% [markdown]
# A file of a million bytes goes to a reader that takes a breath after every mouthful. The server never has
# more than one piece of it in its hands.
#
# `registerProducer` with `False` says: please ask me. The transport asks at once, and then each time that its
# buffer has run empty. `resumeProducing` reads 16,384 bytes, writes them, and returns. That makes sixty-two
# pieces, the last one short: count them if you like, the server did.
#
# The `else` is the end: no more bytes, so unregister, then close. Leave the first of these out, and you get
# the hanging connection from the last slide.
#
# Two honest remarks. Reading a file blocks, because disks have no events; but the system nearly always has
# pieces this small in memory already. And if the reader goes away half way, the transport calls
# `stopProducing` instead.

# %% [markdown]
# The slide shows `FileProducer` in `11_pull_producer/server.py`:
#
# ```python
# class FileProducer:
#     def __init__(self, file, transport):
#         self.file = file
#         self.transport = transport  # the consumer
#         self.pieces = 0
#         transport.registerProducer(self, False)
#
#     def resumeProducing(self):
#         piece = self.file.read(16_384)
#         if piece:
#             self.pieces += 1
#             self.transport.write(piece)
#         else:
#             print("sent it in", self.pieces, "pieces")
#             self.transport.unregisterProducer()
#             self.transport.loseConnection()
#
#     def stopProducing(self):
#         print("the reader has left")
# ```

# %% active="ipynb"
# %%world 11_pull_producer
# # reader.py
# """A slow reader: takes a breath after every mouthful."""
#
# from reactor import reactor
# from reactor.protocol import ClientFactory, Protocol
#
#
# class SlowReader(Protocol):
#     total = 0
#
#     def dataReceived(self, data):
#         self.total += len(data)
#         self.transport.pauseProducing()
#         reactor.callLater(0.001, self.transport.resumeProducing)
#
#     def connectionLost(self, reason):
#         print("received", self.total, "bytes")
#         reactor.stop()
#
#
# class ReaderFactory(ClientFactory):
#     protocol = SlowReader
#
#     def clientConnectionFailed(self, connector, reason):
#         print("nobody there:", reason.type.__name__)
#         reactor.stop()
#
#
# reactor.connectTCP("127.0.0.1", 7781, ReaderFactory())
# reactor.run()
# # server.py
# """Send a file a piece at a time, each piece when the reader has room for it."""
#
# from tempfile import TemporaryFile
#
# from reactor import reactor
# from reactor.protocol import Protocol, ServerFactory
#
# SIZE = 1_000_000
#
#
# class FileProducer:
#     def __init__(self, file, transport):
#         self.file = file
#         self.transport = transport  # the consumer
#         self.pieces = 0
#         transport.registerProducer(self, False)
#
#     def resumeProducing(self):
#         piece = self.file.read(16_384)
#         if piece:
#             self.pieces += 1
#             self.transport.write(piece)
#         else:
#             print("sent it in", self.pieces, "pieces")
#             self.transport.unregisterProducer()
#             self.transport.loseConnection()
#
#     def stopProducing(self):
#         print("the reader has left")
#
#
# class SendFile(Protocol):
#     def connectionMade(self):
#         self.file = TemporaryFile()
#         self.file.write(b"x" * SIZE)
#         self.file.seek(0)
#         FileProducer(self.file, self.transport)
#
#     def connectionLost(self, reason):
#         self.file.close()
#
#
# reactor.listenTCP(7781, ServerFactory.forProtocol(SendFile))
# print("listening on port 7781")
# reactor.run()
# $ python server.py &
# $ python reader.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: A pull producer is registered as push</summary>
#
# The transport waits for the data, and the producer to be asked for it.
#
# `11_pull_producer/wrong/as_push/server.py`:
#
# ```diff
#           self.file = file
#           self.transport = transport  # the consumer
#           self.pieces = 0
# -         transport.registerProducer(self, False)
# +         transport.registerProducer(self, True)
#
#       def resumeProducing(self):
#           piece = self.file.read(16_384)
# ```
#
# ```console
# $ python server.py &
# listening on port 7781
# the reader has left
# $ python reader.py
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The producer is never unregistered</summary>
#
# LoseConnection() waits until the producer has finished, and asks it for more.
#
# `11_pull_producer/wrong/no_unregister/server.py`:
#
# ```diff
#               self.transport.write(piece)
#           else:
#               print("sent it in", self.pieces, "pieces")
# -             self.transport.unregisterProducer()
#               self.transport.loseConnection()
#
#       def stopProducing(self):
# ```
#
# ```console
# $ python server.py &
# listening on port 7781
# sent it in 62 pieces
# sent it in 62 pieces
# the reader has left
# $ python reader.py
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>Why 16,384, and not the whole file? And why not one byte?</b></summary>
#
# The whole file would be in memory, for every reader. One byte would be a million turns of the loop instead
# of sixty-two. Between the two, anything does.
#
# As 11\_pull\_producer printed:
#
# ```
# sent it in 62 pieces
# ```
#
# </details>

# %% [markdown]
# ## Sample Push Producer

# %% [markdown]
# Some data comes whether you want it or not. Here it is garbage: thirty thousand bytes every millisecond,
# from a producer with a timer of its own. The reader has gone to sleep, and reads nothing.
#
# Read the output as a story. For a while you see nothing: the bytes disappear into the kernel's buffers at
# both ends, which are surprisingly deep. Then those are full, our own buffer grows past its mark, and the
# transport calls `pauseProducing`. The reader wakes up, the buffers drain, `resumeProducing`. The reader has
# had enough and leaves: `stopProducing`.
#
# Look at `produce`: while paused, its timer goes on, but it writes nothing. So the data of that time is
# dropped, and for garbage that is right. For anything else decide what to do: keep a little, drop the oldest,
# or pause your own source.

# %% [markdown]
# The slide shows `GarbageProducer.__init__` in `12_push_producer/garbage.py`:
#
# ```python
# def __init__(self, transport):
#     self.paused = self.stopped = False
#     self.transport = transport  # the consumer
#     transport.registerProducer(self, True)
#     self.produce()
# ```

# %% [markdown]
# The slide shows `GarbageProducer.produce` in `12_push_producer/garbage.py`:
#
# ```python
# def produce(self):
#     if not self.paused:
#         self.transport.write(b"blabla" * 5_000)
#     if not self.stopped:
#         reactor.callLater(0.001, self.produce)
# ```

# %% [markdown]
# The slide shows `GarbageProducer.pauseProducing` in `12_push_producer/garbage.py`:
#
# ```python
# def pauseProducing(self):
#     print("paused: the buffers are full")
#     self.paused = True
# ```

# %% [markdown]
# The slide shows `GarbageProducer.resumeProducing` in `12_push_producer/garbage.py`:
#
# ```python
# def resumeProducing(self):
#     print("resumed: there is room again")
#     self.paused = False
# ```

# %% [markdown]
# The slide shows `GarbageProducer.stopProducing` in `12_push_producer/garbage.py`:
#
# ```python
# def stopProducing(self):
#     print("stopped: nobody is listening")
#     self.stopped = True
# ```

# %% active="ipynb"
# %%world 12_push_producer
# # garbage.py
# """Garbage, as fast as it will go, for a reader who is asleep. Both ends in one program, so that it has one order."""
#
# from reactor import reactor
# from reactor.protocol import ClientFactory, Protocol, ServerFactory
#
#
# class GarbageProducer:
#     def __init__(self, transport):
#         self.paused = self.stopped = False
#         self.transport = transport  # the consumer
#         transport.registerProducer(self, True)
#         self.produce()
#
#     def produce(self):
#         if not self.paused:
#             self.transport.write(b"blabla" * 5_000)
#         if not self.stopped:
#             reactor.callLater(0.001, self.produce)
#
#     def pauseProducing(self):
#         print("paused: the buffers are full")
#         self.paused = True
#
#     def resumeProducing(self):
#         print("resumed: there is room again")
#         self.paused = False
#
#     def stopProducing(self):
#         print("stopped: nobody is listening")
#         self.stopped = True
#
#
# class Talker(Protocol):
#     def connectionMade(self):
#         self.factory.producer = GarbageProducer(self.transport)
#
#     def connectionLost(self, reason):
#         reactor.stop()
#
#
# class Talkers(ServerFactory):
#     protocol = Talker
#     producer: GarbageProducer | None = None
#
#
# class Sleeper(Protocol):
#     def connectionMade(self):
#         self.transport.pauseProducing()  # a transport is a producer too: of what it reads
#         self.doze()
#
#     def doze(self):
#         producer = talkers.producer
#         if producer and producer.paused:
#             print("the reader wakes up")
#             self.transport.resumeProducing()
#         else:
#             reactor.callLater(0.01, self.doze)
#
#     def dataReceived(self, data):
#         producer = talkers.producer
#         if producer and not producer.paused:
#             self.transport.loseConnection()
#
#
# talkers = Talkers()
# reactor.listenTCP(7782, talkers)
# reactor.connectTCP("127.0.0.1", 7782, ClientFactory.forProtocol(Sleeper))
# reactor.run()
# $ python garbage.py

# %% [markdown] tags=["question"]
# <details><summary><b>Which would you choose for stock prices? And for letters?</b></summary>
#
# Of stock prices, keep the latest and drop the rest: an old price is worse than none. Of letters none may be
# lost, so pause whoever sends them. The proxy in part 4 does that, and not a byte is missing.
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
# %exercise 13

# %%
# %exercise 14

# %%
# %exercise 24

# %%
# %exercise 25

# %%
# %exercise 26

# %%
# %exercise 27

# %%
# %exercise 28
