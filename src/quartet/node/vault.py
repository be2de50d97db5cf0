"""Keep named secrets in one file under a passphrase: scrypt, then AES-256-GCM.

The file is 0600 and is replaced whole, so a crash leaves the old secrets or the new. Its sum tells damage from a
wrong passphrase; only the passphrase tells truth from forgery. Nothing here has a default secret.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from msgspec import Meta, structs

from quartet.core.encoding import Value, b64, decode, encode, unb64
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import KEY_PATTERN
from quartet.node.files import read_private, write_file

SCRYPT_N: Final = 2**15
"""About 50 ms and 32 MiB a try on one core of 2024."""
SCRYPT_R: Final = 8
SCRYPT_P: Final = 1
MAX_SCRYPT_N: Final = 2**20
MAX_VAULT: Final = 1024 * 1024
MAX_PASSPHRASE: Final = 1024
BESIDE: Final = ".pass"

_KEY: Final = 32
_SALT: Final = 16
_NONCE: Final = 12
_Power = Annotated[int, Meta(ge=2, le=MAX_SCRYPT_N)]
_Small = Annotated[int, Meta(ge=1, le=16)]
_Name = Annotated[str, Meta(pattern=KEY_PATTERN, max_length=64)]


class _Head(Value, frozen=True):
    v: Literal[1]
    kdf: Literal["scrypt"]
    n: _Power
    r: _Small
    p: _Small
    salt: str
    cipher: Literal["AES-256-GCM"]
    nonce: str


class _File(Value, frozen=True):
    head: _Head
    data: str
    sum: str


class Vault:
    """Named secrets that an opened vault file holds; never shown by `repr`."""

    def __init__(self, path: Path, head: _Head, key: bytes, secrets: Mapping[str, bytes]) -> None:
        self.path = path
        self._head = head
        self._key = key
        self._secrets = dict(secrets)

    @classmethod
    def create(cls, path: Path, passphrase: bytes, secrets: Mapping[str, bytes]) -> "Vault":
        """Write a new vault and return it opened; raise `Malformed("vault-exists")` rather than overwrite one."""
        if path.exists():
            raise Malformed("vault-exists", str(path))
        salt = b64(os.urandom(_SALT))
        head = _Head(1, "scrypt", SCRYPT_N, SCRYPT_R, SCRYPT_P, salt, "AES-256-GCM", b64(os.urandom(_NONCE)))
        vault = cls(path, head, _derive(passphrase, head), secrets)
        vault._write()
        return vault

    @classmethod
    def open(cls, path: Path, passphrase: bytes) -> "Vault":
        """Return the vault at `path`.

        (1) nobody else may read the file: `Untrusted("key-file-open")`, (2) shape and sum:
        `Untrusted("vault-damaged")`, (3) the passphrase: `Untrusted("wrong-passphrase")`, (4) shape of the secrets.
        """
        file = _read(path)
        key = _derive(passphrase, file.head)
        return cls(path, file.head, key, _unlock(path, file, key))

    @property
    def names(self) -> frozenset[str]:
        """The names of the secrets."""
        return frozenset(self._secrets)

    def secret(self, name: str) -> bytes:
        """Return a secret; raise `Unavailable("no-secret")` where the vault has none of that name."""
        try:
            return self._secrets[name]
        except KeyError:
            raise Unavailable("no-secret", f"{name} in {self.path}") from None

    def replace(self, name: str, value: bytes) -> None:
        """Set one secret and write the vault; what another process set meanwhile stays."""
        self.replace_all({name: value})

    def replace_all(self, secrets: Mapping[str, bytes]) -> None:
        """Set secrets that belong together, all or none; as `replace`."""
        with self._alone():
            self._reread()
            self._secrets.update(secrets)
            self._write()

    def remove(self, name: str) -> None:
        """Destroy one secret and write the vault; one that is not there is no fault."""
        with self._alone():
            self._reread()
            self._secrets.pop(name, None)
            self._write()

    def __repr__(self) -> str:
        return f"Vault({self.path})"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _reread(self) -> None:
        file = _read(self.path)
        if file.head.salt != self._head.salt:
            raise Untrusted("wrong-passphrase", f"{self.path} was made anew meanwhile: open it again")
        self._secrets = _unlock(self.path, file, self._key)

    def _write(self) -> None:
        plain = encode({name: b64(value) for name, value in sorted(self._secrets.items())})
        self._head = _fresh(self._head)
        sealed = AESGCM(self._key).encrypt(unb64(self._head.nonce), plain, encode(self._head))
        data = b64(sealed)
        write_file(self.path, encode(_File(self._head, data, _sum(self._head, data))))


def passphrase_beside(path: Path) -> Path:
    """Return where a trial exchange keeps the passphrase of the vault at `path`: `keys.vault` -> `keys.pass`."""
    return path.with_suffix(BESIDE)


def read_passphrase(path: Path, given: Path | None = None) -> bytes:
    """Return the vault's passphrase: from the file that was given, else from the trial file beside the vault."""
    source = given or passphrase_beside(path)
    if given is None and not source.exists():
        raise Unavailable("no-passphrase", f"{path} needs one: name its file with --passphrase-file")
    passphrase = read_private(source, MAX_PASSPHRASE).rstrip(b"\r\n")
    if not passphrase:
        raise Malformed("passphrase-empty", str(source))
    return passphrase


def open_vault(path: Path, given: Path | None = None) -> Vault:
    """Open the vault at `path` with the passphrase that `read_passphrase` finds."""
    return Vault.open(path, read_passphrase(path, given))


def _read(path: Path) -> _File:
    data = read_private(path, MAX_VAULT)
    try:
        file = decode(data, _File, MAX_VAULT)
    except Malformed as error:
        raise _damaged(path, error.detail) from error
    if file.sum != _sum(file.head, file.data):
        raise _damaged(path, "its sum is another")
    return file


def _unlock(path: Path, file: _File, key: bytes) -> dict[str, bytes]:
    try:
        plain = AESGCM(key).decrypt(unb64(file.head.nonce, _NONCE), unb64(file.data), encode(file.head))
    except InvalidTag as error:
        raise Untrusted("wrong-passphrase", f"{path} does not open: check --passphrase-file") from error
    except (Malformed, ValueError) as error:
        raise _damaged(path, str(error)) from error
    try:
        return {name: unb64(text) for name, text in decode(plain, dict[_Name, str], MAX_VAULT).items()}
    except Malformed as error:
        raise _damaged(path, error.reason) from error


def _derive(passphrase: bytes, head: _Head) -> bytes:
    if not passphrase:
        raise Malformed("passphrase-empty", "a vault needs a passphrase")
    salt = unb64(head.salt)
    return Scrypt(salt=salt, length=_KEY, n=head.n, r=head.r, p=head.p).derive(passphrase)


def _fresh(head: _Head) -> _Head:
    return structs.replace(head, nonce=b64(os.urandom(_NONCE)))


def _sum(head: _Head, data: str) -> str:
    return b64(hashlib.sha256(encode([head, data])).digest())


def _damaged(path: Path, why: str) -> Untrusted:
    return Untrusted("vault-damaged", f"{path}: {why}: put back a copy of it")
