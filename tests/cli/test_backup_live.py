"""A member's machine burns down: its folder comes from the backup, its node from the others; with real processes."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from commandline import Shell
from live import Live, Officer, live, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def exchange() -> Iterator[Live]:
    with (
        tempfile.TemporaryDirectory(prefix="q-") as folder,
        live(Path(folder) / "t", members=("north", "east")) as made,
    ):
        yield made


def test_a_burnt_folder_comes_back_from_its_backup_and_its_node_from_the_others(exchange: Live, shell: Shell) -> None:
    north, east = Officer(shell, exchange, "north"), Officer(shell, exchange, "east")
    safe, root, aside = exchange.root / "safe", north.folder.root, exchange.root / "burnt"
    before = north.send("before the backup", "east")
    until(lambda: before in [row["ref"] for row in east.json("inbox")])
    made = north.json("backup", safe, "--every", "1d")
    after = north.send("after the backup", "east")
    got = east.send("lost at north", "north")
    until(lambda: after in [row["ref"] for row in east.json("inbox")])
    until(lambda: got in [row["ref"] for row in north.json("inbox")])

    exchange.stop("north")
    root.rename(aside)
    root.mkdir(mode=0o700)
    (root / "officers").mkdir()
    for beside in ("keys.pass", "officers/duty.pass"):  # a trial's passphrases; they are in no backup
        shutil.copy(aside / beside, root / beside)
    put = json.loads(shell("restore", made["file"], "--dir", root, "--json").out)
    assert (put["member"], put["purged_since"]) == ("north", 0)
    assert put["items"] >= 1
    again = shell("restore", made["file"], "--dir", root)
    assert (again.code, again.reason) == (2, "folder-in-use")
    exchange.start("north")
    until(lambda: "recovering" not in alarms(north) and "restored" in alarms(north))

    assert north.json("show", after)["ref"] == after
    assert north.json("show", got)["ref"] == got
    later = north.send("and on", "east")
    until(lambda: later in [row["ref"] for row in east.json("inbox")])
    assert "log-forked" not in alarms(east)
    assert north("verify").code == 0
    assert north.refused("evidence", "east").reason == "no-evidence"


def alarms(officer: Officer) -> set[str]:
    return {alarm["reason"] for alarm in officer.json("status")["alarms"]}
