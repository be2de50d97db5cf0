"""Nobody changes, exchanges or takes out a row of what proves something without being found out.

Beside `test_audit`, which names each place, this tries by chance: other rows, bytes and members in each run of `fuzz`.
"""

import asyncio
import os
from pathlib import Path

import pytest
from msgspec import structs
from tampering import LEFT_OUT, UNPROVEN, Kept, Tampered, columns_of, proven
from world import World, exchange

from quartet.core.attachment import file_id
from quartet.core.charter import ActPayload, Changes, propose, sign_act
from quartet.core.ids import MemberId, Micros
from quartet.node.office import open_offline
from quartet.node.views import Attachment
from quartet.store import EVIDENCE
from quartet.store.schema import metadata

TRIES = int(os.environ.get("QUARTET_TAMPER_TRIES", "2"))
"""How many times each column of each member is changed."""
SEED = int(os.environ.get("QUARTET_TAMPER_SEED", "1"))
TABLES = sorted({table for table, _ in proven()})
NO_CHANGES = Changes(
    hubs=None,
    algorithms=None,
    recall_delay=None,
    cover=None,
    circles=None,
    agreements=None,
    purposes=None,
    prohibitions=None,
    chair_rota=None,
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Kept, ...]:
    return asyncio.run(work(tmp_path_factory.mktemp("tampering")))


async def work(folder: Path) -> tuple[Kept, ...]:
    """Have an author and a holder keep a row of each kind: purged, granted, cited, with a file, after an act."""
    data = os.urandom(1000)
    file = Attachment(id=file_id([data]), name="photo.jpg", size=len(data))
    async with exchange(folder, "north", "east", "south") as world:
        await world.nodes["north"].put_part(world.viewer("north"), file.id, 0, data)
        sent = await world.send("north", ["east", "south"], "near Dam 3", attachments=(file,))
        await world.until(lambda: world.holds("east", sent.ref))
        got = await world.send("east", ["north"], "seen there too")
        await world.fact("north", "grant", (await world.send("north", ["east"], "later")).ref, member=MemberId("south"))
        await world.send("north", ["east", "south"], "sealed", kind="rating-seal")
        gone = await world.send("north", ["east", "south"], "not so")
        await world.until(lambda: world.holds("east", gone.ref))
        await world.until(lambda: len(world.receipts("north", gone.ref).delivered) == 2)
        await world.recall("north", gone.ref)
        await world.until(lambda: set(world.receipts("north", gone.ref).purged) == {"east", "south"})
        await carry_act(world)
        await world.until(lambda: world.holds("north", got.ref) and world.on_record("north", got.ref, 2))
        await world.until(lambda: all(full(world, m) for m in ("north", "east")))
        await world.send("north", ["east"], "after the act", cites=(sent.ref,))
        await world.until(lambda: len(world.rows("east")) == 5)
        found = []
        for name in ("north", "east"):
            keys, store = world.keys(name).store, world.stores[name]
            refused = store.box.wrap(b"no statement", EVIDENCE)
            await store.write(lambda tx, data=refused: tx.put_evidence("bad-shape", "south", data, Micros(1)))  # type: ignore[misc]
            await world.stop(name)
            found.append(Kept(world.database(name), keys, world.charter(), MemberId(name)))
        return tuple(found)


async def carry_act(world: World) -> None:
    state = world.nodes["north"].registry.state
    changes = structs.replace(NO_CHANGES, purposes=("exercise",))
    now = world.nodes["north"]._parts.clock.now()
    payload = ActPayload(at=now, subject=None, reason="drill", admitted=None, changes=changes)
    roots = [open_offline(world.member(m)).root for m in ("north", "east", "south")]
    await world.nodes["north"].take_act(sign_act(propose(state, "set", payload), roots))
    await world.until(lambda: world.nodes["east"].registry.state.epoch == 1)


def full(world: World, name: str) -> bool:
    """Return whether every table that proves something has rows."""
    reader = world.stores[name].reader
    empty = {t for t in TABLES if not reader.count(t)} - {"evidence", "citation"}
    return not empty


@pytest.fixture
def tampered(kept: tuple[Kept, ...], tmp_path: Path) -> list[Tampered]:
    return [Tampered(one, tmp_path, SEED) for one in kept]


def test_every_column_is_proven_or_said_to_prove_nothing() -> None:
    columns = {f"{t.name}.{c}" for t in metadata.sorted_tables for c in columns_of(str(t.name))}

    assert set(UNPROVEN) <= columns
    assert set(LEFT_OUT) <= {str(t.name) for t in metadata.sorted_tables}


def test_an_untouched_copy_has_no_problems(tampered: list[Tampered]) -> None:
    assert [one.kept.problems(one.file) for one in tampered] == [(), ()]


@pytest.mark.parametrize("table", TABLES)
def test_a_changed_bit_is_noticed_wherever_it_lies(table: str, tampered: list[Tampered]) -> None:
    found = [
        line
        for one in tampered
        for of, column in proven()
        if of == table
        for line in one.unnoticed_flips(table, column, TRIES)
    ]

    assert found == []


@pytest.mark.parametrize("table", TABLES)
def test_what_two_rows_hold_cannot_be_exchanged(table: str, tampered: list[Tampered]) -> None:
    found = [
        line
        for one in tampered
        for of, column in proven()
        if of == table
        for line in one.unnoticed_exchanges(table, column, 1)
    ]

    assert found == []


@pytest.mark.parametrize("table", [table for table in TABLES if table not in LEFT_OUT])
def test_a_row_that_was_taken_out_is_missed(table: str, tampered: list[Tampered]) -> None:
    assert [line for one in tampered for line in one.unnoticed_losses(table, TRIES)] == []
