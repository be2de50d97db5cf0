"""What goes with a site that is recalled: its warnings, with who acknowledged and who was called. Asked for before."""

from typing import Final

from quartet.cli.asking import agree
from quartet.cli.client import Client
from quartet.cli.output import say
from quartet.node.desk.siteviews import EpisodePage, EpisodeView, SitesView
from quartet.node.views import MAX_PAGE

INSTEAD: Final = "to look after it no more and keep its record: quartet site close"


def agree_to_lose(client: Client, ref: str, *, yes: bool, json: bool) -> None:
    """Return where nothing is lost with an item, or it is agreed to; raise `Refusal("not-agreed")` where it is not."""
    lost = [] if yes else _warnings_of(client, ref)
    if lost:
        said = f"{ref} is a site: {_words(lost)} go with it, for every officer here; {INSTEAD} {ref}"
        unasked = f"{said}; to recall it all the same: --yes"
        agree("Recall it all the same?", lambda: say(said), unasked, quiet=json)


def _warnings_of(client: Client, ref: str) -> list[EpisodeView]:
    """Return the newest warnings of a site; nothing for what is no site."""
    sites = client.get("/sites", SitesView, {"alarms": True}).sites
    named = {ref.upper(), *(one.ref for one in sites if one.id == ref)}
    page = client.get("/site-warnings", EpisodePage, {"limit": MAX_PAGE})
    return [one for one in page.items if one.site in named]


def _words(lost: list[EpisodeView]) -> str:
    still, calls = sum(not one.over for one in lost), sum(len(one.calls) for one in lost)
    many = f"{'at least ' if len(lost) == MAX_PAGE else ''}{len(lost)} warning{'s' if len(lost) > 1 else ''}"
    return f"{many} ({still} not over), who acknowledged them and {calls} note{'' if calls == 1 else 's'} of calls"
