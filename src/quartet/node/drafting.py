"""From what an officer wants to say to the statement that is signed. Pure: time, nonce and serial are arguments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import msgspec
from msgspec import UNSET

from quartet.core.attachment import check_name
from quartet.core.charter import Charter
from quartet.core.encoding import Value, b64, encode
from quartet.core.facts import AnyFact, ViewReceipt
from quartet.core.faults import Malformed
from quartet.core.ids import Epoch, ExchangeId, ItemId, MemberId, Micros, OfficerName
from quartet.core.marking import CAVEATS, TLP_ORDER, Marking, check_marking
from quartet.core.statement import HELD_KINDS, MAX_CITATIONS, MAX_TEXT, Citation, Contained, Hat, Statement
from quartet.desk import FORMS, KIND_OF, named
from quartet.desk.notification import CAVEATS as HUMANITARIAN
from quartet.desk.notification import Notified
from quartet.node.views import Attachment, Draft, FeedDraft, micros

MAX_FLASH_TEXT: Final = 4 * 1024
"""What travels in the FLASH lane; more follows as an attachment."""

MESSAGE: Final = "message"
"""The kind of what is said beside an item; its body is a report's."""
TITLE: Final = 100
"""Letters of a message's first line that lists show."""


class ReportBody(Value, frozen=True):
    """The body of a report, version 1."""

    title: str
    text: str
    attachments: tuple[Attachment, ...]


class FormBody(Value, frozen=True):
    """The body of an item whose kind has a form, version 1: a report's, and the form."""

    title: str
    text: str
    attachments: tuple[Attachment, ...]
    form: Value


class FeedBody(Value, frozen=True):
    """The body of a feed, version 1: a sensor that speaks from now on under this item's marking."""

    title: str
    sensor: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, when, under which charter."""

    exchange: ExchangeId
    epoch: Epoch
    member: MemberId
    officer: OfficerName
    at: Micros
    sure: bool
    nonce: bytes
    hat: Hat = "MEMBER"


NODES_KINDS: Final = frozenset({"alert-draft", "early-warning", "site-warning"})
"""What no officer says: a warning that waits for its second officer, an authority's that was relayed, and what a node
saw near a site."""
FACT_MARKING: Final = Marking(tlp="AMBER", rel=())
"""A fact names nobody in its marking: it travels by its own rule."""


def resolve(
    names: Iterable[str], members: Iterable[MemberId], circles: Mapping[str, tuple[MemberId, ...]]
) -> tuple[MemberId, ...]:
    """Return the members that `names` (members and circles) mean, sorted, or raise `Malformed("unknown-member")`."""
    known = set(members)
    meant: set[MemberId] = set()
    for name in names:
        if name in circles:
            meant.update(circles[name])
        elif name in known:
            meant.add(MemberId(name))
        else:
            raise Malformed(
                "unknown-member", f"{name!r} is neither a member nor a circle; members are {', '.join(sorted(known))}"
            )
    return tuple(sorted(meant))


def naming_herself(draft: Draft, person: str) -> Draft:
    """Return a draft that, where it is RED for some persons, is so for its author too."""
    if draft.tlp != "RED" or not draft.persons:
        return draft
    return msgspec.structs.replace(draft, persons=(*draft.persons, person))


def marking_of(draft: Draft, to: tuple[MemberId, ...]) -> Marking:
    """Return the marking that a draft asks for, or raise `Malformed` where it would close by mistake."""
    unknown = set(draft.caveats) - CAVEATS
    if unknown:
        raise Malformed("unknown-caveat", f"{sorted(unknown)[0]!r} is not one of {', '.join(sorted(CAVEATS))}")
    if draft.tlp == "RED" and not draft.persons:
        raise Malformed("red-names-nobody", "RED is for the persons named; name them as member/officer")
    bad = [p for p in draft.persons if "/" not in p.strip("/")]
    if bad:
        raise Malformed("bad-person", f"{bad[0]!r} is not member/officer")
    stays = draft.kind in HELD_KINDS
    if stays and draft.expires is not None:
        raise Malformed("does-not-expire", f"a {draft.kind} stays: what is decided by it must not change by a date")
    _check_steps(draft)
    marking = Marking(
        tlp=draft.tlp,
        rel=UNSET if draft.tlp == "CLEAR" and not to else to,
        persons=tuple(sorted(set(draft.persons))) if draft.persons else UNSET,
        onward=draft.onward,
        mode=draft.mode,
        purposes=tuple(sorted(set(draft.purposes))) if draft.purposes else UNSET,
        caveats=tuple(sorted(set(draft.caveats))) if draft.caveats else UNSET,
        hold=True if draft.hold or stays else UNSET,
        expires=UNSET if draft.expires is None else micros(draft.expires),
        downgrade=tuple((micros(one.at), one.tlp) for one in draft.downgrade) or UNSET,
    )
    check_marking(marking)
    return marking


def _check_steps(draft: Draft) -> None:
    """Raise `Malformed("bad-downgrade")` for a step that does not come after the one before and widen the label."""
    labels = [TLP_ORDER.index(word) for word in (draft.tlp, *(one.tlp for one in draft.downgrade))]
    times = [one.at for one in draft.downgrade]
    if any(label <= later for label, later in pairwise(labels)) or any(at >= later for at, later in pairwise(times)):
        raise Malformed("bad-downgrade", "each step comes after the one before it, to a wider label")


def check_text(draft: Draft) -> None:
    """Raise `Malformed` for a text that says nothing, or more than fits, and for what is not to be sent so."""
    for file in draft.attachments:
        check_name(file.name)
    if draft.kind == KIND_OF[Notified] and not set(HUMANITARIAN) <= set(draft.caveats):
        raise Malformed("bad-form", f"caveats: a notification bears {', '.join(HUMANITARIAN)}: it goes through no door")
    if draft.kind in NODES_KINDS:
        raise Malformed("bad-form", f"kind: a node alone says {draft.kind}: nobody else brings what it is about")
    if draft.kind == MESSAGE and (len(draft.cites) != 1 or draft.cites[0] not in draft.contains):
        raise Malformed("bad-message", "a message cites one item and contains it: say it beside that item")
    size = len(draft.text.encode())
    if not draft.text.strip() and not draft.attachments and draft.form is None:
        raise Malformed("empty-text", "there is nothing to send; write a text or attach a file")
    if size > MAX_TEXT:
        raise Malformed("text-too-long", f"{size} bytes where {MAX_TEXT} may be; send it with --attach")
    if draft.precedence == "FLASH" and size > MAX_FLASH_TEXT:
        raise Malformed("flash-too-long", f"{size} bytes where {MAX_FLASH_TEXT} may be; shorten it, or attach the rest")


def item_statement(
    draft: Draft,
    form: Value | None,
    speaker: Speaker,
    marking: Marking,
    contains: tuple[Contained, ...],
    cites: tuple[ItemId, ...],
) -> Statement:
    """Return the statement of a draft with its form, as it will be signed."""
    version = 1 if form is None else FORMS[draft.kind].version
    body = _body(draft, form)
    return _statement(speaker, marking, draft.kind, body, draft.precedence, contains, cites, version=version)


def cited(refs: Iterable[ItemId], form: Value | None) -> tuple[ItemId, ...]:
    """Return what an item cites: what its author names, and what its form names, by which it is found."""
    found = tuple(dict.fromkeys([*refs, *(() if form is None else named(form))]))
    if len(found) > MAX_CITATIONS:
        raise Malformed("too-many-cited", f"{len(found)} items named where {MAX_CITATIONS} may be")
    return found


def _body(draft: Draft, form: Value | None) -> Value:
    if form is not None:
        return FormBody(title=draft.title, text=draft.text, attachments=draft.attachments, form=form)
    if draft.kind == "feed":
        return FeedBody(title=draft.title, sensor=draft.text)
    return ReportBody(title=draft.title, text=draft.text, attachments=draft.attachments)


def feed_item(draft: FeedDraft) -> Draft:
    """Return the item with which a sensor's feed begins: its marking governs what the sensor sees."""
    return Draft(tlp=draft.tlp, title=draft.title, text=draft.sensor, to=draft.to, kind="feed", caveats=draft.caveats)


