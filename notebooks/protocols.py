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
# # Protocols and their factories
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
# ## How To Implement A Protocol
#
# - With any luck, you don't have to.

# %% [markdown]
# Designing a protocol looks like an afternoon's work, and the first version is. After that come the messages
# that arrive in two halves, the peer that speaks an older version, the message that is four gigabytes long
# because its header says so, the connection that is neither alive nor dead, the question how to add
# encryption now, and the colleague who has to write the same again in another language, from your source
# code, because there is nothing else to read.
#
# All of these have been solved, several times over, by people who had no choice. You have one.

# %% [markdown] tags=["question"]
# <details><summary><b>Who has designed a protocol? Who would do it again?</b></summary>
#
# Usually fewer hands go up the second time. Those that stay up belong to people who had a good reason, or a
# short memory.
#
# </details>

# %% [markdown]
# ## How To Not Implement A Protocol
#
# 1. Take one that exists, in an implementation that exists
# 2. Need to call functions elsewhere? XML-RPC was there in 2003; now it is HTTP with JSON, or gRPC
# 3. Need objects elsewhere, that call back? Perspective Broker
# 4. Need messages for many? A message broker, one that you did not write

# %% [markdown]
# The list is in the order in which you should try it.
#
# First: your protocol exists already. Mail, chat, files, names, logging in: all of it has been written. Even
# if the existing one does twice what you need, it's cheaper than the half that you would forget.
#
# Second: remote calls over HTTP. In 2003 this line said XML-RPC, which is still in Python's standard library
# and still works; keep it away from strangers, for its parser trusts what it reads. Today you would send
# JSON, or use gRPC when both ends want types. The argument has not changed: proxies, caches, certificates and
# debugging tools are all there on the first day.
#
# Third: when both sides need to call each other's objects, there is Perspective Broker, Twisted's protocol
# for that. It has a slide in part 4, which also says how far ours is.

# %% [markdown] tags=["question"]
# <details><summary><b>What would make you write your own nevertheless?</b></summary>
#
# A device that speaks a language of its own, for instance. Nobody asked us before the thermometer of part 4
# was built. Then the next slide is for you.
#
# As 45\_serial printed:
#
# ```
# 21.5 degrees
# ```
#
# </details>

# %% [markdown]
# ## How To Really Implement A Protocol
#
# - Three methods, called by the transport; you call none of them yourself

# %% [markdown]
# So you do need one. This one says back whatever it hears, like a small child or a support hotline.
#
# The transport calls `connectionMade` once, as soon as the connection is there. It calls `dataReceived` each
# time that bytes have arrived: not a line, not a message, just as many bytes as there were. It calls
# `connectionLost` once, when all is over, and `reason` says whether the goodbye was polite. After that it
# calls nothing.
#
# Look at `write`. It returns at once and reports nothing: when sending fails, you hear of it in
# `connectionLost` and nowhere else. So there is only one place to tidy up in.
#
# Echo gets away with ignoring where messages end, as it treats all bytes alike. It is the last protocol in
# your life that does.

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

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: Words are written, where bytes travel</summary>
#
# A transport moves bytes; which bytes these words are, it would have to guess, so it refuses them.
#
# `03_echo/wrong/words_not_bytes/client.py`:
#
# ```diff
#   class Hello(Protocol):
#       def connectionMade(self):
#           self.received = b""
# -         self.transport.write(b"hello world")
# +         self.transport.write("hello world")
#
#       def dataReceived(self, data):
#           self.received += data
# ```
#
# ```console
# $ python client.py
# nobody there: ConnectionRefusedError
# $ python server.py &
# listening on port 7771
# connection made with 127.0.0.1
# connection was lost, alas
# $ python client.py
# [..]
#   File "client.py", line 10, in connectionMade
#     self.transport.write("hello world")
# [..]
# [..]TypeError: [..]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>What would change if it answered in capitals? And if it answered line by line?</b></summary>
#
# Capitals look harmless, and are, as long as all letters are ASCII. An é is two bytes, and they may come in
# two pieces: then there is nothing to put into capitals yet. Line by line needs a buffer for the line that
# has only half arrived. Either way the protocol has to remember something between two calls.
#
# As 05c\_letters printed:
#
# ```
# 2 bytes, b'\xa9\n': invalid start byte
# ```
#
# </details>

# %% [markdown]
# ## Factories
#
# - A protocol lives as long as its connection, and not longer
# - Yet connections need to know about each other
# - So one object stays, creates the protocols, and remembers: the factory

