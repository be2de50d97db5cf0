"""How this node is: links, logs, alarms, ticks. To each viewer what she answers for; to a machine, coarse figures.

That the disk is full, and that a tick failed, is told from memory: a database that cannot be written holds no alarm.

Totals count items that not every officer may see, and alarms speak of them: both are for the role `watch`, and there
too without the name of an item that she may not see herself. What goes to metrics and to the log has no such words.
"""

from collections.abc import Callable
from typing import Final

from quartet import __version__
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.release import Viewer
from quartet.node.alarms import disk_low, tick_failed
from quartet.node.assist.porton import PortOn
from quartet.node.backlog import behind_s
from quartet.node.ledger import Ledger
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.pulse import LinkPulse, Pulse
from quartet.node.registry import Registry
from quartet.node.room import Room
from quartet.node.seeing import WATCH, Seeing
from quartet.node.statusviews import Alarm, LinkState, LinkWord, Status
from quartet.node.views import LogState, moment
from quartet.node.witness import Witness
from quartet.node.wordbook import Wordbook
from quartet.store import AlarmRow

LINK_SUSPECT: Final = 3 * SECOND
LINK_DOWN: Final = 10 * SECOND
TICKS_MISSED: Final = 5
"""After so many ticks without one, a node is not well."""


class Health:
    """Answers how the node is."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        ledger: Ledger,
        witness: Witness,
        seeing: Seeing,
        room: Room,
        peers: dict[MemberId, Peer],
        told: Callable[[Viewer], tuple[Alarm, ...]],
        book: Wordbook,
    ) -> None:
        """Answer for these parts; `told` are the alarms of a viewer's own items, hers whatever her role."""
        self._book = book
        self._parts = parts
        self._registry = registry
        self._ledger = ledger
        self._witness = witness
        self._seeing = seeing
        self._room = room
        self._peers = peers
        self._told = told
        self._reader = parts.store.reader
        self._began = self._ticked = parts.clock.now()
        self._lag: int | None = None
        self._failing: AlarmRow | None = None
        self.ports: Callable[[], tuple[PortOn, ...]] = tuple

    def ticked(self, due: Micros, now: Micros) -> None:
        """Note that the tick due at one time was done at another."""
        self._ticked = now
        self._lag = max(0, now - due)
        self._failing = None

    def failed(self, error: Exception, now: Micros) -> None:
        """Note that a tick could not be done; its alarm ends with the next one that is."""
        self._failing = tick_failed(error, self._parts.me, now)

    def status(self, viewer: Viewer) -> Status:
        """Tell a viewer how the node is."""
        now = self._parts.clock.now()
        watch = WATCH in viewer.roles
        return Status(
            member=self._parts.me,
            exchange=self._registry.exchange,
            name=self._registry.state.charter.name,
            version=__version__,
            trial=self._parts.trial,
            at=moment(now),
            clock="SURE" if self._parts.clock.sure else "UNSURE",
            epoch=self._registry.state.epoch,
            items=self._reader.count("item") if watch else None,
            links=tuple(self._link(peer, now, watch=watch) for _, peer in sorted(self._peers.items())),
            logs=self._logs(now),
            alarms=(*self._told(viewer), *(self._alarms(viewer, now) if watch else ())),
            words=self._book.state if watch else None,
            assist=self.ports(),
            cover=self._registry.state.terms.cover,
            silent={m: moment(one.since) for m, one in self._witness.counting.silences(now).items()},
            absent={m: (moment(a.since), moment(a.until)) for m, a in self._witness.counting.absences(now).items()},
        )

    def pulse(self) -> Pulse:
        """Tell how the node is without content: for who has no right to any."""
        now = self._parts.clock.now()
        reasons = [alarm.reason for alarm in self._open(now)]
        return Pulse(
            member=self._parts.me,
            version=__version__,
            trial=self._parts.trial,
            up_s=(now - self._began) // SECOND,
            tick_lag_s=None if self._lag is None else round(self._lag / SECOND, 1),
            ticking=now - self._ticked <= TICKS_MISSED * self._ledger.tick_length,
            clock_apart_s=self._parts.clock.apart // SECOND,
            links={member: self._pulse_of(peer, now) for member, peer in sorted(self._peers.items())},
            logs=self._logs(now),
            alarms={reason: reasons.count(reason) for reason in sorted(set(reasons))},
        )

    def _logs(self, now: Micros) -> dict[MemberId, LogState]:
        logs = {}
        for member in sorted(self._registry.state.members):
            size, k, n = self._witness.counting.newest(member, now)
            logs[member] = LogState(size=size, cosigners=k, witnesses=n)
        return logs

    def _alarms(self, viewer: Viewer, now: Micros) -> tuple[Alarm, ...]:
        return tuple(
            Alarm(
                at=moment(a.at),
                reason=a.reason,
                detail=self._seeing.explained(a.detail, viewer, now),
                member=MemberId(a.subject),
            )
            for a in self._open(now)
        )

    def _open(self, now: Micros) -> list[AlarmRow]:
        """Return the alarms that are kept, and before them those of now that the disk did not take."""
        kept = self._reader.alarms()
        known = {(alarm.reason, alarm.subject) for alarm in kept}
        low = disk_low(self._room, self._parts.me, now) if self._room.low else None
        return [a for a in (self._failing, low) if a is not None and (a.reason, a.subject) not in known] + kept

    def _link(self, peer: Peer, now: Micros, *, watch: bool) -> LinkState:
        """Tell of one link; to all but the watch without what moves with the items on it."""
        heard = peer.heard if watch or peer.heard is None else _coarse(peer.heard)
        age = None if heard is None else max(0, now - heard)
        detail = "parcels are missing: recalls may be missing" if peer.incoming.gap else peer.refused if watch else ""
        return LinkState(
            member=peer.member,
            state=_state(peer, now),
            heard=None if heard is None else moment(heard),
            due=self._reader.due_count(peer.member) if watch else None,
            way=self._parts.carrier.way(peer.member),
            lag_ms=None if age is None else age // 1000,
            detail=detail,
            carried_out=None if peer.carriage.out is None else moment(peer.carriage.out),
            carried_in=None if peer.carriage.came is None else moment(peer.carriage.came),
            behind_s=behind_s(peer, self._reader, self._ledger.tick_length) if watch else None,
        )

    def _pulse_of(self, peer: Peer, now: Micros) -> LinkPulse:
        heard = None if peer.heard is None else max(0, now - peer.heard) // SECOND
        waiting = magnitude(self._reader.due_count(peer.member))
        out, came = peer.carriage.out, peer.carriage.came
        way = self._parts.carrier.way(peer.member)
        direct = not way.trouble if way.direct else None
        return LinkPulse(_state(peer, now), heard, waiting, out, came, way.by, direct)


def magnitude(count: int) -> int:
    """Return a count as its power of ten: 0, 1, 10, 100 ..., so that it does not tell of one item."""
    return 10 ** (len(str(count)) - 1) if count else 0


def _state(peer: Peer, now: Micros) -> LinkWord:
    age = LINK_DOWN + 1 if peer.heard is None else now - peer.heard
    if age > LINK_DOWN:
        return "down"
    return "suspect" if age > LINK_SUSPECT or peer.incoming.gap else "up"


def _coarse(at: Micros) -> Micros:
    return Micros(at // SECOND * SECOND)
