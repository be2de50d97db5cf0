"""What is alike at every sensor's door: what is counted, and how one that is not believed is refused."""

from collections.abc import Callable

import pytest

from quartet.core.faults import Malformed
from quartet.sensors.door import Source
from quartet.sensors.formats import OURS, open_reader

LINES = b"!noise that is no sentence and no frame\n" * 600
NOISE = {"modes": LINES, "ais": LINES, "asterix": b"\x30\x00\x05\xff\xff" * 600}


@pytest.mark.parametrize("format_", sorted(OURS))
def test_one_that_is_quarantined_says_which_how_much_and_why_and_reads_no_further(format_: str) -> None:
    reader = open_reader(format_, Source(name="mast", lat=46.9, lon=7.5))
    reader.read(NOISE[format_])
    counts = reader.counts

    assert reader.quarantined
    asked: tuple[Callable[[], object], ...] = (
        lambda: reader.read(b"more\n"),
        lambda: reader.datagram(b"more\n"),
        reader.close,
    )
    for ask in asked:
        with pytest.raises(Malformed, match=r"mast: \d+ of the last \d+ refused \(.*\d+ [a-z-]+.*\)") as refused:
            ask()
        assert refused.value.reason == "quarantined"
    assert reader.counts == counts
