"""A member's registry of aircraft: a line each, and of whatever bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.node.identify.registered import Registered, read_registry


def test_a_registry_is_read_with_and_without_its_heading() -> None:
    lines = b"4B1805,HB-JDA,yes\n3c6444,D-AIUA,no\n4ca7b1,EI-DCL\n"
    want = {"4b1805": Registered("HBJDA", True), "3c6444": Registered("DAIUA"), "4ca7b1": Registered("EIDCL")}

    assert read_registry(lines) == want
    assert read_registry(b"\xef\xbb\xbfaddress,registration,own\n\n" + lines) == want


@pytest.mark.parametrize("line", [b"4b18,HB-JDA,yes", b"4b1805", b"4b1805,HB JDA,yes", b"4b1805,HB-JDA,maybe", b"\xff"])
def test_a_line_that_is_no_aircraft_is_refused(line: bytes) -> None:
    with pytest.raises(Malformed):
        read_registry(b"3c6444,D-AIUA,no\n" + line + b"\n")


@given(st.binary(max_size=300))
def test_any_bytes_give_a_registry_or_malformed(data: bytes) -> None:
    try:
        found = read_registry(data)
    except Malformed:
        return
    assert all(len(address) == 6 for address in found)
