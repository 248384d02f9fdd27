"""The engine. Programs never import it: they get a reactor, and talk to `reactor.interfaces`.

`loop/` takes turns, `pollers/` say who is ready, `system/` is the door to the operating system, `transports/` move the
bytes. `reactor.py` puts them together and adds the ways in and out (`listenTCP`, `connectTCP` and their sisters);
`guests/` lets the loop of somebody else do the waiting.
"""
