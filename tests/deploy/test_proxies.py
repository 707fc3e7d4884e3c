"""nginx and Caddy as configured in deploy/, in front of the real service."""

import asyncio
import http.client
import http.server
import json
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from tests.support.keep_alive import KeepAliveClients
from tests.support.ports import free_port
from tests.support.proxies import Proxy, running_caddy, running_nginx
from tests.support.service import Service, copy_data, scratch_folder
from tests.support.waiting import eventually, until

#: As in deploy/systemd/leaderboard.env.example.
SETTINGS = {"WORKERS": "2", "TRUSTED_PROXIES": "127.0.0.1,::1", "ALLOWED_HOSTS": "localhost,127.0.0.1"}
Run = Callable[[Path, int], AbstractContextManager[Proxy]]
SUBMIT = "/api/leaderboard/submit"


@pytest.fixture(scope="module")
def service(cluster: Path) -> Iterator[Service]:
    with scratch_folder() as folder:
        running = Service(copy_data(cluster, folder), **SETTINGS)
        yield running.ready()
        running.stop()


@pytest.fixture(scope="module", params=[running_nginx, running_caddy], ids=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, service: Service) -> Iterator[Proxy]:
    with scratch_folder() as folder, request.param(folder, urlsplit(service.address).port) as proxy:
        yield proxy


