"""Live frames for the maps of this member's officers: the gate first, then the bytes, made once for all alike.

Viewers who may see the same and ask for the same share a channel, and what one frame takes to encode is spent once.
Nothing is said on account of what a viewer may not see: a channel speaks when what it shows changes, and breathes by
the clock alone. Who is slow is told the difference from what she has to what is now; nothing waits for her.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Final

from quartet.core.ids import SECOND, Micros
from quartet.core.release import Viewer
from quartet.node.frames import Frames
from quartet.node.parts import Parts
from quartet.node.pieces import Piece, Place
from quartet.picture.fusion import Fusion
from quartet.picture.livewire import LiveFrame, write_live
from quartet.picture.look import Kind, Look, widened
from quartet.picture.scene import KEY_SIZE, Numbers, Scene, frame_of, scene_of_fused, within

BREATH: Final = 5 * SECOND
"""How long a map hears nothing at most: it knows then that the way is open and the picture old."""
MAX_SCENES: Final = 64
MAX_CHANNELS: Final = 256
"""Beyond so many the longest unused is forgotten; who used it gets a keyframe from the next."""
_SEQ: Final = 2**32

_Shared = tuple[str, tuple[Place, ...]]
"""Who see the same aircraft said to be the same, and from which places."""
_Seen = tuple[str, tuple[Place, ...], Look]


class Edition:
    """What a channel shows from one moment on; `seq` is its moment in milliseconds, cut to 32 bits."""

    def __init__(self, seq: int, epoch: Micros, scene: Scene) -> None:
        self.seq = seq
        self.epoch = epoch
        self.scene = scene


class Channel:
    """What viewers of equal entitlement see who ask for the same; makes the bytes of each frame once."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._whole: Scene | None = None
        self._now: Edition | None = None
        self._made: dict[int | None, bytes] = {}

    def edition(self, whole: Scene, now: Micros) -> Edition:
        """Return what is shown of a scene: the edition of before, if nothing on view is other than it was."""
        last = self._now
        if last is not None and self._whole is whole:
            return last
        self._whole = whole
        shown = within(whole, self._look)
        if last is not None and last.scene == shown:
            return last
        self._made.clear()
        self._now = Edition(next_seq(last, now), now, shown)
        return self._now

    def frame(self, edition: Edition, before: Edition | None) -> bytes:
        """Return the frame that leads from an edition of this channel, or from nothing, to the present one."""
        base = None if before is None else before.seq
        made = self._made.get(base)
        if made is None:
            old = None if before is None else (before.seq, before.scene)
            made = self._made[base] = write_live(frame_of(edition.scene, edition.seq, edition.epoch, old))
        return made


class Live:
    """Shows each viewer the tracks that the gate admits her to, and nothing of the others."""

    def __init__(self, parts: Parts, frames: Frames, key: bytes | None = None) -> None:
        self._parts = parts
        self._frames = frames
        self._numbers = Numbers(parts.entropy(KEY_SIZE) if key is None else key)
        self._scenes: OrderedDict[_Shared, tuple[Fusion, Mapping[str, Kind], Scene]] = OrderedDict()
        self._channels: OrderedDict[_Seen, Channel] = OrderedDict()

    def lookout(self, viewer: Viewer) -> "Lookout":
        """Return what keeps one viewer's map."""
        return Lookout(self, viewer)

    def now(self) -> Micros:
        """Return the node's time."""
        return self._parts.clock.now()

    def channel(self, viewer: Viewer, look: Look) -> tuple[Channel, Edition]:
        """Return the channel of a viewer who asks for this, and what it shows now; the gate is asked each time."""
        admitted = self._frames.admitted(viewer)
        places = tuple(place for place, _ in admitted)
        shared, kinds = self._frames.kinds(viewer)
        whole = self._scene((shared, places), self._frames.fused(admitted), kinds)
        channel = self._channels.pop((shared, places, look), None) or Channel(look)
        self._channels[shared, places, look] = channel
        while len(self._channels) > MAX_CHANNELS:
            self._channels.popitem(last=False)
        return channel, channel.edition(whole, self.now())

    def drawn(self, admitted: Iterable[tuple[Place, Piece]]) -> Scene:
        """Return the scene of what a viewer could see at a time that is past; from any thread."""
        return scene_of_fused(self._frames.fused_once(admitted), self._numbers)

    def _scene(self, seen: _Shared, fusion: Fusion, kinds: Mapping[str, Kind]) -> Scene:
        kept = self._scenes.pop(seen, None)
        if kept is None or kept[0] is not fusion or kept[1] is not kinds:
            kept = fusion, kinds, scene_of_fused(fusion, self._numbers, kinds)
        self._scenes[seen] = kept
        while len(self._scenes) > MAX_SCENES:
            self._scenes.popitem(last=False)
        return kept[2]


class Lookout:
    """One viewer's map: what it shows, and what it must be told next."""

    def __init__(self, live: Live, viewer: Viewer) -> None:
        self._live = live
        self._viewer = viewer
        self._look: Look | None = None
        self._has: tuple[Channel, Edition] | None = None
        self._spoke = Micros(0)

    def ask(self, look: Look) -> None:
        """Show this from now on."""
        self._look = widened(look)

    def forget(self) -> None:
        """Begin anew: what she was told since was not of now."""
        self._has = None

    def told(self) -> bytes | None:
        """Return the next frame, None while there is nothing to say; it counts as told from then on."""
        if self._look is None:
            return None
        channel, edition = self._live.channel(self._viewer, self._look)
        before = self._has[1] if self._has is not None and self._has[0] is channel else None
        now = self._live.now()
        if before is edition:
            return self._breath(edition, now)
        self._has, self._spoke = (channel, edition), now
        return channel.frame(edition, before)

    def _breath(self, edition: Edition, now: Micros) -> bytes | None:
        if now - self._spoke < BREATH:
            return None
        self._spoke = now
        return write_live(LiveFrame(edition.seq, edition.seq, now, (), cut=edition.scene.cut))


def next_seq(last: Edition | None, now: Micros) -> int:
    """Return the number of an edition of this moment: never the one of the edition before."""
    seq = now // 1000 % _SEQ
    return seq if last is None or last.seq != seq else (seq + 1) % _SEQ
