"""Set up direct links between two members' servers: who dials, who lets in, by which authority and key.

One of the two listens and the other dials: two connections for one pair would carry everything twice. An authority
does not bind a name, so that who listens also asks for the peer's nkey, and who dials believes that peer's authority
alone at that peer's address.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from quartet.core.encoding import Value
from quartet.core.ids import MemberId
from quartet.wire.natsconfig import Dial, Direct, Listener, TlsFiles
from quartet.wire.natslink import DirectAccess
from quartet.wire.natsserver import write_private
from quartet.wire.nkey import SEED_SIZE, nkey_public, nkey_seed


class Partner(Value, frozen=True):
    """A peer with whom a direct link is set up: its nkey and authority (PEM) by the charter.

    We dial at `url`, or without one the peer connects to us.
    """

    id: MemberId
    nkey: str
    authority: bytes
    url: str | None = None


def draw_access(folder: Path, tls: TlsFiles, partners: Iterable[Partner]) -> dict[MemberId, DirectAccess]:
    """Return a login of our own for each direct link, drawn anew, and what is dialled for it."""
    return {
        one.id: DirectAccess(nkey_seed(secrets.token_bytes(SEED_SIZE)), _dial(folder, tls, one)) for one in partners
    }


def lay_links(
    folder: Path, tls: TlsFiles, access: Mapping[MemberId, DirectAccess], partners: Sequence[Partner], at: str | None
) -> tuple[tuple[Direct, ...], Listener | None]:
    """Write the authorities that are believed, and return the links and the listener as settings have them.

    Nobody listens where nobody is to connect.
    """
    for one in partners:
        if one.url is not None:
            write_private(_authority(folder, one.id), one.authority)
    links = tuple(
        Direct(one.id, nkey_public(access[one.id].login), one.nkey, _dial(folder, tls, one)) for one in partners
    )
    let_in = [one.authority for one in partners if one.url is None]
    if at is None or not let_in:
        return links, None
    believed = folder / "direct.ca"
    write_private(believed, b"".join(let_in))
    return links, Listener(at, replace(tls, ca=str(believed)))


def _dial(folder: Path, tls: TlsFiles, partner: Partner) -> Dial | None:
    return None if partner.url is None else Dial(partner.url, replace(tls, ca=str(_authority(folder, partner.id))))


def _authority(folder: Path, peer: MemberId) -> Path:
    return folder / f"direct-{peer}.ca"
