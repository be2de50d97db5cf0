"""How often another member's officers are heard to say FLASH: six an hour each, whatever that member's node lets go.

What is more is taken, receipted and kept like anything else, as IMMEDIATE, and says that FLASH was claimed for it. What
counts is when it came; only what a silence of the link may have kept back counts as it is dated, so that who was away
is told all that was urgent meanwhile, and nobody gains by a date. A file is no link and ends no silence: what it brings
may have waited since something last came over one. Drills have six of their own, as with who says them.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from quartet.core.ids import MemberId, Micros, OfficerName
from quartet.core.verify import Verified
from quartet.desk import KIND_OF, form_of
from quartet.desk.warning import Alert, Check
from quartet.node.flashes import HOUR, MAX_FLASH_AN_HOUR, Whose, whose
from quartet.node.holdings import Holdings
from quartet.node.inforce import shared
from quartet.node.parts import DAY
from quartet.store import ItemRow

CLAIMED: Final = "flash-claimed"
"""The alarm about a member more of whose officers' words were FLASH than are taken as such."""
LONGEST_GAP: Final = 7 * DAY
MOST_KEPT: Final = 1_000
"""FLASHes of a peer that count after a start, the newest, and of its drills as many."""
READ_BACK: Final = 8
"""How many times so many are read back at most: past a flood of one world the other is found."""
_MORE: Final = f"more than {MAX_FLASH_AN_HOUR} FLASH in an hour"
_TEXT: Final = "what is more stands here as IMMEDIATE; a warning rings at its desk all the same"


class HeardFlashes:
    """Counts the FLASHes of one peer."""

    def __init__(self, holdings: Holdings, peer: MemberId) -> None:
        self._holdings = holdings
        self._peer = peer
        self._times: dict[Whose, list[Micros]] | None = None
        """By officer, and whether of a drill; read from the store at the first FLASH."""
        self._gaps: list[tuple[Micros, Micros]] = []
        """From when to when nothing was heard of the peer, those that ended less than an hour ago."""
        self._heard: Micros | None = None
        self._before = holdings.store.reader.last_received()
        """When this node last took something before it dealt with the peer; what files bring later is none of that."""

    def hears(self, now: Micros, patience: int) -> None:
        """Note that a link brought a parcel, and what silence ends: after a start, since this node took something."""
        if self._heard is None or now - self._heard > patience:
            self._gaps.append((self._silent_since(now), now))
        self._gaps = [gap for gap in self._gaps if gap[1] > now - HOUR]
        self._heard = now

    def _silent_since(self, now: Micros) -> Micros:
        last = self._before if self._heard is None else self._heard
        return max(last or now, Micros(now - LONGEST_GAP))

    @contextmanager
    def taking(self) -> Iterator[None]:
        """Count what is taken while it is stored; what was not stored comes again and was not heard."""
        before = None if self._times is None else {who: list(times) for who, times in self._times.items()}
        try:
            yield
        except BaseException:
            self._times = before
            raise

    def too_many(self, verified: Verified, beside: tuple[Verified, ...], now: Micros, *, live: bool) -> bool:
        """Return whether what is new of the peer claims FLASH once too often, and count it where it does not.

        What a file brought, no `live` link, counts as it is dated where that lies in a silence that goes on. A warning
        that came with its second officer's word, and that word, are not one officer's alone.
        """
        said = verified.statement
        if said.precedence != "FLASH" or said.member != self._peer or _by_two(verified, beside):
            return False
        counted = self._counted(now)
        times = counted.setdefault(self._whose(verified), [])
        times[:] = [at for at in times if at > now - LONGEST_GAP - HOUR]
        silent = [begin for begin, end in self._gaps if end > now - HOUR]
        at = heard_at(said.at, now, silent if live else [*silent, self._silent_since(now)])
        if fullest_hour([*times, at], at) > MAX_FLASH_AN_HOUR:
            return True
        times.append(at)
        return False

    def told(self, verified: Verified) -> str:
        """Return what officers are told of a member that claims too many: of its officers, or of none of them.

        What a door of the member relays, its node says: no officer is accused of that.
        """
        if self._whose(verified).officer:
            return f"an officer of {self._peer} said {_MORE}: {_TEXT}"
        return f"the node of {self._peer} passed on {_MORE} that no officer of it said, as from a door: {_TEXT}"

    def _whose(self, verified: Verified) -> Whose:
        """Return for whom a FLASH counts: its officer; all whom the peer's manifest does not name are one."""
        said = verified.statement
        known = self._holdings.registry.keyring.officer(self._peer, said.officer) is not None
        return whose(said.officer if known else OfficerName(""), said.marking.caveat_words)

    def _counted(self, now: Micros) -> dict[Whose, list[Micros]]:
        """Return what was taken as FLASH of each officer; after a start that of the last hour, as the store has it."""
        if self._times is None:
            self._times = {}
            for row, who in shared(self._lately(now), lambda one: one[1].drill, MOST_KEPT):
                late = row.at < row.received - HOUR
                self._times.setdefault(who, []).append(row.at if late else row.received)
        return self._times

    def _lately(self, now: Micros) -> Iterator[tuple[ItemRow, Whose]]:
        """Yield what the store has of the last hour's FLASHes, the newest first, and for whom each counts."""
        reader, after = self._holdings.store.reader, 0
        for _ in range(READ_BACK):
            rows = reader.items(after, MOST_KEPT, self._peer, precedence="FLASH", newest=True)
            recent = [row for row in rows if row.received > now - HOUR]
            held = ((row, self._holdings.verified(row.id)) for row in recent)
            yield from ((row, self._whose(known)) for row, known in held if known is not None)
            if len(rows) < MOST_KEPT or not recent:
                return
            after = rows[-1].admission


def heard_at(said: Micros, now: Micros, silent_since: Iterable[Micros]) -> Micros:
    """Return when a FLASH counts: as it is dated, if it may have waited in a silence that we know of; else now."""
    return said if any(begin <= said <= now for begin in silent_since) else now


def fullest_hour(times: Sequence[Micros], at: Micros) -> int:
    """Return how many of some times lie in the fullest hour that one of them, `at`, is in."""
    begins = [begin for begin in times if at - HOUR < begin <= at]
    return max(sum(begin <= one < begin + HOUR for one in times) for begin in begins)


def _by_two(verified: Verified, beside: tuple[Verified, ...]) -> bool:
    """Return whether two officers of a member speak: one wrote a warning, another confirmed it before it left."""
    return any(_confirms(one, verified) or _confirms(verified, one) for one in beside)


def _confirms(check: Verified, alert: Verified) -> bool:
    warning, said = form_of(alert.statement, Alert), check.statement
    return (
        warning is not None
        and warning.release == "CHECKED"
        and said.kind == KIND_OF[Check]
        and said.member == alert.statement.member
        and said.officer != alert.statement.officer
        and any(cited.item == alert.id for cited in said.cites)
    )
