"""Cut the power at every sync point of a node, and start it from what is left of its disk: a sample, or all (EVERY)."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from test_backup import backed_up
from world import World, exchange

from diskrecord import Recorder
from powercut import cuts, disk_after, said_before
from quartet.core.attachment import PART, FileTree
from quartet.core.ids import MemberId, Micros
from quartet.core.proof.checkpoint import Checkpoint, read_checkpoint
from quartet.core.proof.note import read_note
from quartet.node import backup
from quartet.node.continuity import go_on
from quartet.node.course import is_recovering
from quartet.node.folder import MemberFolder
from quartet.node.ledger import Ledger
from quartet.node.staging import Staging
from quartet.store import Store, open_store
from quartet.store.sealedfile import read_head, read_sealed
from quartet.wire.memory import MemoryHub, Passed
from vfsrecord import library, recorded

LIBRARY: Final = library()
UNHEARD: Final = LIBRARY is None and "CI" not in os.environ
"""In CI it must be heard what SQLite writes: there the tests fail, and are not passed over."""
pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(UNHEARD, reason="sqlite3 is built without a SQLite that can be recorded"),
]
EAST: Final = MemberId("east")
SAMPLE: Final = 12
MASTER: Final = bytes(range(32))


def left(recorder: Recorder, to: Path, sample: int = SAMPLE) -> Iterator[tuple[Path, list[Any]]]:
    """Yield what cuts leave of a recorded folder, each with what was said before."""
    for n, (place, way) in enumerate(cuts(recorder.events, sample, recorder.begun)):
        folder = to / f"{n} {place} {way}"
        disk_after(recorder.events[:place], way, place, recorder.root, folder / "north")
        yield folder, said_before(recorder.events[:place])
        shutil.rmtree(folder)


def told(world: World, recorder: Recorder, passed: Passed) -> bool:
    """Note, with each message that leaves north, every cosignature that may be in it."""
    node = world.nodes.get("north")
    if passed.frm == "north" and node is not None:
        recorder.say(("signed", list(node.witness.fresh.values())))
    return False


@pytest.fixture
def signing(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Recorder]]:
    """Note each checkpoint of north's own log as soon as it is signed: from then on it may be told."""
    recorders: list[Recorder] = []

    def heard(ledger: Ledger, name: str, value: Any) -> None:
        object.__setattr__(ledger, name, value)
        if name == "note" and value is not None and ledger._parts.me == "north" and recorders:
            recorders[0].say(("signed", [value]))

    monkeypatch.setattr(Ledger, "__setattr__", heard)
    yield recorders
    recorders.clear()


async def live(world: World, recorder: Recorder) -> None:
    """Have north live its first hours, with one end and one start between."""
    for turn in (1, 2):
        world.start("north")
        if turn == 1:
            world.run("east")
        node = world.nodes["north"]
        await world.linked()
        for n in range(2):
            sent = await world.send("north", ["east"], f"text {n}")
            recorder.say(("sent", sent.id))
        size, seen = node.ledger.size + 2, node.witness.state(EAST).size + 2
        await world.until(lambda size=size, seen=seen, node=node: _further(node, size, seen))  # type: ignore[misc]
        await world.stop("north")


def _further(node: Any, size: int, seen: int) -> bool:
    return bool(node.ledger.size >= size and node.witness.state(EAST).size >= seen)


def signed(said: list[Any]) -> set[Checkpoint]:
    """Return what had been signed and told: our log's checkpoints, and those of others' that we cosigned."""
    return {read_checkpoint(read_note(text).text) for what, notes in said if what == "signed" for text in notes}


async def test_after_a_power_cut_a_node_signs_nothing_that_contradicts_what_it_told_and_holds_what_it_acknowledged(
    tmp_path: Path, signing: list[Recorder]
) -> None:
    hub = MemoryHub()
    assert LIBRARY is not None
    async with exchange(tmp_path, "north", "east", hub=hub, start=False) as world:
        await world.stop("north")
        shutil.rmtree(world.database("north").parent)
        world.member("north").instance.unlink()
        with recorded(world.member("north").root, LIBRARY) as recorder:
            signing.append(recorder)
            hub.drop_if = lambda passed: told(world, recorder, passed)
            await live(world, recorder)
            signing.clear()
    assert len(signed(said_before(recorder.events))) >= 6

    for folder, said in left(recorder, tmp_path / "cut"):
        again = World(folder, world._founded, MemoryHub())
        node, store = again.open("north"), again.stores["north"]
        try:
            assert not is_recovering(store)
            before = signed(said)
            held(store, node, before)
            await node.ledger.tick(again.now("north"))
            held(store, node, before)
            assert all(c.size < node.ledger.size for c in before if c.origin == node.ledger.origin)
            assert [item for what, item in said if what == "sent" and store.reader.item(item) is None] == []
            assert store.reader.integrity() == []
        finally:
            await again.stop("north")


