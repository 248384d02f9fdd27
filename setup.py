"""What pyproject.toml can't say: a wheel has the examples inside `lecture`, where the build of the talk finds them.

In a clone they stay where they are, and an editable install sees them there.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

NO_SOURCE = shutil.ignore_patterns("__pycache__", ".*", "*.pyc")


class BuildWithExamples(build_py):
    """Copies the examples among the modules."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib, "lecture", "examples")
            shutil.copytree(Path(__file__).parent / "examples", target, ignore=NO_SOURCE, dirs_exist_ok=True)


if __name__ == "__main__":
    setup(cmdclass={"build_py": BuildWithExamples})
