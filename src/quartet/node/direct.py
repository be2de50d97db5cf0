"""With whom this member has direct links: as its settings name them, with the keys that the charter has for them.

A suspended member's stays, for the recalls of what it holds; hubs cut it off. Who has left is cut here too.
"""

import time
from pathlib import Path

from quartet.core.charter import CharterState
from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.node.folder import MemberFolder
from quartet.node.hubs import hub_authorities, hub_urls, urls_now
from quartet.node.keyset import Keyset
from quartet.node.office import authority_pem
from quartet.node.settings import DirectPeer, MemberSettings
from quartet.wire import Access, NatsServer, Partner, is_listener, member_server
from quartet.wire import MemberSettings as MemberConfig


class Ways(Value, frozen=True):
    """Over which hubs, by which authorities, and with whom directly, a member speaks.

    `later` are those named for a direct link who are no members now: one may come, or come again, by an act.
    """

    hubs: tuple[str, ...]
    authorities: tuple[bytes, ...]
    partners: tuple[Partner, ...]
    later: tuple[Partner, ...] = ()


def ways_of(settings: MemberSettings, state: CharterState) -> Ways:
    """Return a member's ways at its start; raise `Malformed` where its settings name what the charter has not."""
    hub_urls(settings, state)
    return ways_now(settings, state)


def ways_now(settings: MemberSettings, state: CharterState) -> Ways:
    """Return a member's ways as charter and settings have them at this moment."""
    partners = partners_of(settings, state, _now())
    named = (_partner(one, state) for one in settings.wire.direct)
    later = tuple(one for one in named if one not in partners)
    return Ways(tuple(urls_now(settings, state)), tuple(hub_authorities(state)), partners, later)


def partners_of(settings: MemberSettings, state: CharterState, now: Micros) -> tuple[Partner, ...]:
    """Return with whom direct links are set up and who has not left; `Malformed("unknown-member")` for a stranger."""
    strangers = sorted(one.member for one in settings.wire.direct if one.member not in state.members)
    if strangers:
        known = ", ".join(sorted(state.members))
        raise Malformed("unknown-member", f"{', '.join(strangers)} of wire.direct: the charter has {known}")
    return tuple(_partner(one, state) for one in settings.wire.direct if not state.membership.left(one.member, now))


def _partner(named: DirectPeer, state: CharterState) -> Partner:
    member = state.members[named.member]
    return Partner(named.member, member.nkey, authority_pem(member), named.url)


def listens_at(settings: MemberSettings) -> tuple[str, int] | None:
    """Return where members may connect directly; None where nobody may."""
    if settings.wire.direct_listen is None:
        return None
    host, _, port = settings.wire.direct_listen.rpartition(":")
    return host.removeprefix("[").removesuffix("]"), int(port)


def own_server(
    folder: MemberFolder, settings: MemberSettings, keys: Keyset, ways: Ways
) -> tuple[NatsServer, Access, MemberConfig]:
    """Prepare a member's own NATS server for these ways."""
    check_certificate(folder, settings, keys)
    given = settings.wire.nats_server
    return member_server(
        settings.member,
        seed=keys.nkey,
        hubs=ways.hubs,
        identity=keys.tls,
        authorities=ways.authorities,
        folder=folder.run,
        port=settings.wire.port,
        binary=None if given is None else Path(given),
        partners=ways.partners,
        later=ways.later,
        listen=listens_at(settings),
    )


def check_certificate(folder: MemberFolder, settings: MemberSettings, keys: Keyset) -> None:
    """Raise `Malformed("no-listener-certificate")` where members are to connect and our certificate is not for that."""
    if settings.wire.direct_listen is not None and not is_listener(keys.tls.cert):
        mend = f"run `quartet keys renew --host HOST --dir {folder.root}` with the address that they dial"
        raise Malformed("no-listener-certificate", f"wire.direct_listen needs a certificate that names it: {mend}")


def direct_names(ways: Ways) -> str:
    """Return the direct links as people read them."""
    said = [f"{one.id} ({'it connects to us' if one.url is None else 'we connect'})" for one in ways.partners]
    return ", ".join(said) or "none"


def _now() -> Micros:
    return Micros(time.time_ns() // 1000)
