from stored import EAST, NORTH, NOW, SOUTH, WEST, both, fact, name, new_item, put

from quartet.core.ids import Commitment, ControlId, ItemId, Micros
from quartet.store import Store, TickRow


def states(store: Store, item: ItemId) -> dict[str, str]:
    return {str(row.member): row.state for row in store.reader.deliveries(item)}


def test_urgent_rows_come_first_then_the_older(store: Store) -> None:
    items = [new_item() for _ in range(4)]
    for item, lane in zip(items, (4, 1, 4, 2), strict=True):
        store.submit(
            both(
                lambda tx, i=item, n=lane: tx.put_item(i),  # type: ignore[misc]
                lambda tx, i=item, n=lane: tx.set_delivery(i.id, EAST, "due", n, NOW),  # type: ignore[misc]
            )
        ).result()

    order = [items.index(next(i for i in items if i.id == row.item_id)) for row in store.reader.due(EAST, 9)]

    assert order == [1, 3, 0, 2]
    assert [row.item_id for row in store.reader.due(EAST, 1, lane=4)] == [items[0].id]
    assert store.reader.due(SOUTH, 9) == []


def test_a_row_goes_from_due_by_sent_to_receipted(store: Store) -> None:
    item = new_item()
    put(store, item)

    store.submit(lambda tx: tx.mark_sent(EAST, [item.id], 7, NOW)).result()
    sent = states(store, item.id)
    store.submit(lambda tx: tx.put_receipts(EAST, name(), b"batch", [(item.id, "VERIFIED")], NOW)).result()

    assert sent == {"east": "sent"}
    assert states(store, item.id) == {"east": "receipted"}
    assert store.reader.receipts(item.id) == [(EAST, "VERIFIED", NOW, b"batch")]
    assert store.reader.due_count(EAST) == 0


def test_a_refused_item_is_parked_and_a_withheld_one_stays_so(store: Store) -> None:
    refused, withheld = new_item(), new_item()
    put(store, refused, withheld)
    store.submit(lambda tx: tx.set_delivery(withheld.id, EAST, "withheld", 4, NOW, "recalled")).result()

    answers = [(refused.id, "REFUSED"), (withheld.id, "VERIFIED")]
    store.submit(lambda tx: tx.put_receipts(EAST, name(), b"batch", answers, NOW)).result()

    assert states(store, refused.id) == {"east": "parked"}
    assert states(store, withheld.id) == {"east": "withheld"}


def test_what_was_sent_in_a_lost_parcel_is_due_again_and_the_rest_is_not(store: Store) -> None:
    lost, arrived = new_item(), new_item()
    put(store, lost, arrived)
    store.submit(
        both(lambda tx: tx.mark_sent(EAST, [lost.id], 1, NOW), lambda tx: tx.mark_sent(EAST, [arrived.id], 2, NOW))
    ).result()

    store.submit(lambda tx: tx.mark_due_again(EAST, [1])).result()

    assert states(store, lost.id) == {"east": "due"}
    assert states(store, arrived.id) == {"east": "sent"}


def test_after_a_restart_all_that_was_sent_and_not_receipted_is_due(store: Store) -> None:
    old, young = new_item(), new_item()
    put(store, old, young)
    store.submit(
        both(
            lambda tx: tx.mark_sent(EAST, [old.id], 1, NOW),
            lambda tx: tx.mark_sent(EAST, [young.id], 2, Micros(NOW + 10)),
        )
    ).result()

    changed = store.submit(lambda tx: tx.all_sent_due(EAST, Micros(NOW + 5))).result()

    assert changed == 1
    assert [row.item_id for row in store.reader.due(EAST, 9)] == [old.id]


def test_deciding_again_leaves_what_was_sent_as_sent(store: Store) -> None:
    item = new_item()
    put(store, item)
    store.submit(lambda tx: tx.mark_sent(EAST, [item.id], 1, NOW)).result()

    for state in ("due", "withheld"):
        store.submit(lambda tx, s=state: tx.set_delivery(item.id, EAST, s, 4, NOW)).result()  # type: ignore[misc]

    assert states(store, item.id) == {"east": "sent"}


def test_a_late_grant_makes_a_withheld_row_due(store: Store) -> None:
    item = new_item()
    put(store, item)
    store.submit(lambda tx: tx.set_delivery(item.id, WEST, "withheld", 4, NOW, "not-named")).result()

    store.submit(lambda tx: tx.set_delivery(item.id, WEST, "due", 4, NOW)).result()

    assert [row.item_id for row in store.reader.due(WEST, 9)] == [item.id]


def test_deciding_and_sending_in_one_commit_keeps_the_order_of_the_calls(store: Store) -> None:
    item = new_item()
    jobs = [
        store.submit(both(lambda tx: tx.put_item(item), lambda tx: tx.set_delivery(item.id, EAST, "due", 4, NOW))),
        store.submit(lambda tx: tx.mark_sent(EAST, [item.id], 1, NOW)),
        store.submit(lambda tx: tx.set_delivery(item.id, EAST, "withheld", 4, NOW, "recalled")),
    ]

    for job in jobs:
        job.result()

    assert states(store, item.id) == {"east": "sent"}


