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
# ## Part 2 – Basic Networking With Twisted

# %% [markdown]
# Enough of restaurants, though you may meet the waiter again. This part is about the network. First come
# three terms: reactor, transport, protocol. Then we write a server, then clients, and then we see what to do
# when there is more to send than the other side cares to read.
#
# The programs say `from reactor import reactor`. That is our small library with Twisted's names. To run them
# on Twisted, change the import lines: `from twisted.internet import reactor`, `from twisted.internet.protocol
# import Protocol`. Nothing else changes, and the output is the same: `make twisted` tries that, and a slide
# says so where it isn't true.
#
# You need two terminals and the folder `examples`. Start the server in one and the client in the other;
# Ctrl-C ends a server.

# %% [markdown] tags=["question"]
# <details><summary><b>You have two terminals, and you start the client first. What will it say?</b></summary>
#
# That nobody is there, at once, and then it ends: the kernel of the other machine answers that no program
# listens at the port. Start the server, and the client again.
#
# As 03\_echo printed:
#
# ```
# nobody there: ConnectionRefusedError
# ```
#
# </details>

# %% [markdown]
# ## Internet!
#
# - Machines, connected to each other; some on purpose
# - Each has one or more IP addresses, long ones (IPv6) or short ones (IPv4)
# - DNS turns names into addresses
# - TCP runs on top of IP: a reliable stream of bytes, in both directions
# - A server listens on one of 65,535 ports, such as 443 for HTTPS

# %% [markdown]
# This is a very short history of everything. An address finds the machine, a port finds the program on it.
# Names are for people: the program has to look a name up in DNS first, which may take seconds, and may fail.
#
# Why 65,535 ports and not 65,536? The number has sixteen bits, but no program can listen on port 0: it means
# *give me any port that is free*. The system picks one; our tests live on that.
#
# The program calls the same machine twice, at port 7770, and has two streams: two customers. TCP promises
# that the bytes arrive in order and unharmed, or that you hear about it. It doesn't promise when, and it
# doesn't know where one message ends and the next begins. Write "hello" and "world", and the other side may
# read "helloworld", or "h" and then the rest. Please remember this; it is behind the most popular bug in
# network programs.

# %% [markdown]
# The slide shows `talk` in `02_event_loop/client.py`:

# %% active="ipynb"
# %%program 02_event_loop/client.py
# """Two customers at once. The one who came second is served first."""
#
# import socket
#
# # [talk]
# with (
#     socket.create_connection(("127.0.0.1", 7770)) as first,
#     socket.create_connection(("127.0.0.1", 7770)) as second,
# ):
#     second.sendall(b"soup")
#     print("second customer:", second.recv(100).decode())
#     first.sendall(b"fish")
#     print("first customer:", first.recv(100).decode())
# # [/talk]

# %% [markdown] tags=["question"]
# <details><summary><b>A client asks to read up to a hundred bytes. How many does it get?</b></summary>
#
# One to a hundred: as many as have arrived. Not one message, not one `write`. None at all means that the
# other side has closed. Later on a word comes in two pieces, and the cut is in the middle of a letter.
#
# As 05c\_letters printed:
#
# ```
# 4 bytes, b'caf\xc3': unexpected end of data
# ```
#
# </details>

# %% [markdown]
# ## Basic Definitions – Reactor
#
# - Runs the event loop: waits for events, and calls their handlers

# %% [markdown]
# This is not pseudo-code. It is a whole event loop, on Python's `selectors`, and the output beside it comes
# from a server that runs on it.
#
# Two lines matter. `get_next_events` asks the operating system which sockets have something to read, and the
# system puts the program to sleep until one has: waiting wastes no processor time. `run` then calls the
# handler that was registered for that socket. Everything else is book-keeping.
#
# Look at the output: the second customer was served before the first had said a word. No threads were
# involved.
#
# What is missing? Timers, writing without getting stuck, a plan for errors in handlers, and a way to stop.
# That is why the real one has a few more lines.
#
# `run` comes last in a program, because it does not return until all is over.

# %% [markdown]
# The slide shows `Reactor` in `02_event_loop/server.py`:

# %% active="ipynb"
# %%program 02_event_loop/server.py
# """An event loop, and an echo server that lives in it."""
#
# import selectors
# import socket
# from contextlib import suppress
#
#
# class Reactor:
#     def __init__(self):
#         self.selector = selectors.DefaultSelector()
#
#     def when_readable(self, sock, handler):
#         self.selector.register(sock, selectors.EVENT_READ, handler)
#
#     def forget(self, sock):
#         self.selector.unregister(sock)
#
#     def get_next_events(self):
#         return self.selector.select()  # the only line that ever waits
#
#     def run(self):
#         while True:
#             for key, _ in self.get_next_events():
#                 handler, sock = key.data, key.fileobj
#                 handler(sock)
#
#
# def accept(listener):
#     connection, _ = listener.accept()
#     reactor.when_readable(connection, echo)
#
#
# def echo(connection):
#     if data := connection.recv(65536):
#         connection.sendall(data)  # this may wait too; what to do about it comes later in the talk
#     else:
#         reactor.forget(connection)
#         connection.close()
#
#
# reactor = Reactor()
# with socket.create_server(("127.0.0.1", 7770)) as listener, suppress(KeyboardInterrupt):
#     reactor.when_readable(listener, accept)
#     print("listening on port 7770")
#     reactor.run()

# %% active="ipynb"
# %%session 02_event_loop
# # One loop serves two customers, and neither waits for the other.
# $ python server.py &
# $ python client.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The handler waits for its own customer</summary>
#
# The first customer hasn't made up his mind, so the second one isn't served either: nobody gets anything.
#
# `02_event_loop/wrong/waits_for_one/server.py`:
#
# ```diff
#   def accept(listener):
#       connection, _ = listener.accept()
# +     connection.sendall(connection.recv(65536))
#       reactor.when_readable(connection, echo)
# ```
#
# ```console
# $ python server.py &
# listening on port 7770
# $ python client.py
# [still waiting]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>The customer who came first is served last. What happens to the others while a handler runs?</b></summary>
#
# They wait, all of them, whatever they want: there is only one thread, and it is in the handler. The first
# customer was served last only because he took his time to order.
#
# As 02\_event\_loop printed:
#
# ```
# second customer: soup
# first customer: fish
# ```
#
# </details>

