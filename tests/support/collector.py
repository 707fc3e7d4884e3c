"""A New Relic collector, as far as the agent needs one: it uses TLS and keeps what it receives."""

import contextlib
import gzip
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import trustme

#: A license key in the real format. It may appear only in requests to the collector.
KEY = "0123456789abcdef0123456789abcdefNRAL"


@dataclass
class Collector:
    """What the agents sent: (method, run, body), in order. Each agent that connects is a run."""

    port: int
    authority: Path
    requests: list[tuple[str, str | None, Any]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    runs: int = 0
    #: Whether to parse the bodies, and to ask for all data every second. Benchmarks use New Relic's own pace.
    reads: bool = True

    @property
    def environ(self) -> dict[str, str]:
        """The variables that make an agent report here."""
        return {
            "NEW_RELIC_LICENSE_KEY": KEY,
            "NEW_RELIC_HOST": "127.0.0.1",
            "NEW_RELIC_PORT": str(self.port),
            "NEW_RELIC_CA_BUNDLE_PATH": str(self.authority),
            "NEW_RELIC_SHUTDOWN_TIMEOUT": "20",
            "NEW_RELIC_ENVIRONMENT": "test",
        }

    def bodies(self, method: str) -> list[Any]:
        return [body for name, _, body in list(self.requests) if name == method]

    def answer(self, method: str, body: Any) -> Any:
        if method == "preconnect":
            return {"redirect_host": "127.0.0.1"}
        if method == "connect":
            self.runs += 1
            kinds = ("analytic", "custom", "error", "span", "log")
            limits = {f"{kind}_event_data": 5000 if self.reads else 833 for kind in kinds}
            return {
                "agent_run_id": f"run-{self.runs}",
                # Without an account the agent continues no trace.
                "account_id": "1",
                "trusted_account_key": "1",
                "primary_application_id": "2",
                "event_harvest_config": {
                    "report_period_ms": 1000 if self.reads else 5000,
                    "harvest_limits": limits,
                },
            }
        return []

    def metrics(self, run: str | None = None) -> dict[tuple[str, str], list[float]]:
        """(name, scope) -> [count, total, exclusive, min, max, sum of squares], summed over all reports."""
        found: dict[tuple[str, str], list[float]] = {}
        for method, of, body in self.requests:
            if method != "metric_data" or run not in (None, of):
                continue
            for name, values in body[3]:
                key = name["name"], name["scope"]
                if key not in found:
                    found[key] = list(values)
                    continue
                so_far = found[key]
                for index in (0, 1, 2, 5):
                    so_far[index] += values[index]
                so_far[3], so_far[4] = min(so_far[3], values[3]), max(so_far[4], values[4])
        return found

    def totals(self, run: str | None = None) -> dict[str, list[float]]:
        """The metrics without a scope, that is, over all transactions."""
        return {name: values for (name, scope), values in self.metrics(run).items() if scope == ""}

    def events(self, method: str) -> list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
        """Events as (intrinsics, the service's own attributes, the agent's)."""
        return [tuple(event) for body in self.bodies(method) for event in body[2]]

    def logs(self) -> list[dict[str, Any]]:
        """The log records: the agent's envelope with the service's line, parsed, as `line`."""
        return [
            {**record, "line": json.loads(record["message"])}
            for body in self.bodies("log_event_data")
            for part in body
            for record in part["logs"]
        ]


@contextlib.contextmanager
def running(folder: Path, *, reads: bool = True) -> Iterator[Collector]:
    """A collector on a free port, with a certificate of its own authority."""
    ca = trustme.CA()
    authority = folder / "authority.pem"
    ca.cert_pem.write_to_path(str(authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1", "localhost").configure_cert(context)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            query = parse_qs(urlsplit(self.path).query)
            collector.keys.update(query.get("license_key", []))
            method, run = query["method"][0], query.get("run_id", [None])[0]
            if not collector.reads and method != "connect":
                sent = b""
            if self.headers["Content-Encoding"] == "gzip" and sent:
                sent = gzip.decompress(sent)
            body = json.loads(sent) if sent else None
            collector.requests.append((method, run, body))
            answer = json.dumps({"return_value": collector.answer(method, body)}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the tests' output clean."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self) -> Any:
            # The handshake happens in the request's thread, so that one that hangs blocks no other.
            connection, address = self.socket.accept()
            return context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Ignore agents that end while they are connected."""

    server = Server(("127.0.0.1", 0), Handler)
    collector = Collector(server.server_address[1], authority, reads=reads)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