class Client:
    """One connection through the proxy, from an address of this machine that is not the proxy's."""

    def __init__(self, proxy: Proxy) -> None:
        self._connection = http.client.HTTPSConnection(
            "localhost", proxy.port, timeout=60, context=proxy.tls, source_address=("127.0.0.9", 0)
        )
        # localhost may be ::1, which the source address does not fit.
        self._connection._create_connection = lambda place, *rest: socket_to(proxy.port, *rest)  # type: ignore[attr-defined]

    def request(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        self._connection.request(
            method, path, body, {"Content-Type": "application/json", **headers} if body else headers
        )
        with self._connection.getresponse() as response:
            return response.status, dict(response.getheaders()), response.read()

    def opened(self, path: str) -> http.client.HTTPResponse:
        """The response to a GET, to be read as it comes."""
        self._connection.request("GET", path)
        return self._connection.getresponse()

    def close(self) -> None:
        self._connection.close()


def socket_to(port: int, *rest: object):  # type: ignore[no-untyped-def]
    return socket.create_connection(("127.0.0.1", port), *rest)  # type: ignore[arg-type]


@pytest.fixture
def client(proxy: Proxy) -> Iterator[Client]:
    client = Client(proxy)
    yield client
    client.close()


def test_calls_and_the_page_pass_and_probes_do_not(client: Client) -> None:
    status, headers, body = client.request("GET", "/api/leaderboard/top")
    assert (status, type(json.loads(body))) == (200, list)
    assert headers["Strict-Transport-Security"] == "max-age=63072000"
    assert client.request("GET", "/openapi.json")[0] == 200
    assert client.request("GET", "/readyz")[0] == 404
    assert client.request("GET", "/metrics")[0] == 404


def test_only_the_services_host_names_are_answered(proxy: Proxy, client: Client) -> None:
    status, _, body = client.request("GET", "/api/leaderboard/top", Host="evil.example")
    if proxy.name == "nginx":
        assert (status, json.loads(body)["error"]["code"]) == (421, "host_not_allowed")
    else:  # Caddy has no site of that name, and answers with an empty page.
        assert (status, body) == (200, b"")


def test_the_service_knows_the_clients_address_and_no_client_can_forge_it(client: Client, service: Service) -> None:
    for header in {}, {"X-Forwarded-For": "203.0.113.7"}, {"X-Forwarded-For": "127.0.0.1"}:
        before = len(service.log.read_text())
        assert client.request("GET", "/api/leaderboard/rejected", **header)[0] == 401
        eventually(lambda before=before: "/rejected" in service.log.read_text()[before:], "its line in the log")
        line = next(line for line in service.log.read_text()[before:].splitlines() if "/rejected" in line)
        assert json.loads(line)["address"] == "127.0.0.9"


def test_connections_to_the_service_stay_open(client: Client, service: Service) -> None:
    def connections() -> set[int]:
        parent = psutil.Process(service.process.pid)
        found = [one for child in parent.children() for one in child.net_connections("tcp")]
        port = urlsplit(service.address).port
        return {one.raddr.port for one in found if one.laddr.port == port and one.raddr}

    client.request("GET", "/api/leaderboard/top")
    before = connections()
    for _ in range(10):
        client.request("GET", "/api/leaderboard/top")
    assert connections() == before


def test_a_body_that_is_too_large_is_refused_by_the_service_in_json(client: Client) -> None:
    status, _, body = client.request("POST", SUBMIT, b" " * 1_500_000)
    assert (status, json.loads(body)["error"]["code"]) == (413, "payload_too_large")


@pytest.mark.parametrize(
    ("run", "limit", "refusals"),
    [(running_nginx, 2 * 1024**2, {413}), (running_caddy, 2_000_000, {413, 502})],  # 502: Caddy 2.6
    ids=["nginx", "caddy"],
)
def test_a_body_above_the_proxys_own_limit_ends_there(run: Run, limit: int, refusals: set[int], folder: Path) -> None:
    arrived: list[int] = []

    class Upstream(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            arrived.append(len(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream) as upstream:
        threading.Thread(target=upstream.serve_forever).start()
        try:
            with run(folder, upstream.server_port) as proxy:
                for size in limit, limit + 1:
                    client = Client(proxy)
                    status = client.request("POST", SUBMIT, b" " * size)[0]
                    assert status == 204 if size == limit else status in refusals
                    client.close()
        finally:
            upstream.shutdown()
    assert arrived[0] == limit
    assert max(arrived) == limit  # nothing of the other, or not all of it


async def test_a_restart_of_the_workers_fails_no_submission(proxy: Proxy, service: Service) -> None:
    clients = KeepAliveClients(proxy.port, count=4, tls=proxy.tls)
    playing = asyncio.create_task(clients.run())
    restarts = service.log.read_text().count("all workers are restarted")
    await until(lambda: len(clients.outcomes.counted) >= 20, 60)
    service.signal(signal.SIGUSR1)
    await until(lambda: service.log.read_text().count("all workers are restarted") > restarts, 60)
    reached = len(clients.outcomes.counted) + 20
    await until(lambda: len(clients.outcomes.counted) >= reached, 60)
    clients.stop()
    outcomes = await playing
    assert (outcomes.unanswered, outcomes.broken, outcomes.failed) == (set(), set(), [])


def test_plain_http_leads_to_https(folder: Path) -> None:
    """Caddy's own redirect always uses port 80."""
    with running_nginx(folder, free_port()) as proxy:
        assert proxy.http_port is not None
        connection = http.client.HTTPConnection("127.0.0.1", proxy.http_port, timeout=60)
        connection.request("GET", "/docs?x=1", headers={"Host": "scores.example.com"})
        with connection.getresponse() as response:
            assert (response.status, response.headers["Location"]) == (301, "https://scores.example.com/docs?x=1")
        connection.close()


@pytest.mark.parametrize("run", [running_nginx, running_caddy], ids=["nginx", "caddy"])
def test_while_the_service_is_down_the_answer_is_502(run: Run, folder: Path) -> None:
    port = free_port()
    with run(folder, port) as proxy:
        client = Client(proxy)
        assert client.request("GET", "/")[0] == 502
        with http.server.HTTPServer(("127.0.0.1", port), http.server.SimpleHTTPRequestHandler) as service:
            threading.Thread(target=service.handle_request).start()
            assert client.request("GET", "/absent")[0] == 404
        client.close()


def test_events_of_a_stream_pass_at_once(client: Client, service: Service) -> None:
    """Neither proxy holds them back until there are more."""
    with client.opened("/api/leaderboard/stream?top=0&user_ids=4711") as stream:

        def shown() -> int:
            while not (line := stream.readline()).startswith(b"data: "):
                assert line, "the stream ended"
            return sum(row["total_score"] for row in json.loads(line.removeprefix(b"data: "))["players"])

        before = shown()
        for total in before + 10, before + 20:
            assert service.submit(4711, 10)[0] == 200
            assert shown() == total
