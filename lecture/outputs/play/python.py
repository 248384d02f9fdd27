"""Packs Python into one script for the page: python.js, from a folder that npm has put Pyodide in. For `make play`.

Pyodide is made for modules and servers. In a page from disk neither is allowed, so its script is made a classic one,
and the page's worker answers from memory what it asks for. It is under the Mozilla Public License 2.0; the notice is in
the script.

    python -m lecture.outputs.play.python .cache/pyodide/node_modules/pyodide .cache/play/python.js
"""

from __future__ import annotations

import gzip
import json
import sys
from base64 import b64encode
from pathlib import Path

from lecture.errors import LectureError

_NOTICE = """/*
 * Pyodide %s: CPython in WebAssembly, packed by `make play`.
 * Copyright the Pyodide contributors and Mozilla. This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0: https://mozilla.org/MPL/2.0/. Its source is at https://github.com/pyodide/pyodide.
 */
"""
_FILES = ("package.json", "pyodide.asm.mjs", "pyodide.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
_EXPORT = "export default _createPyodideModule;"


def python_script(folder: Path) -> bytes:
    """The script. Raises LectureError for a folder without Pyodide, or with one that is put together differently."""
    lacking = [name for name in _FILES if not (folder / name).is_file()]
    if lacking:
        raise LectureError(f"{folder} has no {lacking[0]}: let npm put Pyodide there, as tools/pyodide does")
    package, module, loader, wasm, standard, lock = ((folder / name).read_bytes() for name in _FILES)
    version = json.loads(package)["version"]
    script = module.decode()
    if _EXPORT not in script:
        raise LectureError(f"the Pyodide {version} in {folder} doesn't end in {_EXPORT!r}: see lecture/outputs/play")
    script = script.replace(_EXPORT, "").replace("import.meta.url", "self.location.href")
    packed = {
        "script": _packed(script.encode() + b"\n" + loader),
        "wasm": _packed(wasm),
        "standard": b64encode(standard).decode(),
        "lock": json.dumps({**json.loads(lock), "packages": {}}),  # there are none to get
    }
    return f"{_NOTICE % version}packedPython({json.dumps(packed)});\n".encode()


def _packed(content: bytes) -> str:
    return b64encode(gzip.compress(content, 9, mtime=0)).decode()


def main() -> None:
    """Pack the folder of the first argument into the file of the second; nothing to do if that is the newer one."""
    folder, target = map(Path, sys.argv[1:3])
    if target.is_file() and target.stat().st_mtime >= max(Path(__file__).stat().st_mtime, folder.stat().st_mtime):
        return
    try:
        script = python_script(folder)
    except LectureError as problem:
        sys.exit(problem.message)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(script)


if __name__ == "__main__":
    main()
