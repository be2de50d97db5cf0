"""`intake`: what an open source tells, who says it and who knew it first; and the report that is made of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, get_args

import typer
from msgspec import structs

from quartet.cli.attach import upload
from quartet.cli.client import MODEL_SECONDS, Client
from quartet.cli.intakenames import at, corrections, put_right, remember, tell_likely
from quartet.cli.intakeoffers import take_offers, tell_offers
from quartet.cli.options import As, Dir, Json, Passphrase, connect, words
from quartet.cli.output import complain, one_line, say, say_json, table
from quartet.cli.send import audience, make_title, one_word, tlp_word
from quartet.console.clippings.views import (
    ClippedCount,
    ClippedDay,
    ClippedEvent,
    ClippedHour,
    Clipping,
    Extraction,
)
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND
from quartet.core.marking import TlpWord
from quartet.desk.report import Reliability
from quartet.node.desk.matterviews import Sources
from quartet.node.views import Attachment, Draft, Published

COLUMNS: Final = ("N", "WHAT", "SAID", "WHEN", "WHERE", "COUNTS", "KNEW IT FIRST", "SAYS IT")
HTML: Final = (".html", ".htm", ".xhtml")
RELIABILITIES: Final[tuple[Reliability, ...]] = get_args(Reliability)
MAX_WHAT: Final = 1024
READ_SECONDS: Final = 90.0
"""Longer than a node gives a page: its refusal says why."""


def intake(
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="The page (.html) or the text.")],
    charset: Annotated[str | None, typer.Option(metavar="NAME", help="Its encoding, where you know it.")] = None,
    take: Annotated[
        str | None, typer.Option(metavar="NUMBERS", help="Report these events: 1,3 or all. Without it none.")
    ] = None,
    reliability: Annotated[str | None, typer.Option(metavar="A-F", help="How reliable the source is.")] = None,
    credibility: Annotated[int | None, typer.Option(min=2, max=6, help="How credible what it says is.")] = None,
    circle: Annotated[
        str | None, typer.Option(metavar="NAME", help="In which circle who knew it first is named, blinded.")
    ] = None,
    tlp: Annotated[str | None, typer.Option(metavar="LABEL", help="The report's marking; no default.")] = None,
    model: Annotated[
        bool, typer.Option("--model", help="Let the model of the settings read it; --tlp then marks the text as well.")
    ] = False,
    offer: Annotated[
        list[str] | None, typer.Option(metavar="N[.K]", help="Take who is offered for an event: 1, or 1.2, its second.")
    ] = None,
    root: Annotated[
        list[str] | None, typer.Option(metavar="N=NAME", help="Who knew an event first, put right: 1=NAME.")
    ] = None,
    speaker: Annotated[list[str] | None, typer.Option(metavar="N=NAME", help="Who says it, put right.")] = None,
    place: Annotated[list[str] | None, typer.Option(metavar="N=NAME", help="Where it was, put right.")] = None,
    keep: Annotated[
        bool, typer.Option("--remember", help="Keep what you put right as aliases, for all officers of your member.")
    ] = False,
    to: Annotated[list[str] | None, typer.Option(metavar="MEMBERS", help="Who gets the report: east,south.")] = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Read an open source, and suggest what it tells; with --take, report the events that you take.

    Your node reads it and fetches nothing. Who says something is filled in only where that is sure, who knew it
    first never; whoever it may be is offered, and in no report unless you take it.

    Examples:

        quartet intake article.html --dir trial/north

        quartet intake article.html --model --tlp CLEAR

        quartet intake article.html --offer 1 --take 1 --reliability B --credibility 3 --tlp GREEN --to east

        quartet intake article.html --root "1=Harbour Wire" --remember

        quartet intake article.html --take 1,2 --reliability B --credibility 3 --circle all --tlp GREEN --to east
    """
    with connect(directory, officer, passphrase_file) as client:
        (attachment,) = upload(client, [file], keep=True, quiet=json)
        read = _read(client, attachment, file, charset, tlp_word(tlp) if model else None)
        told = take_offers(read.clipping if isinstance(read, Extraction) else read, offer or ())
        made = corrections({"speaker": speaker, "place": place, "root": root}, len(told.events))
        found = put_right(told, made)
        if not json:
            _warn(found, file)
        if take is not None:
            chosen = _chosen(take, found)
            events = [_event(found, one, _reliable(reliability), _credible(credibility)) for one in chosen]
            rooted = [_rooted(client, one, made, circle) for one, made in zip(chosen, events, strict=True)]
            label = tlp_word(tlp)
            draft = Draft(
                tlp=label,
                to=audience(label, words(to)),
                title=make_title(None, _title(found) or _said(found, chosen[0])),
                text="\n".join(_quoted(found, one) for one in chosen),
                attachments=(attachment,),
                form={"events": rooted},
            )
            remember(client, told, made, wanted=keep)
            published = client.post("/items", draft, Published)
            say_json(published) if json else say(published.ref)
            return
        remember(client, told, made, wanted=keep)
        if not json:
            _show(read, found)
            tell_likely(client, found)
            return
    say_json(structs.replace(read, clipping=found) if isinstance(read, Extraction) else found)


