"""What lies in a backup and what does not; and what is refused when it is put back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_backup import backed_up, burnt
from world import World, exchange

from quartet.core.faults import Fault
from quartet.node import backup
from quartet.node.folder import MemberFolder
from quartet.store import read_only
from quartet.store.copying import copy_out
from quartet.store.sealedfile import read_head, read_sealed

pytestmark = pytest.mark.anyio


def held(path: Path, master: bytes) -> bytes:
    """Return all that lies in a sealed file."""
    found = bytearray()

    def take(pieces: Iterator[bytes]) -> None:
        for piece in pieces:
            found.extend(piece)

    read_sealed(path, master, take)
    return bytes(found)


def refused(world: World, file: Path, to: Path, keys: Path | None = None) -> str:
    """Return why a backup of north is not put back."""
    to.mkdir()
    (to / "keys.pass").write_bytes((world._founded / "north" / "keys.pass").read_bytes())
    (to / "keys.pass").chmod(0o600)
    with pytest.raises(Fault) as fault:
        backup.restore(file, keys, MemberFolder(to), None, world.now("east"))
    assert not (to / "settings.toml").exists()
    return fault.value.reason


async def test_a_backup_holds_no_key_of_an_item_and_none_of_an_epoch_and_no_passphrase(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await world.linked()
        sent = await world.send("north", ["east"], "sealed under a key of its own")
        await world.until(lambda: world.holds("east", sent.ref))
        made, master = backed_up(world, "north", tmp_path / "safe"), world.keys("north").store
        content, listed = held(made.file, master), held(made.keys, master)
        reader = world.stores["north"].reader
        keys = [row[0] for row in reader._all("SELECT wrapped FROM item_key")]
        epochs = [row[0] for row in reader._all("SELECT wrapped FROM epoch_secret")]

        assert len(keys) == 1
        assert len(epochs) == 1
        assert keys[0] in listed
        assert not any(secret in content for secret in (*keys, *epochs))
        assert not any(secret in listed for secret in epochs)
        passphrase = world.member("north").root.joinpath("keys.pass").read_bytes().strip()
        assert passphrase not in content
        assert b"keys.pass" not in content
        assert not any(word in made.file.read_bytes() for word in (*keys, *epochs, b"SQLite format 3"))
        assert read_head(made.file).member == "north"
        assert list(world.database("north").parent.glob("*.part")) == []


async def test_a_stopped_node_is_backed_up_like_a_running_one_and_its_database_is_as_before(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await world.linked()
        sent = await world.send("north", [], "mine")
        master, at = world.keys("north").store, world.now("north")
        await world.stop("north")
        made = backup.back_up(world.member("north"), tmp_path / "safe", None, at, at)

        copy = tmp_path / "copy.db"
        keys = copy_out(world.database("north"), copy)
        with read_only(world.database("north"), master) as before, read_only(copy, master) as after:
            assert before.count("item") == after.count("item") == len(keys) == 1
            assert before.item(sent.id) is not None
            with pytest.raises(Fault):
                after.item(sent.id)
        assert made.size > 0


async def test_what_is_damaged_cut_or_of_another_course_is_refused_and_nothing_of_it_is_started(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await world.linked()
        await world.send("north", [], "first")
        first = backed_up(world, "north", tmp_path / "first")
        older = (tmp_path / "older.item-keys").resolve()
        older.write_bytes(first.keys.read_bytes())
        world.later(1)
        await world.send("north", [], "second")
        made = backed_up(world, "north", tmp_path / "safe")
        theirs = backup.back_up(world.member("east"), tmp_path / "east", None, world.now("east"), world.now("east"))
        data = made.file.read_bytes()
        bad, cut, more = tmp_path / "bad.backup", tmp_path / "cut.backup", tmp_path / "more.backup"
        bad.write_bytes(data[:-200] + bytes([data[-200] ^ 1]) + data[-199:])
        cut.write_bytes(data[:-32])
        more.write_bytes(data + b"x")

        why = {path.stem: refused(world, path, tmp_path / f"to-{path.stem}", made.keys) for path in (bad, cut, more)}
        assert why == dict.fromkeys(("bad", "cut", "more"), "backup-damaged")
        assert refused(world, made.file, tmp_path / "to-older", older) == "keys-older"
        assert refused(world, made.file, tmp_path / "to-east", theirs.keys) == "no-backup"
        assert refused(world, made.keys, tmp_path / "to-keys") == "no-backup"
        assert refused(world, theirs.file, tmp_path / "to-theirs") == "wrong-passphrase"

        await world.stop("north")
        burnt(world, "north")
        backup.restore(first.file, first.keys, world.member("north"), None, world.now("east"))
        world.start("north")
        await world.until(lambda: not world.nodes["north"].recovering.active)
        await world.send("north", [], "another second")
        other = backed_up(world, "north", tmp_path / "safe")
        assert refused(world, made.file, tmp_path / "to-other", other.keys) == "other-course"


async def test_a_backup_while_the_node_recovers_is_refused(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await world.linked()
        made = backed_up(world, "north", tmp_path / "safe")
        await world.stop("east")
        await world.stop("north")
        burnt(world, "north")
        backup.restore(made.file, None, world.member("north"), None, made.at)
        world.start("north")
        await world.until(lambda: "recovering" in world.alarms("north"))

        with pytest.raises(Fault) as fault:
            backed_up(world, "north", tmp_path / "safe")

        assert fault.value.reason == "recovering"
