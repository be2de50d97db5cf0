"""Believe a signed statement, and its controls, only after every check; the one module that makes `Verified`.

The order is the security: (1) size and shape of the envelope, (2) known exchange, (3) shape of the statement,
(4) the member's signatures, one for each algorithm that the charter requires, (5) the hat, and the officer's assertion
where kind or hat needs one, (6) each contained control, (7) the item's own control, bound to it.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from quartet.core.control import Control, check_bound, control_id, decode_control, make_control, sign_control
from quartet.core.encoding import Value, decode, encode, unb64
from quartet.core.faults import Untrusted
from quartet.core.hats import check_hat
from quartet.core.ids import Commitment, ControlId, ItemId, KeyId
from quartet.core.keyring import Keyring
from quartet.core.keys import ED25519, PublicKey, SecretKey
from quartet.core.passkey import PasskeyKey
from quartet.core.statement import (
    ASSERTED_KINDS,
    FACT_KINDS,
    MAX_CONTROL,
    ROOT,
    ROOT_KINDS,
    Assertion,
    Contained,
    Signed,
    Statement,
    commitment,
    decode_signed,
    decode_statement,
    item_id,
    sign_raw,
)

K = TypeVar("K")


class VerifiedControl(Value, frozen=True):
    """A control whose controller's signature was checked, with the bytes it came in."""

    id: ControlId
    control: Control
    sealed: Contained


class Verified(Value, frozen=True):
    """A statement that was checked whole, with the bytes it came in. Made here and nowhere else."""

    id: ItemId
    c: Commitment
    statement: Statement
    signed: bytes
    own: VerifiedControl | None
    contained: tuple[VerifiedControl, ...]

    @property
    def controls(self) -> tuple[VerifiedControl, ...]:
        """The controls of the item: its own, then those of all it contains."""
        return self.contained if self.own is None else (self.own, *self.contained)

    def body(self, kind: Any) -> Any:
        """Return the body as `kind`; raises `msgspec.ValidationError` for another shape."""
        return msgspec.json.decode(self.statement.body, type=kind)


def verify_statement(
    data: bytes, control: bytes | None, keyring: Keyring, *, on_record: bool = False, kept: bool = False
) -> Verified:
    """Return what `data` (a `Signed`) says once everything about it was checked, or raise `Malformed` or `Untrusted`.

    `control` is the item's own control as it travels (a `Contained`), which every kind but a fact must have.
    `on_record` admits keys revoked since: for what the log proves to be older than the revocation. `kept` admits hats
    laid down since: for what this node believed when it came.
    """
    signed = decode_signed(data)
    raw = signed.data
    statement = decode_statement(raw)
    _check_place(statement, keyring)
    key_for = keyring.any_item_key if on_record else keyring.item_key
    _check_signatures(signed, raw, statement, keyring, key_for)
    item = item_id(raw)
    check_hat(statement, signed, keyring, kept=kept)
    _check_assertion(signed, statement, item, keyring)
    contained = _contained(statement, keyring, on_record)
    own = _own_control(control, statement, item, keyring, on_record)
    c = commitment(item, signed, keyring.required, statement.kind)
    return Verified(id=item, c=c, statement=statement, signed=data, own=own, contained=contained)


