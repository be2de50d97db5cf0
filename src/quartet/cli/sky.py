"""What a terminal shows of the picture: a table of tracks, and where there is room a plan with range rings."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from math import atan2, degrees, hypot
from statistics import median
from typing import Final, NamedTuple

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from quartet.cli.output import one_line, tlp_text, utc
from quartet.cli.planview import MIN_COLUMNS, MIN_LINES, Centre, Mark, arrow, offset_nm, plan, reach
from quartet.core.faults import Unavailable
from quartet.core.marking import TLP_ORDER
from quartet.core.units import KNOT_MPS, LEVEL_M
from quartet.node.inforce import is_drill
from quartet.node.trackviews import TrackView
from quartet.node.views import micros
from quartet.picture.track import state_of

SORTS: Final = ("track", "age", "height", "speed", "distance")
WIDE: Final = 104
"""Columns from which on the plan stands beside the table; below, under it if there are lines enough."""
TABLE_COLUMNS: Final = 58
HEAD_LINES: Final = 3

_DRILL_STYLE: Final = "magenta"
_STYLES: Final = {"measured": "", "extrapolated": "yellow", "old": "dim"}


class View(NamedTuple):
    """How the picture is looked at; no centre: where most tracks are, no range: as far as they go."""

    centre: tuple[float, float] | None = None
    range_nm: float | None = None
    sort: str = "track"


class Sky:
    """What is on view: the tracks of now, and since when nobody answers."""

    def __init__(self, member: str, view: View, ahead: timedelta) -> None:
        self._member = member
        self._view = view
        self._ahead = ahead
        self._tracks: Sequence[TrackView] = ()
        self._at: datetime | None = None
        self._trouble = ""
        self._centre: Centre | None = None

    def take(self, ask: Callable[[], Sequence[TrackView]]) -> None:
        """Take what there is now; a node that does not answer leaves what was, marked as such."""
        try:
            self._tracks = ask()
        except Unavailable as fault:
            self._trouble = fault.reason
            return
        self._at, self._trouble = self._now(), ""
        self._centre = self._looks()

    def drawn(self, columns: int, lines: int) -> RenderableType:
        """Return what fits a terminal of this size."""
        head = self._head(columns)
        room = lines - HEAD_LINES - 1
        beside = columns >= WIDE and room >= MIN_LINES
        below = not beside and columns >= MIN_COLUMNS and room >= 3 * MIN_LINES
        foot = Text("q leaves", style="dim", no_wrap=True, end="")
        if self._centre is None or not (beside or below):
            return Group(*head, self._table(columns, room), foot)
        if beside:
            both = Table.grid(padding=(0, 2))
            made = plan(self._marks(), self._centre, columns - TABLE_COLUMNS - 2, room)
            both.add_row(self._table(TABLE_COLUMNS, room), Text("\n").join(made))
            return Group(*head, both, foot)
        half = room // 2
        made = plan(self._marks(), self._centre, columns, room - half)
        return Group(*head, self._table(columns, half), *made, foot)

    def plain(self) -> RenderableType:
        """Return all of it, for where nothing is drawn over."""
        return Group(*self._head(10_000), self._table(10_000, 10_000))

    # -- in parts

    def _now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def _age(self, track: TrackView) -> float:
        return max(0.0, (self._now() - track.at).total_seconds())

    def _state(self, track: TrackView) -> str:
        return state_of(micros(track.at), micros(self._now()))

    def _looks(self) -> Centre | None:
        """Return where the plan looks: a centre that was found once stays, and the range grows only."""
        places = [(track.lat, track.lon) for track in self._tracks]
        before = self._centre
        point = self._view.centre or (before[:2] if before else None)
        if point is None and places:
            point = median(lat for lat, _ in places), median(lon for _, lon in places)
        if point is None:
            return None
        fits = self._view.range_nm or max(reach(point, places), before.range_nm if before else 0.0)
        return Centre(*point, fits)

    def _marks(self) -> list[Mark]:
        """Return what the plan shows; the old first, so that what is sure is over it."""
        marked = sorted(self._tracks, key=self._age, reverse=True)
        return [Mark(t.lat, t.lon, t.track_deg, one_line(t.id), self._style(t)) for t in marked]

    def _style(self, track: TrackView) -> str:
        return f"{_DRILL_STYLE if is_drill(track.id) else ''} {_STYLES[self._state(track)]}".strip()

    def _head(self, columns: int) -> list[Text]:
        states = Counter(self._state(track) for track in self._tracks)
        sources = Counter(member for track in self._tracks for member in track.members)
        told = ", ".join(f"{states[state]} {state}" for state in _STYLES)
        first = Text(f"{self._member}  {utc(self._now())}  ", style="bold")
        first.append_text(_highest(self._tracks))
        if self._trouble:
            first = Text(f"NO ANSWER ({self._trouble}): this was at {utc(self._at)}", style="bold red")
        second = Text(f"{len(self._tracks)} tracks: {told}")
        if drills := sum(is_drill(track.id) for track in self._tracks):
            second.append(f"; {drills} EXERCISE", _DRILL_STYLE)
        third = Text("  ".join(f"{source} {count}" for source, count in sorted(sources.items())) or "no tracks")
        if self._centre is not None:
            third.append(f"  {_place(self._centre)}, {self._centre.range_nm:g} NM", "dim")
        for line in (first, second, third):
            line.no_wrap = True
            line.truncate(columns, overflow="ellipsis")
        return [first, second, third]

    def _table(self, columns: int, lines: int) -> Table:
        names = _columns(columns)
        made = Table(box=None, pad_edge=False, show_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for name in names:
            right = name not in {"TRACK", "FROM", "COURSE"}
            made.add_column(name, justify="right" if right else "left", no_wrap=True, overflow="ellipsis")
        ordered = sorted(self._tracks, key=self._order)
        shown = ordered if len(ordered) < lines else ordered[: max(0, lines - 2)]
        for track in shown:
            cells = self._cells(track)
            made.add_row(*(cells[name] for name in names), style=self._style(track))
        if len(shown) < len(ordered):
            made.add_row(f"+{len(ordered) - len(shown)} more", *[""] * (len(names) - 1), style="dim")
        return made

    def _cells(self, track: TrackView) -> dict[str, str]:
        course = "" if track.track_deg is None else f" {round(track.track_deg) % 360:03d}"
        return {
            "TRACK": one_line(track.id),
            "AGE": f"{self._age(track):.0f} s",
            "FL": "-" if track.alt_m is None else f"{round(track.alt_m / LEVEL_M):03d}",
            "KT": "-" if track.speed_mps is None else f"{track.speed_mps / KNOT_MPS:.0f}",
            "COURSE": arrow(track.track_deg) + course,
            "FROM": one_line(" ".join(track.members)),
            "NM": "-" if self._centre is None else f"{self._distance(track):.1f}",
            "BRG": "-" if self._centre is None else f"{self._bearing(track):03d}",
            "LAT": f"{track.lat:.4f}",
            "LON": f"{track.lon:.4f}",
        }

    def _order(self, track: TrackView) -> tuple[float, str]:
        by = {
            "age": self._age(track),
            "height": -(track.alt_m if track.alt_m is not None else -1e9),
            "speed": -(track.speed_mps if track.speed_mps is not None else -1e9),
            "distance": self._distance(track),
        }
        return by.get(self._view.sort, 0.0), track.id

    def _distance(self, track: TrackView) -> float:
        return 0.0 if self._centre is None else hypot(*offset_nm(self._centre[:2], (track.lat, track.lon)))

    def _bearing(self, track: TrackView) -> int:
        east, north = (0.0, 0.0) if self._centre is None else offset_nm(self._centre[:2], (track.lat, track.lon))
        return round(degrees(atan2(east, north))) % 360


def _columns(width: int) -> tuple[str, ...]:
    """Return the columns for which there is room: what matters most stays longest."""
    if width >= 78:
        return "TRACK", "AGE", "FROM", "FL", "KT", "COURSE", "NM", "BRG", "LAT", "LON"
    if width >= TABLE_COLUMNS:
        return "TRACK", "AGE", "FROM", "FL", "KT", "COURSE", "NM", "BRG"
    if width >= 40:
        return "TRACK", "AGE", "FROM", "FL", "KT", "COURSE"
    return "TRACK", "AGE", "FL", "COURSE"


def _highest(tracks: Sequence[TrackView]) -> Text:
    """Return the highest marking on view; a word that is not known counts as the highest."""
    places = [TLP_ORDER.index(t.tlp) if t.tlp in TLP_ORDER else len(TLP_ORDER) - 1 for t in tracks]
    return tlp_text(TLP_ORDER[max(places)]) if places else Text()


def _place(centre: Centre) -> str:
    north, east = "N" if centre.lat >= 0 else "S", "E" if centre.lon >= 0 else "W"
    return f"{abs(centre.lat):.2f}{north} {abs(centre.lon):.2f}{east}"
