"""CAT 034, 063 and 065, and what CAT 010 says besides: what a radar or a system says of itself."""

from typing import Final

from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.picture.plot import ServiceKind, ServiceMessage
from quartet.sensors.asterix.layout import Layout, Slices
from quartet.sensors.door import Source

MIN_TURN_S: Final = 0.5
MAX_TURN_S: Final = 120.0
"""What one turn of an aerial may take."""
KINDS: Final[dict[int, dict[int, ServiceKind]]] = {
    34: {1: "NORTH", 2: "SECTOR", 3: "OTHER", 4: "OTHER", 5: "OTHER", 6: "OTHER", 7: "OTHER"},
    65: {1: "STATUS", 2: "OTHER", 3: "STATUS"},
    10: {2: "OTHER", 3: "STATUS", 4: "STATUS"},
}
"""The message types of each category; another number is none."""


class Services:
    """Makes messages of service records."""

    def __init__(self, layout: Layout, source: Source) -> None:
        self._sensor = source.name
        self._kinds = KINDS.get(layout.category)
        self._type = layout.field("000")
        self._sector = layout.field("020") if layout.category == 34 else layout.field()
        self._turn = layout.field("041")
        self._stopped = layout.field("050/COM/NOGO", "060/CON", "040/NOGO", "550/NOGO")
        self._degraded = 0 if layout.category == 34 else 1
        """Up to which word of its state it is in use: CAT 034 has no word for degraded."""

    def read(self, slices: Slices, at: Micros) -> ServiceMessage:
        """Return what a record says; raise `Malformed("out-of-range")` for a type or a turn that cannot be."""
        kind: ServiceKind = "STATUS"
        if self._kinds is not None:
            number = self._type.raw(slices)
            if number is None or number not in self._kinds:
                raise Malformed("out-of-range", f"message type {number}")
            kind = self._kinds[number]
        state = self._stopped.raw(slices)
        return ServiceMessage(
            at=at,
            sensor=self._sensor,
            kind=kind,
            azimuth_deg=self._sector.value(slices),
            rotation_s=self._rotation(slices),
            in_use=None if state is None else state <= self._degraded,
        )

    def _rotation(self, slices: Slices) -> float | None:
        turn = self._turn.value(slices)
        if turn is None or turn == 0:
            return None
        if not MIN_TURN_S <= turn <= MAX_TURN_S:
            raise Malformed("out-of-range", f"a turn of {turn} s")
        return turn