# %% [markdown]
# Each connection gets a protocol object of its own, so `self.buffer` can never be another connection's
# buffer. That has a price: when the connection is gone, so is the object with everything it knew.
#
# Whatever has to outlive a connection, or several connections share, belongs to the factory. Here it is the
# list of guests. One chat room is one factory; every guest finds it as `self.factory`.
#
# Look at the loop in `dataReceived`: it goes through a list that other guests change too. With threads you
# would now look for a lock. Here no other handler runs until this method returns, so no lock is needed.
#
# The trap is a guest who doesn't read. We write to all guests, and what a slow guest does not fetch waits in
# our memory. We come back to this under *Producers*.
#
# Try it with `nc localhost 7772` in two more terminals.

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
# The slide shows `Guest` in `04_chat/server.py`:
#
# ```python
# class Guest(Protocol):
#     def connectionMade(self):
#         self.factory.guests.append(self)
#         self.transport.write(b"guests: %d\n" % len(self.factory.guests))
#
#     def dataReceived(self, data):
#         for guest in self.factory.guests:
#             if guest is not self:
#                 guest.transport.write(data)
#
#     def connectionLost(self, reason):
#         self.factory.guests.remove(self)
# ```

# %% active="ipynb"
# %%world 04_chat
# # guest.py
# """A guest of few words: `python guest.py NAME`."""
#
# import sys
#
# from reactor import reactor
# from reactor.protocol import ClientFactory, Protocol
#
# name = sys.argv[1].encode()
#
#
# class Guest(Protocol):
#     greeted = False
#
#     def dataReceived(self, data):
#         words = data.decode().strip()
#         print(words)
#         if self.greeted:
#             self.transport.loseConnection()  # enough small talk
#         elif words != "guests: 1":  # alone, there is nobody to greet
#             self.greeted = True
#             self.transport.write(b"hello from %s\n" % name)
#
#     def connectionLost(self, reason):
#         if reactor.running:  # and not stopping anyway, by Ctrl-C
#             reactor.stop()
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
# reactor.connectTCP("127.0.0.1", 7772, Visit())
# reactor.run()
# # server.py
# """A room: what one guest says, all the others hear."""
#
# from reactor import reactor
# from reactor.protocol import Protocol, ServerFactory
#
#
# class Guest(Protocol):
#     def connectionMade(self):
#         self.factory.guests.append(self)
#         self.transport.write(b"guests: %d\n" % len(self.factory.guests))
#
#     def dataReceived(self, data):
#         for guest in self.factory.guests:
#             if guest is not self:
#                 guest.transport.write(data)
#
#     def connectionLost(self, reason):
#         self.factory.guests.remove(self)
#
#
# class Room(ServerFactory):
#     protocol = Guest
#
#     def __init__(self):
#         self.guests = []
#
#
# reactor.listenTCP(7772, Room())
# print("listening on port 7772")
# reactor.run()
# $ python server.py &
# $ python guest.py ann &
# $ python guest.py bob

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: Who has left stays on the list</summary>
#
# Write() to a lost connection is no error, so nothing tells that the room is full of ghosts.
#
# `04_chat/wrong/never_removed/server.py`:
#
# ```diff
#                   guest.transport.write(data)
#
#       def connectionLost(self, reason):
# -         self.factory.guests.remove(self)
# +         self.transport.write(b"good night\n")
#
#
#   class Room(ServerFactory):
# ```
#
# ```console
# $ python server.py &
# listening on port 7772
# $ python guest.py ann &
# guests: 1
# hello from bob
# hello from cid
# $ python guest.py bob
# guests: 2
# hello from ann
# $ python guest.py cid &
# guests: 3
# ```
#
# The right program, in the same scene:
#
# ```console
# $ python server.py &
# listening on port 7772
# $ python guest.py ann &
# guests: 1
# hello from bob
# hello from cid
# $ python guest.py bob
# guests: 2
# hello from ann
# $ python guest.py cid &
# guests: 2
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>What happens to a message when its sender is alone in the room?</b></summary>
#
# Nothing: the loop goes over the guests, finds only the sender, and sends it to nobody. In the session Ann's
# own greeting never comes back to Ann; she hears the head count, and then Bob.
#
# As 04\_chat printed:
#
# ```
# guests: 1
# hello from bob
# ```
#
# </details>

# %% [markdown]
# ## A Server Factory

# %% [markdown]
# A factory has one duty: `buildProtocol`. It's called for each connection, before any byte is read, with the
# client's address.
#
# If you return a protocol, it talks to that client. If you return `None`, the connection is closed on the
# spot: here, when both seats are taken. Bear in mind what the client sees. It was connected, because the
# kernel had accepted the call long before Python was asked; then it was dropped. A polite server would say
# why.
#
# Look at `diner.factory = self`. That line gives every protocol a way back to what all of them share, so that
# `connectionLost` can free the seat again. The inherited `buildProtocol` does just that with the class named
# in `protocol`, and it's all you need most of the time.

