"""The secret keys of one member: those the running node needs, and those that lie offline.

Online a thief finds what can be revoked; root and the certificate authority, which the charter pins, are offline.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from quartet.core.encoding import Value
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.keys import KEY_SIZE, SecretKey
from quartet.node.vault import Vault
from quartet.wire.nkey import nkey_public, nkey_seed
from quartet.wire.tls import Identity, Usage, hosts_of, is_listener, issue, new_authority, valid_until

AUTHORITY_DAYS: Final = 3650
CERTIFICATE_DAYS: Final = 730
DAY: Final = 86_400 * SECOND
ENDS_SOON: Final = 30 * DAY
"""How long before a certificate ends its officers are told."""

Draw = Callable[[int], bytes]
"""Gives so many random bytes."""

ITEM: Final = "item"
LINK: Final = "link"
LOG: Final = "log"
LOG_ML_DSA: Final = "log_ml_dsa"
STORE: Final = "store"
NKEY: Final = "nkey"
TLS_CA: Final = "tls_ca"
TLS_CERT: Final = "tls_cert"
TLS_KEY: Final = "tls_key"
ROOT: Final = "root"
AUTHORITY_CERT: Final = "authority_cert"
AUTHORITY_KEY: Final = "authority_key"


class Keyset(Value, frozen=True):
    """The keys that the running node needs. `repr` shows none of them."""

    item: SecretKey
    link: SecretKey
    log: SecretKey
    log_ml_dsa: bytes
    store: bytes
    nkey: bytes
    tls_ca: bytes
    tls: Identity

    @classmethod
    def draw(
        cls, member: MemberId, authority: Identity, now: Micros, draw: Draw = os.urandom, usage: Usage = "client"
    ) -> Self:
        """Return new keys, with a certificate from the member's authority, to connect with unless it says otherwise."""
        return cls(
            item=SecretKey(draw(KEY_SIZE)),
            link=SecretKey(draw(KEY_SIZE)),
            log=SecretKey(draw(KEY_SIZE)),
            log_ml_dsa=draw(KEY_SIZE),
            store=draw(KEY_SIZE),
            nkey=draw(KEY_SIZE),
            tls_ca=authority.cert,
            tls=issue(authority, member, usage=usage, now=now, days=CERTIFICATE_DAYS),
        )

    @classmethod
    def of(cls, vault: Vault) -> Self:
        """Return the keys that an opened vault holds."""
        return cls(
            item=SecretKey(vault.secret(ITEM)),
            link=SecretKey(vault.secret(LINK)),
            log=SecretKey(vault.secret(LOG)),
            log_ml_dsa=vault.secret(LOG_ML_DSA),
            store=vault.secret(STORE),
            nkey=vault.secret(NKEY),
            tls_ca=vault.secret(TLS_CA),
            tls=Identity(vault.secret(TLS_CERT), vault.secret(TLS_KEY)),
        )

    def secrets(self) -> dict[str, bytes]:
        """Return the keys by the names under which a vault holds them."""
        return {
            ITEM: self.item.seed,
            LINK: self.link.seed,
            LOG: self.log.seed,
            LOG_ML_DSA: self.log_ml_dsa,
            STORE: self.store,
            NKEY: self.nkey,
            TLS_CA: self.tls_ca,
            TLS_CERT: self.tls.cert,
            TLS_KEY: self.tls.key,
        }

    @property
    def slow_log(self) -> MLDSA44PrivateKey:
        """The log's second key, for what is cosigned by the hour."""
        return MLDSA44PrivateKey.from_seed_bytes(self.log_ml_dsa)

    @property
    def slow_log_public(self) -> bytes:
        """Its public half, as the manifest names it."""
        return self.slow_log.public_key().public_bytes_raw()

    @property
    def nkey_seed(self) -> str:
        """The nkey as NATS spells its seed."""
        return nkey_seed(self.nkey)

    @property
    def nkey_public(self) -> str:
        """The nkey as the charter and the hubs know it."""
        return nkey_public(self.nkey_seed)

    def __repr__(self) -> str:
        return f"Keyset({self.item.id[:8]})"


class OfflineKeys(Value, frozen=True):
    """The root key and the member's certificate authority; out of the safe only to sign."""

    root: SecretKey
    authority: Identity

    @classmethod
    def draw(cls, member: MemberId, now: Micros, draw: Draw = os.urandom) -> Self:
        """Return a new root key and a new authority."""
        return cls(SecretKey(draw(KEY_SIZE)), new_authority(member, now=now, days=AUTHORITY_DAYS))

    @classmethod
    def of(cls, vault: Vault) -> Self:
        """Return the keys that an opened vault holds."""
        authority = Identity(vault.secret(AUTHORITY_CERT), vault.secret(AUTHORITY_KEY))
        return cls(SecretKey(vault.secret(ROOT)), authority)

    def secrets(self) -> dict[str, bytes]:
        """Return the keys by the names under which a vault holds them."""
        return {ROOT: self.root.seed, AUTHORITY_CERT: self.authority.cert, AUTHORITY_KEY: self.authority.key}

    def __repr__(self) -> str:
        return f"OfflineKeys({self.root.id[:8]})"


class HubKeys(Value, frozen=True):
    """A hub's certificate, from the authority of the member that hosts it."""

    tls: Identity

    @classmethod
    def of(cls, vault: Vault) -> Self:
        """Return the keys that an opened vault holds."""
        return cls(Identity(vault.secret(TLS_CERT), vault.secret(TLS_KEY)))

    def secrets(self) -> dict[str, bytes]:
        """Return the keys by the names under which a vault holds them."""
        return {TLS_CERT: self.tls.cert, TLS_KEY: self.tls.key}


def renew_member(vault: Vault, member: MemberId, authority: Identity, now: Micros, hosts: Sequence[str] = ()) -> Micros:
    """Put a new certificate of a member into its vault; return when it ends.

    One that is for others to connect to is so again, at these hosts, or without any at those that it names.
    """
    old = vault.secret(TLS_CERT)
    usage: Usage = "hub" if hosts or is_listener(old) else "client"
    made = issue(authority, member, usage=usage, now=now, days=CERTIFICATE_DAYS, hosts=hosts or hosts_of(old))
    return _renew(vault, made)


def renew_hub(vault: Vault, hub: str, authority: Identity, now: Micros, hosts: Iterable[str]) -> Micros:
    """Put a new certificate of a hub, at these hosts, into its vault; return when it ends."""
    return _renew(vault, issue(authority, hub, usage="hub", now=now, days=CERTIFICATE_DAYS, hosts=hosts))


def _renew(vault: Vault, made: Identity) -> Micros:
    vault.replace_all({TLS_CERT: made.cert, TLS_KEY: made.key})
    return valid_until(made.cert)
