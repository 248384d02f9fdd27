"""Answers that were given before, as bytes. Of a question only its id, and the case of its letters, are new every time.

A server's answers from its zones depend on nothing but the question, what EDNS says beside it, and the transport. So an
answer is kept by all bytes of its question but the id, letters made small; it is given again by putting id and
question before its rest. Names in the rest may point into the question, which has the same length. This costs a
twentieth of making the answer anew.
"""

from __future__ import annotations

_MOST_ANSWERS = 10_000  # of at most 1,232 bytes each, over UDP: 12 MB
_MOST_BYTES_KEPT = 4096  # longer ones, over TCP, are made anew
_PLAIN_OPT_BYTES = 11  # an OPT record without options, which differ with every question


class RenderedAnswers:
    """Answers of one server over one transport. When it is full, it begins anew."""

    def __init__(self) -> None:
        self._answers: dict[bytes, tuple[bytes, bytes]] = {}
        self._edition = -1

    def find(self, question: bytes, edition: int) -> bytes | None:
        """The answer to a message, or None. edition: of the zones; answers from another one are forgotten."""
        if edition != self._edition:
            self._answers.clear()
            self._edition = edition
            return None
        end = question.find(b"\0", 12) + 5
        found = self._answers.get(question[2:12] + question[12 : end - 4].lower() + question[end - 4 :])
        return None if found is None else question[:2] + found[0] + question[12:end] + found[1]

    def keep(self, question: bytes, answer: bytes) -> None:
        """Keep an answer, unless nobody will ask just that again."""
        end = question.find(b"\0", 12) + 5
        rest = len(question) - end
        if rest not in (0, _PLAIN_OPT_BYTES) or len(answer) > _MOST_BYTES_KEPT or answer[12:end] != question[12:end]:
            return
        if len(self._answers) >= _MOST_ANSWERS:
            self._answers.clear()
        key = question[2:12] + question[12 : end - 4].lower() + question[end - 4 :]
        self._answers[key] = answer[2:12], answer[end:]