# %% [markdown]
# The slide shows `Guest` in `04_chat/server.py`:
#
# ```python
# class Guest(Protocol):
#     def connectionMade(self):
#         self.factory.guests.append(self)
#         self.transport.write(b"guests: %d\n" % len(self.factory.guests))
#
#     def dataReceived(self, data):
#         for guest in self.factory.guests:
#             if guest is not self:
#                 guest.transport.write(data)
#
#     def connectionLost(self, reason):
#         self.factory.guests.remove(self)
# ```

# %% [markdown]
# The slide shows `Diner` in `05_server_factory/server.py`:
#
# ```python
# class Diner(Protocol):
#     def connectionMade(self):
#         self.transport.write(b"welcome")
#
#     def connectionLost(self, reason):
#         self.factory.seats += 1
# ```

# %% [markdown]
# The slide shows `Restaurant` in `05_server_factory/server.py`:
#
# ```python
# class Restaurant(ServerFactory):
#     seats = 2
#
#     def buildProtocol(self, address):
#         if self.seats == 0:
#             print("no seat for", address.host)
#             return None
#         self.seats -= 1
#         print("a seat for", address.host)
#         diner = Diner()
#         diner.factory = self
#         return diner
# ```

# %% [markdown]
# The slide shows `arrive` in `05_server_factory/client.py`:
#
# ```python
# def arrive():
#     reactor.connectTCP("127.0.0.1", 7773, Visit())
# ```

# %% active="ipynb"
# %%world 05_server_factory
# # client.py
# """Three customers, one after the other, and nobody gets up."""
#
# from reactor import reactor
# from reactor.protocol import ClientFactory, Protocol
#
#
# class Customer(Protocol):
#     seated = False
#
#     def dataReceived(self, data):
#         print(data.decode())
#         self.seated = True
#         arrive()
#
#     def connectionLost(self, reason):
#         if not self.seated:
#             print("shown the door")
#             reactor.stop()
#
#
# class Visit(ClientFactory):
#     protocol = Customer
#
#     def clientConnectionFailed(self, connector, reason):
#         print("nobody there:", reason.type.__name__)
#         reactor.stop()
#
#
# def arrive():
#     reactor.connectTCP("127.0.0.1", 7773, Visit())
#
#
# arrive()
# reactor.run()
# # server.py
# """A restaurant with two seats."""
#
# from reactor import reactor
# from reactor.protocol import Protocol, ServerFactory
#
#
# class Diner(Protocol):
#     def connectionMade(self):
#         self.transport.write(b"welcome")
#
#     def connectionLost(self, reason):
#         self.factory.seats += 1
#
#
# class Restaurant(ServerFactory):
#     seats = 2
#
#     def buildProtocol(self, address):
#         if self.seats == 0:
#             print("no seat for", address.host)
#             return None
#         self.seats -= 1
#         print("a seat for", address.host)
#         diner = Diner()
#         diner.factory = self
#         return diner
#
#
# reactor.listenTCP(7773, Restaurant())
# print("listening on port 7773")
# reactor.run()
# $ python server.py &
# $ python client.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The protocol isn&#x27;t told of its factory</summary>
#
# When a guest leaves, nobody frees the seat.
#
# `05_server_factory/wrong/no_way_back/server.py`:
#
# ```diff
#           self.seats -= 1
#           print("a seat for", address.host)
#           diner = Diner()
# -         diner.factory = self
#           return diner
# ```
#
# ```console
# $ python server.py &
# listening on port 7773
# a seat for 127.0.0.1
# a seat for 127.0.0.1
# no seat for 127.0.0.1
# [..]
#   File "server.py", line 12, in connectionLost
#     self.factory.seats += 1
# [..]
# [..]AttributeError: 'NoneType' object has no attribute 'seats'
# [..]
# $ python client.py
# welcome
# welcome
# shown the door
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>There is no lock around <code>seats</code>. Two customers come at the very same time: who gets the last one?</b></summary>
#
# The one whom the kernel's queue has first. To the loop there is no same time: it calls `buildProtocol` for
# one of them, and for the other one when that call has returned.
#
# As 05\_server\_factory printed:
#
# ```
# a seat for 127.0.0.1
# a seat for 127.0.0.1
# no seat for 127.0.0.1
# ```
#
# </details>

# %% [markdown]
# ## Connecting A Factory To A TCP Port

