"""The answer to a file that an authority dropped: it has its name only once it is whole."""

import os
from pathlib import Path

import pytest

from quartet.gateways.cap.drop import open_drop


def test_who_waits_for_an_answer_never_reads_half_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, real, seen = tmp_path / "in", os.fsync, list[list[str]]()

    def synced(handle: int) -> None:
        seen.append([one.name for one in (folder / "done").glob("*.answer")])
        real(handle)

    monkeypatch.setattr(os, "fsync", synced)
    with open_drop(folder) as drop:
        (folder / "a.xml").write_bytes(b"<alert/>")
        drop.set_aside("a.xml", drop.mark("a.xml"), "done", b"<answer/>")

    assert seen[0] == []
    assert (folder / "done" / "a.answer").read_bytes() == b"<answer/>"
    assert sorted(one.name for one in (folder / "done").iterdir()) == ["a.answer", "a.xml"]


def test_what_a_write_that_was_cut_off_left_keeps_no_answer_from_coming(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "bad").mkdir(parents=True)
    (folder / "bad" / ".a.answer.part").write_bytes(b"<ans")
    (folder / "a.xml").write_bytes(b"<alert/>")

    with open_drop(folder) as drop:
        drop.set_aside("a.xml", drop.mark("a.xml"), "bad", b"<answer/>")

    assert (folder / "bad" / "a.answer").read_bytes() == b"<answer/>"
