"""`python -m reactor.port`: see command.py."""

from __future__ import annotations

import sys

from reactor.port.command import main

if __name__ == "__main__":
    sys.exit(main())