def _warn(found: Clipping, file: Path) -> None:
    """Say how much of a source was not read, or is not suggested: what is reported is of the rest alone."""
    if found.cut_at is not None:
        complain(
            f"warning: {file} is longer than is read: of what stands behind its first {found.cut_at} characters of text"
            " nothing is suggested; bring that as a file of its own"
        )
    if found.more:
        complain(f"warning: {file} tells of more events than the {len(found.events)} that one report may hold")


def _show(read: Clipping | Extraction, found: Clipping) -> None:
    if isinstance(read, Extraction):
        say(f"read {read.made.by}: {read.made.model}; {read.dropped} claims were dropped that the text does not hold")
    _told(found)


def _read(
    client: Client, attachment: Attachment, file: Path, charset: str | None, tlp: TlpWord | None
) -> Clipping | Extraction:
    """Have a file read by the rules; or, where the text is marked, by a model."""
    form = "html" if file.suffix.lower() in HTML else "txt"
    if charset is not None and not charset.replace("-", "").replace("_", "").isalnum():
        raise Malformed("bad-charset", f"--charset {charset}: write it as windows-1256")
    asked = {"form": form, "charset": charset}
    if tlp is None:
        return client.post(f"/attachments/{attachment.id}/reading", None, Clipping, asked, within=READ_SECONDS)
    path = f"/attachments/{attachment.id}/extraction"
    return client.post(path, None, Extraction, {**asked, "tlp": tlp}, within=MODEL_SECONDS)


def _told(found: Clipping) -> None:
    outlet = ", ".join(filter(None, (at(found, found.outlet), at(found, found.agency), found.published)))
    say(f"{outlet or 'no outlet is named'}; language: {found.language or 'none that is read'}")
    if not found.events:
        say(_nothing(found))
        return
    table(COLUMNS, [_cells(found, n, one) for n, one in enumerate(found.events, start=1)])
    for n, one in enumerate(found.events, start=1):
        say(f"{n}: {one_line(_said(found, one))}")
    tell_offers(found)
    if found.controls:
        say(f"{len(found.controls)} characters of it show nothing or move what is shown, as {found.controls[0].name}")


def _nothing(found: Clipping) -> str:
    """Say why nothing is suggested."""
    if not found.text.strip():
        return "there are no words in it"
    if found.language is None:
        return (
            "nothing is suggested: it is too short to tell its language, or in none that is read (en, fr, ar, fa, ru)"
        )
    return "the text tells of no event that the rules know"


def _cells(found: Clipping, n: int, one: ClippedEvent) -> tuple[str, ...]:
    root = _meant(at(found, one.root), one.root_means) or "not said"
    speaker = _meant(at(found, one.speaker), one.speaker_means) or (
        f"({at(found, one.unnamed)})" if one.unnamed else "-"
    )
    there = _meant(at(found, one.where), one.where_means)
    where = ", ".join(filter(None, (there, at(found, one.grid)))) or "-"
    counts = ", ".join(_counted(count) for count in one.counts) or "-"
    when = " ".join(filter(None, (_day(one.day), one.hour.at if one.hour else ""))) or "-"
    return (str(n), one.type, one.polarity, when, one_line(where), counts, one_line(root), one_line(speaker))


