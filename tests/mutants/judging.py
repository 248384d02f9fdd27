"""Survivors that are right to survive, each with its reason: judged/*.diff, in the format of tests/faults/defects."""

from __future__ import annotations

from pathlib import Path

from tests.faults.mutants import mutants_in
from tests.faults.mutating import Mutant

ROOT = Path(__file__).parents[2]
_FOLDER = Path(__file__).with_name("judged")


def judged_mutants() -> list[Mutant]:
    """All of them; the name of each is the reason."""
    return [mutant for path in sorted(_FOLDER.glob("*.diff")) for mutant in mutants_in(path)]


def path_of(mutant: Mutant) -> str:
    """The file that a mutant is of."""
    return f"{mutant.module.replace('.', '/')}.py"


def judged_sources() -> set[tuple[str, str]]:
    """The files of the judged mutants, with what becomes of their sources."""
    return {
        (path_of(mutant), mutant.spoil((ROOT / path_of(mutant)).read_text(encoding="utf-8")))
        for mutant in judged_mutants()
    }
