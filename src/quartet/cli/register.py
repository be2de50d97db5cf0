"""`register`, `measures`: what this member gave to whom, and how it marks and answers."""

from typing import Annotated

import typer

from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, connect
from quartet.cli.output import facts, say, say_json, table, tlp_text, utc
from quartet.node.assist.views import SentPage
from quartet.node.registerviews import MAX_DAYS, MAX_ENTRIES, Entry, Got, Measures, Register, Waits


def register(
    after: Annotated[str, typer.Option(metavar="CURSOR", help="Go on after a page: what it said at its end.")] = "",
    models: Annotated[
        bool, typer.Option("--models", help="List instead which texts went to models, by whom and where to.")
    ] = False,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List what this member gave to whom: since when each has it, by which grant, and when it was destroyed there.

    Examples:

        quartet register --dir trial/north

        quartet register --models --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        if models:
            sent = client.get("/register/models", SentPage)
            say_json(sent) if json else _to_models(sent)
            return
        page = client.get("/register", Register, {"after": after, "limit": MAX_ENTRIES})
    if json:
        say_json(page)
        return
    rows = [(one, got) for one in page.items for got in one.given]
    table(
        ("REF", "TLP", "KIND", "GIVEN TO", "SINCE", "BY", "DESTROYED", "TITLE"),
        [
            (
                one.ref,
                tlp_text(one.tlp),
                one.kind,
                got.member,
                utc(got.at),
                ", ".join(got.grants) or "marking",
                _destroyed(got),
                _title(one),
            )
            for one, got in rows
        ],
    )
    if page.next:
        say(f"there are more: --after {page.next}")


def measures(
    days: Annotated[int, typer.Option(min=1, max=MAX_DAYS, help="Of how many days up to now.")] = 30,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Tell how this member marked what it said, and how long whoever asked it waited.

    Example:

        quartet measures --days 7 --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        told = client.get("/measures", Measures, {"days": days})
    if json:
        say_json(told)
        return
    facts(
        [
            *((f"TLP:{label}", f"{count} items") for label, count in told.labels.items()),
            ("requests", f"{told.requests} asked us, {told.late} overdue"),
            ("consent", _waits(told.consents)),
        ]
    )


def _to_models(sent: SentPage) -> None:
    rows = [
        (utc(one.at), one.officer, one.port, one.host, one.ref or "a text", tlp_text(one.tlp), one.outcome)
        for one in sent.items
    ]
    table(("AT", "BY", "PORT", "WHERE TO", "WHAT", "TLP", "CAME"), rows)
    if sent.more:
        say("there are more")


def _title(one: Entry) -> str:
    return one.title or ""


def _destroyed(got: Got) -> str:
    return utc(got.destroyed) if got.destroyed else "owes" if got.owes else ""


def _waits(told: Waits) -> str:
    first = "" if told.median_s is None else f", the first word after {told.median_s:.0f} s (median)"
    return f"{told.asked} asked for ours, {told.answered} answered{first}"
