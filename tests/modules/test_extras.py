"""A library that only a part needs is missing: the error says what to install."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.own_promise("its extras are its own")

PARTS = [
    ("reactor.web.server", "h11", "tutorial-of-doom[web]"),
    ("reactor.web.client", "h11", "tutorial-of-doom[web]"),
    ("reactor.web.websocket", "h11", "tutorial-of-doom[web]"),
    ("reactor.web.websocket", "wsproto", "tutorial-of-doom[web]"),
    ("reactor.serialport", "serial", "tutorial-of-doom[serial]"),
    ("reactor.glibreactor", "gi", "PyGObject<3.51"),
    ("reactor.gtk3reactor", "gi", "PyGObject<3.51"),
    ("reactor.qtreactor", "PySide6", "PySide6-Essentials"),
]


@pytest.mark.parametrize(("part", "library", "package"), PARTS)
def test_a_missing_library_is_named_with_the_package_that_brings_it(part, library, package):
    source = f"import sys; sys.modules[{library!r}] = None; import {part}"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=30, check=False)
    assert done.stderr.rstrip().splitlines()[-1].startswith("ModuleNotFoundError: ")
    assert done.stderr.rstrip().endswith(f": pip install '{package}'")
    assert done.returncode == 1


def test_a_module_that_is_there_is_not_touched():
    from reactor.extras import installed_by

    with installed_by("nothing"), pytest.raises(ImportError, match="cannot import name 'nonsense'"):
        from reactor.error import nonsense  # noqa: F401
