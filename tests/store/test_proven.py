from stored import EAST, NORTH, NOW, SOUTH, WEST, both, name, new_item, put

from quartet.core.ids import Commitment, ItemId, MemberId, Micros
from quartet.store import NewItem, ProvenRow, Store


def row(item: NewItem, about: MemberId, since: int, proof: bytes = b"proof") -> ProvenRow:
    """Return a proof that somebody's word about an item is on record since a time."""
    at = Micros(NOW + since)
    return ProvenRow(item=item.id, about=about, c=Commitment(name()), receipt=b"receipt", proof=proof, since=at)


def kept(store: Store, one: ProvenRow) -> bool:
    return store.submit(lambda tx: tx.put_proven(one)).result()


def receipted(store: Store, item: NewItem, member: MemberId, answer: str = "VERIFIED") -> None:
    """Have a member receipt an item that was sent to it."""
    store.submit(
        both(
            lambda tx: tx.set_delivery(item.id, member, "due", 4, NOW),
            lambda tx: tx.mark_sent(member, [item.id], 1, NOW),
            lambda tx: tx.put_receipts(member, name(), b"batch", [(item.id, answer)], NOW),
        )
    ).result()


def due(store: Store, member: MemberId, after: tuple[int, str] = (0, "")) -> list[tuple[str, int]]:
    """Return what a member is still to be told: whose word, and since when."""
    return [(one.row.about, one.row.since - NOW) for one in store.reader.tellings(member, after, 9)]


def test_the_proof_of_an_earlier_time_takes_the_place_of_a_later_one_and_no_other_does(store: Store) -> None:
    item = new_item()
    put(store, item)
    late, same, early = row(item, NORTH, 5, b"late"), row(item, NORTH, 5, b"same"), row(item, NORTH, 4, b"early")

    assert kept(store, late)
    assert not kept(store, same)
    assert store.reader.proven(item.id) == [late]
    assert kept(store, early)
    assert not kept(store, late)
    assert store.reader.proven(item.id) == [early]


def test_each_who_holds_an_item_is_told_every_word_of_it_once(store: Store) -> None:
    item = new_item()
    put(store, item)
    for member, answer in ((EAST, "VERIFIED"), (SOUTH, "HELD"), (WEST, "PARKED")):
        receipted(store, item, member, answer)
    kept(store, row(item, NORTH, 3))
    kept(store, row(item, EAST, 4))

    store.submit(both(*[lambda tx: tx.tell_holders(item.id)] * 2)).result()

    assert store.reader.holders(item.id) == [EAST, SOUTH]
    assert due(store, EAST) == due(store, SOUTH) == [("east", 4), ("north", 3)]
    assert due(store, WEST) == [], "who could not believe the item does not hold it"
    told = [(item.id, NORTH, Micros(NOW + 3)), (item.id, EAST, Micros(NOW + 4))]
    store.submit(lambda tx: tx.knows(EAST, told)).result()
    store.submit(lambda tx: tx.tell_holders(item.id)).result()
    assert due(store, EAST) == []
    assert len(due(store, SOUTH)) == 2


def test_a_member_is_told_again_when_what_it_knows_is_not_the_earliest_any_more(store: Store) -> None:
    item = new_item()
    put(store, item)
    receipted(store, item, EAST)
    kept(store, row(item, NORTH, 5))
    store.submit(lambda tx: tx.tell_holders(item.id)).result()
    store.submit(lambda tx: tx.knows(EAST, [(item.id, NORTH, Micros(NOW + 5))])).result()

    kept(store, row(item, NORTH, 4))
    again = due(store, EAST)
    store.submit(lambda tx: tx.knows(EAST, [(item.id, NORTH, Micros(NOW + 5))])).result()
    still = due(store, EAST)
    store.submit(lambda tx: tx.knows(EAST, [(item.id, NORTH, Micros(NOW + 4))])).result()

    assert again == still == [("north", 4)], "that an older word of it arrived changes nothing"
    assert due(store, EAST) == []


def test_an_author_that_told_a_later_time_is_told_the_earlier_and_one_that_told_nothing_is_not(store: Store) -> None:
    item, other = (new_item(author=SOUTH, mine=False) for _ in range(2))
    put(store, item, other)
    for one in (item, other):
        kept(store, row(one, SOUTH, 2))

    store.submit(lambda tx: tx.knows(SOUTH, [(item.id, SOUTH, Micros(NOW + 6))])).result()

    assert [(one.row.item, one.mine) for one in store.reader.tellings(SOUTH, (0, ""), 9)] == [(item.id, False)]


def test_what_is_due_is_read_on_from_any_place(store: Store) -> None:
    items = [new_item() for _ in range(3)]
    put(store, *items)
    for item in items:
        receipted(store, item, EAST)
        for about in (NORTH, EAST):
            kept(store, row(item, about, 1))
        store.submit(lambda tx, i=item: tx.tell_holders(i.id)).result()  # type: ignore[misc]

    found, after = [], (0, "")
    while part := store.reader.tellings(EAST, after, 1):
        found.append((part[0].row.item, part[0].row.about))
        after = part[0].place

    assert found == [(item.id, about) for item in items for about in (EAST, NORTH)]


def test_a_purge_leaves_no_word_of_who_had_the_item_and_takes_in_no_other(store: Store) -> None:
    item = new_item()
    put(store, item)
    receipted(store, item, EAST)
    kept(store, row(item, NORTH, 1))
    store.submit(lambda tx: tx.tell_holders(item.id)).result()

    store.submit(lambda tx: tx.purge(item.id, b"stub", NOW)).result()
    after = kept(store, row(item, NORTH, 0))
    store.submit(lambda tx: tx.knows(EAST, [(item.id, NORTH, NOW)])).result()

    assert not after
    assert store.reader.count("on_record") == store.reader.count("telling") == 0


def test_of_an_unknown_item_nothing_is_proven(store: Store) -> None:
    assert not kept(store, row(new_item(), NORTH, 1))
    assert store.reader.proven(ItemId(name())) == []


def test_the_newest_items_of_some_kinds_are_found_oldest_first(store: Store) -> None:
    items = [new_item(kind=kind) for kind in ("position", "report", "proposal", "position")]
    put(store, *items)

    assert store.reader.newest_of({"position", "proposal"}, 9) == [items[n].id for n in (0, 2, 3)]
    assert store.reader.newest_of({"position", "proposal"}, 2) == [items[n].id for n in (2, 3)]