def _meant(name: str, means: str | None) -> str:
    """Return a name with the member's own for it, where an officer said that it means that, or put it right."""
    return name if means is None else f"{name} = {means} (alias)" if name else means


def _day(day: ClippedDay | None) -> str:
    if day is None:
        return ""
    if day.year_open:
        return "year open: " + (", ".join(day.candidates) or "any")
    return day.first or "" if day.first == day.last else f"{day.first}/{day.last}"


def _counted(count: ClippedCount) -> str:
    high = "" if count.high == count.low else f"-{'' if count.high is None else count.high}"
    return f"{'about ' if count.approx else ''}{count.low}{high} {count.what}"


def _said(found: Clipping, one: ClippedEvent) -> str:
    return at(found, one.place)


def _quoted(found: Clipping, one: ClippedEvent) -> str:
    who = one.speaker_means or at(found, one.speaker) or (f"not named: {at(found, one.unnamed)}" if one.unnamed else "")
    return f"“{_said(found, one)}”" + (f" - {who}" if who else "")


def _title(found: Clipping) -> str:
    return next((at(found, one.place) for one in found.blocks if one.kind == "title"), "")


# -- the report


def _chosen(take: str, found: Clipping) -> list[ClippedEvent]:
    if take.strip() == "all" and found.events:
        return list(found.events)
    numbers = [word.strip() for word in take.split(",")]
    good = [int(word) for word in numbers if word.isdecimal() and 1 <= int(word) <= len(found.events)]
    if len(good) != len(numbers):
        raise Malformed("bad-take", f"--take {take}: {_to_take(len(found.events))}")
    return [found.events[number - 1] for number in sorted(set(good))]


def _to_take(events: int) -> str:
    """Say what can be taken of a text with so many events."""
    if events == 0:
        return "no event was found in the text: leave --take away, and write the report yourself"
    if events == 1:
        return "the text tells of one event: write 1"
    return f"the text tells of {events} events: write numbers from 1 to {events}, as 1,{events}, or all"


def _reliable(given: str | None) -> Reliability:
    if given is None:
        raise Malformed("not-graded", "say how reliable the source is with --reliability A to F; there is no default")
    return one_word("reliability", given, RELIABILITIES)


def _credible(given: int | None) -> int:
    if given is None:
        raise Malformed("not-graded", "say how credible it is with --credibility 2 to 6; there is no default")
    return given


def _event(found: Clipping, one: ClippedEvent, reliability: Reliability, credibility: int) -> dict[str, Any]:
    where = ", ".join(filter(None, (one.where_means or at(found, one.where), at(found, one.grid))))
    counts = [{"of": one.what, "least": one.low, "most": one.high} for one in one.counts]
    return {
        "what": f"{one.type}: {_said(found, one)}"[:MAX_WHAT],
        "how": "TOLD" if found.author else "PUBLISHED",
        "polarity": one.polarity.upper(),
        "reliability": reliability,
        "credibility": credibility,
        "where": where[:MAX_WHAT],
        "counts": counts[:16],
        **_times(one.day, one.hour),
    }


def _times(day: ClippedDay | None, hour: ClippedHour | None) -> dict[str, int]:
    """Return when it was: to the minute where a zone is told, else the whole day; nothing where the year is open."""
    if day is None or day.first is None or day.last is None:
        return {}
    first, last = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (day.first, day.last))
    since, until = first, last + timedelta(days=1, minutes=-1)
    if hour is not None and hour.offset_min is not None and first == last:
        since = _hour(first, hour.at, hour.offset_min)
        until = since if hour.until is None else _hour(first, hour.until, hour.offset_min)
    if until < since:
        until = since
    return {"since": int(since.timestamp()) * SECOND, "until": int(until.timestamp()) * SECOND}


def _hour(day: datetime, clock: str, east_min: int) -> datetime:
    hours, _, minutes = clock.partition(":")
    return day + timedelta(hours=int(hours), minutes=int(minutes) - east_min)


def _rooted(client: Client, one: ClippedEvent, made: dict[str, Any], circle: str | None) -> dict[str, Any]:
    """Return an event with the blinded name of who knew it first, where the text says it and a circle is named."""
    if one.root_named is None or circle is None:
        return made
    return {**made, "roots": client.post("/sources", Sources(circle=circle, names=(one.root_named,)), list[str])}