def test_facts_go_to_whom_an_item_with_the_control_was_sent(store: Store) -> None:
    sent, waiting = new_item(), new_item()
    put(store, sent, waiting)

    store.submit(lambda tx: tx.mark_sent(EAST, [sent.id], 1, NOW)).result()

    assert store.reader.sent_to(sent.controls) == {EAST}
    assert store.reader.sent_to(waiting.controls) == set()
    assert store.reader.sent_to([ControlId(name())]) == set()


def test_a_batch_of_receipts_twice_is_one_also_within_one_commit(store: Store) -> None:
    item, c = new_item(), name()
    put(store, item)

    jobs = [store.submit(lambda tx: tx.put_receipts(EAST, c, b"batch", [(item.id, "HELD")], NOW)) for _ in range(3)]
    for job in jobs:
        job.result()

    assert store.reader.receipts(item.id) == [(EAST, "HELD", NOW, b"batch")]
    assert store.reader.count("receipt_batch") == 1


def test_a_better_receipt_takes_the_place_of_a_lesser_one(store: Store) -> None:
    item = new_item()
    put(store, item)

    for answer in ("HELD", "VERIFIED", "PARKED"):
        data = answer.encode()
        store.submit(
            lambda tx, a=answer, d=data: tx.put_receipts(EAST, name(), d, [(item.id, a)], NOW)  # type: ignore[misc]
        ).result()

    assert [(r[1], r[3]) for r in store.reader.receipts(item.id)] == [("VERIFIED", b"VERIFIED")]


def test_what_was_parked_alone_goes_again_and_all_of_it_after_a_start(store: Store) -> None:
    parked, other, held = new_item(), new_item(), new_item()
    for item, answer in ((parked, "PARKED"), (other, "PARKED"), (held, "VERIFIED")):
        put(store, item)
        store.submit(lambda tx, i=item: tx.mark_sent(EAST, [i.id], 7, NOW)).result()  # type: ignore[misc]
        store.submit(
            lambda tx, i=item, a=answer: tx.put_receipts(EAST, name(), a.encode(), [(i.id, a)], NOW)  # type: ignore[misc]
        ).result()

    store.submit(lambda tx: tx.mark_parked_due(EAST, [parked.id, held.id])).result()
    first = {row.item_id for row in store.reader.due(EAST, 9)}
    store.submit(lambda tx: tx.all_due_again(EAST)).result()

    assert first == {parked.id}
    assert {row.item_id for row in store.reader.due(EAST, 9)} == {parked.id, other.id}


def test_receipts_that_we_made_can_be_sent_again_and_are_committed(store: Store) -> None:
    item, c = ItemId(name()), name()

    store.submit(lambda tx: tx.put_made_batch(SOUTH, c, b"ours", [item], NOW)).result()

    assert store.reader.made_receipt(item) == (c, NOW)
    assert store.reader.made_batch(item) == b"ours"
    assert store.reader.pending_commitments(9) == [(1, c)]


def test_paths_are_owed_for_what_is_receipted_and_in_a_tick_until_they_were_sent(store: Store) -> None:
    item, batch = new_item(), Commitment(name())
    put(store, item)

    store.submit(
        both(lambda tx: tx.add_commitment(item.c, "item"), lambda tx: tx.put_made_batch(EAST, batch, b"r", [], NOW))
    ).result()
    store.submit(lambda tx: tx.put_receipts(EAST, name(), b"b", [(item.id, "VERIFIED")], NOW)).result()
    before = store.reader.paths_due(EAST, 9)
    store.submit(lambda tx: tx.put_tick(TickRow(5, 0, b"r" * 32, b"s" * 32, b""), [1, 2])).result()
    store.submit(lambda tx: tx.put_tick(TickRow(6, 1, b"r" * 32, b"s" * 32, b""), [])).result()
    due = store.reader.paths_due(EAST, 9)
    behind, first = [store.reader.paths_due(EAST, 9, one.place) for one in due], store.reader.paths_due(EAST, 1)
    store.submit(lambda tx: tx.mark_paths_sent(EAST, [item.c, batch])).result()

    assert before == []
    assert sorted((one.c, one.tick) for one in due) == sorted([(item.c, 5), (batch, 5)])
    assert behind == [due[1:], []]
    assert first == due[:1]
    assert store.reader.paths_due(EAST, 9) == []


def test_no_path_of_ours_is_owed_for_a_fact_that_we_pass_on(store: Store) -> None:
    passed = fact("recall", ControlId(name()), mine=False, author=SOUTH)
    put(store, passed)

    store.submit(lambda tx: tx.put_receipts(EAST, name(), b"b", [(passed.id, "VERIFIED")], NOW)).result()

    assert store.reader.paths_due(EAST, 9) == []


def test_who_purged_is_noted_once(store: Store) -> None:
    item = new_item()
    put(store, item)

    for at in (NOW, NOW + 5):
        store.submit(lambda tx, t=at: tx.set_purged(item.id, EAST, Micros(t))).result()  # type: ignore[misc]

    assert [row.purged_at for row in store.reader.deliveries(item.id)] == [NOW]


def test_of_an_unknown_item_nothing_is_said(store: Store) -> None:
    assert store.reader.deliveries(ItemId(name())) == []
    assert store.reader.receipts(ItemId(name())) == []
    assert store.reader.due_count(NORTH) == 0
