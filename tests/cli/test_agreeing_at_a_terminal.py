"""Whoever does not say yes gets one word with one exit code, whether she was asked or could not be."""

import os
import pty
import subprocess
import sys

import pytest

from quartet.cli.asking import agree
from quartet.cli.outcome import Refusal

ASKS = """
import sys
from quartet.cli.asking import agree
from quartet.cli.outcome import Refusal
try:
    agree("Do it?", lambda: print("these are the words"), "nobody can be asked", quiet="--json" in sys.argv)
except Refusal as no:
    print(no)
"""


@pytest.mark.parametrize("answer", [b"n\n", b"\n", b"\x04"], ids=["no", "nothing", "end"])
def test_a_person_at_a_terminal_is_shown_the_words_and_anything_but_yes_is_a_no(answer: bytes) -> None:
    said = at_a_terminal(answer)

    assert said.index("these are the words") < said.index("Do it? [y/N]") < said.index("not-agreed: nothing was signed")
    assert "not-agreed" not in at_a_terminal(b"yes\n")


def test_with_json_nobody_is_asked_at_a_terminal_either() -> None:
    assert at_a_terminal(b"yes\n", "--json").strip() == "not-agreed: nobody can be asked"


def test_where_nobody_can_be_asked_it_is_the_same_no() -> None:
    with pytest.raises(Refusal, match="not-agreed: read it first"):
        agree("Do it?", lambda: None, "read it first", quiet=True)


def at_a_terminal(answer: bytes, *words: str) -> str:
    """Return what is said at a terminal where this is typed ahead."""
    number, inner = pty.openpty()
    os.write(number, answer)
    process = subprocess.Popen([sys.executable, "-c", ASKS, *words], stdin=inner, stdout=inner, stderr=inner)
    os.close(inner)
    process.wait(60)
    said = os.read(number, 4_096).decode()
    os.close(number)
    return said.partition(answer.decode().replace("\n", "\r\n"))[2] if answer != b"\x04" else said
