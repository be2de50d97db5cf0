import pytest
from stored import EAST, LOG, NORTH, NOW, SOUTH, WEST, both, name, new_item, put

from quartet.core.faults import Untrusted
from quartet.core.ids import Commitment, MemberId, Micros
from quartet.store import EpochSecretRow, ReceivedState, SentState, Store, TickRow


def tick(number: int, index: int) -> TickRow:
    return TickRow(number=number, leaf_index=index, root=bytes([index]) * 32, secret=b"s" * 32, tick_path=b"p" * 64)


def commit(store: Store, count: int) -> list[Commitment]:
    cs = [Commitment(name()) for _ in range(count)]
    store.submit(both(*(lambda tx, c=c: tx.add_commitment(c, "item") for c in cs))).result()
    return cs


def test_commitments_wait_in_order_until_a_tick_takes_them(store: Store) -> None:
    cs = commit(store, 3)

    waiting = store.reader.pending_commitments(2)
    store.submit(lambda tx: tx.put_tick(tick(100, 0), [n for n, _ in waiting])).result()
    store.submit(lambda tx: tx.put_tick(tick(101, 1), [])).result()
    later = commit(store, 1)

    assert waiting == [(1, cs[0]), (2, cs[1])]
    assert [c for _, c in store.reader.pending_commitments(9)] == [cs[2], *later]
    assert store.reader.tick_commitments(100) == cs[:2]
    assert store.reader.tick_commitments(101) == []
    assert [store.reader.tick_of(c) for c in (*cs, name())] == [100, 100, None, None]


def test_a_commitment_twice_is_one(store: Store) -> None:
    c = Commitment(name())

    for _ in range(2):
        store.submit(both(lambda tx: tx.add_commitment(c, "item"), lambda tx: tx.add_commitment(c, "item"))).result()

    assert [found for _, found in store.reader.pending_commitments(9)] == [c]


def test_a_tick_leaves_no_commitment_out(store: Store) -> None:
    commit(store, 3)

    with pytest.raises(ValueError, match="leaves a commitment out"):
        store.submit(lambda tx: tx.put_tick(tick(100, 0), [1, 3])).result()

    assert store.reader.last_tick() is None
    assert len(store.reader.pending_commitments(9)) == 3


def test_a_tick_comes_back_as_it_went_in(store: Store) -> None:
    row = tick(100, 0)

    store.submit(lambda tx: tx.put_tick(row, [])).result()

    assert store.reader.tick(100) == row
    assert store.reader.last_tick() == row
    assert store.reader.tick(99) is None


def test_leaves_are_kept_once_and_never_changed(store: Store) -> None:
    roots = [bytes([n]) * 32 for n in range(5)]
    store.submit(lambda tx: tx.put_leaves(LOG, 0, roots[:3])).result()

    store.submit(lambda tx: tx.put_leaves(LOG, 1, roots[1:])).result()
    with pytest.raises(Untrusted, match="leaf-changed"):
        store.submit(lambda tx: tx.put_leaves(LOG, 4, [b"x" * 32, b"y" * 32])).result()

    assert store.reader.log_size(LOG) == 5
    assert store.reader.leaves(LOG, 1, 3) == roots[1:4]
    assert store.reader.leaves(LOG, 0, 100) == roots
    assert store.reader.log_size("another") == 0
    assert store.reader.logs() == [LOG]


def test_the_newest_checkpoint_and_each_size_are_found(store: Store) -> None:
    for size in (3, 9, 6):
        store.submit(lambda tx, n=size: tx.put_checkpoint(LOG, n, f"note {n}")).result()  # type: ignore[misc]
    store.submit(lambda tx: tx.put_checkpoint(LOG, 9, "another note")).result()

    assert store.reader.checkpoint(LOG) == (9, "note 9")
    assert store.reader.checkpoint(LOG, 6) == (6, "note 6")
    assert store.reader.checkpoint(LOG, 5) is None
    assert store.reader.checkpoint("another") is None


