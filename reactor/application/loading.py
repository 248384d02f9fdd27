"""Loading an application from a file: what `reactord -y FILE` runs.

The file is a Python program whose names include `application`. It runs as a module of its own, and not as
`__main__`: a program that ends with `if __name__ == "__main__": application.run()` can be started either way.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import Any

from reactor.application.application import Application
from reactor.application.errors import LoadError, place_of

MODULE = "reactor_application"


def load(path: str | os.PathLike[str]) -> Application:
    """The `application` that a Python file defines. The file can import modules beside it.

    Raises LoadError, in one line: the file can't be read, isn't Python, raises, or defines no such application.
    """
    name = os.fspath(path)
    if name.endswith(".toml"):
        raise LoadError(f"{name}: is a configuration, and no Python: run it by reactord -c {name}")
    names = _run(name, _source(name))
    if "application" not in names:
        raise LoadError(f"{name}: defines no `application`: write application = Application(…) in it")
    application = names["application"]
    if not isinstance(application, Application):
        raise LoadError(f"{name}: its `application` is {application!r:.100}, not an Application")
    return application


def _source(name: str) -> Any:
    try:
        with open(name, "rb") as file:
            return compile(file.read(), os.path.abspath(name), "exec")
    except OSError as problem:
        raise LoadError(f"{name}: can't be read: {problem.strerror}") from problem
    except (SyntaxError, ValueError) as problem:  # ValueError: null bytes, before 3.12
        line = getattr(problem, "lineno", None)
        raise LoadError(f"{name}:{line or 1}: is no Python: {getattr(problem, 'msg', problem)}") from problem


def _run(name: str, code: Any) -> dict[str, Any]:
    """Run it, as a module. Raises LoadError, naming the line of the file, for anything that it raises."""
    module = ModuleType(MODULE)
    module.__file__ = os.path.abspath(name)
    sys.modules[MODULE] = module  # dataclasses look their module up there
    folder = os.path.dirname(module.__file__)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        exec(code, module.__dict__)
    except (Exception, SystemExit) as problem:
        what = f"{type(problem).__name__}: {' '.join(str(problem).split())}".rstrip(": ")
        file, line = place_of(problem) or (module.__file__, 1)
        where = name if file == module.__file__ else file
        raise LoadError(f"{where}:{line}: raises {what}") from problem
    return module.__dict__
