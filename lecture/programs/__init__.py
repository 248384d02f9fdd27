"""From a program to what a slide shows of it: excerpt → session → run → verify → cache."""

from lecture.programs.examples import Entry, Examples, Transcript, current_examples, use
from lecture.programs.excerpt import Excerpt

__all__ = ["Entry", "Examples", "Excerpt", "Transcript", "current_examples", "use"]
