"""Where things lie in a folder of examples, and what they are called.

    03_echo/                        an example; its name is that of its folder
        client.py  server.py
        session.txt                 what to type, and what comes back
        wrong/one_chunk/            a wrong program, in place of a right one (see wrong.py): 03_echo/wrong/one_chunk
            client.py               only what is different: all other files are the example's
            session.txt             what goes wrong
            right.txt               what the right program does in the same scene: 03_echo/wrong/one_chunk/right.txt

A session is known by its file, and everything else about it follows from where that file is.
"""

from __future__ import annotations

from pathlib import Path

SESSION_FILE = "session.txt"
RIGHT_FILE = "right.txt"
WRONG = "wrong"


def name_of(session: Path) -> str:
    """The name of a session: its example's, or the path of a wrong program within the folder of examples."""
    folder = session.parent
    if not is_wrong(folder):
        return folder.name
    name = wrong_name(right_folder(folder).name, folder.name)
    return f"{name}/{RIGHT_FILE}" if session.name == RIGHT_FILE else name


def session_path(root: Path, name: str) -> Path:
    """The reverse of `name_of`. root: the folder of examples."""
    return root / name if name.endswith(f"/{RIGHT_FILE}") else root / name / SESSION_FILE


def wrong_name(example: str, name: str) -> str:
    """The name of a wrong program's session."""
    return f"{example}/{WRONG}/{name}"


def is_wrong(folder: Path) -> bool:
    """Whether a folder holds a wrong program, and not an example of its own."""
    return folder.parent.name == WRONG and (folder.parent.parent / SESSION_FILE).is_file()


def right_folder(folder: Path) -> Path:
    """The example of which a folder holds a wrong program."""
    return folder.parent.parent


def right_session(folder: Path) -> Path:
    """What the right program does in the scene of a wrong one: right.txt, or the session of the example."""
    right = folder / RIGHT_FILE
    return right if right.is_file() else right_folder(folder) / SESSION_FILE


def names_in(root: Path) -> list[str]:
    """The names of all sessions in order: of sub-folders with a session or a program in them, and of wrong programs."""
    names: list[str] = []
    for folder in _folders(root):
        if any(folder.glob("*.py")) or (folder / SESSION_FILE).exists():
            names.append(folder.name)
            names += _wrong_in(folder)
    return names


def _wrong_in(example: Path) -> list[str]:
    if not (example / WRONG).is_dir() or not (example / SESSION_FILE).is_file():
        return []
    folders = [folder for folder in _folders(example / WRONG) if any(folder.iterdir())]
    sessions = [folder / name for folder in folders for name in (SESSION_FILE, RIGHT_FILE)]
    return [name_of(path) for path in sessions if path.name == SESSION_FILE or path.is_file()]


def _folders(place: Path) -> list[Path]:
    return sorted(path for path in place.iterdir() if path.is_dir() and path.name[0] not in "._")
