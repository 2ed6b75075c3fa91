# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates that servers of the tests show."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder, name, first, days):
    """One of its own making, with its key, in one file: of that host, good for so many days from a day on."""
    key = ec.generate_private_key(ec.SECP256R1())
    begins = datetime.now(timezone.utc) + timedelta(days=first)
    itself = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder(itself, itself, key.public_key(), 1, begins, begins + timedelta(days=days))
    named = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(private + named.sign(key, hashes.SHA256()).public_bytes(pem))
    return path
