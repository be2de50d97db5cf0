"""Issue a member's own TLS certificates: its authority is pinned in the charter, and signs nobody else's.

An authority does not bind a name - another member's could issue the same - so a hub also asks for the member's nkey.
Keys are P-256, which nats-server and browsers alike accept. A certificate is not valid before a day before `now`,
for clocks that are a little behind.
"""

import datetime
import hashlib
import ipaddress
from collections.abc import Callable, Iterable
from typing import Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from quartet.core.encoding import Value, b64
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros

Usage = Literal["server", "client", "hub"]
"""server: is connected to; client: connects; hub: both, for routes between hubs."""
LOOPBACK: Final = ("127.0.0.1", "localhost")
_USAGES: Final = {
    "server": [ExtendedKeyUsageOID.SERVER_AUTH],
    "client": [ExtendedKeyUsageOID.CLIENT_AUTH],
    "hub": [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH],
}


class Identity(Value, frozen=True):
    """A certificate and its private key, both PEM; the key is not under a passphrase."""

    cert: bytes
    key: bytes

    def __repr__(self) -> str:
        return f"Identity({fingerprint(self.cert)[:8]})"


def new_authority(name: str, *, now: Micros, days: int) -> Identity:
    """Draw a key and sign a certificate authority for `name` with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(f"Quartet authority of {name}")
    usage = _key_usage(digital_signature=False, authority=True)
    builder = _builder(subject, subject, key.public_key(), now, days)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return _identity(builder.sign(key, hashes.SHA256()), key)


def issue(
    authority: Identity, name: str, *, usage: Usage, now: Micros, days: int, hosts: Iterable[str] = ()
) -> Identity:
    """Draw a key and have `authority` sign a certificate for `name`, at loopback and at `hosts`."""
    signer = x509.load_pem_x509_certificate(authority.cert)
    signer_key = serialization.load_pem_private_key(authority.key, None)
    if not isinstance(signer_key, ec.EllipticCurvePrivateKey):
        raise Malformed("bad-key", "the authority's key is not an elliptic-curve key")
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name(name), signer.subject, key.public_key(), now, days)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_key_usage(digital_signature=True, authority=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage(_USAGES[usage]), critical=False)
    builder = builder.add_extension(x509.SubjectAlternativeName(_alternatives(hosts)), critical=False)
    authority_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer_key.public_key())
    builder = builder.add_extension(authority_id, critical=False)
    return _identity(builder.sign(signer_key, hashes.SHA256()), key)


def fingerprint(cert: bytes) -> str:
    """Return the SHA-256 of a PEM certificate's DER as base64url, as manifests name it."""
    return b64(hashlib.sha256(to_der(cert)).digest())


def to_der(cert: bytes) -> bytes:
    """Return a PEM certificate as DER; `Malformed("bad-certificate")` where it is none."""
    return _load(cert, x509.load_pem_x509_certificate).public_bytes(serialization.Encoding.DER)


def to_pem(cert: bytes) -> bytes:
    """Return a DER certificate as PEM; `Malformed("bad-certificate")` where it is none."""
    return _load(cert, x509.load_der_x509_certificate).public_bytes(serialization.Encoding.PEM)


def valid_until(cert: bytes) -> Micros:
    """Return when a PEM certificate ends."""
    end = _load(cert, x509.load_pem_x509_certificate).not_valid_after_utc
    return Micros(int(end.timestamp()) * SECOND)


def is_listener(cert: bytes) -> bool:
    """Tell whether others may connect to who shows a PEM certificate."""
    usage = _load(cert, x509.load_pem_x509_certificate).extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    return ExtendedKeyUsageOID.SERVER_AUTH in usage.value


def hosts_of(cert: bytes) -> tuple[str, ...]:
    """Return the hosts that a PEM certificate names, loopback among them."""
    found = _load(cert, x509.load_pem_x509_certificate)
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = (str(address) for address in names.get_values_for_type(x509.IPAddress))
    return (*names.get_values_for_type(x509.DNSName), *addresses)


def _load(cert: bytes, load: Callable[[bytes], x509.Certificate]) -> x509.Certificate:
    try:
        return load(cert)
    except ValueError as error:
        raise Malformed("bad-certificate", f"{len(cert)} bytes") from error


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: Micros, days: int
) -> x509.CertificateBuilder:
    at = datetime.datetime.fromtimestamp(now // SECOND, datetime.UTC)
    builder = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(at - datetime.timedelta(days=1)).not_valid_after(at + datetime.timedelta(days=days))


def _key_usage(*, digital_signature: bool, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _alternatives(hosts: Iterable[str]) -> list[x509.GeneralName]:
    return [_alternative(host) for host in dict.fromkeys((*LOOPBACK, *hosts))]


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _identity(cert: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Identity:
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Identity(cert.public_bytes(pem), private)
