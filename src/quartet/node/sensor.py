"""What the settings say of one sensor: where it stands, how it speaks, where it is heard, and who has what it sees."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import MEMBER_PATTERN, MemberField
from quartet.core.marking import TlpWord
from quartet.node.inforce import DRILL
from quartet.node.views import FeedDraft

ADDRESS_PATTERN: Final = r"^(udp|tcp)://(\[[0-9A-Fa-f:.%a-z]{2,64}\]|[A-Za-z0-9.-]{1,253}):[1-9][0-9]{0,4}(?!\n)$"
EDITION_PATTERN: Final = r"^0(10|20|21|34|48|62|63|65) [0-9]{1,2}\.[0-9]{1,2}(?!\n)$"
IP_PATTERN: Final = r"^[0-9A-Fa-f.:]{2,45}(?!\n)$"

NAMELESS: Final = ":"
"""What stands between its format and the mark of its recording where a sensor has no name of the settings."""
KINDS: Final = {"modes": "air", "asterix": "air", "ais": "sea"}
"""What sensors of a format show: those of one kind under one marking are tracked together."""
TITLES: Final = {"air": "Air picture", "sea": "Ships"}

Octet = Annotated[int, Meta(ge=0, le=255)]
Word = Annotated[str, Meta(pattern=r"^[A-Z][A-Z_]{0,31}(?!\n)$")]


class Sensor(Value, frozen=True):
    """A sensor of this member: its format, and where it stands; with an `address` the node hears it by itself.

    A `udp` address is listened at, a multicast group joined (at `interface`); a `tcp` address is connected to. `sender`
    is whose datagrams alone are taken. What it sees is a feed under its marking (`tlp`, `to`, `caveats`), and without
    one it is not heard. `range_sigma_m` and `azimuth_sigma_deg` are a radar's standard deviations, `rotation_s` what a
    turn of its aerial takes where it does not say so itself.
    """

    name: Annotated[str, Meta(pattern=MEMBER_PATTERN)]
    format: Literal["modes", "asterix", "ais"]
    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    height_m: Annotated[float, Meta(ge=-500, le=9_000)] = 0.0
    address: Annotated[str, Meta(pattern=ADDRESS_PATTERN)] | None = None
    interface: Annotated[str, Meta(pattern=IP_PATTERN)] | None = None
    sender: Annotated[str, Meta(pattern=IP_PATTERN)] | None = None
    sac: Octet | None = None
    sic: Octet | None = None
    editions: Annotated[tuple[Annotated[str, Meta(pattern=EDITION_PATTERN)], ...], Meta(max_length=16)] = ()
    exercise: bool = False
    tlp: TlpWord | None = None
    to: tuple[MemberField, ...] = ()
    caveats: Annotated[tuple[Word, ...], Meta(max_length=16)] = ()
    title: Annotated[str, Meta(min_length=1, max_length=120)] | None = None
    range_sigma_m: Annotated[float, Meta(gt=0, le=10_000)] = 60.0
    azimuth_sigma_deg: Annotated[float, Meta(gt=0, le=10)] = 0.08
    rotation_s: Annotated[float, Meta(ge=0.5, le=120)] | None = None

    def __post_init__(self) -> None:
        """Raise `ValueError` for a sensor that is heard and has no marking, or shows simulated targets as if real."""
        if self.address is not None and self.tlp is None:
            raise ValueError(f"it is heard at {self.address}: say who has what it sees with tlp and to")
        if self.address is not None and int(self.address.rpartition(":")[2]) > 65_535:
            raise ValueError(f"{self.address} has no such port")
        if self.address is not None and self.exercise and DRILL not in self.caveats:
            raise ValueError(f'it lets simulated targets through: say so with caveats = ["{DRILL}"]')

    @property
    def feed(self) -> FeedDraft | None:
        """The feed of what it sees, one for all sensors of the same marking, kind and title; None without a marking."""
        if self.tlp is None:
            return None
        kind = KINDS[self.format]
        return FeedDraft(tlp=self.tlp, to=self.to, title=self.title or TITLES[kind], sensor=kind, caveats=self.caveats)
