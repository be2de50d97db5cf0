"""How far a log was followed, as a line of text that the database keeps."""

import base64
from typing import Final

from msgspec import structs

from quartet.core.ids import Tick
from quartet.core.proof.merkle import CompactRange, leaf_hash
from quartet.core.proof.witness import WitnessState
from quartet.store import Store, Tx

_AT_ONCE: Final = 4_000


def write_state(state: WitnessState) -> str:
    """Return how far a log was followed, as it is kept."""
    first = "-" if state.first_tick is None else state.first_tick
    return f"{state.size} {first} {base64.b64encode(b''.join(state.peaks)).decode('ascii')}"


def read_state(origin: str, kept: str | None) -> WitnessState:
    """Return how far a log was followed, as it was kept."""
    if kept is None:
        return WitnessState(origin=origin)
    size, first, peaks = kept.split(" ")
    raw = base64.b64decode(peaks)
    return WitnessState(
        origin=origin,
        size=int(size),
        peaks=tuple(raw[i : i + 32] for i in range(0, len(raw), 32)),
        first_tick=None if first == "-" else Tick(int(first)),
    )


async def cut_back(store: Store, state: WitnessState) -> WitnessState:
    """Forget what is here of a log behind its newest checkpoint, and return how far it reaches then.

    Leaves may run ahead of their checkpoint while a log that is far ahead is caught up with.
    """
    found = store.reader.checkpoint(state.origin)
    size = 0 if found is None else found[0]
    return state if size >= state.size else await cut_to(store, state, size)


async def cut_to(store: Store, state: WitnessState, size: int) -> WitnessState:
    """Forget what is here of a log behind a size, and return how far it reaches then."""
    grown = CompactRange()
    for start in range(0, size, _AT_ONCE):
        for leaf in store.reader.leaves(state.origin, start, min(_AT_ONCE, size - start)):
            grown.append(leaf_hash(leaf))
    back = structs.replace(state, size=size, peaks=tuple(grown.peaks))

    def job(tx: Tx) -> None:
        tx.lose_log(state.origin, size)
        tx.set_meta(f"witness/{state.origin}", write_state(back))

    await store.write(job)
    return back