def held(store: Store, node: Any, before: set[Checkpoint]) -> None:
    """Check that everything that was signed stands in the database: no other can be signed in its place."""
    for checkpoint in before:
        if checkpoint.origin == node.ledger.origin:
            assert node.ledger.root_at(checkpoint.size) == checkpoint.root
            continue
        kept = store.reader.checkpoint(checkpoint.origin, checkpoint.size)
        assert kept is not None
        assert read_checkpoint(read_note(kept[1]).text) == checkpoint
        assert "north" in [line[0] for line in store.reader.cosignatures(checkpoint.origin, checkpoint.size)]
        assert node.witness.state(EAST).size >= checkpoint.size


async def test_a_start_that_a_power_cut_ended_is_of_the_same_database_at_the_next_one(tmp_path: Path) -> None:
    root = tmp_path / "recorded"
    open_store(root / "store" / "quartet.db", MASTER).close()
    assert LIBRARY is not None
    with recorded(root, LIBRARY) as recorder:
        for _ in range(2):
            with open_store(root / "store" / "quartet.db", MASTER) as store:
                go_on(store, root / "instance", Micros(1))

    for folder, _ in left(recorder, tmp_path / "cut", 99):
        again = folder / "north"
        with open_store(again / "store" / "quartet.db", MASTER) as store:
            go_on(store, again / "instance", Micros(2))
            assert not is_recovering(store)


async def test_a_backup_and_its_keys_outlive_a_power_cut_and_so_does_a_folder_made_from_them(tmp_path: Path) -> None:
    safe, back = tmp_path / "safe", tmp_path / "back"
    assert LIBRARY is not None
    async with exchange(tmp_path, "north", "east", start=False) as world:
        master = world.keys("north").store
        safe.mkdir()
        with recorded(safe, LIBRARY) as saving:
            for n in range(2):
                world.later(n)
                saving.say(backed_up(world, "north", safe))
        made = said_before(saving.events)[-1]
        back.mkdir()
        shutil.copy(world.member("north").root / "keys.pass", back)
        with recorded(back, LIBRARY) as restoring:
            backup.restore(made.file, None, MemberFolder(back), None, world.now("north"))
            restoring.say("restored")

    for folder, said in left(saving, tmp_path / "cut", 99):
        names = {path.name for path in (folder / "north").glob("*.backup")}
        assert {one.file.name for one in said} <= names
        for path in (folder / "north").glob("*.backup"):
            keys = path.with_name("north.item-keys")
            assert read_head(keys).at >= read_head(path).at
            for sealed in (path, keys):
                read_sealed(sealed, master, list[bytes]().extend)
    for folder, said in left(restoring, tmp_path / "cut", 99):
        again = MemberFolder(folder / "north")
        assert again.settings.exists() or said == []
        if again.settings.exists():
            assert (folder / "north" / "store" / "quartet.db").exists()
            with open_store(folder / "north" / "store" / "quartet.db", master) as store:
                assert is_recovering(store)


async def test_parts_of_a_file_that_were_handed_over_before_a_power_cut_are_there_and_none_is_torn(
    tmp_path: Path,
) -> None:
    root = tmp_path / "recorded"
    root.mkdir()
    parts = [os.urandom(PART) for _ in range(3)]
    tree = FileTree()
    for part in parts:
        tree.add(part)
    assert LIBRARY is not None
    with recorded(root, LIBRARY) as recorder, open_store(root / "store" / "quartet.db", MASTER) as store:
        shelf = Staging(store)
        for n, part in enumerate(parts):
            shelf.put("duty", tree.id, n, part)
            recorder.say(n)

    for folder, said in left(recorder, tmp_path / "cut", 20):
        with open_store(folder / "north" / "store" / "quartet.db", MASTER) as store:
            shelf = Staging(store)
            numbers = shelf.numbers("duty", tree.id)
            assert set(said) <= set(numbers)
            assert list(shelf.read("duty", tree.id)) == parts[: len(numbers)]
