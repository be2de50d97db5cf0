"""Passkeys at this console's door: make one, and sign in with one. What they assert is `core.passkey`'s."""

import hmac
import json
import os
from collections import OrderedDict
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import decode_credential_public_key, decoded_public_key_to_cryptography, options_to_json_dict
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from quartet.console.signin.book import OwnPasskey
from quartet.core.encoding import b64, digest, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import SECOND, Micros
from quartet.core.passkey import party_of

CHALLENGE_SIZE: Final = 32
CHALLENGE_LASTS: Final = 5 * 60 * SECOND
TIME_SIZE: Final = 8
MAX_ANSWERED: Final = 65_536


class Challenges:
    """Makes challenges and knows them again; each is good once.

    Only those that were answered are kept: who asks for challenges without end pushes out nobody's.
    """

    def __init__(self) -> None:
        self._key = os.urandom(CHALLENGE_SIZE)
        self._answered: OrderedDict[bytes, Micros] = OrderedDict()

    def make(self, now: Micros) -> bytes:
        """Return a new challenge."""
        said = os.urandom(CHALLENGE_SIZE) + now.to_bytes(TIME_SIZE, "big")
        return said + self._seal(said)

    def use(self, challenge: bytes, now: Micros) -> bytes:
        """Return a challenge of ours that is fresh, and forget it; raise `Untrusted("bad-passkey")`."""
        said, seal = challenge[: CHALLENGE_SIZE + TIME_SIZE], challenge[CHALLENGE_SIZE + TIME_SIZE :]
        ours = hmac.compare_digest(seal, self._seal(said))
        if not ours or challenge in self._answered or now > _made(said) + CHALLENGE_LASTS:
            raise Untrusted("bad-passkey", "it answers nothing that was asked; try again")
        self._answered[challenge] = now
        while len(self._answered) > MAX_ANSWERED or self._oldest() + CHALLENGE_LASTS < now:
            self._answered.popitem(last=False)
        return challenge

    def _oldest(self) -> Micros:
        return next(iter(self._answered.values()))

    def _seal(self, said: bytes) -> bytes:
        return hmac.digest(self._key, said, "sha256")


def _made(said: bytes) -> int:
    return int.from_bytes(said[CHALLENGE_SIZE:], "big")


def registration(origin: str, member: str, officer: str, have: tuple[OwnPasskey, ...], challenge: bytes) -> Any:
    """Return what the browser is asked, to make a passkey for an officer."""
    options = generate_registration_options(
        rp_id=party_of(origin),
        rp_name=f"Quartet {member}",
        user_id=digest("quartet/passkey-user/v1", member, officer),
        user_name=f"{member}/{officer}",
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=unb64(one.credential)) for one in have],
        supported_pub_key_algs=[COSEAlgorithmIdentifier.ECDSA_SHA_256],
    )
    return options_to_json_dict(options)


def registered(credential: dict[str, Any], origin: str, label: str, challenge: bytes) -> OwnPasskey:
    """Return the passkey that a browser made, or raise `Untrusted("bad-passkey")`."""
    try:
        seen = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party_of(origin),
            expected_origin=origin,
            require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier.ECDSA_SHA_256],
        )
        key = decoded_public_key_to_cryptography(decode_credential_public_key(seen.credential_public_key))
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Untrusted("bad-passkey", str(error)[:200]) from error
    if not isinstance(key, EllipticCurvePublicKey):
        raise Malformed("bad-passkey-kind", "only ES256 passkeys assert statements")
    return OwnPasskey(
        credential=b64(seen.credential_id),
        key=b64(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
        origin=origin,
        label=label,
        count=seen.sign_count,
    )


def authentication(origin: str, challenge: bytes) -> Any:
    """Return what the browser is asked, to sign in whoever has a passkey for this console."""
    options = generate_authentication_options(
        rp_id=party_of(origin), challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json_dict(options)


def authenticated(credential: dict[str, Any], passkey: OwnPasskey, challenge: bytes) -> int:
    """Return the passkey's new count once it answered the challenge, or raise `Untrusted("bad-passkey")`."""
    try:
        seen = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party_of(passkey.origin),
            expected_origin=passkey.origin,
            credential_public_key=unb64(passkey.key),
            credential_current_sign_count=passkey.count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Untrusted("bad-passkey", str(error)[:200]) from error
    return seen.new_sign_count


def challenge_of(credential: dict[str, Any]) -> bytes:
    """Return the challenge that a browser says it answers; nothing is believed yet."""
    try:
        said = json.loads(unb64(credential["response"]["clientDataJSON"]))
        return unb64(said["challenge"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Untrusted("bad-passkey", "no client data") from error
