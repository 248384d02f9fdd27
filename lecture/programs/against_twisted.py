"""The same programs on Twisted itself: what a reader learns here must carry over, so the build tries it.

The examples are copied, the import lines of the copies rewritten, and each session replayed as always: with Twisted's
reactor it must print what session.txt says. Nothing but import lines is touched: `from reactor import protocol`
becomes `from twisted.internet import protocol`, as `python -m reactor.port --to-twisted` has it. The runner `reactord`
is called `twistd` there, and so is its pid file.

What cannot be the same says so at the top of its session, and the slide repeats it:

    # not on Twisted: its reactors run only once

A session that says so and then does hold on Twisted fails too: the list of differences is kept honest from both sides.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import replace
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.programs import Examples
from lecture.programs.checks import Check, check_sessions
from lecture.programs.files import copy_files, example_files, own_files
from lecture.programs.progress import Progress
from lecture.programs.session import read_session
from lecture.programs.temporary import temporary_folder
from reactor.port import TO_TWISTED, port


def check_on_twisted(examples: Examples, jobs: int, progress: Progress) -> list[Check]:
    """Replay the session of every example on Twisted. `jobs`: how many at the same time; `progress`: is told of each.

    A check fails when its session doesn't hold there, or holds although it says that it can't. Raises LectureError
    when Twisted isn't installed.
    """
    if importlib.util.find_spec("twisted") is None:
        raise LectureError("Twisted is not installed in this environment: `pip install twisted`")
    with temporary_folder("twisted") as folder:
        root = folder / examples.root.name
        checks = [_copy(examples, name, root) for name in examples.names()]
        done: dict[str, Check] = {}
        if root.is_dir():
            copies = Examples(root, examples.cache.folder / "twisted")
            done = {check.example: check for check in check_sessions(copies, jobs)}
        checks = [_judge(examples, done.get(check.example, check)) for check in checks]
    for check in checks:
        progress.session(check)
    return checks


def _copy(examples: Examples, name: str, root: Path) -> Check:
    """Copy one example with its imports rewritten; what can't be rewritten is not copied, and is in the check.

    Of a wrong program that is what lies in its own folder, but the others that it runs among are looked at, too.
    """
    path = examples.session_path(name)
    own = own_files(path.parent)
    try:
        programs = {
            file: for_twisted(file.read_text(encoding="utf-8-sig"), file)
            for file in {*own.values(), *example_files(path).values()}
            if file.suffix == ".py"
        }
    except LectureError as error:
        return Check(name, path, 0.0, error=error)
    target = root / path.parent.relative_to(examples.root)
    copy_files(own, target)
    for program, file in own.items():
        if file in programs:
            (target / program).write_text(programs[file], encoding="utf-8")
    session = target / path.name
    session.write_text(with_twistd(session.read_text(encoding="utf-8-sig")), encoding="utf-8")
    return Check(name, path, 0.0)


def _judge(examples: Examples, check: Check) -> Check:
    """What the outcome means, in terms of the example itself and not of its copy."""
    path = examples.session_path(check.example)
    reason = read_session(path).not_on_twisted
    error = check.error
    if check.missing:
        return replace(check, path=path)
    if reason:
        problem = f"it holds on Twisted too: remove `# not on Twisted: {reason}`"
        error = None if error else LectureError(problem, where=Where(path, 1))
    elif error:
        what = error.message.partition("; if the change is meant")[0]
        line = error.where.line if error.where else 1
        where = error.where if error.where and error.where.file.suffix == ".py" else Where(path, line)
        hint = "mend it, or say why at the top of the session: `# not on Twisted: …`"
        error = LectureError(f"on Twisted, {what}; {hint}", where=where, diff=error.diff)
    return replace(check, path=path, error=error)


def for_twisted(source: str, path: Path) -> str:
    """A program with its imports of `reactor` rewritten. `path` is for messages.

    Every line keeps its number, so that a traceback names the same on both. Raises LectureError for the first thing
    that Twisted doesn't have.
    """
    text, problems = port(source, TO_TWISTED)
    for problem in problems:
        raise LectureError(problem.what, where=Where(path, problem.line))
    return text


def with_twistd(session: str) -> str:
    """A session whose commands call Twisted's runner."""
    return re.sub(r"(?m)^\$ .*$", lambda command: re.sub(r"\breactord\b", "twistd", command[0]), session)
