"""What `carry` says of a file that was written or taken in: no more than is so."""

import pytest
from msgspec import structs

from quartet.cli.carry import _tell_in, _tell_out
from quartet.core.ids import MemberId
from quartet.node.carryviews import CameIn, CarriedView

WEST = MemberId("west")
NOTHING = CameIn(
    member=WEST, items=0, receipts=0, parcels=0, known=1, answers=0, not_taken={}, refused={}, unread=0, due=0
)
WRITTEN = CarriedView(member=WEST, written=None, items=0, parcels=0, came=None, due=5, key=True)


def test_where_there_is_no_key_nothing_is_said_of_what_did_not_fit(capsys: pytest.CaptureFixture[str]) -> None:
    _tell_out(structs.replace(WRITTEN, key=False), 5)
    said = capsys.readouterr().out
    assert "no key of west" in said
    assert "did not fit" not in said

    _tell_out(WRITTEN, 5)
    assert "5 items did not fit" in capsys.readouterr().out


def test_receipts_wait_only_where_some_were_made(capsys: pytest.CaptureFixture[str]) -> None:
    for came, waits in [
        (NOTHING, ""),
        (structs.replace(NOTHING, due=1), "1 item waits for west"),
        (structs.replace(NOTHING, parcels=1, items=2, answers=2), "receipts wait for west"),
        (structs.replace(NOTHING, parcels=1, items=2, answers=2, due=3), "receipts and 3 items wait for west"),
    ]:
        _tell_in(came)
        last = capsys.readouterr().out.splitlines()[-1]
        assert last.startswith(waits) if waits else "wait" not in last


def test_what_was_not_taken_and_what_was_left_unread_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    _tell_in(structs.replace(NOTHING, parcels=2, not_taken={"suspended": 5}, refused={"bad-seal": 64}, unread=7))

    error = capsys.readouterr().err
    assert "suspended: 5 pieces in them not taken" in error
    assert "7 records at its end left unread" in error