# %% [markdown]
# ## Basic Definitions – Transport
#
# - Moves bytes between here and there
# - Ours are ordered and reliable streams: TCP, TLS, UNIX sockets
# - UDP is of another kind: packets, no promises
#
# <figure class="drawing">
# <img alt="The life of a connection. open, loseConnection(): closing; open, loseWriteConnection(): finishing; open, the peer is done: read closed; finishing, loseConnection(): closing; finishing, all is sent: write closed; finishing, the peer is done: last words; write closed, loseConnection(): ending; write closed, the peer is done: ending; read closed, loseConnection(): closing; read closed, loseWriteConnection(): last words; closing, all is sent: ending; last words, loseConnection(): closing; last words, all is sent: ending; open, abortConnection(): aborting; finishing, abortConnection(): aborting; write closed, abortConnection(): aborting; read closed, abortConnection(): aborting; last words, abortConnection(): aborting; closing, abortConnection(): aborting; ending, abortConnection(): aborting; open, the connection is lost: closed; finishing, the connection is lost: closed; write closed, the connection is lost: closed; read closed, the connection is lost: closed; last words, the connection is lost: closed; closing, the connection is lost: closed; ending, the connection is lost: closed; aborting, the connection is lost: closed." src="data:image/svg+xml;base64,PHN2ZyBzdHlsZT0iY29sb3I6IzFjMjQzMDtiYWNrZ3JvdW5kOiNmZmYiIHhtbG5zPSJodHRwOi8vd3d3LnczLm9yZy8yMDAwL3N2ZyIgdmlld0JveD0iMCAwIDEyMTAgNTg2IiByb2xlPSJpbWciIGFyaWEtbGFiZWxsZWRieT0ibGlmZS10aXRsZSBsaWZlLWRlc2MiIGZvbnQtZmFtaWx5PSJzeXN0ZW0tdWksIHNhbnMtc2VyaWYiIHRleHQtYW5jaG9yPSJtaWRkbGUiIGZpbGw9ImN1cnJlbnRDb2xvciI+CiAgPHRpdGxlIGlkPSJsaWZlLXRpdGxlIj5UaGUgbGlmZSBvZiBhIGNvbm5lY3Rpb248L3RpdGxlPgogIDxkZXNjIGlkPSJsaWZlLWRlc2MiPm9wZW4sIGxvc2VDb25uZWN0aW9uKCk6IGNsb3Npbmc7IG9wZW4sIGxvc2VXcml0ZUNvbm5lY3Rpb24oKTogZmluaXNoaW5nOyBvcGVuLCB0aGUgcGVlciBpcyBkb25lOiByZWFkIGNsb3NlZDsgZmluaXNoaW5nLCBsb3NlQ29ubmVjdGlvbigpOiBjbG9zaW5nOyBmaW5pc2hpbmcsIGFsbCBpcyBzZW50OiB3cml0ZSBjbG9zZWQ7IGZpbmlzaGluZywgdGhlIHBlZXIgaXMgZG9uZTogbGFzdCB3b3Jkczsgd3JpdGUgY2xvc2VkLCBsb3NlQ29ubmVjdGlvbigpOiBlbmRpbmc7IHdyaXRlIGNsb3NlZCwgdGhlIHBlZXIgaXMgZG9uZTogZW5kaW5nOyByZWFkIGNsb3NlZCwgbG9zZUNvbm5lY3Rpb24oKTogY2xvc2luZzsgcmVhZCBjbG9zZWQsIGxvc2VXcml0ZUNvbm5lY3Rpb24oKTogbGFzdCB3b3JkczsgY2xvc2luZywgYWxsIGlzIHNlbnQ6IGVuZGluZzsgbGFzdCB3b3JkcywgbG9zZUNvbm5lY3Rpb24oKTogY2xvc2luZzsgbGFzdCB3b3JkcywgYWxsIGlzIHNlbnQ6IGVuZGluZzsgb3BlbiwgYWJvcnRDb25uZWN0aW9uKCk6IGFib3J0aW5nOyBmaW5pc2hpbmcsIGFib3J0Q29ubmVjdGlvbigpOiBhYm9ydGluZzsgd3JpdGUgY2xvc2VkLCBhYm9ydENvbm5lY3Rpb24oKTogYWJvcnRpbmc7IHJlYWQgY2xvc2VkLCBhYm9ydENvbm5lY3Rpb24oKTogYWJvcnRpbmc7IGxhc3Qgd29yZHMsIGFib3J0Q29ubmVjdGlvbigpOiBhYm9ydGluZzsgY2xvc2luZywgYWJvcnRDb25uZWN0aW9uKCk6IGFib3J0aW5nOyBlbmRpbmcsIGFib3J0Q29ubmVjdGlvbigpOiBhYm9ydGluZzsgb3BlbiwgdGhlIGNvbm5lY3Rpb24gaXMgbG9zdDogY2xvc2VkOyBmaW5pc2hpbmcsIHRoZSBjb25uZWN0aW9uIGlzIGxvc3Q6IGNsb3NlZDsgd3JpdGUgY2xvc2VkLCB0aGUgY29ubmVjdGlvbiBpcyBsb3N0OiBjbG9zZWQ7IHJlYWQgY2xvc2VkLCB0aGUgY29ubmVjdGlvbiBpcyBsb3N0OiBjbG9zZWQ7IGxhc3Qgd29yZHMsIHRoZSBjb25uZWN0aW9uIGlzIGxvc3Q6IGNsb3NlZDsgY2xvc2luZywgdGhlIGNvbm5lY3Rpb24gaXMgbG9zdDogY2xvc2VkOyBlbmRpbmcsIHRoZSBjb25uZWN0aW9uIGlzIGxvc3Q6IGNsb3NlZDsgYWJvcnRpbmcsIHRoZSBjb25uZWN0aW9uIGlzIGxvc3Q6IGNsb3NlZC48L2Rlc2M+CiAgPHN0eWxlPgogICAgLmxpZmUtc3RhdGUgeyBmaWxsOiAjN2Y4ZWEzOyBmaWxsLW9wYWNpdHk6IC4xODsgc3Ryb2tlOiBjdXJyZW50Q29sb3I7IHN0cm9rZS1vcGFjaXR5OiAuNTU7IHN0cm9rZS13aWR0aDogMS41IH0KICAgIC5saWZlLWZpcnN0IHsgZmlsbDogdmFyKC0tZG9vbSwgI2Q5NTcyYik7IGZpbGwtb3BhY2l0eTogLjI1OyBzdHJva2U6IHZhcigtLWRvb20sICNkOTU3MmIpOyBzdHJva2Utd2lkdGg6IDIuNSB9CiAgICAubGlmZS1uYW1lIHsgZm9udC1zaXplOiAyMHB4OyBmb250LXdlaWdodDogNjAwIH0KICAgIC5saWZlLWV2ZW50IHsgZm9udC1zaXplOiAxN3B4OyBwYWludC1vcmRlcjogc3Ryb2tlOyBzdHJva2U6IHZhcigtLXBhcGVyLCBDYW52YXMpOyBzdHJva2Utd2lkdGg6IC43ZW07IHN0cm9rZS1saW5lam9pbjogcm91bmQgfQogICAgLmxpZmUtZWRnZSB7IGZpbGw6IG5vbmU7IHN0cm9rZTogY3VycmVudENvbG9yOyBzdHJva2Utd2lkdGg6IDIgfQogICAgLmxpZmUtZnJhbWUgeyBmaWxsOiBub25lOyBzdHJva2U6IGN1cnJlbnRDb2xvcjsgc3Ryb2tlLW9wYWNpdHk6IC41OyBzdHJva2Utd2lkdGg6IDEuNTsgc3Ryb2tlLWRhc2hhcnJheTogNiA2IH0KICA8L3N0eWxlPgogIDxkZWZzPjxtYXJrZXIgaWQ9ImxpZmUtdGlwIiB2aWV3Qm94PSIwIDAgMTAgMTAiIHJlZlg9IjkiIHJlZlk9IjUiIG1hcmtlcldpZHRoPSI3IiBtYXJrZXJIZWlnaHQ9IjciIG9yaWVudD0iYXV0byI+PHBhdGggZD0iTTAgMCAxMCA1IDAgMTB6IiBmaWxsPSJjdXJyZW50Q29sb3IiLz48L21hcmtlcj48L2RlZnM+CiAgPHJlY3QgY2xhc3M9ImxpZmUtZnJhbWUiIHg9IjI1MSIgeT0iMzMiIHdpZHRoPSI1NDgiIGhlaWdodD0iMzAyIiByeD0iMTIiLz4KICA8cmVjdCBjbGFzcz0ibGlmZS1mcmFtZSIgeD0iMTIiIHk9IjEyIiB3aWR0aD0iODA4IiBoZWlnaHQ9IjQ3NCIgcng9IjEyIi8+CiAgPHJlY3QgY2xhc3M9ImxpZmUtZnJhbWUiIHg9IjUiIHk9IjUiIHdpZHRoPSIxMTk4IiBoZWlnaHQ9IjQ4OCIgcng9IjEyIi8+CiAgPGcgZGF0YS1iZWZvcmU9Ik9QRU4gRklOSVNISU5HIFJFQURfQ0xPU0VEIExBU1RfV09SRFMiIGRhdGEtZXZlbnQ9IkxPU0UiIGRhdGEtYWZ0ZXI9IkNMT1NJTkciPjxwYXRoIGNsYXNzPSJsaWZlLWVkZ2UiIGQ9Ik02MzEgMzM1IDY4MyA0MTAiIG1hcmtlci1lbmQ9InVybCgjbGlmZS10aXApIi8+PHRleHQgY2xhc3M9ImxpZmUtZXZlbnQiIHRleHQtYW5jaG9yPSJzdGFydCIgeD0iNjY5IiB5PSIzNzAiPmxvc2VDb25uZWN0aW9uKCk8L3RleHQ+PC9nPgogIDxnIGRhdGEtYmVmb3JlPSJPUEVOIiBkYXRhLWV2ZW50PSJMT1NFX1dSSVRFIiBkYXRhLWFmdGVyPSJGSU5JU0hJTkciPjxwYXRoIGNsYXNzPSJsaWZlLWVkZ2UiIGQ9Ik00NzAgODggMzgwIDE2MCIgbWFya2VyLWVuZD0idXJsKCNsaWZlLXRpcCkiLz48dGV4dCBjbGFzcz0ibGlmZS1ldmVudCIgdGV4dC1hbmNob3I9ImVuZCIgeD0iNDEzIiB5PSIxMjEiPmxvc2VXcml0ZUNvbm5lY3Rpb24oKTwvdGV4dD48L2c+CiAgPGcgZGF0YS1iZWZvcmU9Ik9QRU4iIGRhdGEtZXZlbnQ9IlBFRVJfRE9ORSIgZGF0YS1hZnRlcj0iUkVBRF9DTE9TRUQiPjxwYXRoIGNsYXNzPSJsaWZlLWVkZ2UiIGQ9Ik01NDAgODggNjYwIDE2MCIgbWFya2VyLWVuZD0idXJsKCNsaWZlLXRpcCkiLz48dGV4dCBjbGFzcz0ibGlmZS1ldmVudCIgdGV4dC1hbmNob3I9InN0YXJ0IiB4PSI2MTIiIHk9IjEyMSI+dGhlIHBlZXIgaXMgZG9uZTwvdGV4dD48L2c+CiAgPGcgZGF0YS1iZWZvcmU9IkZJTklTSElORyIgZGF0YS1ldmVudD0iU0VOVCIgZGF0YS1hZnRlcj0iV1JJVEVfQ0xPU0VEIj48cGF0aCBjbGFzcz0ibGlmZS1lZGdlIiBkPSJNMzA2IDIwOCAxNzYgMjgwIiBtYXJrZXItZW5kPSJ1cmwoI2xpZmUtdGlwKSIvPjx0ZXh0IGNsYXNzPSJsaWZlLWV2ZW50IiB0ZXh0LWFuY2hvcj0iZW5kIiB4PSIyMjkiIHk9IjI0MSI+YWxsIGlzIHNlbnQ8L3RleHQ+PC9nPgogIDxnIGRhdGEtYmVmb3JlPSJGSU5JU0hJTkciIGRhdGEtZXZlbnQ9IlBFRVJfRE9ORSIgZGF0YS1hZnRlcj0iTEFTVF9XT1JEUyI+PHBhdGggY2xhc3M9ImxpZmUtZWRnZSIgZD0iTTM4NiAyMDggNDk0IDI4MCIgbWFya2VyLWVuZD0idXJsKCNsaWZlLXRpcCkiLz48dGV4dCBjbGFzcz0ibGlmZS1ldmVudCIgdGV4dC1hbmNob3I9ImVuZCIgeD0iNDI4IiB5PSIyNTgiPnRoZSBwZWVyIGlzIGRvbmU8L3RleHQ+PC9nPgogIDxnIGRhdGEtYmVmb3JlPSJXUklURV9DTE9TRUQiIGRhdGEtZXZlbnQ9IkxPU0UgUEVFUl9ET05FIiBkYXRhLWFmdGVyPSJFTkRJTkciPjxwYXRoIGNsYXNzPSJsaWZlLWVkZ2UiIGQ9Ik0xNjMgMzI4IDI2OSA0MTAiIG1hcmtlci1lbmQ9InVybCgjbGlmZS10aXApIi8+PHRleHQgY2xhc3M9ImxpZmUtZXZlbnQiIHRleHQtYW5jaG9yPSJlbmQiIHg9IjIwNCIgeT0iMzczIj5sb3NlQ29ubmVjdGlvbigpPC90ZXh0Pjx0ZXh0IGNsYXNzPSJsaWZlLWV2ZW50IiB0ZXh0LWFuY2hvcj0iZW5kIiB4PSIyMDQiIHk9IjM5NCI+dGhlIHBlZXIgaXMgZG9uZTwvdGV4dD48L2c+CiAgPGcgZGF0YS1iZWZvcmU9IlJFQURfQ0xPU0VEIiBkYXRhLWV2ZW50PSJMT1NFX1dSSVRFIiBkYXRhLWFmdGVyPSJMQVNUX1dPUkRTIj48cGF0aCBjbGFzcz0ibGlmZS1lZGdlIiBkPSJNNjY2IDIwOCA1NjQgMjgwIiBtYXJrZXItZW5kPSJ1cmwoI2xpZmUtdGlwKSIvPjx0ZXh0IGNsYXNzPSJsaWZlLWV2ZW50IiB0ZXh0LWFuY2hvcj0ic3RhcnQiIHg9IjYyNyIgeT0iMjU4Ij5sb3NlV3JpdGVDb25uZWN0aW9uKCk8L3RleHQ+PC9nPgogIDxnIGRhdGEtYmVmb3JlPSJDTE9TSU5HIiBkYXRhLWV2ZW50PSJTRU5UIiBkYXRhLWFmdGVyPSJFTkRJTkciPjxwYXRoIGNsYXNzPSJsaWZlLWVkZ2UiIGQ9Ik02MDggNDM0IDM5MiA0MzQiIG1hcmtlci1lbmQ9InVybCgjbGlmZS10aXApIi8+PHRleHQgY2xhc3M9ImxpZmUtZXZlbnQiIHRleHQtYW5jaG9yPSJtaWRkbGUiIHg9IjUwMCIgeT0iNDIyIj5hbGwgaXMgc2VudDwvdGV4dD48L2c+CiAgPGcgZGF0YS1iZWZvcmU9IkxBU1RfV09SRFMiIGRhdGEtZXZlbnQ9IlNFTlQiIGRhdGEtYWZ0ZXI9IkVORElORyI+PHBhdGggY2xhc3M9ImxpZmUtZWRnZSIgZD0iTTQ4OCAzMjggMzQyIDQxMCIgbWFya2VyLWVuZD0idXJsKCNsaWZlLXRpcCkiLz48dGV4dCBjbGFzcz0ibGlmZS1ldmVudCIgdGV4dC1hbmNob3I9ImVuZCIgeD0iNDAzIiB5PSIzNjYiPmFsbCBpcyBzZW50PC90ZXh0PjwvZz4KICA8ZyBkYXRhLWJlZm9yZT0iT1BFTiBGSU5JU0hJTkcgV1JJVEVfQ0xPU0VEIFJFQURfQ0xPU0VEIExBU1RfV09SRFMgQ0xPU0lORyBFTkRJTkciIGRhdGEtZXZlbnQ9IkFCT1JUIiBkYXRhLWFmdGVyPSJBQk9SVElORyI+PHBhdGggY2xhc3M9ImxpZmUtZWRnZSIgZD0iTTgyMCAyNTAgOTg0IDI1MCIgbWFya2VyLWVuZD0idXJsKCNsaWZlLXRpcCkiLz48dGV4dCBjbGFzcz0ibGlmZS1ldmVudCIgdGV4dC1hbmNob3I9Im1pZGRsZSIgeD0iOTAyIiB5PSIyMzgiPmFib3J0Q29ubmVjdGlvbigpPC90ZXh0PjwvZz4KICA8ZyBkYXRhLWJlZm9yZT0iT1BFTiBGSU5JU0hJTkcgV1JJVEVfQ0xPU0VEIFJFQURfQ0xPU0VEIExBU1RfV09SRFMgQ0xPU0lORyBFTkRJTkcgQUJPUlRJTkciIGRhdGEtZXZlbnQ9IkxPU1QiIGRhdGEtYWZ0ZXI9IkNMT1NFRCI+PHBhdGggY2xhc3M9ImxpZmUtZWRnZSIgZD0iTTYwNSA0OTMgNjA1IDUzNCIgbWFya2VyLWVuZD0idXJsKCNsaWZlLXRpcCkiLz48dGV4dCBjbGFzcz0ibGlmZS1ldmVudCIgdGV4dC1hbmNob3I9InN0YXJ0IiB4PSI2MTciIHk9IjUxMSI+dGhlIGNvbm5lY3Rpb24gaXMgbG9zdDwvdGV4dD48L2c+CiAgPGcgZGF0YS1zdGF0ZT0iT1BFTiI+PHJlY3QgY2xhc3M9ImxpZmUtc3RhdGUgbGlmZS1maXJzdCIgeD0iNDA4IiB5PSI0MCIgd2lkdGg9IjE4NCIgaGVpZ2h0PSI0OCIgcng9IjEyIi8+PHRleHQgY2xhc3M9ImxpZmUtbmFtZSIgeD0iNTAwIiB5PSI3MSI+b3BlbjwvdGV4dD48L2c+CiAgPGcgZGF0YS1zdGF0ZT0iRklOSVNISU5HIj48cmVjdCBjbGFzcz0ibGlmZS1zdGF0ZSIgeD0iMjU4IiB5PSIxNjAiIHdpZHRoPSIxODQiIGhlaWdodD0iNDgiIHJ4PSIxMiIvPjx0ZXh0IGNsYXNzPSJsaWZlLW5hbWUiIHg9IjM1MCIgeT0iMTkxIj5maW5pc2hpbmc8L3RleHQ+PC9nPgogIDxnIGRhdGEtc3RhdGU9IldSSVRFX0NMT1NFRCI+PHJlY3QgY2xhc3M9ImxpZmUtc3RhdGUiIHg9IjQwIiB5PSIyODAiIHdpZHRoPSIxODQiIGhlaWdodD0iNDgiIHJ4PSIxMiIvPjx0ZXh0IGNsYXNzPSJsaWZlLW5hbWUiIHg9IjEzMiIgeT0iMzExIj53cml0ZSBjbG9zZWQ8L3RleHQ+PC9nPgogIDxnIGRhdGEtc3RhdGU9IlJFQURfQ0xPU0VEIj48cmVjdCBjbGFzcz0ibGlmZS1zdGF0ZSIgeD0iNjA4IiB5PSIxNjAiIHdpZHRoPSIxODQiIGhlaWdodD0iNDgiIHJ4PSIxMiIvPjx0ZXh0IGNsYXNzPSJsaWZlLW5hbWUiIHg9IjcwMCIgeT0iMTkxIj5yZWFkIGNsb3NlZDwvdGV4dD48L2c+CiAgPGcgZGF0YS1zdGF0ZT0iTEFTVF9XT1JEUyI+PHJlY3QgY2xhc3M9ImxpZmUtc3RhdGUiIHg9IjQzOCIgeT0iMjgwIiB3aWR0aD0iMTg0IiBoZWlnaHQ9IjQ4IiByeD0iMTIiLz48dGV4dCBjbGFzcz0ibGlmZS1uYW1lIiB4PSI1MzAiIHk9IjMxMSI+bGFzdCB3b3JkczwvdGV4dD48L2c+CiAgPGcgZGF0YS1zdGF0ZT0iQ0xPU0lORyI+PHJlY3QgY2xhc3M9ImxpZmUtc3RhdGUiIHg9IjYwOCIgeT0iNDEwIiB3aWR0aD0iMTg0IiBoZWlnaHQ9IjQ4IiByeD0iMTIiLz48dGV4dCBjbGFzcz0ibGlmZS1uYW1lIiB4PSI3MDAiIHk9IjQ0MSI+Y2xvc2luZzwvdGV4dD48L2c+CiAgPGcgZGF0YS1zdGF0ZT0iRU5ESU5HIj48cmVjdCBjbGFzcz0ibGlmZS1zdGF0ZSIgeD0iMjA4IiB5PSI0MTAiIHdpZHRoPSIxODQiIGhlaWdodD0iNDgiIHJ4PSIxMiIvPjx0ZXh0IGNsYXNzPSJsaWZlLW5hbWUiIHg9IjMwMCIgeT0iNDQxIj5lbmRpbmc8L3RleHQ+PC9nPgogIDxnIGRhdGEtc3RhdGU9IkFCT1JUSU5HIj48cmVjdCBjbGFzcz0ibGlmZS1zdGF0ZSIgeD0iOTg0IiB5PSIyMjYiIHdpZHRoPSIxODQiIGhlaWdodD0iNDgiIHJ4PSIxMiIvPjx0ZXh0IGNsYXNzPSJsaWZlLW5hbWUiIHg9IjEwNzYiIHk9IjI1NyI+YWJvcnRpbmc8L3RleHQ+PC9nPgogIDxnIGRhdGEtc3RhdGU9IkNMT1NFRCI+PHJlY3QgY2xhc3M9ImxpZmUtc3RhdGUiIHg9IjUxMyIgeT0iNTM0IiB3aWR0aD0iMTg0IiBoZWlnaHQ9IjQ4IiByeD0iMTIiLz48dGV4dCBjbGFzcz0ibGlmZS1uYW1lIiB4PSI2MDUiIHk9IjU2NSI+Y2xvc2VkPC90ZXh0PjwvZz4KPC9zdmc+">&#10;
# </figure>

