"""What the settings say of CAP: by which ways early warnings come in and who has them, and where alerts go out."""

from typing import Annotated, Final
from urllib.parse import urlsplit

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import MEMBER_PATTERN, MemberField
from quartet.core.marking import TlpWord

Name = Annotated[str, Meta(pattern=MEMBER_PATTERN)]
Text = Annotated[str, Meta(min_length=1, max_length=1024)]
Token = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}(?!\n)$")]
"""The SHA-256 of a bearer token, in hexadecimal: the token itself stands in no settings."""
DeskWord = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,31}(/[a-z][a-z0-9-]{0,31})?(?!\n)$")]
Listen = Annotated[str, Meta(pattern=r"^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):[1-9][0-9]{0,4}(?!\n)$")]
HookUrl = Annotated[
    str, Meta(pattern=r"^(https://[A-Za-z0-9.-]{1,253}|http://127\.0\.0\.1)(:[1-9][0-9]{0,4})?/\S{0,512}(?!\n)$")
]
NatsUrl = Annotated[str, Meta(pattern=r"^(nats|tls)://[^\s@]{1,255}(?!\n)$")]
Subject = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64}){0,7}(?!\n)$")]


class EarlySource(Value, frozen=True):
    """An authority whose early warnings come in: dropped in a `folder`, posted with a `token`, or at a NATS `subject`.

    A server of NATS on another machine is spoken to over TLS alone, which it begins (`handshake_first`), and is shown a
    token, or an nkey by its seed. Without `tlp`, `to` and `desks` nobody but this member has them: what an alert says
    of itself widens nothing.
    """

    name: Name
    folder: Text | None = None
    token_sha256: Token | None = None
    nats: NatsUrl | None = None
    nats_token_file: Text | None = None
    nats_seed_file: Text | None = None
    nats_ca_file: Text | None = None
    subject: Subject | None = None
    tlp: TlpWord = "AMBER"
    to: tuple[MemberField, ...] = ()
    desks: Annotated[tuple[DeskWord, ...], Meta(max_length=256)] = ()
    per_minute: Annotated[int, Meta(ge=1, le=60_000)] = 60

    def __post_init__(self) -> None:
        """Raise `ValueError` for a subject without a server, or the other way round."""
        if (self.nats is None) != (self.subject is None):
            raise ValueError(f"early source {self.name}: nats and subject, both or neither")
        if self.nats is not None and self.nats.startswith("nats://") and not _is_here(self.nats):
            raise ValueError(
                f"early source {self.name}: {self.nats} is another machine: tls://, or who is between reads"
            )
        if self.nats_token_file is not None and self.nats_seed_file is not None:
            raise ValueError(f"early source {self.name}: a token or an nkey, not both")


class Hook(Value, frozen=True):
    """Where alerts are posted: this address and no other; whatever answers, it is not followed anywhere else.

    `ca_file` is the authority by which its certificate is believed; without it the system's are.
    """

    url: HookUrl
    token_file: Text | None = None
    ca_file: Text | None = None


class CapDoor(Value, frozen=True):
    """A door that speaks CAP: alerts at `listen`, in a `folder` and to `hooks`; early warnings from its `sources`.

    What passes is decided for the `principals`, officers here who answer for what reads it; without any, only what the
    whole world may have. Another machine reads with a token, and only over TLS unless `listen` is this machine. What is
    posted comes in at `listen_in` if that is said, and else at `listen`.
    """

    name: Name
    domain: Annotated[str, Meta(pattern=r"^[A-Za-z0-9.-]{1,120}(?!\n)$")]
    sender_name: Annotated[str, Meta(min_length=1, max_length=120)]
    principals: Annotated[tuple[Text, ...], Meta(max_length=32)] = ()
    purpose: Text | None = None
    listen: Listen | None = None
    listen_in: Listen | None = None
    certificate: Text | None = None
    key: Text | None = None
    token_sha256: Token | None = None
    folder: Text | None = None
    hooks: Annotated[tuple[Hook, ...], Meta(max_length=16)] = ()
    sources: Annotated[tuple[EarlySource, ...], Meta(max_length=64)] = ()

    def __post_init__(self) -> None:
        """Raise `ValueError` for a door that others could overhear, or that half a certificate was given."""
        if (self.certificate is None) != (self.key is None):
            raise ValueError(f"cap door {self.name}: certificate and key, both or neither")
        for listen in (self.listen, self.listen_in):
            here = listen is None or listen.rpartition(":")[0] in LOOPBACK
            if not here and self.certificate is None:
                raise ValueError(f"cap door {self.name} listens at {listen}: give it a certificate and its key")
        if any(one.token_sha256 is not None for one in self.sources) and (self.listen or self.listen_in) is None:
            raise ValueError(f"cap door {self.name}: what is posted needs a place to listen at")


def _is_here(url: str) -> bool:
    """Return whether a server's address is this machine's own."""
    return urlsplit(url).hostname in {address.strip("[]") for address in LOOPBACK}


LOOPBACK: Final = frozenset({"127.0.0.1", "[::1]", "localhost"})
