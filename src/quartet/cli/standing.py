"""`actions`, `incidents`, `sources`, `chair`: how matters stand, as every node that holds the same computes it."""

from typing import Annotated, Final, get_args

import typer
from rich.text import Text

from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, below, connect, item, when
from quartet.cli.output import complain, drill_text, facts, say, say_json, table, tlp_text, utc
from quartet.cli.send import one_word
from quartet.node.desk.actionviews import ActionPage, ActionRow, ActionView, StandView, Whose
from quartet.node.desk.chairviews import ChairView
from quartet.node.desk.incidentviews import IncidentPage, IncidentView, QuestionView, WhichIncident
from quartet.node.desk.matterviews import EventView, MatterPage
from quartet.node.desk.watchviews import WatchList, WatchMatter, WatchNote
from quartet.node.inforce import called
from quartet.node.views import MAX_PAGE

WHOSE: Final[tuple[Whose, ...]] = get_args(Whose)
INCIDENTS: Final[tuple[WhichIncident, ...]] = get_args(WhichIncident)
BANDS: Final = (
    "almost no chance",
    "very unlikely",
    "unlikely",
    "roughly even chance",
    "likely",
    "very likely",
    "almost certain",
)
"""ICD 203, from 1 to 7."""

OneRef = Annotated[str | None, typer.Argument(metavar="REF", help="One of them whole.")]