def test_the_first_cosignature_that_covers_a_size_is_found(store: Store) -> None:
    for size, at in ((3, 10), (6, 20), (6, 20)):
        store.submit(lambda tx, n=size, t=at: tx.put_cosignature(LOG, EAST, n, t, f"line {n}")).result()  # type: ignore[misc]

    assert store.reader.cosigned(LOG, EAST, 2) == (3, 10, "line 3")
    assert store.reader.cosigned(LOG, EAST, 4) == (6, 20, "line 6")
    assert store.reader.cosigned(LOG, EAST, 7) is None
    assert store.reader.cosignatures(LOG, 6) == [("east", 20, "line 6")]


def test_pruning_spares_what_a_path_needs(store: Store) -> None:
    item = new_item(author=EAST)
    put(store, item)
    for size in range(1, 11):
        store.submit(
            both(
                lambda tx, n=size: tx.put_checkpoint(LOG, n, "note"),  # type: ignore[misc]
                lambda tx, n=size: tx.put_cosignature(LOG, WEST, n, n, "line"),  # type: ignore[misc]
            )
        ).result()
    store.submit(lambda tx: tx.put_path(item.c, LOG, 3, b"path")).result()

    gone = store.submit(lambda tx: tx.prune_log(LOG, 8)).result()

    kept = [size for size in range(1, 11) if store.reader.checkpoint(LOG, size)]
    assert gone == 6
    assert kept == [4, 8, 9, 10]
    assert [size for size in range(1, 11) if store.reader.cosignatures(LOG, size)] == kept


def test_a_cosignature_of_a_checkpoint_that_was_dropped_meanwhile_is_not_kept(store: Store) -> None:
    for size in (3, 9):
        store.submit(lambda tx, n=size: tx.put_checkpoint(LOG, n, "note")).result()  # type: ignore[misc]
    store.submit(
        both(
            lambda tx: tx.prune_log(LOG, 8),
            lambda tx: tx.put_heard_line(LOG, EAST, 3, 10, "line", "Ed25519"),
            lambda tx: tx.put_heard_line(LOG, EAST, 9, 10, "line", "Ed25519"),
        )
    ).result()

    assert store.reader.cosignatures(LOG, 3) == []
    assert store.reader.cosignatures(LOG, 9) == [("east", 10, "line")]


def test_pruning_our_own_log_spares_the_ticks_that_hold_something(store: Store) -> None:
    commit(store, 1)
    for index in range(5):
        numbers = [1] if index == 2 else []
        store.submit(
            both(
                lambda tx, i=index, n=numbers: tx.put_tick(tick(100 + i, i), n),  # type: ignore[misc]
                lambda tx, i=index, n=numbers: tx.put_leaves(LOG, i, [bytes([i]) * 32]),  # type: ignore[misc]
                lambda tx, i=index, n=numbers: tx.put_checkpoint(LOG, i + 1, "note"),  # type: ignore[misc]
                lambda tx, i=index, n=numbers: tx.put_checkpoint("of east", i + 1, "note"),  # type: ignore[misc]
            )
        ).result()

    store.submit(both(lambda tx: tx.prune_log(LOG, 5), lambda tx: tx.prune_log("of east", 5))).result()

    assert [size for size in range(1, 6) if store.reader.checkpoint(LOG, size)] == [3, 5]
    assert [size for size in range(1, 6) if store.reader.checkpoint("of east", size)] == [5]


# -- the exchange as this node knows it


def test_an_older_manifest_and_a_second_of_one_version_are_refused(store: Store) -> None:
    def keep(version: int, data: bytes, member: MemberId = EAST) -> bool:
        return store.submit(lambda tx: tx.put_manifest("wire", member, version, data)).result()

    assert [keep(2, b"two"), keep(2, b"two"), keep(3, b"three"), keep(1, b"souths", SOUTH)] == [True, False, True, True]
    with pytest.raises(Untrusted, match="manifest-older"):
        keep(2, b"two")
    with pytest.raises(Untrusted, match="manifest-twice"):
        keep(3, b"another")

    assert store.reader.manifests("wire") == [(EAST, b"three"), (SOUTH, b"souths")]
    assert store.reader.manifest_history("wire") == [(EAST, 2, b"two"), (EAST, 3, b"three"), (SOUTH, 1, b"souths")]
    assert store.reader.manifests("officers") == []