# %% [markdown]
# A transport is one end of a connection. It hides the socket: you hand it bytes, and if the kernel takes only
# some of them, the transport keeps the rest and sends it later.
#
# The diagram is the life of a connection. The arrows are not drawn by hand: they come from the table in which
# the code looks up its next state, so the two cannot disagree. An arrow from a dashed frame holds for
# everything inside it. Follow the happy path with your finger: open, `loseConnection()`, closing, closed. In
# *closing* the transport still delivers what it has been given, and a good half of the bugs in home-made
# network code come from not having such a state.
#
# Most of this talk is about streams. With UDP there is no connection, and so there is no such diagram: a
# packet arrives, or it doesn't.

# %% [markdown] tags=["question"]
# <details><summary><b>In which states can a connection be lost although our program has not asked for it?</b></summary>
#
# In all of them but *closed*. While it is open, or half open, the peer may hang up or the network may fail;
# while it is closing, the peer may be gone before it has read the rest. In part 2 a client is dropped, twice,
# while it does nothing at all.
#
# As 07\_client\_factory printed:
#
# ```
# connecting to 7775
# lost: ConnectionDone
# ```
#
# </details>

# %% [markdown]
# ## Basic Definitions – Protocol
#
# - The rules by which two programs talk
# - Speaks through a transport, and doesn't care which
# - The client calls, the server answers
# - HTTP, SSH and IMAP on streams; DNS mostly on packets
#
# <figure class="drawing">
# <img alt="Two guests, and a server that passes on what each says. 3 programs: server.py, guest.py 1, guest.py 2. 1. guest.py 1 to server.py: connect to 127.0.0.1:7772. 2. server.py to guest.py 1: guests: 1. 3. guest.py 2 to server.py: connect to 127.0.0.1:7772. 4. server.py to guest.py 2: guests: 2. 5. guest.py 2 to server.py: hello from bob. 6. server.py to guest.py 1: hello from bob. And 4 more." src="data:image/svg+xml;base64,PHN2ZyBzdHlsZT0iY29sb3I6IzFjMjQzMDtiYWNrZ3JvdW5kOiNmZmYiIHhtbG5zPSJodHRwOi8vd3d3LnczLm9yZy8yMDAwL3N2ZyIgY2xhc3M9InNlcXVlbmNlLTA0LWNoYXQiIHZpZXdCb3g9IjAgMCAzODAgMzY0IiB3aWR0aD0iMzgwIiBoZWlnaHQ9IjM2NCIgcm9sZT0iaW1nIiBhcmlhLWxhYmVsbGVkYnk9InNlcXVlbmNlLTA0LWNoYXQtdGl0bGUgc2VxdWVuY2UtMDQtY2hhdC10ZXh0Ij4KPHRpdGxlIGlkPSJzZXF1ZW5jZS0wNC1jaGF0LXRpdGxlIj5Ud28gZ3Vlc3RzLCBhbmQgYSBzZXJ2ZXIgdGhhdCBwYXNzZXMgb24gd2hhdCBlYWNoIHNheXM8L3RpdGxlPgo8ZGVzYyBpZD0ic2VxdWVuY2UtMDQtY2hhdC10ZXh0Ij4zIHByb2dyYW1zOiBzZXJ2ZXIucHksIGd1ZXN0LnB5IDEsIGd1ZXN0LnB5IDIuIDEuIGd1ZXN0LnB5IDEgdG8gc2VydmVyLnB5OiBjb25uZWN0IHRvIDEyNy4wLjAuMTo3NzcyLiAyLiBzZXJ2ZXIucHkgdG8gZ3Vlc3QucHkgMTogZ3Vlc3RzOiAxLiAzLiBndWVzdC5weSAyIHRvIHNlcnZlci5weTogY29ubmVjdCB0byAxMjcuMC4wLjE6Nzc3Mi4gNC4gc2VydmVyLnB5IHRvIGd1ZXN0LnB5IDI6IGd1ZXN0czogMi4gNS4gZ3Vlc3QucHkgMiB0byBzZXJ2ZXIucHk6IGhlbGxvIGZyb20gYm9iLiA2LiBzZXJ2ZXIucHkgdG8gZ3Vlc3QucHkgMTogaGVsbG8gZnJvbSBib2IuIEFuZCA0IG1vcmUuPC9kZXNjPgo8c3R5bGU+Ci5zZXF1ZW5jZS0wNC1jaGF0IHRleHQgeyBmb250OiAxM3B4IHN5c3RlbS11aSwgc2Fucy1zZXJpZjsgZmlsbDogY3VycmVudENvbG9yIH0KLnNlcXVlbmNlLTA0LWNoYXQgLndobyB7IGZvbnQtd2VpZ2h0OiA2MDA7IGZvbnQtc2l6ZTogMTRweDsgdGV4dC1hbmNob3I6IG1pZGRsZSB9Ci5zZXF1ZW5jZS0wNC1jaGF0IC5saWZlLCAuc2VxdWVuY2UtMDQtY2hhdCAuYm94IHsgc3Ryb2tlOiBjdXJyZW50Q29sb3I7IHN0cm9rZS1vcGFjaXR5OiAuNDU7IHN0cm9rZS13aWR0aDogMS41OyBmaWxsOiBub25lIH0KLnNlcXVlbmNlLTA0LWNoYXQgLmJveCB7IGZpbGw6ICM3ZjhlYTM7IGZpbGwtb3BhY2l0eTogLjE2IH0KLnNlcXVlbmNlLTA0LWNoYXQgLndheSB7IHN0cm9rZTogY3VycmVudENvbG9yOyBzdHJva2Utd2lkdGg6IDEuODsgZmlsbDogbm9uZSB9Ci5zZXF1ZW5jZS0wNC1jaGF0IC5oZWFkIHsgZmlsbDogY3VycmVudENvbG9yOyBzdHJva2U6IG5vbmUgfQouc2VxdWVuY2UtMDQtY2hhdCAuY29ubmVjdCwgLnNlcXVlbmNlLTA0LWNoYXQgLmNsb3NlIHsgc3Ryb2tlLWRhc2hhcnJheTogNyA0IH0KLnNlcXVlbmNlLTA0LWNoYXQgLnJlc2V0IHsgc3Ryb2tlLWRhc2hhcnJheTogMiA0IH0KLnNlcXVlbmNlLTA0LWNoYXQgLnNhaWQsIC5zZXF1ZW5jZS0wNC1jaGF0IC5wcmludGVkIHsgZm9udC1mYW1pbHk6IHVpLW1vbm9zcGFjZSwgbW9ub3NwYWNlIH0KLnNlcXVlbmNlLTA0LWNoYXQgLnNhaWQsIC5zZXF1ZW5jZS0wNC1jaGF0IC5wcmludGVkLCAuc2VxdWVuY2UtMDQtY2hhdCAubm90ZSB7IHBhaW50LW9yZGVyOiBzdHJva2U7IHN0cm9rZTogdmFyKC0tcGFwZXIsIENhbnZhcyk7IHN0cm9rZS13aWR0aDogNSB9Ci5zZXF1ZW5jZS0wNC1jaGF0IC5ub3RlIHsgZm9udC1zdHlsZTogaXRhbGljIH0KLnNlcXVlbmNlLTA0LWNoYXQgLnRpbWUgeyBmaWxsLW9wYWNpdHk6IC43NSB9Ci5zZXF1ZW5jZS0wNC1jaGF0IC5kb3QgeyBmaWxsOiBjdXJyZW50Q29sb3IgfQo8L3N0eWxlPgo8bGluZSBjbGFzcz0ibGlmZSIgeDE9IjU2IiB5MT0iNDYiIHgyPSI1NiIgeTI9IjM1NiIvPjxyZWN0IGNsYXNzPSJib3giIHg9IjcuMyIgeT0iMTIiIHdpZHRoPSI5Ny40IiBoZWlnaHQ9IjM0IiByeD0iNiIvPjx0ZXh0IGNsYXNzPSJ3aG8iIHg9IjU2IiB5PSIzNCI+c2VydmVyLnB5PC90ZXh0Pgo8bGluZSBjbGFzcz0ibGlmZSIgeDE9IjE5MCIgeTE9IjQ2IiB4Mj0iMTkwIiB5Mj0iMzU2Ii8+PHJlY3QgY2xhc3M9ImJveCIgeD0iMTM3IiB5PSIxMiIgd2lkdGg9IjEwNiIgaGVpZ2h0PSIzNCIgcng9IjYiLz48dGV4dCBjbGFzcz0id2hvIiB4PSIxOTAiIHk9IjM0Ij5ndWVzdC5weSAxPC90ZXh0Pgo8bGluZSBjbGFzcz0ibGlmZSIgeDE9IjMyNCIgeTE9IjQ2IiB4Mj0iMzI0IiB5Mj0iMzU2Ii8+PHJlY3QgY2xhc3M9ImJveCIgeD0iMjcxIiB5PSIxMiIgd2lkdGg9IjEwNiIgaGVpZ2h0PSIzNCIgcng9IjYiLz48dGV4dCBjbGFzcz0id2hvIiB4PSIzMjQiIHk9IjM0Ij5ndWVzdC5weSAyPC90ZXh0Pgo8bGluZSBjbGFzcz0id2F5IGNvbm5lY3QiIHgxPSIxOTAiIHkxPSI5NCIgeDI9IjU2IiB5Mj0iMTA5Ii8+PHBvbHlnb24gY2xhc3M9ImhlYWQiIHBvaW50cz0iNTYuMCwxMDkuMCA2Ni40LDEwMi44IDY3LjUsMTEyLjciLz48dGV4dCBjbGFzcz0ic2FpZCBub3RlIiB4PSIxMjMiIHk9IjkxLjUiIHRleHQtYW5jaG9yPSJtaWRkbGUiPmNvbm5lY3QgdG8gMTI3LjAuMC4xOjc3NzI8L3RleHQ+CjxsaW5lIGNsYXNzPSJ3YXkgZGF0YSIgeDE9IjU2IiB5MT0iMTM5IiB4Mj0iMTkwIiB5Mj0iMTU0Ii8+PHBvbHlnb24gY2xhc3M9ImhlYWQiIHBvaW50cz0iMTkwLjAsMTU0LjAgMTc4LjUsMTU3LjcgMTc5LjYsMTQ3LjgiLz48dGV4dCBjbGFzcz0ic2FpZCIgeD0iMTIzIiB5PSIxMzYuNSIgdGV4dC1hbmNob3I9Im1pZGRsZSI+Z3Vlc3RzOiAxPC90ZXh0Pgo8bGluZSBjbGFzcz0id2F5IGNvbm5lY3QiIHgxPSIzMjQiIHkxPSIxODQiIHgyPSI1NiIgeTI9IjE5OSIvPjxwb2x5Z29uIGNsYXNzPSJoZWFkIiBwb2ludHM9IjU2LjAsMTk5LjAgNjYuNywxOTMuNCA2Ny4zLDIwMy40Ii8+PHRleHQgY2xhc3M9InNhaWQgbm90ZSIgeD0iMTkwIiB5PSIxODEuNSIgdGV4dC1hbmNob3I9Im1pZGRsZSI+Y29ubmVjdCB0byAxMjcuMC4wLjE6Nzc3MjwvdGV4dD4KPGxpbmUgY2xhc3M9IndheSBkYXRhIiB4MT0iNTYiIHkxPSIyMjkiIHgyPSIzMjQiIHkyPSIyNDQiLz48cG9seWdvbiBjbGFzcz0iaGVhZCIgcG9pbnRzPSIzMjQuMCwyNDQuMCAzMTIuNywyNDguNCAzMTMuMywyMzguNCIvPjx0ZXh0IGNsYXNzPSJzYWlkIiB4PSIxOTAiIHk9IjIyNi41IiB0ZXh0LWFuY2hvcj0ibWlkZGxlIj5ndWVzdHM6IDI8L3RleHQ+CjxsaW5lIGNsYXNzPSJ3YXkgZGF0YSIgeDE9IjMyNCIgeTE9IjI3NCIgeDI9IjU2IiB5Mj0iMjg5Ii8+PHBvbHlnb24gY2xhc3M9ImhlYWQiIHBvaW50cz0iNTYuMCwyODkuMCA2Ni43LDI4My40IDY3LjMsMjkzLjQiLz48dGV4dCBjbGFzcz0ic2FpZCIgeD0iMTkwIiB5PSIyNzEuNSIgdGV4dC1hbmNob3I9Im1pZGRsZSI+aGVsbG8gZnJvbSBib2I8L3RleHQ+CjxsaW5lIGNsYXNzPSJ3YXkgZGF0YSIgeDE9IjU2IiB5MT0iMzE5IiB4Mj0iMTkwIiB5Mj0iMzM0Ii8+PHBvbHlnb24gY2xhc3M9ImhlYWQiIHBvaW50cz0iMTkwLjAsMzM0LjAgMTc4LjUsMzM3LjcgMTc5LjYsMzI3LjgiLz48dGV4dCBjbGFzcz0ic2FpZCIgeD0iMTIzIiB5PSIzMTYuNSIgdGV4dC1hbmNob3I9Im1pZGRsZSI+aGVsbG8gZnJvbSBib2I8L3RleHQ+Cjx0ZXh0IGNsYXNzPSJub3RlIiB4PSI2NiIgeT0iMzUyIj7igKYgYW5kIDQgbW9yZTwvdGV4dD4KPC9zdmc+">
# <figcaption>04&#95;chat, simulated: 357 steps</figcaption></figure>

