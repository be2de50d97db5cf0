"""Name a member to NATS: an nkey (Ed25519 in NATS's spelling) made from a 32-byte seed."""

import nkeys

from quartet.core.faults import Malformed

SEED_SIZE = 32


def nkey_seed(raw: bytes) -> str:
    """Return the secret spelling (`SU...`) of a user nkey."""
    if len(raw) != SEED_SIZE:
        raise Malformed("bad-seed", f"{len(raw)} bytes where {SEED_SIZE} must be")
    text: bytes = nkeys.encode_seed(raw, nkeys.PREFIX_BYTE_USER)
    return text.decode()


def nkey_public(seed: str) -> str:
    """Return the public spelling (`U...`) of the user nkey whose secret spelling is `seed`."""
    try:
        public: bytes = nkeys.from_seed(bytearray(seed.encode())).public_key
    except (nkeys.NkeysError, ValueError) as error:
        raise Malformed("bad-seed", "not the seed of an nkey") from error
    return public.decode()
