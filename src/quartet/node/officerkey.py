"""An officer's key: in a file of its own, under her own passphrase."""

from pathlib import Path
from typing import Final

from quartet.core.keys import SecretKey
from quartet.node.vault import Vault

OFFICER: Final = "officer"


def read_officer_key(vault: Vault) -> SecretKey:
    """Return the officer's key that her own vault holds."""
    return SecretKey(vault.secret(OFFICER))


def officer_vault(path: Path, passphrase: bytes, key: SecretKey) -> Vault:
    """Write an officer's key under her passphrase."""
    return Vault.create(path, passphrase, {OFFICER: key.seed})
