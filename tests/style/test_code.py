"""What CONTRIBUTING asks of code and prose cannot keep: contracts on public names, small files, small functions.

Everything is read from the syntax tree; nothing is imported, so a part that needs a missing library is checked too.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = sorted([*ROOT.glob("reactor/**/*.py"), *ROOT.glob("lecture/**/*.py")])
OURS = [
    *PACKAGES,
    *(path for folder in ("examples", "tests", "benchmarks", "tools") for path in ROOT.glob(f"{folder}/**/*.py")),
]

LONGEST_FILE = 400
# A ratchet: the longest function of `reactor` and `lecture`. Lower it when you can; it does not go up again.
LONGEST_FUNCTION = 30

# These are read as programs, not called as a library: what runs inside a verified program, and the talk itself.
PROGRAMS = [*ROOT.glob("lecture/programs/processes/child/*.py"), *ROOT.glob("lecture/doom/part*/*.py")]

Definition = ast.FunctionDef | ast.AsyncFunctionDef


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), path)


def is_public(name: str) -> bool:
    return not name.startswith(("_", "pytest_"))  # pytest's hooks are pytest's to explain


class Contracts:
    """Which methods have a docstring, in their own class, in one of its bases, or in an interface."""

    def __init__(self) -> None:
        found = [(path, c) for path in PACKAGES for c in ast.walk(tree(path)) if isinstance(c, ast.ClassDef)]
        self.classes = {(path, definition.name): definition for path, definition in found}
        self.by_name = {definition.name: definition for _, definition in found}
        interfaces = [definition for definition in self.classes.values() if is_interface(definition)]
        self.promised = set().union(*map(documented, interfaces))
        self.kept = set().union(*map(documented, self.classes.values()))

    def of(self, path: Path, definition: ast.ClassDef) -> set[str]:
        """The methods of this class that need no docstring of their own.

        Who implements an interface need not repeat it; an interface may leave the words to who implements it.
        """
        return self.inherited(path, definition) | (self.kept if is_interface(definition) else self.promised)

    def inherited(self, path: Path, definition: ast.ClassDef) -> set[str]:
        bases = [self.classes.get((path, name)) or self.by_name.get(name) for name in base_names(definition)]
        known = [base for base in bases if base is not None and base is not definition]
        return documented(definition).union(*(self.inherited(path, base) for base in known))

    def has_foreign_base(self, path: Path, definition: ast.ClassDef) -> bool:
        """Whether somebody else's class, such as pytest.Item, may have promised what is here."""
        return any((path, name) not in self.classes and name not in self.by_name for name in base_names(definition))


def documented(place: ast.ClassDef | ast.Module) -> set[str]:
    return {d.name for d in place.body if isinstance(d, Definition | ast.ClassDef) and ast.get_docstring(d)}


def base_names(definition: ast.ClassDef) -> list[str]:
    bases = [base.value if isinstance(base, ast.Subscript) else base for base in definition.bases]
    return [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in bases]


def is_interface(definition: ast.ClassDef) -> bool:
    """Whether this class says what others promise: typing's Protocol, or Python's ABC."""
    return bool({"Protocol", "ABC"} & set(base_names(definition)))


def undocumented(path: Path, contracts: Contracts) -> Iterator[str]:
    module = tree(path)
    if not ast.get_docstring(module):
        yield f"{named(path)}:1 the module"
    for definition in module.body:
        if not isinstance(definition, Definition | ast.ClassDef) or not is_public(definition.name):
            continue
        if definition.name not in documented(module):  # once is enough for all overloads of a function
            yield f"{named(path)}:{definition.lineno} {definition.name}"
        if isinstance(definition, ast.ClassDef) and not contracts.has_foreign_base(path, definition):
            known = contracts.of(path, definition)
            for method in definition.body:
                if isinstance(method, Definition) and is_public(method.name) and method.name not in known:
                    yield f"{named(path)}:{method.lineno} {definition.name}.{method.name}"


def test_every_public_name_has_a_contract():
    contracts = Contracts()
    missing = [place for path in sorted({*PACKAGES} - {*PROGRAMS}) for place in undocumented(path, contracts)]
    assert not missing, "no docstring, here or where it is promised:\n" + "\n".join(missing)


