"""Wrong programs: what the notes warn of is run, and must fail as its session says.

A wrong program lies beside the right one, in `03_echo/wrong/one_chunk/`, which holds only what is different (see
layout.py). It runs among the other files of the example, and its session says what goes wrong:

    # A chunk is taken for the message.
    # fails: the answer comes in two pieces, neither of them is what the client waits for, and it waits for ever

    $ python client.py
    [still waiting]

"It fails" must not become a lie, so it means three things, and the build looks at all of them:

1. The wrong program does, to the letter, what its own session says, in both worlds, as every session.
2. That is not what the right program's session says. An example that is meant to fail fails the build when it passes.
3. The right program's session types the same commands and holds. So nothing but the program can be the difference. Of
   a session that starts no job, whose programs run one after the other, a part is enough.

The session of the right one is the example's. Where that doesn't bring the mistake to light (on one desk every message
comes whole), the folder of the wrong program has files for a scene of its own, and `right.txt`, which is the session of
the right program in it; only the programs that the two have in common are exchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.programs.compare import Outcome, command_fits
from lecture.programs.excerpt import Program
from lecture.programs.files import own_files
from lecture.programs.layout import RIGHT_FILE, SESSION_FILE, WRONG, is_wrong, right_folder, right_session
from lecture.programs.session import Command, SessionFile, read_session

CONTEXT = 3  # lines that are the same, shown around each change


@dataclass(frozen=True)
class Line:
    """A line of a wrong program, or one of the right program's that is gone.

    kind: "same", "new" or "gone". number: in the wrong program; of a line that is gone, in the right one.
    """

    kind: str
    number: int
    text: str


@dataclass(frozen=True)
class Difference:
    """Where a wrong program is different from the right one: some lines of it, and the same ones around them.

    file: its name. place: the innermost class or function that holds all of it, "Hello.dataReceived"; "" for none.
    language: as Pygments calls it.
    """

    file: str
    place: str
    lines: tuple[Line, ...]
    language: str


def check_wrong(session: SessionFile) -> None:
    """Raise LectureError for a session that can't be what its place says: a right program's, or a wrong one's."""
    folder = session.path.parent
    if not is_wrong(folder) or session.path.name == RIGHT_FILE:
        if session.says_fails:
            what = f"only a wrong program fails: its session is in …/{WRONG}/NAME/{SESSION_FILE}; remove `# fails:`"
            raise LectureError(what, where=Where(session.path, session.says_fails))
        return
    if not session.fails:
        what = "a wrong program's session says what goes wrong, in one sentence: add `# fails: …` at its top"
        raise LectureError(what, where=Where(session.path, session.says_fails or 1))
    _check_files(folder)
    _check_commands(session, read_session(right_session(folder)))


def _check_files(folder: Path) -> None:
    right, wrong = own_files(right_folder(folder)), own_files(folder)
    changed = [name for name in wrong if name in right and name != SESSION_FILE]
    for name in changed:
        if wrong[name].read_bytes() == right[name].read_bytes():
            what = f"{name} is the right program's, to the letter: change it, or remove it here"
            raise LectureError(what, where=Where(wrong[name], 1))
    if not changed:
        known = ", ".join(name for name in right if name != SESSION_FILE)
        what = f"nothing here takes the place of a right program's file: {right_folder(folder).name} has {known}"
        raise LectureError(what, where=Where(folder / SESSION_FILE, 1))


def _check_commands(session: SessionFile, right: SessionFile) -> None:
    """Raise LectureError for the first command that the right program's session doesn't have there."""
    typed, expected = ([command.text for command in one.commands] for one in (session, right))
    if typed == expected or (_are_apart(right) and _counterparts(session, right)):
        return
    same = min(len(typed), len(expected))
    at = next((n for n in range(same) if typed[n] != expected[n]), same)
    here, there = (f"`{texts[at]}`" if at < len(texts) else "nothing more" for texts in (typed, expected))
    what = (
        f"the right program's session types {there} where this one types {here}: type the same in both, or "
        f"give the right one a {RIGHT_FILE} here, for a scene of their own"
    )
    raise LectureError(what, where=Where(session.path, session.commands[min(at, len(typed) - 1)].line))


def _are_apart(session: SessionFile) -> bool:
    """Whether each command has ended before the next one is typed, so that any of them may be left out."""
    return not any(command.background for command in session.commands)


def _counterparts(session: SessionFile, right: SessionFile) -> list[Command]:
    """The commands of the right program's session that this one types, in order; none when it types others too."""
    rest = iter(right.commands)
    found = [next((one for one in rest if one.text == command.text), None) for command in session.commands]
    return [one for one in found if one] if all(found) else []


def check_fails(session: SessionFile, outcome: Outcome) -> None:
    """Raise LectureError when a wrong program didn't run, or has done all that the right one's session says."""
    folder = session.path.parent
    if not session.fails:
        return
    right_ones = own_files(right_folder(folder))
    for name, path in own_files(folder).items():
        if name.endswith(".py") and name in right_ones and name not in outcome.own:
            what = f"the session never runs {name}, so nothing shows that it is wrong"
            raise LectureError(what, where=Where(path, 1))
    right = read_session(right_session(folder))
    if all(map(command_fits, _counterparts(session, right), outcome.results)):
        what = (
            f"it is meant to fail, and does all that {right.example} says: mend the example, or bring the mistake to "
            f"light in a scene of its own, with a {RIGHT_FILE}"
        )
        raise LectureError(what, where=Where(session.path, session.says_fails))


def differences(folder: Path) -> Iterator[Difference]:
    """Where a wrong program is different from the right one, in order of its files."""
    right = own_files(right_folder(folder))
    for name, path in own_files(folder).items():
        if name in right and name != SESSION_FILE:
            yield from _differences(name, Program(right[name]), Program(path))


def scene(folder: Path) -> list[str]:
    """The files that a wrong program has beside the right one's: what else is needed to see it fail."""
    right = own_files(right_folder(folder))
    return [name for name in own_files(folder) if name not in right and name != RIGHT_FILE]


def _differences(name: str, right: Program, wrong: Program) -> Iterator[Difference]:
    before, after = right.numbered, wrong.numbered
    matcher = SequenceMatcher(None, [text for _, text in before], [text for _, text in after], autojunk=False)
    for group in matcher.get_grouped_opcodes(CONTEXT):
        lines: list[Line] = []
        for kind, gone, gone_end, new, new_end in group:
            if kind == "equal":
                lines += [Line("same", number, text) for number, text in after[new:new_end]]
                continue
            lines += [Line("gone", number, text) for number, text in before[gone:gone_end]]
            lines += [Line("new", number, text) for number, text in after[new:new_end]]
        yield Difference(name, wrong.place_of(*_extent(lines)), tuple(_without_blank_ends(lines)), wrong.language)


def _without_blank_ends(lines: list[Line]) -> list[Line]:
    told = [place for place, line in enumerate(lines) if line.kind != "same" or line.text.strip()]
    return lines[told[0] : told[-1] + 1]


def _extent(lines: list[Line]) -> tuple[int, int]:
    """The first and the last line that is new; where none is, the lines around what is gone."""
    numbers = [line.number for line in lines if line.kind == "new"]
    if not numbers:
        gone = next(place for place, line in enumerate(lines) if line.kind == "gone")
        numbers = [line.number for line in (lines[gone - 1 : gone] or lines) if line.kind == "same"]
    return (numbers[0], numbers[-1]) if numbers else (0, 0)