# %% [markdown]
# A protocol gives meaning to bytes. Who speaks first? Where does a message end? What do you answer when you
# have not understood? A protocol settles such questions.
#
# In our programs a protocol is an object, one for each connection. It has three methods for what may happen:
# the connection was made, data came, the connection is lost. That's the whole interface, and you know it now.
# The picture shows a few words of a chat that we'll meet again: who speaks first there?
#
# Client and server differ in one thing only: the client is the one who called. Once connected, the two ends
# have equal rights; both may speak, both may hang up. In SMTP the server even speaks first.
#
# In 2003 the list of examples could end with DNS on UDP. Since then HTTP/3 has moved the web to packets as
# well, and rebuilt a reliable stream on top of them. Everything returns, with more states.

# %% [markdown]
# The slide shows `Guest.dataReceived` in `04_chat/guest.py`:

# %% active="ipynb"
# %%program 04_chat/guest.py
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

# %% [markdown] tags=["question"]
# <details><summary><b>In the picture, who speaks first?</b></summary>
#
# The server: it tells the first guest how many guests there are. In HTTP the client speaks first, in SMTP the
# server. If both wait for the other, it is a very quiet protocol.
#
# As 04\_chat printed:
#
# ```
# guests: 1
# ```
#
# </details>

# %% [markdown]
# ## All Together Now
#
# <figure class="drawing wide">
# <img alt="Who calls whom. Three boxes in a row: reactor, transport, protocol. The reactor calls the transport: you can read, you can write. The transport calls the protocol: connection made, data received, connection lost. In the other direction the protocol calls the transport: write, lose connection; and the transport asks the reactor to be called again when it can read or write. Below the reactor and the transport is the operating system: the reactor asks it who is ready, the transport sends and receives through it. The protocol does not touch it." src="data:image/svg+xml;base64,PHN2ZyBzdHlsZT0iY29sb3I6IzFjMjQzMDtiYWNrZ3JvdW5kOiNmZmYiIHhtbG5zPSJodHRwOi8vd3d3LnczLm9yZy8yMDAwL3N2ZyIgdmlld0JveD0iMCAwIDk2MCAyNTAiIHJvbGU9ImltZyIgYXJpYS1sYWJlbGxlZGJ5PSJ0b2dldGhlci10aXRsZSB0b2dldGhlci1kZXNjIiBmb250LWZhbWlseT0ic3lzdGVtLXVpLCBzYW5zLXNlcmlmIiB0ZXh0LWFuY2hvcj0ibWlkZGxlIiBmaWxsPSJjdXJyZW50Q29sb3IiPgogIDx0aXRsZSBpZD0idG9nZXRoZXItdGl0bGUiPldobyBjYWxscyB3aG9tPC90aXRsZT4KICA8ZGVzYyBpZD0idG9nZXRoZXItZGVzYyI+VGhyZWUgYm94ZXMgaW4gYSByb3c6IHJlYWN0b3IsIHRyYW5zcG9ydCwgcHJvdG9jb2wuIFRoZSByZWFjdG9yIGNhbGxzIHRoZSB0cmFuc3BvcnQ6IHlvdSBjYW4gcmVhZCwgeW91IGNhbiB3cml0ZS4gVGhlIHRyYW5zcG9ydCBjYWxscyB0aGUgcHJvdG9jb2w6IGNvbm5lY3Rpb24gbWFkZSwgZGF0YSByZWNlaXZlZCwgY29ubmVjdGlvbiBsb3N0LiBJbiB0aGUgb3RoZXIgZGlyZWN0aW9uIHRoZSBwcm90b2NvbCBjYWxscyB0aGUgdHJhbnNwb3J0OiB3cml0ZSwgbG9zZSBjb25uZWN0aW9uOyBhbmQgdGhlIHRyYW5zcG9ydCBhc2tzIHRoZSByZWFjdG9yIHRvIGJlIGNhbGxlZCBhZ2FpbiB3aGVuIGl0IGNhbiByZWFkIG9yIHdyaXRlLiBCZWxvdyB0aGUgcmVhY3RvciBhbmQgdGhlIHRyYW5zcG9ydCBpcyB0aGUgb3BlcmF0aW5nIHN5c3RlbTogdGhlIHJlYWN0b3IgYXNrcyBpdCB3aG8gaXMgcmVhZHksIHRoZSB0cmFuc3BvcnQgc2VuZHMgYW5kIHJlY2VpdmVzIHRocm91Z2ggaXQuIFRoZSBwcm90b2NvbCBkb2VzIG5vdCB0b3VjaCBpdC48L2Rlc2M+CiAgPHN0eWxlPgogICAgLnRvZ2V0aGVyLWJveCB7IGZpbGw6ICM3ZjhlYTM7IGZpbGwtb3BhY2l0eTogLjE2OyBzdHJva2U6IGN1cnJlbnRDb2xvcjsgc3Ryb2tlLW9wYWNpdHk6IC41NTsgc3Ryb2tlLXdpZHRoOiAxLjUgfQogICAgLnRvZ2V0aGVyLWxvb3AgeyBmaWxsOiB2YXIoLS1kb29tLCAjZDk1NzJiKTsgc3Ryb2tlOiBub25lIH0KICAgIC50b2dldGhlci15b3VycyB7IGZpbGw6IHZhcigtLWRvb20sICNkOTU3MmIpOyBmaWxsLW9wYWNpdHk6IC4yOyBzdHJva2U6IHZhcigtLWRvb20sICNkOTU3MmIpOyBzdHJva2Utd2lkdGg6IDIuNSB9CiAgICAudG9nZXRoZXItbmFtZSB7IGZvbnQtc2l6ZTogMjJweDsgZm9udC13ZWlnaHQ6IDYwMCB9CiAgICAudG9nZXRoZXItY2FsbCB7IGZvbnQtc2l6ZTogMTVweDsgZm9udC1mYW1pbHk6IHVpLW1vbm9zcGFjZSwgbW9ub3NwYWNlIH0KICAgIC50b2dldGhlci1zbWFsbCB7IGZvbnQtc2l6ZTogMTRweDsgb3BhY2l0eTogLjggfQogICAgLnRvZ2V0aGVyLW9uIHsgZmlsbDogdmFyKC0tb24tZG9vbSwgI2ZmZik7IG9wYWNpdHk6IDEgfQogICAgLnRvZ2V0aGVyLWxpbmUgeyBzdHJva2U6IGN1cnJlbnRDb2xvcjsgc3Ryb2tlLXdpZHRoOiAyOyBmaWxsOiBub25lIH0KICA8L3N0eWxlPgogIDxkZWZzPgogICAgPG1hcmtlciBpZD0idG9nZXRoZXItdGlwIiB2aWV3Qm94PSIwIDAgMTAgMTAiIHJlZlg9IjkiIHJlZlk9IjUiIG1hcmtlcldpZHRoPSI3IiBtYXJrZXJIZWlnaHQ9IjciIG9yaWVudD0iYXV0by1zdGFydC1yZXZlcnNlIj4KICAgICAgPHBhdGggZD0iTTAgMCAxMCA1IDAgMTB6IiBmaWxsPSJjdXJyZW50Q29sb3IiLz4KICAgIDwvbWFya2VyPgogIDwvZGVmcz4KICA8cmVjdCBjbGFzcz0idG9nZXRoZXItbG9vcCIgeD0iMTAiIHk9IjIwIiB3aWR0aD0iMTYwIiBoZWlnaHQ9IjExMCIgcng9IjEyIi8+CiAgPHRleHQgY2xhc3M9InRvZ2V0aGVyLW5hbWUgdG9nZXRoZXItb24iIHg9IjkwIiB5PSI3MiI+cmVhY3RvcjwvdGV4dD4KICA8dGV4dCBjbGFzcz0idG9nZXRoZXItc21hbGwgdG9nZXRoZXItb24iIHg9IjkwIiB5PSI5NyI+d2hvIGlzIHJlYWR5PzwvdGV4dD4KICA8cmVjdCBjbGFzcz0idG9nZXRoZXItYm94IiB4PSIzODUiIHk9IjIwIiB3aWR0aD0iMTYwIiBoZWlnaHQ9IjExMCIgcng9IjEyIi8+CiAgPHRleHQgY2xhc3M9InRvZ2V0aGVyLW5hbWUiIHg9IjQ2NSIgeT0iNzIiPnRyYW5zcG9ydDwvdGV4dD4KICA8dGV4dCBjbGFzcz0idG9nZXRoZXItc21hbGwiIHg9IjQ2NSIgeT0iOTciPm1vdmVzIHRoZSBieXRlczwvdGV4dD4KICA8cmVjdCBjbGFzcz0idG9nZXRoZXIteW91cnMiIHg9Ijc5MCIgeT0iMjAiIHdpZHRoPSIxNjAiIGhlaWdodD0iMTEwIiByeD0iMTIiLz4KICA8dGV4dCBjbGFzcz0idG9nZXRoZXItbmFtZSIgeD0iODcwIiB5PSI3MiI+cHJvdG9jb2w8L3RleHQ+CiAgPHRleHQgY2xhc3M9InRvZ2V0aGVyLXNtYWxsIiB4PSI4NzAiIHk9Ijk3Ij55b3VyczwvdGV4dD4KICA8ZyBjbGFzcz0idG9nZXRoZXItbGluZSI+CiAgICA8cGF0aCBkPSJNMTc0IDU1SDM4MCIgbWFya2VyLWVuZD0idXJsKCN0b2dldGhlci10aXApIi8+CiAgICA8cGF0aCBkPSJNMzgxIDk4SDE3NSIgbWFya2VyLWVuZD0idXJsKCN0b2dldGhlci10aXApIiBzdHJva2UtZGFzaGFycmF5PSI1IDUiLz4KICAgIDxwYXRoIGQ9Ik01NDkgNTVINzg1IiBtYXJrZXItZW5kPSJ1cmwoI3RvZ2V0aGVyLXRpcCkiLz4KICAgIDxwYXRoIGQ9Ik03ODYgOThINTUwIiBtYXJrZXItZW5kPSJ1cmwoI3RvZ2V0aGVyLXRpcCkiLz4KICAgIDxwYXRoIGQ9Ik05MCAxMzRWMTkwIiBtYXJrZXItZW5kPSJ1cmwoI3RvZ2V0aGVyLXRpcCkiLz4KICAgIDxwYXRoIGQ9Ik00NjUgMTM0VjE5MCIgbWFya2VyLWVuZD0idXJsKCN0b2dldGhlci10aXApIi8+CiAgPC9nPgogIDxnIGNsYXNzPSJ0b2dldGhlci1jYWxsIj4KICAgIDx0ZXh0IHg9IjI3NyIgeT0iNDQiPmRvUmVhZCwgZG9Xcml0ZTwvdGV4dD4KICAgIDx0ZXh0IHg9IjI3NyIgeT0iMTE5Ij5hZGRSZWFkZXIsIGFkZFdyaXRlcjwvdGV4dD4KICAgIDx0ZXh0IHg9IjY2NyIgeT0iNDQiPmRhdGFSZWNlaXZlZCDigKY8L3RleHQ+CiAgICA8dGV4dCB4PSI2NjciIHk9IjExOSI+d3JpdGUsIGxvc2VDb25uZWN0aW9uPC90ZXh0PgogICAgPHRleHQgeD0iMTA0IiB5PSIxNjgiIHRleHQtYW5jaG9yPSJzdGFydCI+cG9sbDwvdGV4dD4KICAgIDx0ZXh0IHg9IjQ3OSIgeT0iMTY4IiB0ZXh0LWFuY2hvcj0ic3RhcnQiPnJlY3YsIHNlbmQ8L3RleHQ+CiAgPC9nPgogIDxyZWN0IGNsYXNzPSJ0b2dldGhlci1ib3giIHg9IjEwIiB5PSIxOTQiIHdpZHRoPSI1MzUiIGhlaWdodD0iNDgiIHJ4PSIxMiIvPgogIDx0ZXh0IGNsYXNzPSJ0b2dldGhlci1uYW1lIiB4PSIyNzciIHk9IjIyNSI+b3BlcmF0aW5nIHN5c3RlbTwvdGV4dD4KPC9zdmc+">&#10;
# </figure>
#
# - The reactor hears from the operating system, and calls the transport
# - The transport moves the bytes, and calls the protocol
# - The protocol decides, and tells the transport what to do

