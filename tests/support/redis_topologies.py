"""Redis with Sentinel, and a Redis cluster: small ones on this machine, which fail over within a second or two."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.crc import key_slot
from redis.retry import Retry

from tests.support.breakable_redis import BreakableRedis, valkey_program
from tests.support.ports import free_port
from tests.support.waiting import eventually

MASTER = "scores"
#: Where all keys of the service belong in a cluster.
SLOT = key_slot(b"{leaderboard}:")


class Node(BreakableRedis):
    """In a folder of its own."""

    def __init__(self, folder: Path, *options: str, program: Sequence[str] | None = None) -> None:
        super().__init__(folder, *options, program=program)
        self._folder = folder / str(self.port)
        self._folder.mkdir()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def client(self) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=2, retry=Retry(NoBackoff(), 0))

    @contextmanager
    def frozen(self) -> Iterator[None]:
        self.freeze()
        try:
            yield
        finally:
            self.thaw()


class Sentinels:
    """A primary, a replica, and three sentinels that watch them."""

    def __init__(self, folder: Path) -> None:
        self.servers = [Node(folder), Node(folder)]
        self.sentinels = []
        for _ in range(3):
            file = folder / f"sentinel-{len(self.sentinels)}.conf"
            file.write_text(
                f"sentinel monitor {MASTER} 127.0.0.1 {self.servers[0].port} 2\n"
                f"sentinel down-after-milliseconds {MASTER} 500\n"
                f"sentinel failover-timeout {MASTER} 3000\n"
            )
            self.sentinels.append(Node(folder, "--sentinel", program=[valkey_program(), str(file)]))
        self.nodes = [*self.servers, *self.sentinels]

    @property
    def url(self) -> str:
        return f"redis+sentinel://{','.join(node.address for node in self.sentinels)}/{MASTER}"

    def start(self) -> None:
        for node in self.servers:
            node.start()
        with self.servers[1].client() as replica:
            replica.replicaof("127.0.0.1", self.servers[0].port)
        for node in self.sentinels:
            node.start()
            with node.client() as client:
                periods = ("info-period", "publish-period", "ask-period")
                client.execute_command("SENTINEL DEBUG", *(word for name in periods for word in (name, 200)))
        self.until_whole()

    def until_whole(self) -> None:
        """Until there is a replica to fail over to, and all sentinels know it."""
        eventually(lambda: has_replica(self.primary()))
        for node in self.sentinels:
            eventually(lambda node=node: self._sees_all(node))

    @staticmethod
    def _sees_all(sentinel: Node) -> bool:
        with sentinel.client() as client:
            state = client.sentinel_master(MASTER)
            (replica, *others) = client.sentinel_slaves(MASTER) or [None]
            return (
                state["num-other-sentinels"] == 2
                and state["flags"] == "master"
                and not others
                and replica is not None
                and replica["flags"] == "slave"
                and replica["master-link-status"] == "ok"
            )

    def primary(self) -> Node:
        """The server that most sentinels name."""
        ports = []
        for sentinel in self.sentinels:
            with sentinel.client() as client:
                ports.append(client.sentinel_master(MASTER)["port"])
        return next(node for node in self.servers if node.port == sorted(ports)[1])


class Cluster:
    """Three primaries, and a replica of the one that holds the keys of the service."""

    def __init__(self, folder: Path) -> None:
        words = ("--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--cluster-port")
        self._buses = [free_port() for _ in range(4)]
        self.nodes = [Node(folder, *words, str(bus)) for bus in self._buses]

    @property
    def url(self) -> str:
        return f"redis+cluster://{','.join(node.address for node in self.nodes[:3])}"

    def start(self) -> None:
        for node in self.nodes:
            node.start()
        bounds = [0, 5461, 10923, 16384]
        for index, node in enumerate(self.nodes[:3]):
            with node.client() as client:
                client.execute_command("CLUSTER ADDSLOTSRANGE", bounds[index], bounds[index + 1] - 1)
                client.execute_command("CLUSTER SET-CONFIG-EPOCH", index + 1)
        with self.nodes[0].client() as first:
            for node, bus in zip(self.nodes[1:], self._buses[1:], strict=True):
                first.execute_command("CLUSTER MEET", "127.0.0.1", node.port, bus)
        self._until_healthy()
        name = self._id(self.primary())
        with self.nodes[3].client() as replica:
            eventually(lambda: _done(lambda: replica.execute_command("CLUSTER REPLICATE", name)))
        self.until_whole()

    def until_whole(self) -> None:
        """Until there is a replica to fail over to, and all nodes agree."""
        eventually(lambda: has_replica(self.primary()))
        self._until_healthy()

    def move_slot(self) -> None:
        """Moves the keys of the service to another primary, as `redis-cli --cluster reshard` does."""
        source = self.primary()
        target = next(node for node in self.nodes if node is not source and not _is_replica(node))
        with source.client() as giver, target.client() as taker:
            taker.execute_command("CLUSTER SETSLOT", SLOT, "IMPORTING", self._id(source))
            giver.execute_command("CLUSTER SETSLOT", SLOT, "MIGRATING", self._id(target))
            while keys := giver.execute_command("CLUSTER GETKEYSINSLOT", SLOT, 10):
                giver.execute_command("MIGRATE", "127.0.0.1", target.port, "", 0, 5000, "KEYS", *keys)
            for client in taker, giver:
                client.execute_command("CLUSTER SETSLOT", SLOT, "NODE", self._id(target))
        eventually(lambda: self.primary() is target)

    @staticmethod
    def _id(node: Node) -> str:
        with node.client() as client:
            return str(client.execute_command("CLUSTER MYID").decode())

    def _until_healthy(self) -> None:
        for node in self.nodes:
            eventually(lambda node=node: _done(lambda: self._is_healthy(node)))

    def _is_healthy(self, node: Node) -> None:
        with node.client() as client:
            info = client.execute_command("CLUSTER INFO")
            assert info["cluster_state"] == "ok"
            assert info["cluster_known_nodes"] == str(len(self.nodes))

    def primary(self) -> Node:
        """The node that holds the keys of the service, as most nodes see it."""
        ports = []
        for node in self.nodes:
            with suppress(redis.RedisError), node.client() as client:
                for first, last, primary, *_ in client.execute_command("CLUSTER SLOTS"):
                    if first <= SLOT <= last:
                        ports.append(primary[1])
        port = max(set(ports), key=ports.count)
        return next(node for node in self.nodes if node.port == port)


def has_replica(node: Node) -> bool:
    with suppress(redis.RedisError), node.client() as client:
        state = client.info("replication").get("slave0")
        return state is not None and bool(state["state"] == "online")
    return False


def _is_replica(node: Node) -> bool:
    with node.client() as client:
        return bool(client.info("replication")["role"] == "slave")


T = TypeVar("T", Sentinels, Cluster)


def _done(action: Callable[[], object]) -> bool:
    with suppress(redis.RedisError, AssertionError):
        action()
        return True
    return False


@contextmanager
def running(kind: type[T]) -> Iterator[T]:
    """A topology of that kind, ready to fail over."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="lb-redis-"))
        topology = kind(Path(folder))
        for node in topology.nodes:
            stack.callback(node.kill)
        topology.start()
        yield topology
