"""`python -m reactor.application.runner`: the same as `reactord`."""

import sys

from reactor.application.runner.command import main

if __name__ == "__main__":
    sys.exit(main())
