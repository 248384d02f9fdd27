"""Copies the sentences of reactor/trace/words.py to the stepper of the pages: site/src/stepper/sentences.json.

    python tools/stepper_words.py --write

Without --write it only says whether the copy is up to date. After writing: make site.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from reactor.trace.words import SENTENCES

COPY = Path(__file__).parents[1] / "site" / "src" / "stepper" / "sentences.json"


def expected() -> str:
    """What should stand in the copy."""
    return json.dumps(SENTENCES, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the copy, or compare it."""
    if "--write" in sys.argv[1:]:
        COPY.write_text(expected(), encoding="utf-8")
    elif COPY.read_text(encoding="utf-8") != expected():
        sys.exit(f"{COPY} is not what reactor/trace/words.py says: run python tools/stepper_words.py --write")


if __name__ == "__main__":
    main()
