"""Circles and agreements at the command line: how they are written for an act, and how they are shown."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from quartet.cli.options import when
from quartet.cli.output import say, table, utc
from quartet.core.articles import Agreement, Changes, Charter, Circle
from quartet.core.encoding import b64
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId, Micros
from quartet.node.community import AgreementView, CircleView, Community
from quartet.node.files import read_file
from quartet.node.views import micros, moment

MAX_TEXT: Final = 16 * 1024 * 1024
OPEN_ENDED: Final = "-"
N = TypeVar("N", Circle, Agreement)


def circle_of(text: str) -> Circle:
    """Return the circle that `NAME=north,east` means, or raise `Malformed("bad-circle")`."""
    name, _, members = text.partition("=")
    named = tuple(sorted({MemberId(one.strip()) for one in members.split(",") if one.strip()}))
    if not name or not named:
        raise Malformed("bad-circle", f"--circle {text}: write NAME=MEMBERS, as in strait=east,north")
    return Circle(name=name, members=named)


def agreement_of(text: str) -> Agreement:
    """Return the agreement that `NAME=CIRCLE=SINCE=UNTIL=FILE` means, or raise `Malformed("bad-agreement")`.

    UNTIL is `-` where it has no end. Of the file goes its SHA-256 alone.
    """
    parts = text.split("=", 4)
    if len(parts) != 5 or not all(parts):
        raise Malformed(
            "bad-agreement",
            f"--agreement {text}: write NAME=CIRCLE=SINCE=UNTIL=FILE, as in fish=strait=2026-03-01T00:00Z=-=fish.pdf",
        )
    name, circle, since, until, file = parts
    begins, ends = when(since, "SINCE"), when(None if until == OPEN_ENDED else until, "UNTIL")
    assert begins is not None  # an empty part was refused
    return Agreement(
        name=name,
        circle=circle,
        since=micros(begins),
        until=None if ends is None else micros(ends),
        text_hash=text_hash(Path(file)),
    )


def text_hash(path: Path) -> str:
    """Return how the charter names the text of an agreement: the SHA-256 of its file, in base64url."""
    return b64(hashlib.sha256(read_file(path, MAX_TEXT)).digest())


def tell_community(seen: Community) -> None:
    """Show circles and agreements."""
    if seen.circles:
        say("")
        table(("CIRCLE", "MEMBERS"), [(one.name, means(one)) for one in seen.circles])
    if seen.agreements:
        say("")
        among = {one.name: f"{one.circle} ({', '.join(one.members)})" for one in seen.agreements}
        rows = [(a.name, among[a.name], utc(a.since), *_end(a), a.text_hash) for a in seen.agreements]
        table(("AGREEMENT", "CIRCLE", "SINCE", "UNTIL", "STANDS", "TEXT"), rows)
        say("an agreement lets nobody have anything: markings and grants do")


def means(circle: CircleView) -> str:
    """Return whom a circle means, and which of them can be sent nothing now."""
    return ", ".join(f"{m} (not active)" if m in circle.idle else m for m in circle.members)


def tell_resolved(to: Iterable[str], circles: Iterable[CircleView]) -> None:
    """Say whom each circle that was named means."""
    known = {one.name: one for one in circles}
    for name in dict.fromkeys(to):
        if name in known:
            say(f"circle {name}: {means(known[name])}")


def tell_changes(changes: Changes, terms: Charter) -> None:
    """Show what an act would change of circles, agreements and cover, before anybody signs it."""
    if changes.cover not in {None, terms.cover}:
        say(f"cover {changes.cover}, which is {terms.cover} now")
    for circle in _new(changes.circles, terms.circles):
        say(f"circle {circle.name}: {', '.join(circle.members)}")
    for name in _gone(changes.circles, terms.circles):
        say(f"circle {name} ends")
    for one in _new(changes.agreements, terms.agreements):
        until = "without end" if one.until is None else f"until {utc(moment(Micros(one.until)))}"
        say(
            f"agreement {one.name} of {one.circle}, from {utc(moment(Micros(one.since)))} {until}, text {one.text_hash}"
        )
    for name in _gone(changes.agreements, terms.agreements):
        say(f"agreement {name} ends")


def _new(after: Sequence[N] | None, before: Sequence[N]) -> list[N]:
    return [one for one in after or () if one not in before]


def _gone(after: Sequence[N] | None, before: Sequence[N]) -> list[str]:
    kept = {one.name for one in before if after is None} | {one.name for one in after or ()}
    return [one.name for one in before if one.name not in kept]


def _end(agreement: AgreementView) -> tuple[str, str]:
    until = "no end" if agreement.until is None else utc(agreement.until)
    match agreement.state:
        case "COMING":
            return until, "begins later"
        case "ENDED":
            return until, "ENDED"
        case "IN_FORCE":
            return until, "in force" if agreement.days is None else f"{agreement.days} days left"
