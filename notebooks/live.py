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
# # The reactor in a notebook
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
# ## One loop for both of you
#
# This notebook waits for your cells in an event loop of asyncio's, and a thread can have no second one. So the reactor is
# a guest of that loop: it runs already, before the first cell and between all others, and `reactor.run()` has no place
# here. (Try it; it says so.)
#
# A server, then. When this cell is done, the port is open, and stays open.

# %% tags=["live"]
from reactor import protocol, reactor


class Echo(protocol.Protocol):
    def connectionMade(self):
        self.factory.guests += 1

    def dataReceived(self, data):
        self.transport.write(data)


class EchoFactory(protocol.Factory):
    protocol = Echo
    guests = 0


house = EchoFactory()
port = reactor.listenTCP(0, house, interface="127.0.0.1")
number = port.getHost().port

# %% [markdown]
# ## A client in the next cell
#
# It connects to that very server, in the same loop. `connectTCP` returns before anybody has answered, as always, and so
# does the cell.

# %% tags=["live"]
from reactor.defer import Deferred


class Ask(protocol.Protocol):
    def connectionMade(self):
        self.transport.write(b"one soup")

    def dataReceived(self, data):
        self.factory.answer.callback(data)
        self.transport.loseConnection()


class AskFactory(protocol.ClientFactory):
    protocol = Ask

    def __init__(self):
        self.answer = Deferred()


order = AskFactory()
connector = reactor.connectTCP("127.0.0.1", number, order)

# %% [markdown]
# ## Wait for the answer
#
# The answer is a Deferred, and a cell may `await` one. While this cell waits, the loop turns; while it doesn't, the loop
# turns too.

# %% tags=["live"]
await order.answer

# %% tags=["live"]
house.guests


# %% [markdown]
# ## Change the server, and run its cell again
#
# A cell that asks for a port which an earlier cell has opened gets it: the old server gives it up, and whoever is
# connected to it stays connected until one of the two hangs up. (Where the port is somebody else's, the error is the
# usual one.)

# %% tags=["live"]
class Loud(Echo):
    def dataReceived(self, data):
        self.transport.write(data.upper() + b"!")


house.protocol = Loud
port = reactor.listenTCP(number, house, interface="127.0.0.1")
again = AskFactory()
connector = reactor.connectTCP("127.0.0.1", number, again)
await again.answer

# %% [markdown]
# ## Time
#
# `callLater` works between the cells as well. What a handler prints appears below the cell that was run last, wherever
# that is, so better let it tell a Deferred.

# %% tags=["live"]
from reactor import task

await task.deferLater(reactor, 0.1, lambda: "a tenth of a second later")

# %% [markdown]
# ## What not to do
#
# `time.sleep(5)` in a cell, or in a handler, holds the loop; then nobody is served: no timer, no connection, no other
# cell. Do it all the same, once: after a second the notebook names the cell and the line. The button Interrupt ends a
# handler that never returns, and the reactor goes on.
#
# ## Close the house

# %% tags=["live"]
await port.stopListening()
