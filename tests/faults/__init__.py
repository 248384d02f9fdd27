"""The reactor under every misfortune that a network can produce, from a seed.

A seed becomes a *plan* (plans.py): hosts, programs on them, conversations between these, and their misfortunes. The
plan runs in a simulated world (running.py). Each conversation keeps its own *books* (books.py) and complains as soon as
something happens that must not:

- Bytes arrive in order, once and unchanged; all that was promised arrives, or the connection is reported lost.
- A conversation without misfortune comes to its end, and in time.
- `connectionMade` first, `connectionLost` once and last; nothing is read after `loseConnection`, or while reading
  pauses.
- A producer that is told to pause is later told to go on, or to stop; if it obeys, never more than a mark and a piece
  are waiting.
- A handler that raises is logged once, and costs its own connection, no other and never the loop.
- No program takes turns without anything to do. In the end no descriptor, timer, transport or Deferred is left.

`python -m tests.faults` tries many seeds; with `--seed N` it replays one, and shows what happened. `python -m
tests.faults.mutants` spoils the reactor's source in many places, one at a time, and each defect must be found.
"""
