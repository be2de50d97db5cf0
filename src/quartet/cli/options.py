"""The options that many commands share, each said once."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import quote

import typer

from quartet.cli.client import Client, open_client
from quartet.cli.identity import identify, member_folder
from quartet.cli.outcome import Refusal
from quartet.console.shapes import UNKNOWN_DETAIL, UNKNOWN_ITEM
from quartet.core.faults import Malformed
from quartet.node.settings import load_member

Dir = Annotated[
    Path | None,
    typer.Option("--dir", metavar="DIR", readable=False, help="The member's folder (default: where you stand)."),
]
As = Annotated[
    str | None,
    typer.Option("--as", metavar="OFFICER", help="Who acts or reads (default: the one officer whose key you have)."),
]
Passphrase = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", metavar="FILE", readable=False, help="The passphrase of the key (a trial keeps it beside)."
    ),
]
Purpose = Annotated[
    str | None,
    typer.Option(
        metavar="WORD", help="For what purpose you read, in the charter's words: some items are for certain ones only."
    ),
]
RootPassphrase = Annotated[
    Path | None, typer.Option("--root-passphrase-file", metavar="FILE", help="The root key's passphrase.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, nothing else.")]
Ref = Annotated[str, typer.Argument(metavar="REF", help="The item's reference (N-K7Q-4MX) or its id.")]

_REF: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SPAN: Final = re.compile(r"^(\d{1,6})([smhd])$")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def connect(
    directory: Path | None, officer: str | None, passphrase_file: Path | None, purpose: str | None = None
) -> Client:
    """Return a client of the member's running node for the officer who acts, for the purpose that she states."""
    folder = member_folder(directory)
    load_member(folder)  # a hub's folder, or a misspelt setting, is told before a missing key
    return open_client(folder, identify(folder, officer, passphrase_file), purpose)


def item(ref: str, *further: str) -> str:
    """Return an item's path in the API; what cannot be a reference names no item."""
    return below("/items", ref, *further)


def below(place: str, ref: str, *further: str) -> str:
    """Return the path of what an item is at a place of the API; what cannot be a reference names no item."""
    if not _REF.fullmatch(ref):
        raise Refusal(UNKNOWN_ITEM, UNKNOWN_DETAIL)
    return "/".join((place, ref, *(quote(word, safe="") for word in further)))


def words(given: list[str] | None) -> tuple[str, ...]:
    """Return what a repeated option with commas means: `--to east,south --to west`."""
    return tuple(word.strip() for text in given or [] for word in text.split(",") if word.strip())


def when(text: str | None, option: str) -> datetime | None:
    """Return the time that `2h`, `7d` from now or `2026-03-01T12:00Z` means."""
    if text is None:
        return None
    found = _SPAN.match(text)
    if found:
        return datetime.now(UTC) + timedelta(**{_UNITS[found[2]]: int(found[1])})
    return utc_time(text, f"{option} {text}", "write 2h, 7d or 2026-03-01T12:00Z")


def span(text: str, option: str) -> int:
    """Return how many seconds `30m`, `12h` or `7d` are; raise `Malformed("bad-time")` for what is no span."""
    found = _SPAN.match(text)
    if found is None:
        raise Malformed("bad-time", f"{option} {text}: write 30m, 12h or 7d")
    return int(timedelta(**{_UNITS[found[2]]: int(found[1])}).total_seconds())


def past(text: str | None, option: str) -> datetime | None:
    """Return the time that `2h`, `7d` ago or `2026-03-01T12:00Z` means."""
    found = _SPAN.match(text or "")
    if found:
        return datetime.now(UTC) - timedelta(**{_UNITS[found[2]]: int(found[1])})
    return None if text is None else utc_time(text, f"{option} {text}", "write 10m, 2h or 2026-03-01T12:00Z")


def utc_time(text: str, where: str, write: str) -> datetime:
    """Return the time that `2026-03-01T12:00Z` means; raise `Malformed("bad-time")` with where it stood, and how to."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed("bad-time", f"{where}: {write}") from error
    if at.tzinfo is None:
        raise Malformed("bad-time", f"{where}: say UTC with a Z at its end; {write}")
    return at.astimezone(UTC)
