"""What counts of a log key that its root took back: what it signed before, as far as a quorum saw it then."""

from typing import Final

import proof_world as w
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.charter import found
from quartet.core.faults import Untrusted
from quartet.core.ids import SECOND, Micros, Tick
from quartet.core.keyring import KeyEntry
from quartet.core.keys import PublicKey
from quartet.core.manifest import Revocation, verify_wire_manifest
from quartet.core.proof.checkpoint import make_checkpoint, witness_name
from quartet.core.proof.logkeys import LogKeyring, counts, last_tick, log_keyring
from quartet.core.proof.note import read_note, write_note
from quartet.core.proof.quorum import quorum

STATE: Final = found(w.charter())
ORIGIN: Final = f"quartet/{STATE.exchange}/north/1"
SIZE: Final = 5
LAST: Final = w.TICK + SIZE - 1
NOTE: Final = make_checkpoint(ORIGIN, SIZE, bytes(32), Tick(w.TICK), w.key("north", "log"))
OTHERS: Final = (w.EAST, w.SOUTH, w.WEST)


def ring(member: str, revoked_from: int | None = None) -> LogKeyring:
    gone = () if revoked_from is None else (Revocation(w.key(member, "log").id, revoked_from),)
    return log_keyring(verify_wire_manifest(w.manifest(STATE, member, gone), STATE), SECOND)  # type: ignore[arg-type]


def witnesses(at: Micros) -> dict[str, LogKeyring | None]:
    return {witness_name(STATE.exchange, m): ring(m) for m in OTHERS}


def shown(dates: dict[str, int]) -> str:
    """Return the note with a line of each of these witnesses, dated in seconds."""
    lines = [w.cosigned(NOTE, m, at) for m, at in dates.items()]  # type: ignore[arg-type]
    return write_note(read_note(NOTE).text, [read_note(NOTE).signatures[0], *lines])


dated = st.dictionaries(st.sampled_from(OTHERS), st.integers(LAST - 2, LAST + 6), max_size=3)


@given(dated, st.integers(LAST - 3, LAST + 8))
def test_a_key_that_was_taken_back_counts_as_far_as_a_quorum_saw_it_before(dates: dict[str, int], gone: int) -> None:
    before = sum(at < gone for at in dates.values())

    assert counts(shown(dates), ORIGIN, ring("north", gone), witnesses) == (gone > LAST and before >= quorum(3))
    assert counts(shown(dates), ORIGIN, ring("north"), witnesses), "a key in use needs nobody's word"


@pytest.mark.parametrize(
    ("gone", "dates", "stands"),
    [
        (LAST + 1, (LAST, LAST), True),
        (LAST, (LAST - 1, LAST - 1), False),
        (LAST + 1, (LAST,), False),
        (LAST + 1, (LAST, LAST + 1), False),
        (LAST + 2, (LAST, LAST + 1), True),
    ],
    ids=["before", "its tick is not before", "no quorum", "a quorum too late", "just in time"],
)
def test_the_last_tick_and_the_quorum_are_both_before_it(gone: int, dates: tuple[int, ...], stands: bool) -> None:
    note = shown(dict(zip(OTHERS, dates, strict=False)))

    assert counts(note, ORIGIN, ring("north", gone), witnesses) is stands


def test_where_one_of_two_witnesses_is_absent_the_other_saw_it_before() -> None:
    two, note = ("quartet/x/none", witness_name(STATE.exchange, w.EAST)), shown({"east": LAST})

    def both(_: Micros) -> dict[str, LogKeyring | None]:
        return {two[0]: None, two[1]: ring("east")}

    assert not counts(note, ORIGIN, ring("north", LAST + 1), both)
    assert counts(note, ORIGIN, ring("north", LAST + 1), both, lambda *_: two[:1])


def test_a_line_that_is_no_witnesss_counts_for_nothing() -> None:
    forged = [w.cosigned(NOTE, m, LAST, w.key("north", "log")) for m in OTHERS]
    own = [w.cosigned(NOTE, w.NORTH, LAST), w.cosigned(NOTE, w.EAST, LAST)]
    head = read_note(NOTE)

    for lines in (forged, own):
        note = write_note(head.text, [head.signatures[0], *lines])
        assert not counts(note, ORIGIN, ring("north", LAST + 1), witnesses)


def test_a_checkpoint_or_a_line_of_its_last_tick_or_later_is_refused_and_the_newest_key_goes_first() -> None:
    said = ring("north").checkpoint(NOTE, ORIGIN)
    assert last_tick(said) == LAST
    assert ring("north", LAST + 1).checkpoint(NOTE, ORIGIN) == said
    with pytest.raises(Untrusted, match="key-revoked"):
        ring("north", LAST).checkpoint(NOTE, ORIGIN)

    east, line = witness_name(STATE.exchange, w.EAST), w.cosigned(NOTE, w.EAST, LAST)
    assert ring("east", LAST + 1).cosigned(said, line, east) == ("Ed25519", LAST)
    with pytest.raises(Untrusted, match="key-revoked"):
        ring("east", LAST).cosigned(said, line, east)
    with pytest.raises(Untrusted, match="other-witness"):
        ring("south").cosigned(said, line, east)

    fresh = w.key("north", "new log").public
    known = LogKeyring(w.NORTH, SECOND, (_entry(fresh), *ring("north", LAST + 1).fast), ())
    renewed = make_checkpoint(ORIGIN, SIZE, bytes(32), Tick(w.TICK), w.key("north", "new log"))
    assert known.signer(renewed, ORIGIN)[1].public == fresh
    assert known.signer(NOTE, ORIGIN)[1].revoked_from == LAST + 1
    assert known.timeless().took_back is False
    assert known.timeless().publics == known.publics


def _entry(key: PublicKey) -> KeyEntry:
    return KeyEntry(public=key)