# %% [markdown]
# Three objects, and the arrows say who calls whom. Go round once with an echo. The kernel has bytes for us;
# the reactor wakes up and calls the transport: *you can read*. The transport reads, and calls the
# protocol's `dataReceived`. The protocol calls `write` on the transport, and returns. Control goes back to
# the reactor, the way it came. When the kernel is ready to take bytes, the reactor calls the transport once
# more: *you can write*.
#
# Notice which arrows are not there. The protocol never calls the kernel, and does not wait for anything.
# The reactor has no idea what the bytes mean.
#
# This is why the parts can be swapped: another reactor on another system, another transport below the same
# protocol, and in a test no network at all.

# %% [markdown] tags=["question"]
# <details><summary><b>Who calls the reactor?</b></summary>
#
# Our program does, once, in its last line. Everything that the server prints after “listening” is printed by
# something that the reactor calls.
#
# As 03\_echo printed:
#
# ```
# listening on port 7771
# connection made with 127.0.0.1
# ```
#
# </details>

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
# The slide shows `Echo` in `03_echo/server.py`, whose cell is above, at “How To Really Implement A Protocol”:
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

# %% active="ipynb"
# %%program 04_chat/server.py
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

# %% active="ipynb"
# %%session 04_chat
# # Two guests in a room: protocols come and go, the factory knows them all.
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
# The slide shows `Guest` in `04_chat/server.py`, whose cell is above, at “Factories”:
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