# %% [markdown]
# Three lines make a server of it. `listenTCP` opens the port and returns at once; from then on the kernel
# takes calls for us. `run` starts the loop, and the program spends its life there.
#
# Read the session from the top. First comes the client, with no server there: it is refused, and says so.
# Then comes the server, in the background, and the client again. Below each command stands all that it
# printed, whenever it did; the server printed its last line after the client had left.
#
# If the port is taken, `listenTCP` raises `CannotListenError`, right there, before the loop runs. Without an
# `interface` it listens on all of the machine's addresses; on a laptop in a café you may prefer
# `interface="127.0.0.1"`.

# %% [markdown]
# The slide shows `listen` in `03_echo/server.py`:
#
# ```python
# reactor.listenTCP(7771, EchoFactory())
# print("listening on port 7771")
# reactor.run()
# ```

# %% active="ipynb"
# %%world 03_echo
# # client.py
# """Say something to the echo server, and leave when all of it has come back."""
#
# from reactor import reactor
# from reactor.protocol import ClientFactory, Protocol
#
#
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
#
#
# class HelloFactory(ClientFactory):
#     protocol = Hello
#
#     def clientConnectionFailed(self, connector, reason):
#         print("nobody there:", reason.type.__name__)
#         reactor.stop()
#
#
# reactor.connectTCP("127.0.0.1", 7771, HelloFactory())
# reactor.run()
# # server.py
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
# $ python client.py
# $ python server.py &
# $ python client.py

# %% [markdown] tags=["question"]
# <details><summary><b>How do you stop it?</b></summary>
#
# With Ctrl-C: the reactor ends the run in good order. It closes the ports, and every protocol still gets its
# `connectionLost`, every factory its `stopFactory`. A few slides on, a server closes its log that way.
#
# As 10\_factory\_resources printed:
#
# ```
# closing the log, it says: once only
# ```
#
# </details>

# %% [markdown]
# ## Transport Independence
#
# - Look again: nothing in those protocols knows about TCP
# - On a UNIX socket: `listenUNIX`, the same factory
# - Encrypted, with TLS: `listenSSL`, the same factory
# - In a test: no socket at all, and the protocol doesn't notice

# %% [markdown]
# Think back a slide or two, and look for the network. It's in one line, `listenTCP`. The protocol knows only
# that there is a `transport` with `write` and `loseConnection`.
#
# So you can replace that line, or write three of them, as here: one factory, one echo, three ways in.
# `listenUNIX` puts the server into the file system, where file permissions decide who may call. `listenSSL`
# encrypts. That name has grown old with dignity: what it speaks today is TLS.
#
# Our certificate lies in the folder, key included, so it protects nothing; `developmentCertificate()` makes a
# better one. The client says which certificate it trusts, and for which name.
#
# The last bullet pays off every day. With a transport that merely keeps what it was given, you can test a
# protocol in microseconds, with no port and no waiting.
#
# The trap is `getPeer()`. A protocol that insists on finding a host and a port there has smuggled TCP back
# in.

# %% [markdown]
# The slide shows `ways` in `05b_any_transport/server.py`:
#
# ```python
# echo = Factory.forProtocol(Echo)
# reactor.listenTCP(7783, echo)
# reactor.listenUNIX("echo.socket", echo)
# secret = ssl.PrivateCertificate.loadPEM(Path("localhost.pem").read_bytes())
# reactor.listenSSL(7784, echo, secret.options())
# ```

# %% [markdown]
# The slide shows `ways` in `05b_any_transport/client.py`:
#
# ```python
# hello = HelloFactory()
# if sys.argv[1] == "tcp":
#     reactor.connectTCP("127.0.0.1", 7783, hello)
# if sys.argv[1] == "unix":
#     reactor.connectUNIX("echo.socket", hello)
# if sys.argv[1] == "tls":
#     known = ssl.Certificate.loadPEM(Path("localhost.pem").read_bytes())
#     localhost = ssl.optionsForClientTLS("localhost", known)
#     reactor.connectSSL("127.0.0.1", 7784, hello, localhost)
# ```

# %% [markdown]
# The session of `05b_any_transport` needs a machine: it is in the notebook of its part, at “Transport Independence”.

# %% [markdown] tags=["question"]
# <details><summary><b>Which of your own classes would survive such a change of transport?</b></summary>
#
# Those that only write, read and close. One that prints `getPeer().host` won't: the peer on a UNIX socket has
# a path, and nothing else.
#
# As 05b\_any\_transport printed:
#
# ```
# hello from UNIXAddress('echo.socket')
# ```
#
# </details>

# %% [markdown]
# ## Exercises
#
# Each cell shows a task, and puts its program into a cell below, to be mended and run there.

# %%
# %exercise 5

# %%
# %exercise 7

# %%
# %exercise 8

# %%
# %exercise 15

# %%
# %exercise 16

# %%
# %exercise 17

# %%
# %exercise 18

# %%
# %exercise 20
