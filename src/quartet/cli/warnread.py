"""How a warning is read from words on the command line, and shown there."""

import re
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from quartet.cli.client import Client
from quartet.cli.options import below
from quartet.cli.outcome import Refusal
from quartet.cli.output import facts, say, utc
from quartet.cli.send import tlp_word
from quartet.console.shapes import UNKNOWN_ITEM
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId
from quartet.desk.warning import Info, Language, Stage, Word
from quartet.node.desk.warningviews import (
    DRAFT,
    WITHDRAWN,
    AreaView,
    DeskView,
    Place,
    RoundView,
    Seconds,
    WarningDraft,
    WarningRow,
    WarningView,
)
from quartet.node.files import read_file

MAX_INFO: Final = 64 * 1024
UNCHECKED: Final = "no officer stands behind it"
"""What is said of an authority's alert that was relayed as it came."""

_NUMBER: Final = r"(-?\d{1,3}(?:\.\d+)?)"
_POINT: Final = re.compile(rf"{_NUMBER},{_NUMBER}\Z")
_CIRCLE: Final = re.compile(rf"{_NUMBER},{_NUMBER},(\d{{1,7}})\Z")


def desks_of(given: Iterable[str]) -> tuple[DeskView, ...]:
    """Return the desks that `east`, the member's watch, and `east/dam-3`, its site desk, mean."""
    return tuple(DeskView(MemberId(member), name) for member, _, name in (one.partition("/") for one in given))


def circles(given: Iterable[str]) -> tuple[RoundView, ...]:
    """Return the circles that `47.0,8.5,2000` means: degrees and metres."""
    return tuple(
        RoundView(float(lat), float(lon), int(radius))
        for lat, lon, radius in (_matched(_CIRCLE, one, "--circle", "47.0,8.5,2000") for one in given)
    )


def polygons(given: Iterable[str]) -> tuple[tuple[Place, ...], ...]:
    """Return the polygons that `47.0,8.5 47.1,8.5 47.1,8.6` means, each closed."""
    return tuple(_closed(tuple(map(_point, one.split()))) for one in given)


def desk_text(desk: DeskView) -> str:
    """Return a desk as people write it."""
    return f"{desk.member}/{desk.name}" if desk.name else desk.member


def stage_text(row: WarningRow) -> str:
    """Return how a warning stands, in words."""
    if row.stage == WITHDRAWN:
        return f"WITHDRAWN by {', '.join(row.withdrawn_by)}"
    if row.stage == DRAFT:
        return "DRAFT: it warns nobody until a second officer confirms it"
    wrong = f", FOUND WRONG by {row.checked_by}" if found_wrong(row) else ""
    if row.word == "CANCEL" and row.stage == Stage.IN_FORCE:
        return f"says that the danger is over{wrong}"
    stage = row.stage.lower().replace("_", " ") + wrong
    return stage if row.word == "ALERT" else f"{row.word.lower()}, {stage}"


def found_wrong(row: WarningRow) -> bool:
    """Return whether a review found a warning wrong, and nothing has taken its place."""
    return row.check == "WRONG" and row.stage == Stage.IN_FORCE


def wrong_text(row: WarningRow, me: MemberId) -> str:
    """Return what is to be done about a warning that was found wrong."""
    if row.author != me:
        return f"until {row.author} updates or ends it, it holds: ask {row.author} what is so"
    if row.word == "CANCEL":
        return "it says that the danger is over: if it is not, warn anew with quartet warn issue"
    return f"until you end it with quartet warn cancel {row.ref}, or quartet warn update {row.ref}, it holds"


def show_warning(one: WarningView, me: MemberId) -> None:
    """Write a warning whole for people of a member."""
    row = one.row
    facts(
        [
            ("ref", row.ref),
            ("from", f"{row.author}/{row.officer}" + (" EXERCISE" if row.exercise else "")),
            ("at", utc(row.at)),
            ("label", row.tlp),
            ("stands", stage_text(row)),
            ("holds", f"{utc(row.begins)} to {utc(row.until)}"),
            ("how bad", f"{row.category}, {row.urgency}, {row.severity}, {row.certainty}"),
            ("where", "; ".join(map(_area, row.areas))),
            *([("released", f"without a second officer, because {row.why}")] if row.release == "OVERRIDE" else []),
            *([("second officer", _second(one))] if row.release or row.stage == DRAFT else []),
            *([("nobody", nobody_text(one.second, me))] if lacks(one.second) else []),
            *([("to do", wrong_text(row, me))] if found_wrong(row) else []),
            *([("source", f"{row.source.sender} by {row.source.door}; {UNCHECKED}")] if row.source else []),
            *([("ends" if row.word == "CANCEL" else "in place of", one.previous)] if one.previous else []),
            *([("followed by", one.followed_by)] if one.followed_by else []),
            *([("goes to", ", ".join(one.to))] if one.to else []),
            *([("desks", ", ".join(map(desk_text, row.desks)))] if row.stage == DRAFT else []),
        ]
    )
    for info in row.info:
        say(f"\n[{info.language}] {info.hazard}")
        if row.stage != WITHDRAWN:
            say(f"{info.headline}\n{info.protect.rstrip()}")
    say("")
    for ack in one.acks:
        say(f"{desk_text(ack.desk)} acknowledged {utc(ack.at)} by {ack.officer} {ack.text}".rstrip())
    for desk in row.missing:
        say(f"{desk_text(desk)} has not" + (", and was NOT REACHED: call it" if desk in row.unreached else ""))
    if row.exercise and row.author == me and row.missing:
        say("it is of an exercise: it is shown to officers trained for EXERCISE alone; call whose desk stays silent")


