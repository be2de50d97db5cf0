"""What an officer is asked and told before a witness is declared absent: whether it is silent, and since when.

The act is signed by root keys, offline; whether the witness is silent knows the node. Where it can be asked it must say
so; where it cannot, who signs is told that it was not.
"""

from datetime import datetime, timedelta
from pathlib import Path

from msgspec import UNSET, UnsetType

from quartet.cli.options import connect, span
from quartet.cli.output import say, utc
from quartet.core.absence import SILENT_AFTER
from quartet.core.articles import Act
from quartet.core.faults import Fault, Malformed
from quartet.core.ids import SECOND, Micros
from quartet.node.statusviews import Status
from quartet.node.views import moment

DEFAULT_TERM = "24h"
_SILENT_FOR = timedelta(seconds=SILENT_AFTER // SECOND)


def end_of(kind: str, at: Micros, term: str | None) -> Micros | UnsetType:
    """Return when an absence ends that begins at a time; nothing for another act."""
    if kind != "absent":
        if term is not None:
            raise Malformed("act-until", f"--for {term}: only `absent` has an end")
        return UNSET
    return Micros(at + SECOND * span(term or DEFAULT_TERM, "--for"))


def check_silent(act: Act, directory: Path | None) -> str | None:
    """Return why the node could not be asked whether an act's witness is silent; None where it is, or for another act.

    Raise `Malformed("not-silent")` where it cosigned in the quarter of an hour before the act's date, or after it.
    """
    if act.kind != "absent" or act.payload.subject is None:
        return None
    try:
        with connect(directory, None, None) as client:
            status = client.get("/status", Status)
    except Fault as fault:
        return f"the node was not asked whether {act.payload.subject} is silent: {fault.detail}"
    _check(act.payload.subject, moment(Micros(act.payload.at)), status)
    return None


def _check(witness: str, at: datetime, status: Status) -> None:
    silent = {str(member): since for member, since in status.silent.items()}
    if witness == status.member:
        return
    if witness not in silent:
        raise Malformed("not-silent", f"{witness} cosigns: nobody is absent who cosigned within 15 minutes")
    if at < silent[witness] + _SILENT_FOR:
        since = utc(silent[witness])
        raise Malformed("not-silent", f"{witness} is silent since {since}; the act says absent from {utc(at)} on")


def tell_absence(act: Act) -> None:
    """Say from when until when an act counts a witness out."""
    until = act.payload.until
    if until is not UNSET:
        since, end = utc(moment(Micros(act.payload.at))), utc(moment(Micros(until)))
        say(f"{act.payload.subject} does not count as a witness from {since} to {end}, and is a member in all else")


__all__ = ["DEFAULT_TERM", "check_silent", "end_of", "tell_absence"]
