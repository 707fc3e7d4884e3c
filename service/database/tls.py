"""TLS to PostgreSQL as libpq does it: the meaning of sslmode, its files, and their places in ~/.postgresql."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from service.errors import OperatorError

_VERSIONS = {
    "tlsv1": ssl.TLSVersion.TLSv1,
    "tlsv1.1": ssl.TLSVersion.TLSv1_1,
    "tlsv1.2": ssl.TLSVersion.TLSv1_2,
    "tlsv1.3": ssl.TLSVersion.TLSv1_3,
}


class TlsError(OperatorError):
    """A file cannot be used. The message says which, and why."""


class _Context(ssl.SSLContext):
    """Checks the certificate for `server_name`, where the driver names the IP address that it connects to."""

    server_name: str | None = None

    def wrap_bio(self, incoming: Any, outgoing: Any, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        return super().wrap_bio(incoming, outgoing, server_hostname=self.server_name)


def attempts(parameters: Mapping[str, str], server_name: str) -> list[ssl.SSLContext | None]:
    """How to connect to `server_name`, in this order, by libpq's `parameters`: with TLS or, as None, without.

    Raises TlsError.
    """
    mode = parameters["sslmode"]
    if mode == "disable":
        return [None]
    context = _context(parameters, server_name)
    if mode == "allow":
        return [None, context]
    return [context, None] if mode == "prefer" else [context]


def _context(parameters: Mapping[str, str], server_name: str) -> ssl.SSLContext:
    mode = parameters["sslmode"]
    context = _Context(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = mode == "verify-full"
    if not context.check_hostname:
        context.verify_mode = ssl.CERT_NONE
    if context.check_hostname or parameters["sslsni"] == "1":
        context.server_name = server_name
    context.minimum_version = _VERSIONS[parameters["ssl_min_protocol_version"].lower()]
    if maximum := parameters.get("ssl_max_protocol_version"):
        context.maximum_version = _VERSIONS[maximum.lower()]
    context.set_alpn_protocols(["postgresql"])
    _load_authorities(context, parameters)
    _load_own_certificate(context, parameters)
    return context


def _load_authorities(context: ssl.SSLContext, parameters: Mapping[str, str]) -> None:
    """With a root certificate the server's is always verified, whatever sslmode says; libpq does so too."""
    root = parameters.get("sslrootcert") or _default("root.crt")
    if root == "system":
        context.set_default_verify_paths()
    elif Path(root).is_file():
        _load(context, "sslrootcert", cafile=root)
    elif parameters["sslmode"].startswith("verify"):
        raise TlsError(
            f"sslmode={parameters['sslmode']} needs the certificate of an authority, and there is no file {root}: set"
            " sslrootcert to a file, or to system"
        )
    else:
        return
    context.verify_mode = ssl.CERT_REQUIRED
    revoked, folder = parameters.get("sslcrl"), parameters.get("sslcrldir")
    if not revoked and not folder and Path(_default("root.crl")).is_file():
        revoked = _default("root.crl")
    if revoked or folder:
        _load(context, "sslcrl", cafile=revoked or None, capath=folder or None)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN


def _load_own_certificate(context: ssl.SSLContext, parameters: Mapping[str, str]) -> None:
    certificate = parameters.get("sslcert") or _default("postgresql.crt")
    if parameters["sslcertmode"] == "disable" or not Path(certificate).is_file():
        return
    key = parameters.get("sslkey") or _default("postgresql.key")
    try:
        # Without a password OpenSSL would ask for one on the terminal.
        context.load_cert_chain(certificate, key, lambda: parameters.get("sslpassword", ""))
    except (OSError, ValueError) as error:
        raise TlsError(f"sslcert {certificate} and sslkey {key} cannot be used: {error}") from error


def _load(context: ssl.SSLContext, name: str, **files: str | None) -> None:
    try:
        context.load_verify_locations(**files)
    except OSError as error:
        raise TlsError(f"{name} {' '.join(filter(None, files.values()))} cannot be used: {error}") from error


def _default(name: str) -> str:
    return str(Path("~/.postgresql", name).expanduser())