def actions(
    ref: OneRef = None,
    which: Annotated[str, typer.Option(help="open, running, waiting (for a word of ours), done or all.")] = "all",
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List proposals for joint action, or show one: where members stand, what follows, and what keeps it.

    Examples:

        quartet actions --which waiting --dir trial/east

        quartet actions N-K7Q-4MX --dir trial/east
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        if ref is not None:
            one = client.get(below("/actions", ref), ActionView)
            say_json(one) if json else _show_action(one)
            return
        asked = {"which": one_word("which", which, WHOSE), "limit": MAX_PAGE}
        page = client.get("/actions", ActionPage, asked)
    if json:
        say_json(page.items)
        return
    table(
        ("REF", "TLP", "FROM", "STANDS", "DECIDED BY", "WAITS FOR OUR", "AIM"),
        [
            (row.ref, tlp_text(row.tlp), row.author, _stands(row), utc(row.decide_by), ", ".join(row.waits), row.aim)
            for row in page.items
        ],
    )


def _stands(row: ActionRow) -> str:
    return (row.phase or row.state).lower().replace("_", " ")


def _show_action(one: ActionView) -> None:
    row = one.row
    facts(
        [
            ("ref", row.ref),
            ("from", f"{row.author}/{row.officer}"),
            ("aim", one.aim),
            ("stands", _stands(row)),
            ("rule", row.rule + (" EMERGENCY" if row.emergency else "")),
            ("decided by", utc(row.decide_by)),
            ("runs", f"{utc(row.begins)} to {utc(row.ends)}"),
            ("area", one.area),
            ("hosts", ", ".join(row.hosts) or "-"),
            ("binds", ", ".join(one.binds) or "nobody"),
            *([("by silence", ", ".join(one.by_silence))] if one.by_silence else []),
            *([("stopped by", ", ".join(one.stopped_by))] if one.stopped_by else []),
        ]
    )
    say("")
    table(("MEMBER", "", "STANDS", "COUNTS UNTIL", "WORDS"), [_stand(stand) for stand in one.stands])
    for reason in one.against:
        say(f"against it: {reason.member} {reason.why}")
    for task in one.tasks:
        say(f"task {task.ref} of {task.owner}: {task.what} ({task.state.lower()})")
    if one.may:
        say(f"this member may: {', '.join(one.may)}")


def _stand(stand: StandView) -> tuple[str, ...]:
    role = "host" if stand.host else ""
    stance = "void: positions contradict" if stand.void else (stand.stance or "silent")
    return stand.member, role, stance, utc(stand.until), stand.text


def incidents(
    ref: OneRef = None,
    which: Annotated[str, typer.Option(help="open, closed or all.")] = "all",
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List incidents, or show one file: evidence, and the ladder with every member's judgement beside the others.

    Example:

        quartet incidents N-K7Q-4MX --dir trial/east
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        if ref is not None:
            one = client.get(below("/incidents", ref), IncidentView)
            say_json(one) if json else _show_incident(one)
            return
        asked = {"which": one_word("which", which, INCIDENTS), "limit": MAX_PAGE}
        page = client.get("/incidents", IncidentPage, asked)
    if json:
        say_json(page.items)
        return
    table(
        ("REF", "TLP", "FROM", "STANDS", "FACTS", "REOPENED", "TITLE"),
        [
            (
                row.ref,
                tlp_text(row.tlp),
                row.author,
                row.status.lower(),
                "agreed" if row.facts else "open",
                str(row.reopened or "-"),
                row.title,
            )
            for row in page.items
        ],
    )


def _show_incident(one: IncidentView) -> None:
    row = one.row
    facts(
        [
            ("ref", row.ref),
            ("title", row.title),
            ("from", f"{row.author}/{row.officer}"),
            ("when", f"{utc(row.since)} to {utc(row.until)}"),
            ("where", row.area),
            ("stands", row.status.lower() + (", facts agreed" if row.facts else "")),
        ]
    )
    for effect in one.effects:
        say(f"effect: {effect.of} {effect.least} to {'?' if effect.most is None else effect.most}")
    for piece in one.evidence:
        gone = " BASIS WITHDRAWN" if piece.piece.withdrawn else ""
        say(f"evidence {piece.piece.ref} {piece.thing} of {piece.collector}, held by {piece.holder}{gone}")
    for question in one.questions:
        _question(question)


def _question(question: QuestionView) -> None:
    say(f"\n{question.rung.replace('_', ' ')} ({question.ref}): {question.stand.lower()}")
    texts = {one.id: one.text or "other or unknown" for one in question.hypotheses}
    for one in question.hypotheses:
        refuted = f", refuted by {', '.join(one.rejected)}" if one.rejected else ""
        say(f"  hypothesis {one.ref}: {texts[one.id]}{refuted}")
    for member, own in question.assessments.items():
        for judged in own:
            what = texts.get(judged.hypothesis, judged.hypothesis)
            band = BANDS[judged.likelihood - 1]
            say(f"  {member}: {what}: {band}, confidence {judged.confidence.lower()}")
    for finding in question.findings:
        say(f"  finding {finding.piece.ref} {'STANDS' if finding.stands else 'does not stand'}: {finding.piece.text}")
        for dissent in finding.dissents:
            say(f"    {dissent.member} dissents: {dissent.text}")


def sources(
    ref: Ref,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Tell how many sources the events of a report have, by who knew it first.

    Example:

        quartet sources N-K7Q-4MX --dir trial/east
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        page = client.get(item(ref, "sources"), MatterPage)
    if json:
        say_json(page)
        return
    for event in page.events:
        _event(event)


def _event(event: EventView) -> None:
    counted = f"at most {event.at_most} root source(s)"
    doubt = "independent" if event.independent else "independence not established"
    say(f"{event.number}: {event.event.what} ({event.event.reliability}{event.credibility}): {counted}, {doubt}")
    if event.disputed or event.denied_by:
        say(f"   denied by {event.denied_by}")
    if event.circular:
        say("   circular: it only repeats what was known")
    for one in event.same:
        say(f"   the same: {one.ref} of {one.member}: {one.what} ({one.polarity.lower()})")


def watch(
    note: Annotated[bool, typer.Option("--note", help="Write the note to the next watch.")] = False,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="With --note: what was urgent since then (UTC).")
    ] = None,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Tell what waits for a word of this member, what is overdue, and which threats stand.

    Examples:

        quartet watch --dir trial/east

        quartet watch --note --since 2026-03-01T04:00Z --dir trial/east
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        if note:
            at = when(since, "--since")
            written = client.get("/watch/note", WatchNote, None if at is None else {"since": at.isoformat()})
            say_json(written) if json else say_note(written)
            return
        seen = client.get("/watch", WatchList)
    if json:
        say_json(seen)
        return
    table(
        ("DUE", "WHAT", "REF", "TLP", "OF", "WAITS FOR", "TITLE"),
        [_matter(one) for one in seen.matters],
    )
    for threat in seen.threats:
        band, sure = BANDS[threat.likelihood - 1], threat.confidence.lower()
        name, what = called(f"threat {threat.ref}", exercise=threat.exercise), f"{threat.danger} to {threat.threatened}"
        say(f"{name} of {threat.member}: {what}: {band}, confidence {sure}")


def say_note(written: WatchNote) -> None:
    """Write a note, and beside it, for its author alone, of how much it says nothing."""
    say(written.text)
    if written.left_out:
        lines = "1 line is" if written.left_out == 1 else f"{written.left_out} lines are"
        complain(f"{lines} left out: not every officer here may see what they tell of; hand that over in person")


def _matter(one: WatchMatter) -> tuple[str | Text, ...]:
    title = drill_text(one.title, exercise=one.exercise)
    return utc(one.due), one.sort, one.ref, tlp_text(one.tlp), one.member, one.why, title


def chair(
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Tell who presides, and what chairs said.

    Example:

        quartet chair --dir trial/east
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        seen = client.get("/chair", ChairView)
    if json:
        say_json(seen)
        return
    say(f"{seen.presides or 'nobody'} presides; the rota is {', '.join(seen.rota) or 'empty'}")
    table(
        ("REF", "AT", "CHAIR", "ACT", "ABOUT", "HOLDS", "WORDS"),
        [
            (
                one.ref,
                utc(one.at),
                one.member,
                one.act,
                one.about or "-",
                "yes" if one.holds else "NO" if one.proven else "not on record yet",
                one.text,
            )
            for one in seen.log
        ],
    )
