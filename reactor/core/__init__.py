"""The engine. Programs never import it: they get a reactor, and talk to `reactor.interfaces`.

`loop/` takes turns, `pollers/` tell which descriptors are ready, `system/` is the door to the operating system,
`transports/` move the bytes. `tcp.py` puts them together: a loop that listens and connects. `reactor.py` adds all the
other ways in and out; `guests/` lets the loop of Qt, GLib or asyncio do the waiting. docs/READING.md suggests an order
to read them in.
"""
