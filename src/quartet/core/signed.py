"""Bytes with signatures beside them: charter, acts, manifests and epoch keys travel so. Nothing is believed yet."""

from collections.abc import Iterable
from typing import Annotated, Final

from msgspec import Meta

from quartet.core.encoding import Value, b64, decode, encode, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import KeyId
from quartet.core.keys import PublicKey, SecretKey, Tag
from quartet.core.statement import Hash

MAX_SIGNED_BYTES: Final = 512 * 1024
MAX_SIGNATURES: Final = 256


class KeySignature(Value, frozen=True):
    """One key's signature."""

    key_id: Hash
    sig: Annotated[str, Meta(max_length=8192)]


class SignedBytes(Value, frozen=True):
    """The exact bytes that were signed, and the signatures by ascending key id."""

    data: str
    signatures: Annotated[tuple[KeySignature, ...], Meta(min_length=1, max_length=MAX_SIGNATURES)]

    @property
    def raw(self) -> bytes:
        """The bytes that were signed."""
        return unb64(self.data)

    def signers(self, tag: Tag, keys: Iterable[PublicKey]) -> frozenset[KeyId]:
        """Return which of `keys` signed; raise `Untrusted` for a false signature, or one by a key that is not of them.

        Nothing unchecked stays beside the bytes: what is kept can be altered nowhere unseen.
        """
        known = {key.id: key for key in keys}
        for signature in self.signatures:
            key = known.get(KeyId(signature.key_id))
            if key is None:
                raise Untrusted("unknown-signer", f"key {signature.key_id[:8]}")
            key.verify(tag, self.raw, unb64(signature.sig))
        return frozenset(KeyId(s.key_id) for s in self.signatures)

    def require(self, tag: Tag, *keys: PublicKey) -> None:
        """Raise `Untrusted` unless each of `keys` signed, and nobody else."""
        missing = {key.id for key in keys} - {KeyId(s.key_id) for s in self.signatures}
        if missing:
            raise Untrusted("signature-missing", ", ".join(f"key {m[:8]}" for m in sorted(missing)))
        self.signers(tag, keys)


def sign_all(tag: Tag, data: bytes, keys: list[SecretKey]) -> bytes:
    """Return `data` with the signatures of `keys`, as it travels."""
    made = [KeySignature(key_id=k.id, sig=b64(k.sign(tag, data))) for k in keys]
    return encode(SignedBytes(data=b64(data), signatures=tuple(sorted(made, key=lambda s: s.key_id))))


def add_signature(tag: Tag, travelling: bytes, key: SecretKey) -> bytes:
    """Return signed bytes with one more signature; signing twice changes nothing."""
    signed = decode_signed_bytes(travelling)
    others = [s for s in signed.signatures if s.key_id != key.id]
    made = [*others, KeySignature(key_id=key.id, sig=b64(key.sign(tag, signed.raw)))]
    return encode(SignedBytes(data=signed.data, signatures=tuple(sorted(made, key=lambda s: s.key_id))))


def decode_signed_bytes(travelling: bytes) -> SignedBytes:
    """Return what travels as signed bytes, or raise `Malformed`."""
    signed = decode(travelling, SignedBytes, MAX_SIGNED_BYTES)
    ids = [s.key_id for s in signed.signatures]
    if ids != sorted(set(ids)):
        raise Malformed("unsorted", "signatures are not by ascending key id without repeats")
    unb64(signed.data)
    return signed
