"""What pyproject.toml can't say: a wheel has examples, exercises and missions inside `lecture`, where the talk is.

In a clone they stay where they are, and an editable install sees them there.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

NO_SOURCE = shutil.ignore_patterns("__pycache__", ".*", "*.pyc")


class BuildWithPrograms(build_py):
    """Copies these folders among the modules."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            for folder in ("examples", "exercises", "missions"):
                target = Path(self.build_lib, "lecture", folder)
                shutil.copytree(Path(__file__).parent / folder, target, ignore=NO_SOURCE, dirs_exist_ok=True)


if __name__ == "__main__":
    setup(cmdclass={"build_py": BuildWithPrograms})
