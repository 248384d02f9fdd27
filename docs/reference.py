"""The pages that are made of the source, and what Sphinx must be told of our docstrings.

A module that programs import has a page of reference, made of its docstrings; every module has one with its source.
"""

from __future__ import annotations

import ast
import importlib.util
import posixpath
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "reactor"
INSIDE = ("core", "sim", "trace")  # what these have below their faces, programs do not import
_LINK = re.compile(r"\[([^\]]+)\]\(([\w./-]+)\)")
_SOURCE = re.compile(r"\.\./(reactor/[\w/]+?)(?:/__init__)?(?:\.py)?")
_FIELD = re.compile(r"[a-z_]\w*(, \w+)*: \S")
_CODE = re.compile(r"``.+?``|`[^`\n]+`", re.DOTALL)


def not_here(names: list[str]) -> list[str]:
    """Those modules that this machine lacks. Sphinx imports what it describes, and pretends that these exist."""
    return [name for name in names if importlib.util.find_spec(name) is None]


def modules() -> Iterator[str]:
    """Every module of `reactor` but those that only start a command."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if parts[-1] != "__main__":
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def path_of(module: str) -> Path:
    """Where its text is."""
    path = PACKAGE.parent / module.replace(".", "/")
    return path / "__init__.py" if (path / "__init__.py").is_file() else path.with_suffix(".py")


def is_face(module: str) -> bool:
    """Whether a package offers names itself, so that its inner modules are its own affair."""
    path = path_of(module)
    return path.name == "__init__.py" and "__all__" in path.read_text(encoding="utf-8")


def is_inside(module: str) -> bool:
    """Whether programs have no reason to import it."""
    parts = module.split(".")
    above = (".".join(parts[:n]) for n in range(2, len(parts)))
    return parts[1:2] == ["core"] or (len(parts) > 2 and parts[1] in INSIDE) or any(map(is_face, above))


def write(docs: Path) -> None:
    """Write the pages: of the reference in api/, of the source in source/.

    docs: the folder of the documentation.
    """
    for folder in ("api", "source"):
        shutil.rmtree(docs / folder, ignore_errors=True)
        (docs / folder).mkdir()
    found = list(modules())
    public = [module for module in found if not is_inside(module)]
    for module in public:
        options = "   :imported-members:\n" if is_face(module) else ""
        page = f"{_title(module)}.. automodule:: {module}\n{options}\n:doc:`The source </source/{module}>`\n"
        (docs / "api" / f"{module}.rst").write_text(page, encoding="utf-8")
    for module in found:
        path = f"../../{path_of(module).relative_to(PACKAGE.parent).as_posix()}"
        page = f":orphan:\n\n{_title(module)}.. literalinclude:: {path}\n   :linenos:\n"
        (docs / "source" / f"{module}.rst").write_text(page, encoding="utf-8")
    reactor = "What ``from reactor import reactor`` gives: one of these, with the poller that suits the platform.\n\n"
    reactor += ".. autoclass:: reactor.core.reactor.Reactor\n   :inherited-members:\n"
    (docs / "api" / "the-reactor.rst").write_text(_title("The reactor") + reactor, encoding="utf-8")
    (docs / "api" / "index.rst").write_text(_contents("Reference", ["the-reactor"], public), encoding="utf-8")
    (docs / "source" / "index.rst").write_text(_title("The source") + _list(found), encoding="utf-8")


def _title(text: str) -> str:
    return f"{text}\n{'=' * len(text)}\n\n"


def _contents(title: str, first: list[str], listed: list[str]) -> str:
    tree = ".. toctree::\n   :hidden:\n\n" + "".join(f"   {page}\n" for page in [*first, *listed])
    return _title(title) + "\n".join(f"- :doc:`{page}`" for page in first) + "\n" + _list(listed) + tree


def _list(listed: list[str]) -> str:
    return "\n".join(f"- :doc:`{module}`: {_first_sentence(module)}" for module in listed) + "\n\n"


def _first_sentence(module: str) -> str:
    docstring = ast.get_docstring(ast.parse(path_of(module).read_text(encoding="utf-8"))) or ""
    return " ".join(restructured(docstring.partition("\n\n")[0].split("\n")))


def restructured(lines: list[str]) -> list[str]:
    """A docstring, which is plain text with `code`, lists and indented examples, as reStructuredText.

    Its lines about arguments, "port: 0-65535", become a list too.
    """
    result: list[str] = []
    kind = ""
    for line in lines:
        was, kind = kind, _kind(line, kind, result)
        if kind == "example" and was != "example":
            result += ["", "::", ""]
        elif kind == "field" or kind not in (was, "in field"):
            result.append("")
        if kind == "field":
            name, _, rest = line.partition(": ")
            line = f"- **{_plain(name)}**: {_escaped(rest)}"
        elif kind == "in field":
            line = f"  {_escaped(line.strip())}"
        elif kind != "example":
            line = _escaped(line)
        result.append(line)
    return [*result, ""]


def _kind(line: str, before: str, above: list[str]) -> str:
    """What a line belongs to; an empty one to what was before it. above: the lines before it, as they came out."""
    if not line.strip():
        return "text" if before in ("field", "in field") else before
    if before in ("field", "in field") and not _FIELD.match(line) and not _begins_sentence(line, above[-1]):
        return "in field"
    if _FIELD.match(line) and (before in ("field", "in field") or not (above and above[-1].strip())):
        return "field"
    if line.startswith("- ") or (before == "list" and line.startswith("  ")):
        return "list"
    return "example" if line.startswith("    ") else "text"


def _begins_sentence(line: str, above: str) -> bool:
    """Whether a line is no more about the argument above it. Such a line is not indented."""
    return above.endswith(".") and (line[0].isupper() or line[0] == "`")


def _escaped(line: str) -> str:
    """Running text: code stays code, and nothing else means anything."""
    line, indent = line.lstrip(), line[: len(line) - len(line.lstrip())] if line.startswith("  ") else ""
    pieces: list[str] = []
    end = 0
    for code in _CODE.finditer(line):
        pieces += [_plain(line[end : code.start()]), f"``{code[0].strip('`')}``"]
        if line[code.end() : code.end() + 1].isalnum():
            pieces.append("\\ ")
        end = code.end()
    return indent + "".join([*pieces, _plain(line[end:])])


def _plain(text: str) -> str:
    return re.sub(r"([*`|\\]|_(?!\w))", r"\\\1", text)


def lead_to_source(text: str, page: str) -> str:
    """The Markdown of a page, named without its ending, whose links readers on GitHub can follow.

    A link to a file of `reactor` leads to the page here with its source. A file outside of the site is named only.
    """
    folder = posixpath.dirname(page)

    def lead(found: re.Match[str]) -> str:
        words, target = found.groups()
        path = posixpath.normpath(posixpath.join(folder, target))
        if (source := _SOURCE.fullmatch(path)) is not None:
            return f"[{words}]({posixpath.relpath('source/' + source[1].replace('/', '.'), folder or '.')}.rst)"
        return words if path.startswith(("../", "guides/programs/")) else found[0]

    return _LINK.sub(lead, text)