def sign_statement(
    raw: bytes, key: SecretKey, keyring: Keyring, *, tick: int, serial: bytes, assertion: Assertion | None = None
) -> Verified:
    """Sign a statement of ours, and its control where its kind has one; believe both as a recipient would.

    Every check of `verify_statement` is made but that of the two signatures: they are made here, by a key that must be
    the member's. `tick` is the tick's length in microseconds, `serial` are 16 random bytes. Raise as that does.
    """
    statement = decode_statement(raw)
    _check_place(statement, keyring)
    keyring.item_key(statement.member, key.id)
    signed = sign_raw(raw, key, assertion)
    _check_algorithms(signed, keyring)
    item = item_id(raw)
    check_hat(statement, signed, keyring)
    _check_assertion(signed, statement, item, keyring)
    contained = _contained(statement, keyring, on_record=False)
    own = None
    if statement.kind not in FACT_KINDS:
        data = make_control(statement, item, serial, statement.at // tick)
        own = VerifiedControl(id=control_id(data), control=decode_control(data), sealed=sign_control(data, key))
    c = commitment(item, signed, keyring.required, statement.kind)
    return Verified(id=item, c=c, statement=statement, signed=encode(signed), own=own, contained=contained)


def _check_place(statement: Statement, keyring: Keyring) -> None:
    if statement.exchange != keyring.exchange:
        raise Untrusted("other-exchange", statement.exchange[:8])
    if statement.epoch > keyring.epoch:
        raise Untrusted("later-epoch", f"{statement.epoch} while the charter has {keyring.epoch}")


def _contained(statement: Statement, keyring: Keyring, on_record: bool) -> tuple[VerifiedControl, ...]:
    contained = tuple(verify_control(c, keyring, statement.epoch, on_record=on_record) for c in statement.contains)
    if len({c.id for c in contained}) != len(contained):
        raise Untrusted("control-twice")
    return contained


def believe_stored(data: bytes, control: bytes | None, required: frozenset[str]) -> Verified:
    """Return again what this node verified before it stored it; only for bytes from its own authenticated store."""
    signed = decode_signed(data)
    raw = signed.data
    statement = decode_statement(raw)
    item = item_id(raw)
    own = None if control is None else _stored_control(decode_contained(control))
    contained = tuple(_stored_control(c) for c in statement.contains)
    c = commitment(item, signed, required, statement.kind)
    return Verified(id=item, c=c, statement=statement, signed=data, own=own, contained=contained)


def _stored_control(sealed: Contained) -> VerifiedControl:
    raw = unb64(sealed.control)
    return VerifiedControl(id=control_id(raw), control=decode_control(raw), sealed=sealed)


def verify_control(sealed: Contained, keyring: Keyring, epoch: int, *, on_record: bool = False) -> VerifiedControl:
    """Return a control once its exchange, epoch and controller's signature were checked."""
    raw = unb64(sealed.control)
    control = decode_control(raw)
    if control.exchange != keyring.exchange:
        raise Untrusted("control-other-exchange", control.exchange[:8])
    if control.epoch > epoch:
        raise Untrusted("control-later-epoch", f"{control.epoch} in a statement of {epoch}")
    key_for = keyring.any_item_key if on_record else keyring.item_key
    key = key_for(control.controller, sealed.key_id)
    key.verify("control", raw, unb64(sealed.sig))
    return VerifiedControl(id=control_id(raw), control=control, sealed=sealed)


def _check_signatures(signed: Signed, raw: bytes, statement: Statement, keyring: Keyring, key_for: Any) -> None:
    _check_algorithms(signed, keyring)
    for signature in signed.signatures:
        if signature.alg != ED25519:
            raise Untrusted("unknown-algorithm", signature.alg)
        key_for(statement.member, signature.key_id).verify("statement", raw, unb64(signature.sig))


def _check_algorithms(signed: Signed, keyring: Keyring) -> None:
    algorithms = {s.alg for s in signed.signatures}
    if not keyring.required <= algorithms:
        raise Untrusted("signature-missing", ", ".join(sorted(keyring.required - algorithms)))


def _check_assertion(signed: Signed, statement: Statement, item: ItemId, keyring: Keyring) -> None:
    assertion = signed.assertion
    if assertion is None:
        if statement.kind in ASSERTED_KINDS:
            raise Untrusted("assertion-missing", statement.kind)
        return
    if assertion.authenticator_data is None and assertion.client_data is None:
        key = _of(_asserting_keys(statement, keyring), assertion, statement)
        key.verify("assertion", unb64(item, 32), unb64(assertion.sig))
    elif assertion.authenticator_data is None or assertion.client_data is None:
        raise Untrusted("assertion-unknown", "half of a passkey's assertion")
    else:
        _of(_asserting_passkeys(statement, keyring), assertion, statement).verify(item, assertion)


def _of(keys: Mapping[KeyId, K], assertion: Assertion, statement: Statement) -> K:
    key = keys.get(KeyId(assertion.key_id))
    if key is None:
        raise Untrusted("unknown-officer", f"{statement.member}/{statement.officer}")
    return key


def _asserting_keys(statement: Statement, keyring: Keyring) -> Mapping[KeyId, PublicKey]:
    """Return the keys that may assert a statement: its officer's, or under the name `root` the root key, if it may."""
    if statement.officer == ROOT:
        root = keyring.root(statement.member) if statement.kind in ROOT_KINDS else None
        return {} if root is None else {root.id: root}
    officer = keyring.officer(statement.member, statement.officer)
    return {} if officer is None else officer.keys


def _asserting_passkeys(statement: Statement, keyring: Keyring) -> Mapping[KeyId, PasskeyKey]:
    """Return the passkeys that may assert a statement: its officer's; the name `root` has none."""
    officer = None if statement.officer == ROOT else keyring.officer(statement.member, statement.officer)
    return {} if officer is None else officer.passkeys


def _own_control(
    data: bytes | None, statement: Statement, item: ItemId, keyring: Keyring, on_record: bool
) -> VerifiedControl | None:
    if statement.kind in FACT_KINDS:
        if data is not None:
            raise Untrusted("control-of-a-fact", statement.kind)
        return None
    if data is None:
        raise Untrusted("control-missing")
    own = verify_control(decode_contained(data), keyring, statement.epoch, on_record=on_record)
    check_bound(own.control, statement, item)
    return own


def decode_contained(data: bytes) -> Contained:
    """Return the control as it travels (its bytes, key id and signature), or raise `Malformed`."""
    return decode(data, Contained, 3 * MAX_CONTROL)
