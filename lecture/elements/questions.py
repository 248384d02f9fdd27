"""Questions to the audience, with their answers, and with the run that proves an answer.

A speaker asks, and waits; a reader at home has nobody to wait for. So a question never stands without its answer: in
the speaker's window both are to be seen, on a page and in a notebook the answer is folded away below the question.

An answer that a program can give is not taken on trust. `Ask(question, answer, run="03_echo", shows="hello")` names an
example and what its session printed, and the build looks it up in the run that it has verified: when the program
changes its mind, the answer stops the build, with its line in the deck.
"""

from __future__ import annotations

import re

from lecture.elements.element import Aside, escape, toHTML
from lecture.elements.listings import Code
from lecture.elements.markup import markdown_to_html, unwrapped
from lecture.elements.runs import run_attribute
from lecture.errors import LectureError


class Ask(Aside):
    """A question to the audience and its answer, both in Markdown.

    programs: what the answer shows of programs, each a Code.
    run: the example whose recorded run proves the answer, or a wrong program, "03_echo/wrong/one_chunk".
    shows: what it printed: a line of an output, part of one, or several lines that follow each other; `[..]` stands for
        what may differ, as in a session.
    command: the command whose output it must be, as the session has it; any command's when none is given.
    Raises LectureError for an empty question or answer, and for half a proof; drawing raises it when the run printed
    something else.
    """

    def __init__(
        self, question: str, answer: str, *programs: Code, run: str = "", shows: str = "", command: str = ""
    ) -> None:
        for name, text in (("question", question), ("answer", answer)):
            if not isinstance(text, str) or not text.strip():
                raise LectureError(f"the {name} of an Ask is {text!r}; write it as text", where=self.where)
        if bool(run) != bool(shows) or (command and not run):
            raise LectureError("a proof is a run and what it shows: write Ask(…, run=…, shows=…)", where=self.where)
        for program in programs:
            if not isinstance(program, Code):
                raise LectureError(f"{program!r} can't stand in an answer: write Code(…)", where=self.where)
        self.question = question
        self.answer = answer
        self.programs = programs
        self.run = run
        self.shows = shows
        self.command = command

    def children(self) -> tuple[object, ...]:
        return self.programs

    def toHTML(self) -> str:
        """For readers: the question, and the answer folded below it."""
        programs = "".join(map(toHTML, self.programs))
        question = unwrapped(self._html(self.question))
        return (
            f'<details class="ask"{self._run()}><summary>{question}</summary>\n{self._answer()}{programs}</details>\n'
        )

    def spoken(self) -> str:
        """For the speaker: question and answer, both to be seen."""
        question = unwrapped(self._html(self.question))
        return f'<div class="ask"><div class="question">{question}</div>\n{self._answer()}</div>\n'

    def _answer(self) -> str:
        return f'<div class="answer">{self._html(self.answer)}{self._proof()}</div>\n'

    def _run(self) -> str:
        """Attributes that say which run proves the answer, and what to look for in it: a reader may guess first."""
        attribute = run_attribute(self.run) if self.run else ""
        if not attribute:
            return ""
        printed = max(re.split(r"\[\.\.\]|\n", self.shows), key=len).strip()
        return f'{attribute} data-example="{escape(self.run)}" data-shows="{escape(printed)}"'

    def _proof(self) -> str:
        if not self.run:
            return ""
        self.check_proof()
        printed = f'<pre class="terminal" dir="ltr"><samp>{escape(self.shows)}</samp></pre>'
        return f'<figure class="proof">{printed}<figcaption>printed by {escape(self.run)}</figcaption></figure>'

    def _html(self, text: str) -> str:
        return markdown_to_html(text, self.where.file.parent)

    def check_proof(self) -> None:
        """Raise LectureError unless the recorded run of the example printed what the answer says."""
        from lecture.programs import current_examples
        from lecture.programs.compare import is_shown

        if not self.run:
            return
        printed = current_examples().printed(self.run)
        if self.command and self.command not in (command for command, _ in printed):
            known = ", ".join(f"`{command}`" for command, _ in printed)
            raise LectureError(f"the session of {self.run!r} has no command `{self.command}`; it has {known}")
        outputs = [lines for command, lines in printed if self.command in ("", command)]
        if not any(is_shown(self.shows, lines) for lines in outputs):
            by = f"`{self.command}` in {self.run!r}" if self.command else f"the run of {self.run!r}"
            raise LectureError(
                f"{by} did not print {self.shows!r}: mend the answer, or the program that should prove it",
                diff="\n".join(line for lines in outputs for line in lines),
            )