def fact_statement(kind: str, body: Value, speaker: Speaker, precedence: str = "IMMEDIATE") -> Statement:
    """Return the statement of a fact, as its officer will assert it."""
    return _statement(speaker, FACT_MARKING, kind, body, precedence, (), ())


def _statement(
    speaker: Speaker,
    marking: Marking,
    kind: str,
    body: Value,
    precedence: str,
    contains: tuple[Contained, ...],
    cites: tuple[ItemId, ...],
    *,
    version: int = 1,
) -> Statement:
    return Statement(
        v=1,
        exchange=speaker.exchange,
        epoch=speaker.epoch,
        member=speaker.member,
        officer=speaker.officer,
        hat=speaker.hat,
        at=speaker.at,
        clock="SURE" if speaker.sure else "UNSURE",
        nonce=b64(speaker.nonce),
        precedence=precedence,  # type: ignore[arg-type]  # a Draft's or our own word
        marking=marking,
        contains=contains,
        cites=tuple(Citation(item=item) for item in cites),
        kind=kind,
        kind_v=version,
        body=msgspec.Raw(encode(body)),
    )


def circles_of(charter: Charter) -> dict[str, tuple[MemberId, ...]]:
    """Return the charter's circles by name."""
    return {circle.name: tuple(circle.members) for circle in charter.circles}


def title_of(statement: Statement) -> str:
    """Return what a list shows of an item: the body's title, or its kind."""
    body = msgspec.json.decode(statement.body)
    title = body.get("title") if isinstance(body, dict) else None
    return title if isinstance(title, str) and title else statement.kind


def sensor_of(statement: Statement) -> str:
    """Return what sort of sensor a feed is of, as its body says, or nothing where it says none."""
    body = msgspec.json.decode(statement.body)
    sensor = body.get("sensor") if isinstance(body, dict) else None
    return sensor if isinstance(sensor, str) else ""


def text_of(statement: Statement) -> str:
    """Return the text of an item's body, or nothing where it has none."""
    body = msgspec.json.decode(statement.body)
    text = body.get("text") if isinstance(body, dict) else None
    return text if isinstance(text, str) else ""


def same_view(fact: AnyFact, body: ViewReceipt) -> bool:
    """Return whether a fact is the receipt of the same person's view of the same item."""
    said = fact.body
    return isinstance(said, ViewReceipt) and (said.item, said.person) == (body.item, body.person)
