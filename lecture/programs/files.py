"""Which files are an example: what every stage copies, the cache's key covers, and notebooks repeat.

Where the examples are in a git repository, they are the files that git tracks. What is left over from a rehearsal by
hand (a log, the state of a service) would otherwise be there when the session begins, and the session of a talk must
not depend on that. An example of which git tracks nothing yet, or one outside of any repository, is all that its folder
holds. Hidden files and bytecode never belong to it; linked folders do, with what is in them.

A wrong program (see layout.py) runs among the files of the right example, in place of those that have its names. For
the session of the right one in the same scene it is the other way round.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.programs.layout import RIGHT_FILE, WRONG, is_wrong, right_folder

_SKIPPED = ("__pycache__",)


def example_files(session: Path) -> dict[str, Path]:
    """The files that a session finds, in order: the name of each in the folder where it runs, and the file itself.

    session: path of the session.txt. Raises LectureError for links in a circle.
    """
    folder = session.parent
    own = own_files(folder)
    if not is_wrong(folder):
        return own
    right = own_files(right_folder(folder))
    return dict(sorted((own | right if session.name == RIGHT_FILE else right | own).items()))


def own_files(folder: Path) -> dict[str, Path]:
    """The files in a folder itself: of a wrong program those that are different, of an example not the wrong ones."""
    return {path.relative_to(folder).as_posix(): path for path in _sorted_out(folder)[0]}


def suspicion(folder: Path, changed: Sequence[str]) -> str:
    """Which files may be why a session doesn't hold, as the end of an error's message; "" when none is suspect.

    changed: files of the example that its programs changed.
    """
    ours, others = _sorted_out(folder)
    if others:
        names = ", ".join(path.relative_to(folder).as_posix() for path in others)
        advice = "`git add` what it needs, remove what a rehearsal left"
        return f"; it ran without {names}, as git doesn't track that: {advice}"
    if changed and not _git_knows(ours, folder):
        names = ", ".join(changed)
        return f"; its programs changed {names}, which was there before they began: remove what a rehearsal left"
    return ""


def copy_files(files: Mapping[str, Path], target: Path) -> None:
    """Copy files to `target` by their names there, over those that are there."""
    target.mkdir(parents=True, exist_ok=True)
    for name, path in files.items():
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)


def _sorted_out(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files that belong to the example, and those that don't."""
    found = list(_files(folder, (), without=() if is_wrong(folder) else (WRONG,)))
    ours = _git_knows(found, folder)
    return (ours, [path for path in found if path not in set(ours)]) if ours else (found, [])


def _git_knows(files: list[Path], folder: Path) -> list[Path]:
    """Those files of an example that git tracks. A linked folder is one entry for git: then all below it counts."""
    root = (right_folder(folder) if is_wrong(folder) else folder).parent
    tracked = _tracked(root.resolve())
    names = [path.relative_to(root) for path in files]
    known = [not tracked.isdisjoint(map(str, (name, *name.parents))) for name in names]
    return [path for path, is_known in zip(files, known, strict=True) if is_known]


def _files(folder: Path, above: tuple[Path, ...], without: Sequence[str] = ()) -> Iterator[Path]:
    """The files in a folder and below. without: the folders in it that don't count."""
    real = folder.resolve()
    if real in above:
        raise LectureError(f"{folder} links to a folder that it is in: remove the link", where=Where(folder, 1))
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    names = [entry for entry in entries if not entry.name.startswith(".") and entry.name not in _SKIPPED]
    yield from (Path(entry.path) for entry in names if _is_file(entry))
    for entry in names:
        if entry.is_dir() and entry.name not in without:
            yield from _files(Path(entry.path), (*above, real))


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it can be copied: a socket or a device can't. A link to nothing counts, and is an error later."""
    return entry.is_file() or (entry.is_symlink() and not os.path.exists(entry.path))


@cache
def _tracked(root: Path) -> frozenset[str]:
    """What git tracks in a folder, links to folders included; nothing where there is no git, or no repository."""
    import subprocess  # loading the module takes longer than all the rest here

    # A hook of git's has these, about the repository that it was called for.
    environment = {name: value for name, value in os.environ.items() if name not in ("GIT_DIR", "GIT_WORK_TREE")}
    command = ["git", "-C", str(root), "ls-files", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, check=False, env=environment)
    except OSError:
        return frozenset()
    return frozenset(os.fsdecode(listed.stdout).split("\0")[:-1]) if listed.returncode == 0 else frozenset()
