"""Write nats-server's settings: a member's own server, and a hub that only routes.

Pure text from values. The text holds secrets (a member's nkey seed): its file has mode 0600. Durations are quoted,
since nats-server reads a bare `1s` in some places as a number.
"""

import json
from typing import Final

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId

MAX_PAYLOAD: Final = 1024 * 1024
DENY_IMPORTS: Final = ("$JS.>", "$KV.>", "$O.>", "$SYS.>")
"""What whoever we connect to may not reach in our server.

Without the first a hostile hub purged a member's stream; without the last it was told who is connected there, and how.
"""
PING: Final = "2s"
RECONNECT: Final = "500ms"
LEAFS: Final = 'allowed_connection_types: ["LEAFNODE"]'
LOCALLY: Final = 'allowed_connection_types: ["STANDARD"]'


class TlsFiles(Value, frozen=True):
    """Where nats-server finds its certificate, its key, and the authorities it believes."""

    cert: str
    key: str
    ca: str


class Login(Value, frozen=True):
    """Public nkeys of those who log in to a member's server: its own parts, `wire`, and its watch over the server."""

    local: str
    fed: str
    system: str


class Dial(Value, frozen=True):
    """Where our server connects to a peer's directly, and the files for it: their `ca` is that peer's alone."""

    url: str
    tls: TlsFiles


class Direct(Value, frozen=True):
    """A direct link to a peer, in an account of its own: `login` is our own part's public nkey there.

    Our server dials, or else lets in who has the peer's `nkey`.
    """

    peer: MemberId
    login: str
    nkey: str
    dial: Dial | None = None


class Listener(Value, frozen=True):
    """Where peers without a dial of ours connect directly; the files' `ca` has their authorities."""

    at: str
    tls: TlsFiles


class MemberSettings(Value, frozen=True):
    """A member's own nats-server. `seed` is its secret nkey, `hubs` are URLs in order of preference."""

    me: MemberId
    port: int
    login: Login
    seed: str
    hubs: tuple[str, ...]
    tls: TlsFiles
    direct: tuple[Direct, ...] = ()
    listener: Listener | None = None

    def __repr__(self) -> str:
        return f"MemberSettings({self.me}, port {self.port})"


class HubMember(Value, frozen=True):
    """A member as a hub knows it."""

    id: MemberId
    nkey: str


class HubSettings(Value, frozen=True):
    """A hub. `leaf` and `route` are where members and other hubs connect; `routes` are the other hubs' URLs."""

    name: str
    port: int
    leaf: str
    system: str
    members: tuple[HubMember, ...]
    leaf_tls: TlsFiles
    route: str | None = None
    routes: tuple[str, ...] = ()
    route_tls: TlsFiles | None = None


def account_of(peer: MemberId) -> str:
    """Return the account of the direct link to a peer: one of its own, so that nothing passes on from it."""
    return f"P2P_{peer}"


def member_config(settings: MemberSettings) -> str:
    """Return the settings of a member's own server, without JetStream.

    LOCAL is for its parts, FED for the exchange over hubs, and each direct link has an account of its own.
    """
    me, login = settings.me, settings.login
    fed = _user(login.fed, publish=f"f.{me}.>", subscribe=f"f.*.{me}.>")
    directs = "".join(f"  {_direct_account(me, one)}\n" for one in settings.direct)
    dialled = [(one.dial, account_of(one.peer)) for one in settings.direct if one.dial is not None]
    dials = [_remote(settings.seed, (dial.url,), account, dial.tls) for dial, account in dialled]
    return f"""\
{_head(f"member-{me}", settings.port)}
accounts {{
  LOCAL {{ users: [{{ nkey: {_text(login.local)} }}] }}
  FED {{ users: [{fed}] }}
{directs}  SYS {{ users: [{{ nkey: {_text(login.system)} }}] }}
}}
system_account: SYS
leafnodes {{
  reconnect: {_text(RECONNECT)}
{_listening(settings.listener)}  remotes: [{", ".join([*_hub_remote(settings), *dials])}]
}}
"""


def _hub_remote(settings: MemberSettings) -> list[str]:
    if not settings.hubs:
        return []
    return [_remote(settings.seed, settings.hubs, "FED", settings.tls)]


