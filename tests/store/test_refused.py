from pathlib import Path

from stored import EAST, NORTH, NOW, opened

from quartet.store import MAX_REFUSED, MAX_REFUSED_BYTES


def test_refused_bytes_of_a_member_are_kept_up_to_two_bounds_the_newest_of_them(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        small = [b"%d" % n for n in range(MAX_REFUSED + 5)]
        went = sum(store.submit(lambda tx, d=d: tx.put_refused("bad", NORTH, d, NOW)).result() for d in small)  # type: ignore[misc]
        store.submit(lambda tx: tx.put_evidence("equivocation", EAST, b"two logs", NOW)).result()
        large = bytes(MAX_REFUSED_BYTES // 4)
        for n in range(6):
            store.submit(lambda tx, n=n: tx.put_refused("bad", EAST, large[n:], NOW)).result()  # type: ignore[misc]

        kept = store.reader.evidence()

    assert went == 5
    assert [data for _, subject, data, _ in kept if subject == NORTH] == small[5:]
    assert [len(large) - len(data) for kind, s, data, _ in kept if s == EAST and kind == "bad"] == [2, 3, 4, 5]
    assert next(kind for kind, s, _, _ in kept if s == EAST) == "equivocation"
