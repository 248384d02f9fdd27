"""`python -m reactor.trace`: see command.py."""

from __future__ import annotations

from reactor.trace.command import main

if __name__ == "__main__":
    main()
