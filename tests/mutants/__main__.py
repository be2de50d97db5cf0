"""Run the mutants: `python -m tests.mutants [WORD ...]`; a word picks those whose file or name contains it.

Each mutant is put into a copy of the source, its tests run until one fails, and the copy is mended again. Exit 1 if a
mutant survives, if its text is no longer there, or if the tests fail before anything is broken.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue
from typing import Final, NamedTuple

from .absences import ABSENCES
from .belief import BELIEF
from .cover import COVER
from .mutant import ROOT, Mutant, broken
from .proofs import PROOFS
from .rule import RULE

ALL: Final = (*RULE, *BELIEF, *PROOFS, *COVER, *ABSENCES)
PROCESSES: Final = 2
PATIENCE_S: Final = 120
"""A mutant whose tests run longer than this has made something endless: that is noticed too."""
PASSED, FAILED, NOTHING_RAN = 0, 1, 5
"""Exit codes of pytest."""


class Verdict(NamedTuple):
    """What became of a mutant; `by` is the test that noticed, `trouble` why nothing can be said."""

    mutant: Mutant
    caught: bool
    by: str
    seconds: float
    trouble: str = ""


class Copy:
    """A copy of the source that is broken and mended again and again."""

    def __init__(self, place: Path) -> None:
        self._source = place / "src"
        self._place = place
        self._writes = 0
        shutil.copytree(ROOT / "src", self._source, ignore=shutil.ignore_patterns("__pycache__"))

    def run(self, tests: Iterable[str]) -> tuple[int, str]:
        """Return pytest's exit code and what it said: first the examples, which are quick, then the laws."""
        code, said = self._pytest(tests, "not hypothesis")
        return (code, said) if code not in (PASSED, NOTHING_RAN) else self._pytest(tests, "hypothesis")

    def _pytest(self, tests: Iterable[str], marked: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "--no-header", "-p", "no:cacheprovider"]
        command += ["-p", "tests.mutants.quick", "--hypothesis-seed=0", "-m", marked, *tests]
        environment = os.environ | {
            "PYTHONPATH": f"{self._source}{os.pathsep}{ROOT}",
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(self._place / "pycache"),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(self._place / "hypothesis"),
            "QUARTET_SOURCE": str(self._source),
        }
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def _write(self, file: Path, text: str) -> None:
        """Write a source file at a time of its own: compiled code is told from new code by time and size alone."""
        self._writes += 1
        file.write_text(text)
        os.utime(file, (self._writes, self._writes))

    def judge(self, mutant: Mutant) -> Verdict:
        """Return whether the mutant's tests notice it."""
        file = self._source / "quartet" / mutant.file
        whole, began = file.read_text(), time.monotonic()
        try:
            self._write(file, broken(mutant, whole))
            code, said = self.run(mutant.tests)
        except LookupError as error:
            return Verdict(mutant, caught=False, by="", seconds=0, trouble=str(error))
        except subprocess.TimeoutExpired:
            return Verdict(mutant, caught=True, by="endless", seconds=time.monotonic() - began)
        finally:
            self._write(file, whole)
        seconds = time.monotonic() - began
        if code not in (PASSED, FAILED, NOTHING_RAN):
            return Verdict(mutant, caught=False, by="", seconds=seconds, trouble=said.strip()[-600:])
        failed = re.search(r"^(?:FAILED|ERROR) \S*::(\w+)", said, re.MULTILINE)
        return Verdict(mutant, caught=code == FAILED, by=failed[1] if failed else "", seconds=seconds)


def verdicts(picked: Iterable[Mutant], copies: list[Copy]) -> Iterator[Verdict]:
    """Yield a verdict for each mutant as it comes, as many at a time as there are copies."""
    free: SimpleQueue[Copy] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def judge(mutant: Mutant) -> Verdict:
        copy = free.get()
        try:
            return copy.judge(mutant)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        for done in as_completed([pool.submit(judge, mutant) for mutant in picked]):
            yield done.result()


def main(words: list[str]) -> int:
    """Judge the mutants that the words pick, all without words; return the exit code."""
    picked = [m for m in ALL if not words or any(w in m.file or w in m.name for w in words)]
    with tempfile.TemporaryDirectory(prefix="quartet-mutants-") as place:
        copies = [Copy(Path(place) / str(n)) for n in range(PROCESSES)]
        tests = sorted({test for m in picked for test in m.tests})
        code, said = copies[0].run(tests)
        if code not in (PASSED, NOTHING_RAN):
            print(f"the tests fail before anything is broken:\n{said[-2000:]}", file=sys.stderr)
            return 1
        wrong = 0
        for n, verdict in enumerate(verdicts(picked, copies), start=1):
            wrong += not verdict.caught
            print(f"{n:4}/{len(picked)} {line(verdict)}", flush=True)
    print(f"{len(picked) - wrong} of {len(picked)} mutants caught")
    return 1 if wrong or not picked else 0


def line(verdict: Verdict) -> str:
    """Return a verdict as one line, more where there is trouble."""
    mutant = verdict.mutant
    word = "caught  " if verdict.caught else "TROUBLE " if verdict.trouble else "SURVIVED"
    more = f" <- {verdict.by}" if verdict.by else f"\n{verdict.trouble}" if verdict.trouble else ""
    return f"{word} {mutant.file}: {mutant.name} ({verdict.seconds:.1f} s){more}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
