"""A stock PostgreSQL on TCP with TLS and passwords, and the files that its clients need."""

import datetime
import os
import shutil
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from tests.support.tcp_postgres import TcpPostgres

#: The database's owner for the tests; each special character of a URL is in the password.
OWNER = "ada"
PASSWORD = "p@ss:w/o?r#d%[] &=+ü"

_HBA = """
local    all  all          trust
hostssl  all  tls_only     all  scram-sha-256
hostssl  all  certified    all  cert
host     all  tls_only     all  reject
hostnossl all plain_only   all  scram-sha-256
host     all  plain_only   all  reject
host     all  all          all  scram-sha-256
"""


class TlsPostgres(TcpPostgres):
    """Its certificate is for localhost, not for 127.0.0.1. `files` has what clients need."""

    def __init__(self, bin_folder: Path, files: Path) -> None:
        super().__init__(bin_folder)
        self.files = files
        self.settings |= {
            "listen_addresses": "127.0.0.1,::1",
            "hba_file": str(self.folder / "hba.conf"),
            "ssl": "on",
            "ssl_ca_file": str(self.folder / "root.crt"),
            "ssl_cert_file": str(self.folder / "server.crt"),
            "ssl_key_file": str(self.folder / "server.key"),
        }

    def start(self) -> None:
        authority, stranger = trustme.CA(), trustme.CA()
        certificate = authority.issue_cert("localhost")
        self._write("hba.conf", _HBA.encode())
        self._write("root.crt", authority.cert_pem.bytes())
        self._write("server.crt", b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
        self._write("server.key", certificate.private_key_pem.bytes())
        certificate.private_key_and_cert_chain_pem.write_to_path(self.files / "proxy.pem")
        authority.cert_pem.write_to_path(self.files / "root.crt")
        stranger.cert_pem.write_to_path(self.files / "stranger.crt")
        client = authority.issue_cert("certified@example.com", common_name="certified")
        client.cert_chain_pems[0].write_to_path(self.files / "client.crt")
        key = serialization.load_pem_private_key(client.private_key_pem.bytes(), None)
        for name, protection in (
            ("client.key", serialization.NoEncryption()),
            ("locked.key", serialization.BestAvailableEncryption(b"key word")),
        ):
            (self.files / name).write_bytes(
                key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
            )
            (self.files / name).chmod(0o600)
        server = x509.load_pem_x509_certificate(certificate.cert_chain_pems[0].bytes())
        for name, revoked in ("no.crl", None), ("server.crl", server.serial_number):
            (self.files / name).write_bytes(_revocations(authority, revoked))
        super().start()

    def _write(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.write_bytes(content)
        path.chmod(0o600)
        shutil.chown(path, os.stat(self.folder).st_uid)


def _revocations(authority: trustme.CA, serial_number: int | None) -> bytes:
    """The authority's list of revoked certificates."""
    now = datetime.datetime.now(datetime.UTC)
    issuer = x509.load_pem_x509_certificate(authority.cert_pem.bytes())
    builder = x509.CertificateRevocationListBuilder(
        issuer.subject, now - datetime.timedelta(days=1), now + datetime.timedelta(days=1)
    )
    if serial_number is not None:
        revoked = x509.RevokedCertificateBuilder(serial_number, now - datetime.timedelta(hours=1))
        builder = builder.add_revoked_certificate(revoked.build())
    key = serialization.load_pem_private_key(authority.private_key_pem.bytes(), None)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
