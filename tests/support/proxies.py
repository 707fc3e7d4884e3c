"""nginx and Caddy with the configuration in deploy/, on free ports of this machine."""

import os
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

from tests.support import ROOT
from tests.support.ports import free_port
from tests.support.programs import system_program
from tests.support.waiting import PATIENCE_SECONDS, eventually

#: What Debian's nginx.conf has around the files of conf.d, but everything in one folder.
_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/conf.d/*.conf;
}}
"""
_CADDY = """
{{
	admin off
	skip_install_trust
	auto_https disable_redirects
	storage file_system {folder}/storage
}}
import {root}/deploy/caddy/Caddyfile
"""


@dataclass(frozen=True)
class Proxy:
    name: str
    port: int
    tls: ssl.SSLContext
    #: The port for plain HTTP, where there is one.
    http_port: int | None = None


def nginx_files(folder: Path, service_port: int, ports: tuple[int, int]) -> list[str]:
    """Writes the configuration of deploy/nginx, with other ports, and a certificate; returns nginx's command."""
    (folder / "conf.d").mkdir()
    for source in (ROOT / "deploy" / "nginx").glob("*.conf"):
        text = source.read_text().replace("/etc/nginx/leaderboard/", f"{folder}/")
        text = text.replace("127.0.0.1:8000;", f"127.0.0.1:{service_port};")
        for standard, port in zip(("80", "443"), ports, strict=True):
            text = re.sub(rf"(listen (?:\[::\]:)?){standard}\b", rf"\g<1>{port}", text)
        (folder / "conf.d" / source.name).write_text(text)
    certificate = trustme.CA().issue_cert("localhost")
    certificate.private_key_pem.write_to_path(folder / "privkey.pem")
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(folder / "fullchain.pem", append=True)
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder))
    return [system_program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


@contextmanager
def running_nginx(folder: Path, service_port: int) -> Iterator[Proxy]:
    http_port, port = free_port(), free_port()
    command = nginx_files(folder, service_port, (http_port, port))
    with _running(command, folder, port):
        yield Proxy("nginx", port, _trusting(folder / "fullchain.pem"), http_port)


@contextmanager
def running_caddy(folder: Path, service_port: int) -> Iterator[Proxy]:
    """Caddy makes the certificate itself, because the site's name is localhost."""
    port = free_port()
    (folder / "Caddyfile").write_text(_CADDY.format(folder=folder, root=ROOT))
    command = [system_program("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    environ = {"SITE": f"https://localhost:{port}", "SERVICE": f"127.0.0.1:{service_port}", "HOME": str(folder)}
    with _running(command, folder, port, environ):
        root = folder / "storage" / "pki" / "authorities" / "local" / "root.crt"
        eventually(root.exists, "Caddy's authority")
        eventually(lambda: _has_certificate(port, _trusting(root)), "Caddy's certificate")
        yield Proxy("caddy", port, _trusting(root))


@contextmanager
def _running(command: list[str], folder: Path, port: int, environ: dict[str, str] | None = None) -> Iterator[None]:
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *command],
            stdout=output,
            stderr=output,
            env={"PATH": os.defpath, **(environ or {})},
        )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _listens(port):
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _has_certificate(port: int, tls: ssl.SSLContext) -> bool:
    with socket.create_connection(("127.0.0.1", port)) as tcp:
        try:
            tls.wrap_socket(tcp, server_hostname="localhost").close()
        except ssl.SSLError:
            return False
        return True


def _trusting(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(certificate))
    # A certificate that signs itself, without the chain of an authority.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
