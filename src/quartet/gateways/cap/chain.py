"""What a door has said of one warning after it first gave it: Cancels, and the Updates by which it holds again.

Each has an identity and a time of its own that never change: it is the same message at the feed, in a file, at every
address, and when it is tried again. Whatever ends a warning refers to what said that it holds again, else that stays.
"""

from typing import Final, Literal, NamedTuple

from quartet.core.ids import SECOND, MemberId, Micros
from quartet.node.desk.outgoing import Ended, Outgoing

Word = Literal["C", "R"]
CANCELLED: Final[Word] = "C"
RESTORED: Final[Word] = "R"


class Link(NamedTuple):
    """A Cancel or an Update of a warning, and when it was said."""

    word: Word
    at: Micros


Links = tuple[Link, ...]
Named = tuple[str, MemberId, Micros]
"""How a message is referred to: its identifier, whose it is, when it was sent."""


def grown(links: Links, one: Outgoing | Ended, *, followed: bool, now: Micros) -> Links:
    """Return what a door has said of a warning with what is to be said now; of one that was followed it never restores.

    Each is a second later than the one before at least: CAP's times are whole seconds.
    """
    ended, cancelled = isinstance(one, Ended), bool(links) and links[-1].word == CANCELLED
    if ended == cancelled or (cancelled and followed):
        return links
    at = one.at if isinstance(one, Ended) else now
    at = max(at, Micros(links[-1].at + SECOND)) if links else at
    return (*links, Link(CANCELLED if ended else RESTORED, at))


def held_again(links: Links, ended: Micros, now: Micros) -> Links:
    """Return what a door has said of a warning that holds, with that it holds again since what followed it ended then.

    Once for each such end: whoever had both was told that the one took the place of the other.
    """
    if links and links[-1].at > ended:
        return links
    return (*links, Link(RESTORED, max(now, Micros(ended + SECOND))))


def names_of(warning: str, author: MemberId, links: Links) -> tuple[Named, ...]:
    """Return how each of them is referred to, in their order."""
    found: list[Named] = []
    name = warning
    for link in links:
        name = cancel_id(warning, link.at) if link.word == CANCELLED else f"{name}-restored"
        found.append((name, author, link.at))
    return tuple(found)


def restored(warning: str, author: MemberId, links: Links) -> tuple[Named, ...]:
    """Return those that say that it holds again: what ends the warning, or follows it, refers to them too."""
    return tuple(
        name for name, link in zip(names_of(warning, author, links), links, strict=True) if link.word == RESTORED
    )


def cancel_id(warning: str, at: Micros) -> str:
    """Return the identifier of the Cancel of a warning that was taken back then."""
    return f"{warning}-withdrawn-{at // SECOND}"


def spelt(links: Links) -> str:
    """Return links as they are remembered."""
    return " ".join(f"{link.word}{link.at}" for link in links)


def read_links(text: str | None) -> Links:
    """Return links that are remembered."""
    return tuple(
        Link(RESTORED if one[0] == RESTORED else CANCELLED, Micros(int(one[1:]))) for one in (text or "").split()
    )
