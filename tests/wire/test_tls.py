import ssl
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.wire.tls import Identity, fingerprint, issue, new_authority, to_der, to_pem, valid_until

NOW = Micros(1_800_000_000_000_000)
DAY = 86_400_000_000


def test_a_certificate_names_loopback_and_the_hosts_given() -> None:
    authority = new_authority("north", now=NOW, days=100)

    cert = x509.load_pem_x509_certificate(
        issue(authority, "hub-1", usage="server", now=NOW, days=10, hosts=["hub.north.example", "10.0.0.7"]).cert
    )
    names = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert set(names.get_values_for_type(x509.DNSName)) == {"localhost", "hub.north.example"}
    assert {str(ip) for ip in names.get_values_for_type(x509.IPAddress)} == {"127.0.0.1", "10.0.0.7"}


def test_a_certificate_ends_when_it_was_told() -> None:
    authority = new_authority("north", now=NOW, days=100)

    assert valid_until(authority.cert) == NOW + 100 * DAY
    assert valid_until(issue(authority, "north", usage="client", now=NOW, days=10).cert) == NOW + 10 * DAY


def test_only_its_own_authority_stands_for_a_certificate() -> None:
    north, east = (new_authority(name, now=NOW, days=100) for name in ("north", "east"))
    cert = x509.load_pem_x509_certificate(issue(north, "north", usage="client", now=NOW, days=10).cert)

    cert.verify_directly_issued_by(x509.load_pem_x509_certificate(north.cert))
    with pytest.raises(ValueError, match=r"subject|issuer"):
        cert.verify_directly_issued_by(x509.load_pem_x509_certificate(east.cert))


def test_python_takes_the_files(tmp_path: Path) -> None:
    authority = new_authority("north", now=NOW, days=100)
    identity = issue(authority, "hub-1", usage="hub", now=NOW, days=10)
    (tmp_path / "cert").write_bytes(identity.cert)
    (tmp_path / "key").write_bytes(identity.key)

    context = ssl.create_default_context(cadata=authority.cert.decode())
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")


def test_der_and_pem_say_the_same() -> None:
    cert = new_authority("north", now=NOW, days=1).cert

    assert to_pem(to_der(cert)) == cert
    assert len(fingerprint(cert)) == 43


def test_an_identity_does_not_show_its_key() -> None:
    identity = new_authority("north", now=NOW, days=1)

    assert isinstance(identity, Identity)
    assert "PRIVATE" not in repr(identity)


@given(st.binary(max_size=300))
@settings(max_examples=50)
def test_any_bytes_are_a_certificate_or_malformed(data: bytes) -> None:
    with pytest.raises(Malformed, match="bad-certificate"):
        to_pem(data)
    with pytest.raises(Malformed, match="bad-certificate"):
        to_der(b"-----BEGIN CERTIFICATE-----\n" + data)
