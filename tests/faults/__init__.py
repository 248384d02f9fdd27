"""The reactor under every misfortune that a network can produce, from a seed.

A seed becomes a *plan* (plans.py): hosts, programs on them, conversations between these, and what befalls them. The
plan runs in a simulated world (running.py). Each conversation keeps its own *books* (books.py) and complains as soon as
something happens that must not:

- Bytes arrive in order, once and unchanged; all that was promised arrives, or the connection is reported lost.
- What nothing has happened to comes to its end, and in time.
- `connectionMade` first, `connectionLost` once and last; nothing is read after `loseConnection`, or while reading
  pauses.
- Who is told to pause is told to go on, or to stop; and whoever keeps to that never has more than a mark and a piece
  waiting.
- A handler that raises is logged once, and costs its own connection, no other and never the loop.
- No program goes round and round with nothing to do. In the end no descriptor, timer, transport or Deferred is left.

`python -m tests.faults` tries many seeds; with `--seed N` it replays one, and shows what happened. `python -m
tests.faults.mutants` spoils the reactor's source in many places, one at a time, and wants each found out.
"""