@pytest.mark.parametrize("path", OURS, ids=named)
def test_a_long_file_says_why_at_its_top(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    if len(lines) > LONGEST_FILE:
        reason = ast.get_docstring(tree(path)) or ""
        assert "long because" in reason, f"{named(path)} has {len(lines)} lines: which second idea moved in?"


def lines_of(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def length(definition: Definition) -> int:
    """Lines of a function from its `def` on, without its docstring and the functions inside it, which count alone."""
    docstring = [definition.body[0]] if ast.get_docstring(definition, clean=False) is not None else []
    inner = [node for node in definition.body if isinstance(node, Definition)]
    return lines_of(definition) - sum(map(lines_of, docstring + inner))


def test_no_function_is_longer_than_the_longest_may_be():
    longest, place = max(
        (length(definition), f"{named(path)}:{definition.lineno} {definition.name}")
        for path in PACKAGES
        for definition in ast.walk(tree(path))
        if isinstance(definition, Definition)
    )
    assert longest <= LONGEST_FUNCTION, f"{place} has {longest} lines: look for a name hiding inside"


def imported_modules(path: Path) -> set[str]:
    """The top-level names of the absolute imports anywhere in a file."""
    nodes = list(ast.walk(tree(path)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    of = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0}
    return {name.partition(".")[0] for name in plain | of}


# What only those need who ask for it by name: extras, and the loops of toolkits.
ASKED_FOR = {
    "serialport.py": {"serial"},
    "core/transports/serial.py": {"serial"},
    "glibreactor.py": {"gi"},
    "gtk3reactor.py": {"gi"},
    "qtreactor.py": {"PySide6"},
    "wxsupport.py": {"wx"},
    "application/runner/windows.py": {"win32service", "win32serviceutil", "servicemanager"},
    "conch/client/connecting.py": {"asyncssh"},
    "conch/client/knownhosts.py": {"asyncssh"},
    "conch/endpoints.py": {"asyncssh"},
    "conch/ssh/__init__.py": {"asyncssh"},
    "conch/ssh/channel.py": {"asyncssh"},
    "conch/ssh/filetransfer/client.py": {"asyncssh"},
    "conch/ssh/filetransfer/files.py": {"asyncssh"},
    "conch/ssh/filetransfer/server.py": {"asyncssh"},
    "conch/ssh/factory.py": {"asyncssh"},
    "conch/ssh/forwarding.py": {"asyncssh"},
    "conch/ssh/hostkeys.py": {"asyncssh"},
    "conch/ssh/login.py": {"asyncssh"},
    "conch/ssh/session.py": {"asyncssh"},
    "conch/checkers.py": {"asyncssh"},
    "names/authority.py": {"dns"},
    "notebook/__init__.py": {"IPython"},
    "notebook/magics.py": {"IPython"},
    "notebook/shared_loop.py": {"IPython"},
    "notebook/watching.py": {"IPython"},
    "sasl/scram.py": {"scramp"},
    "web/xmlrpc/wire.py": {"defusedxml"},
    "web/reading.py": {"h11"},
    "web/client/connection.py": {"h11"},
    "web/websocket/client.py": {"h11", "wsproto"},
    "web/websocket/handshake.py": {"wsproto"},
    "web/websocket/limits.py": {"wsproto"},
    "web/websocket/server.py": {"wsproto"},
    "web/websocket/wire.py": {"wsproto"},
}


def test_reactor_needs_the_standard_library_only():
    for_type_checkers = {"_typeshed", "typing_extensions"}  # never imported
    allowed = sys.stdlib_module_names | {"reactor"} | for_type_checkers
    package = ROOT / "reactor"
    foreign = {
        str(path.relative_to(package)): imported_modules(path) - allowed for path in sorted(package.glob("**/*.py"))
    }
    assert not {path: names for path, names in foreign.items() if names - ASKED_FOR.get(path, set())}


def test_a_type_ignore_names_its_code_and_its_reason():
    bare = [
        f"{named(path)}:{number} {line.strip()}"
        for path in PACKAGES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "type: ignore" in line and not has_code_and_reason(line)
    ]
    assert not bare, 'write "# type: ignore[code]  # reason":\n' + "\n".join(bare)


def has_code_and_reason(line: str) -> bool:
    _, _, rest = line.partition("type: ignore[")
    code, bracket, reason = rest.partition("]")
    return bool(code and bracket and reason.strip(" #:-"))