def test_acts_stand_in_their_order_and_are_never_replaced(store: Store) -> None:
    for n in (2, 1, 1):
        store.submit(lambda tx, i=n: tx.put_act(i, f"act {i}".encode())).result()  # type: ignore[misc]

    with pytest.raises(Untrusted, match="act-twice"):
        store.submit(lambda tx: tx.put_act(1, b"another")).result()

    assert store.reader.acts() == [b"act 1", b"act 2"]


def test_epoch_secrets_are_wrapped_and_gone_when_they_ended(store: Store) -> None:
    keys = [EpochSecretRow(f"key {n}", bytes([n]) * 32, NOW, Micros(NOW + n), b"public") for n in (1, 2)]
    for key in keys:
        store.submit(lambda tx, k=key: tx.put_epoch_secret(k)).result()  # type: ignore[misc]
    raw = store.path.read_bytes() + store.path.with_name("quartet.db-wal").read_bytes()

    both = store.reader.epoch_secrets()
    gone = store.submit(lambda tx: tx.drop_epoch_secrets(Micros(NOW + 2))).result()

    assert both == keys
    assert b"\2" * 32 not in raw
    assert gone == 1
    assert store.reader.epoch_secrets() == [keys[1]]


def test_a_peer_is_as_it_was_when_it_was_last_saved(store: Store) -> None:
    sent, received = SentState(reserved=64, acked=5), ReceivedState(through=3, last_seq=3, last_hash="g")

    store.submit(lambda tx: tx.save_sent(EAST, SentState(reserved=1))).result()
    store.submit(lambda tx: tx.save_received(EAST, received)).result()
    store.submit(lambda tx: tx.save_sent(EAST, sent)).result()

    assert (store.reader.sent(EAST), store.reader.received(EAST)) == (sent, received)
    assert (store.reader.sent(WEST), store.reader.received(WEST)) == (SentState(), ReceivedState())


def test_an_alarm_stands_once_until_it_ends(store: Store) -> None:
    def alarms() -> list[tuple[str, str, int]]:
        return [(a.reason, a.detail, a.at) for a in store.reader.alarms()]

    store.submit(lambda tx: tx.put_alarm("link-suspect", EAST, "one", NOW)).result()
    store.submit(lambda tx: tx.put_alarm("link-suspect", EAST, "two", Micros(NOW + 1))).result()
    standing = alarms()
    store.submit(lambda tx: tx.end_alarm("link-suspect", EAST, NOW)).result()
    ended = alarms()
    store.submit(lambda tx: tx.put_alarm("link-suspect", EAST, "again", Micros(NOW + 9))).result()

    assert standing == [("link-suspect", "two", NOW)]
    assert ended == []
    assert alarms() == [("link-suspect", "again", NOW + 9)]


def test_what_officers_did_is_kept_line_by_line(store: Store) -> None:
    for n, subject in enumerate(("N-1", "N-2", "N-1")):
        store.submit(lambda tx, s=subject, i=n: tx.note_person(NOW, "duty", "viewed", s, str(i))).result()  # type: ignore[misc]

    assert [line.detail for line in store.reader.person_log()] == ["0", "1", "2"]
    assert [line.detail for line in store.reader.person_log(after=1, subject="N-1")] == ["2"]


def test_small_values_are_kept_by_name(store: Store) -> None:
    store.submit(both(lambda tx: tx.set_meta("a", "1"), lambda tx: tx.set_meta("a", "2"))).result()

    assert (store.reader.meta("a"), store.reader.meta("b")) == ("2", None)


def test_evidence_is_kept_in_the_order_it_came(store: Store) -> None:
    for kind in ("equivocation", "bad-path"):
        store.submit(lambda tx, k=kind: tx.put_evidence(k, NORTH, b"bytes", NOW)).result()  # type: ignore[misc]

    assert [row[0] for row in store.reader.evidence()] == ["equivocation", "bad-path"]