def lacks(second: Seconds | None) -> bool:
    """Return whether nobody can be the second officer who is awaited."""
    return second is not None and not second.officers


def nobody_text(second: Seconds | None, me: MemberId) -> str:
    """Return what is to be done where no other officer of a member may read what is to be confirmed or reviewed."""
    trained = [f"trained:{word}" for word in (() if second is None else second.training)]
    whom = f" ({', '.join(trained)})" if trained else ""
    roles = f"quartet officer roles NAME --roles {','.join(['watch', *trained])}"
    return f"no other officer of {me} may read it{whom}; train one, or add one: {roles}"


def _second(one: WarningView) -> str:
    row = one.row
    if row.checked_by is not None:
        return f"{row.checked_by}: {row.check}" + (f": {one.check_text}" if one.check_text else "")
    if row.release == "OVERRIDE":
        return f"none yet; review due {utc(row.review_by)}"
    return f"none yet: quartet warn confirm {row.ref}" if row.stage == DRAFT else "not seen yet"


def _area(area: AreaView) -> str:
    shapes = [f"{one.radius_m} m round {one.lat:.5f},{one.lon:.5f}" for one in area.circles]
    shapes += [" ".join(f"{lat:.5f},{lon:.5f}" for lat, lon in one) for one in area.polygons]
    return f"{area.name} ({'; '.join(shapes)})"


def _point(text: str) -> Place:
    lat, lon = _matched(_POINT, text, "--polygon", '"47.0,8.5 47.1,8.5 47.1,8.6"')
    return float(lat), float(lon)


def _closed(points: tuple[Place, ...]) -> tuple[Place, ...]:
    return points if points and points[0] == points[-1] else (*points, *points[:1])


def _matched(pattern: re.Pattern[str], text: str, option: str, example: str) -> tuple[str, ...]:
    found = pattern.match(text)
    if found is None:
        raise Malformed("bad-area", f"{option} {text}: write it as {example}")
    return found.groups()


def following(
    before: WarningView, word: Word, text: str, language: Language, info: Path | None, override: str | None
) -> WarningDraft:
    """Return a warning that takes the place of one: its area, desks and marking, with other words."""
    row = before.row
    same = next((one for one in row.info if one.language == language), row.info[0])
    return WarningDraft(
        word=word,
        previous=row.id,
        tlp=tlp_word(row.tlp),
        category=row.category,
        urgency=row.urgency,
        severity=row.severity,
        certainty=row.certainty,
        begins=row.begins,
        until=row.until,
        areas=row.areas,
        info=(Info(language, same.hazard, same.headline, text), *more_of(info)),
        desks=row.desks,
        responses=("AllClear",) if word == "CANCEL" else row.responses,
        caveats=("EXERCISE",) if row.exercise else (),
        public=before.public,
        override=override is not None,
        why=override or "",
    )


@contextmanager
def withdrawn_is_told(client: Client, ref: str) -> Generator[None, None, None]:
    """Say of a warning that was taken back that this is so, to who reads it in her list and is told of no such item."""
    try:
        yield
    except Refusal as refusal:
        if refusal.reason != UNKNOWN_ITEM:
            raise
        row = client.get(below("/warnings", ref), WarningView).row  # unknown here too, unless it was taken back
        if row.stage != WITHDRAWN:
            raise
        raise Refusal(
            "recalled", f"{row.ref} was taken back by {row.author}: there is nothing to acknowledge"
        ) from None


def more_of(info: Path | None) -> Iterable[Info]:
    """Return the texts of more languages that a file has; raise `Malformed("bad-form")`."""
    if info is None:
        return ()
    try:
        return msgspec.json.decode(read_file(info, MAX_INFO), type=tuple[Info, ...])
    except msgspec.MsgspecError as error:
        raise Malformed("bad-form", f"{info}: {error}") from error