# %% active="ipynb"
# %%program 05_server_factory/server.py
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

# %% [markdown]
# The slide shows `Restaurant` in `05_server_factory/server.py`, whose cell is just above:
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

# %% active="ipynb"
# %%program 05_server_factory/client.py
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

# %% active="ipynb"
# %%session 05_server_factory
# # Two seats, three customers.
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
# The slide shows `listen` in `03_echo/server.py`, whose cell is above, at “How To Really Implement A Protocol”:
#
# ```python
# reactor.listenTCP(7771, EchoFactory())
# print("listening on port 7771")
# reactor.run()
# ```

# %% [markdown]
# The session below needs `03_echo/client.py` too:

# %% active="ipynb"
# %%program 03_echo/client.py
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

# %% active="ipynb"
# %%session 03_echo
# # The client first, to see what it says when there is no server; then a server, and the client again.
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

# %% active="ipynb"
# %%program 05b_any_transport/server.py
# """One echo, and more than one way to get to it."""
#
# from pathlib import Path
#
# from reactor import reactor, ssl
# from reactor.protocol import Factory, Protocol
#
#
# class Echo(Protocol):
#     def dataReceived(self, data):
#         self.transport.write(data)
#
#
# # [ways]
# echo = Factory.forProtocol(Echo)
# reactor.listenTCP(7783, echo)
# reactor.listenUNIX("echo.socket", echo)
# secret = ssl.PrivateCertificate.loadPEM(Path("localhost.pem").read_bytes())
# reactor.listenSSL(7784, echo, secret.options())
# # [/ways]
# print("listening on port 7783, at echo.socket, and in secret on port 7784")
# reactor.run()