def _remote(seed: str, urls: tuple[str, ...], account: str, tls: TlsFiles) -> str:
    return f"""{{
    urls: {_list(urls)}
    no_randomize: true
    ignore_discovered_servers: true
    account: {account if account == "FED" else _text(account)}
    nkey: {_text(seed)}
    deny_imports: {_list(DENY_IMPORTS)}
    compression: off
    dial_timeout: "1s"
    first_info_timeout: "2s"
    {_tls(tls, verify=False)}
  }}"""


def _direct_account(me: MemberId, direct: Direct) -> str:
    """Return the account of one direct link: our own part, and the peer's server where that is to connect to us."""
    peer = direct.peer
    users = [_user(direct.login, publish=f"f.{me}.{peer}.>", subscribe=f"f.{peer}.{me}.>", more=LOCALLY)]
    if direct.dial is None:
        users.append(_user(direct.nkey, publish=f"f.{peer}.{me}.>", subscribe=f"f.{me}.{peer}.>", more=LEAFS))
    return f"{_text(account_of(peer))} {{ users: [{', '.join(users)}] }}"


def _listening(listener: Listener | None) -> str:
    if listener is None:
        return ""
    return f"""\
  listen: {_text(listener.at)}
  no_advertise: true
  compression: off
  {_tls(listener.tls, verify=True)}
"""


def hub_config(settings: HubSettings) -> str:
    """Return the settings of a hub: members log in by certificate and nkey, each to its own subjects only."""
    users = "\n".join(f"    {_leaf_user(member)}" for member in settings.members)
    return f"""\
{_head(settings.name, settings.port)}
accounts {{
  FED {{ users: [
{users}
  ] }}
  SYS {{ users: [{{ nkey: {_text(settings.system)} }}] }}
}}
system_account: SYS
leafnodes {{
  listen: {_text(settings.leaf)}
  no_advertise: true
  compression: off
  {_tls(settings.leaf_tls, verify=True)}
}}
{_cluster(settings)}"""


def _cluster(settings: HubSettings) -> str:
    if settings.route is None:
        return ""
    if settings.route_tls is None:
        raise Malformed("bad-settings", f"{settings.name} has routes but no TLS for them")
    return f"""\
cluster {{
  name: "quartet"
  listen: {_text(settings.route)}
  routes: {_list(settings.routes)}
  no_advertise: true
  compression: off
  ping_interval: {_text(PING)}
  {_tls(settings.route_tls, verify=True)}
}}
"""


def _head(name: str, port: int) -> str:
    return f"""\
server_name: {_text(name)}
listen: {_text(f"127.0.0.1:{port}")}
max_payload: {MAX_PAYLOAD}
max_pending: 67108864
write_deadline: "5s"
ping_interval: {_text(PING)}
ping_max: 2
lame_duck_duration: "30s"
lame_duck_grace_period: "1s"
log_size_limit: 4194304
log_max_num: 3
"""


def _leaf_user(member: HubMember) -> str:
    return _user(member.nkey, publish=f"f.{member.id}.>", subscribe=f"f.*.{member.id}.>", more=LEAFS)


def _user(nkey: str, *, publish: str, subscribe: str, more: str = "") -> str:
    rights = f"publish: {{ allow: {_list((publish,))} }}, subscribe: {{ allow: {_list((subscribe,))} }}"
    tail = f", {more}" if more else ""
    return f"{{ nkey: {_text(nkey)}, permissions: {{ {rights} }}{tail} }}"


def _tls(files: TlsFiles, *, verify: bool) -> str:
    parts = [f"cert_file: {_text(files.cert)}", f"key_file: {_text(files.key)}", f"ca_file: {_text(files.ca)}"]
    if verify:
        parts.append("verify: true")
    parts += ['min_version: "1.3"', "handshake_first: true", "timeout: 3"]
    return f"tls {{ {', '.join(parts)} }}"


def _list(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(_text(text) for text in texts)}]"


def _text(text: str) -> str:
    """Quote `text`; refuse what nats-server's parser could read as more than text."""
    if not text.isprintable() or '"' in text or "\\" in text:
        raise Malformed("bad-settings", repr(text[:80]))
    return json.dumps(text, ensure_ascii=False)
