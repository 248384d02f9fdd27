"""`python -m reactor.runner`: the same as `reactord`."""

import sys

from reactor.runner.command import main

if __name__ == "__main__":
    sys.exit(main())