# %% [markdown]
# The slide shows `ways` in `05b_any_transport/client.py`:

# %% active="ipynb"
# %%program 05b_any_transport/client.py
# """Say hello to the echo server, in the way that the command line names."""
#
# import sys
# from pathlib import Path
#
# from reactor import reactor, ssl
# from reactor.protocol import ClientFactory, Protocol
#
#
# class Hello(Protocol):
#     def connectionMade(self):
#         self.transport.write(b"hello")
#
#     def dataReceived(self, data):
#         print(data.decode(), "from", self.transport.getPeer())
#         self.transport.loseConnection()
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
# # [ways]
# hello = HelloFactory()
# if sys.argv[1] == "tcp":
#     reactor.connectTCP("127.0.0.1", 7783, hello)
# if sys.argv[1] == "unix":
#     reactor.connectUNIX("echo.socket", hello)
# if sys.argv[1] == "tls":
#     known = ssl.Certificate.loadPEM(Path("localhost.pem").read_bytes())
#     localhost = ssl.optionsForClientTLS("localhost", known)
#     reactor.connectSSL("127.0.0.1", 7784, hello, localhost)
# # [/ways]
# reactor.run()

# %% active="ipynb"
# %%session 05b_any_transport
# # The same echo over TCP, over a UNIX socket, and encrypted.
# $ python server.py &
# $ python client.py tcp
# $ python client.py unix
# $ python client.py tls

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
# The slide shows `Echo` in `03_echo/server.py`, whose cell is above, at “How To Really Implement A Protocol”:
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
# The slide shows `Hello` in `03_echo/client.py`, whose cell is above, at “Connecting A Factory To A TCP Port”:
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
# The slide shows `Hello` in `03_echo/client.py`, whose cell is above, at “Connecting A Factory To A TCP Port”:
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

# %% active="ipynb"
# %%program 05c_letters/server.py
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

# %% [markdown]
# The slide shows `Guest` in `05c_letters/client.py`:

# %% active="ipynb"
# %%program 05c_letters/client.py
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

# %% active="ipynb"
# %%session 05c_letters
# # One letter, two bytes, and the network cuts between them.
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
# The slide shows `Hello` in `03_echo/client.py`, whose cell is above, at “Connecting A Factory To A TCP Port”:
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

# %% active="ipynb"
# %%program 06_reconnect/reconnect.py
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

# %% [markdown]
# The slide shows `Patient` in `06_reconnect/reconnect.py`, whose cell is just above:
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
# %%session 06_reconnect
# # The client comes first, and keeps coming back until there is a server.
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

# %% active="ipynb"
# %%program 07_client_factory/client.py
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

# %% [markdown]
# The slide shows `Rude.connectionMade` in `07_client_factory/server.py`:

# %% active="ipynb"
# %%program 07_client_factory/server.py
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

# %% active="ipynb"
# %%session 07_client_factory
# # A connection is lost twice, and then refused: all that a client factory hears.
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

# %% active="ipynb"
# %%program 08_connection_api/client.py
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

# %% active="ipynb"
# %%session 08_connection_api
# # Changed our mind, refused, timed out: three reasons, told apart.
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

# %% active="ipynb"
# %%program 09_buffering/buffering.py
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

# %% active="ipynb"
# %%session 09_buffering
# # write() returns before anything has left; loseConnection() waits until all of it has.
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

# %% active="ipynb"
# %%program 09b_half_close/server.py
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

# %% [markdown]
# The slide shows `Guest.connectionMade` in `09b_half_close/client.py`:

# %% active="ipynb"
# %%program 09b_half_close/client.py
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

# %% active="ipynb"
# %%session 09b_half_close
# # The guest hangs up the half that speaks, and hears the answer on the other half.
# # not on Twisted: there a protocol has to declare by zope.interface that it can be half closed
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

# %% active="ipynb"
# %%program 10_factory_resources/patient.py
# """A client that reconnects: when does its factory start, and when does it stop?"""
#
# from reactor import reactor
# from reactor.protocol import ReconnectingClientFactory
#
#
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
#
#
# reactor.connectTCP("127.0.0.1", 7779, Patient())  # nobody listens any more
# reactor.run()

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

# %% active="ipynb"
# %%program 10_factory_resources/server.py
# """One factory, two ports, one log."""
#
# from tempfile import TemporaryFile
#
# from reactor import reactor
# from reactor.protocol import Protocol, ServerFactory
#
#
# class Logged(Protocol):
#     def dataReceived(self, data):
#         self.factory.log.write(data)
#         self.transport.loseConnection()
#
#
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
#
#
# factory = LogFactory()
# reactor.listenTCP(7779, factory)
# reactor.listenTCP(7780, factory)
# print("listening on ports 7779 and 7780")
# reactor.run()

# %% [markdown]
# The slide shows `words` in `10_factory_resources/client.py`:

# %% active="ipynb"
# %%program 10_factory_resources/client.py
# """Leave a word at each of the two ports."""
#
# import socket
#
# # [words]
# for port, word in [(7779, b"once "), (7780, b"only")]:
#     with socket.create_connection(("127.0.0.1", port)) as connection:
#         connection.sendall(word)
#         connection.recv(1)  # until the server has written it down
# # [/words]

# %% [markdown]
# The session below needs `10_factory_resources/full.py` too:

# %% active="ipynb"
# %%program 10_factory_resources/full.py
# """A factory that can't start: who is told, and when?"""
#
# import errno
# import os
#
# from reactor import reactor
# from reactor.protocol import ServerFactory
#
#
# # [disk]
# class Unlucky(ServerFactory):
#     def startFactory(self):
#         raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
#
#
# try:
#     reactor.listenTCP(7779, Unlucky())
# except OSError as error:
#     print("listenTCP raised OSError:", error.strerror)
# # [/disk]

# %% active="ipynb"
# %%session 10_factory_resources
# # One factory on two ports opens its log once; a full disk is told by listenTCP; a client that reconnects starts anew.
# $ python server.py &
# $ python client.py
# $ kill -INT %1
# $ python full.py
# $ python patient.py

# %% [markdown]
# The slide shows `disk` in `10_factory_resources/full.py`, whose cell is just above:
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

# %% active="ipynb"
# %%program 11_pull_producer/reader.py
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

# %% active="ipynb"
# %%program 11_pull_producer/server.py
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

# %% active="ipynb"
# %%session 11_pull_producer
# # A million bytes to a slow reader, 16,384 at a time.
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

# %% active="ipynb"
# %%program 12_push_producer/garbage.py
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

# %% [markdown]
# The slide shows `GarbageProducer.produce` in `12_push_producer/garbage.py`, whose cell is just above:
#
# ```python
# def produce(self):
#     if not self.paused:
#         self.transport.write(b"blabla" * 5_000)
#     if not self.stopped:
#         reactor.callLater(0.001, self.produce)
# ```

# %% [markdown]
# The slide shows `GarbageProducer.pauseProducing` in `12_push_producer/garbage.py`, whose cell is just above:
#
# ```python
# def pauseProducing(self):
#     print("paused: the buffers are full")
#     self.paused = True
# ```

# %% [markdown]
# The slide shows `GarbageProducer.resumeProducing` in `12_push_producer/garbage.py`, whose cell is just above:
#
# ```python
# def resumeProducing(self):
#     print("resumed: there is room again")
#     self.paused = False
# ```

# %% [markdown]
# The slide shows `GarbageProducer.stopProducing` in `12_push_producer/garbage.py`, whose cell is just above:
#
# ```python
# def stopProducing(self):
#     print("stopped: nobody is listening")
#     self.stopped = True
# ```

# %% active="ipynb"
# %%session 12_push_producer
# # A producer that does not know when to stop is told.
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

# %% active="ipynb"
# %%program 13_scheduling/scheduling.py
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

# %% active="ipynb"
# %%session 13_scheduling
# # Calls run when they are due, not in the order in which they were asked for.
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

# %% active="ipynb"
# %%program 13b_wake_up/hotel.py
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

# %% [markdown]
# The slide shows `Hotel.wake` in `13b_wake_up/hotel.py`, whose cell is just above:
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
# The slide shows `clock` in `13b_wake_up/hotel.py`, whose cell is just above:
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

# %% active="ipynb"
# %%program 13b_wake_up/guest.py
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

# %% active="ipynb"
# %%session 13b_wake_up
# # A timer speaks to a living connection, which it finds by name.
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

# %% active="ipynb"
# %%program 14_another_reactor/choose.py
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

# %% [markdown]
# The slide shows `late` in `14_another_reactor/too_late.py`:

# %% active="ipynb"
# %%program 14_another_reactor/too_late.py
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

# %% active="ipynb"
# %%session 14_another_reactor
# # Installed first, a reactor is yours; installed second, it is an error.
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

# %% active="ipynb"
# %%program 14b_run_again/evenings.py
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

# %% active="ipynb"
# %%session 14b_run_again
# # The reactor stops in the evening, and runs again the next day.
# # not on Twisted: there a reactor runs once in a process, and the second run() raises ReactorNotRestartable
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

# %% active="ipynb"
# %%program 15_gtk/window.py
# """A window on the echo server: what is typed is sent, what comes back is shown."""
#
# # [install]
# from reactor import gireactor
#
# gireactor.install()
# # [/install]
#
# import gi
#
# gi.require_version("Gtk", "3.0")
# from gi.repository import Gtk
#
# from reactor import reactor
# from reactor.protocol import ClientFactory, Protocol
#
#
# class Calling(ClientFactory):
#     def clientConnectionFailed(self, connector, reason):
#         print("nobody there:", reason.type.__name__)
#         reactor.stop()
#
#
# # [talk]
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
#
#
# # [/talk]
#
#
# # [window]
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
# # [/window]

# %% [markdown]
# The slide shows `talk` in `15_gtk/window.py`, whose cell is just above:
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
# The slide shows `window` in `15_gtk/window.py`, whose cell is just above:
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

# %% active="ipynb"
# %%program 15_gtk/server.py
# """An echo server of one line: the protocol is in the library, too."""
#
# from reactor import reactor
# from reactor.protocol import Factory
# from reactor.protocols.wire import Echo
#
# # [listen]
# reactor.listenTCP(7799, Factory.forProtocol(Echo))
# # [/listen]
# print("listening on port 7799")
# reactor.run()

# %% active="ipynb"
# %%session 15_gtk
# # A window and a connection in one loop: GTK's, with the reactor as its guest.
# # needs: gi, display
# $ python server.py &
# $ python window.py &

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
