"""Proof that a charter parted in two: two acts that follow the same one, each of them carried.

Whoever has the founding charter checks it alone. Two acts that both need most of the members have a member in common
who signed both; where one is a withdrawal, which needs its subject alone, they may have crossed without any fault.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.articles import Act, decode_act
from quartet.core.charter import CharterState, found
from quartet.core.encoding import Value, decode, encode
from quartet.core.faults import Untrusted
from quartet.core.ids import Epoch, MemberId
from quartet.core.signed import MAX_SIGNED_BYTES, SignedBytes, decode_signed_bytes

MAX_ACTS: Final = 10_000
MAX_PARTING: Final = 16 * MAX_SIGNED_BYTES


class Parting(Value, frozen=True):
    """The acts that both halves share, then the two that part them, in the order of their bytes."""

    v: Literal[1]
    acts: Annotated[tuple[SignedBytes, ...], Meta(max_length=MAX_ACTS)]
    first: SignedBytes
    second: SignedBytes


class Parted(Value, frozen=True):
    """What was checked: which act parts them, what each half did, and who signed both."""

    epoch: Epoch
    first: Act
    second: Act
    both: tuple[MemberId, ...]


def parting(state: CharterState, travelling: bytes) -> Parting | None:
    """Return how an act that follows an earlier one than the newest parts from ours; None where it does not.

    None too where it is the act that we have, in whatever signatures. Raise `Malformed` or `Untrusted` where it is not
    carried: whoever could not gather the signatures parts nothing.
    """
    other = decode_signed_bytes(travelling)
    act, before = decode_act(other.raw), found(state.founding)
    for n, ours in enumerate(state.acts):
        if before.head == act.predecessor:
            mine = decode_signed_bytes(ours)
            if mine.raw == other.raw:
                return None
            before.apply(travelling)
            first, second = sorted((mine, other), key=lambda signed: signed.raw)
            shared = tuple(decode_signed_bytes(one) for one in state.acts[:n])
            return Parting(v=1, acts=shared, first=first, second=second)
        before = before.apply(ours)
    return None


def encode_parting(made: Parting) -> bytes:
    """Return the bytes in which a parting is kept and shown."""
    return encode(made)


def verify_parting(data: bytes, charter: bytes) -> Parted:
    """Return what a parting shows, once (1) its shape, (2) the charter and the acts before, (3) both acts were checked.

    Raise `Untrusted("no-contradiction")` where the two are one act.
    """
    shown = decode(data, Parting, MAX_PARTING)
    state = found(charter)
    for one in shown.acts:
        state = state.apply(encode(one))
    if shown.first.raw >= shown.second.raw:
        raise Untrusted("no-contradiction", "one act, or in the other order")
    halves = [state.apply(encode(one)) for one in (shown.first, shown.second)]
    signed = [{s.key_id for s in one.signatures} for one in (shown.first, shown.second)]
    both = signed[0] & signed[1]
    return Parted(
        epoch=halves[0].epoch,
        first=decode_act(shown.first.raw),
        second=decode_act(shown.second.raw),
        both=tuple(sorted(m for m in state.members if state.root_key(m).id in both)),
    )


__all__ = ["Parted", "Parting", "encode_parting", "parting", "verify_parting"]
