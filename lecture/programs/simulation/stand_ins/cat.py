"""cat FILE…: shows files."""

import sys

if any(name.startswith("-") for name in sys.argv[1:]):
    print("cat: this stand-in has no options", file=sys.stderr)
    sys.exit(2)
for name in sys.argv[1:]:
    try:
        with open(name, encoding="utf-8") as file:
            print(file.read(), end="")
    except OSError as problem:
        sys.exit(f"cat: {name}: {problem.strerror}")
