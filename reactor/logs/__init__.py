"""Where the events of `reactor.log` may go: files, lines of JSON, the system's log, and Python's own `logging`.

`events.py` says what an event is, and how it reads. Each of the others is one kind of observer. The files that turn
over by size or by day are in `reactor.logfile`, syslog in `reactor.syslog`, where Twisted has them.
"""
