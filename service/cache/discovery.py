"""Finds the Redis server to connect to, where sentinels or the nodes of a cluster say which one it is.

All of them are asked at the same time, so that one that is gone costs nothing, and the answer of a majority is waited
for, so that one that was cut off from the others does not lead to an old server. That is a matter of speed, not of
correctness: which server all processes use is agreed on in PostgreSQL (docs/cache.md).
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from redis.asyncio.connection import Connection, SSLConnection
from redis.crc import key_slot
from redis.exceptions import AuthenticationError, ConnectionError, NoPermissionError, ResponseError

from service.settings.redis_url import RedisUrl

Address = tuple[str, int]


class Discovery:
    def __init__(self, url: RedisUrl, timeout_seconds: float, options: Mapping[str, Any]) -> None:
        """`options` are redis-py's arguments of a connection to a server, without its address."""
        self._url = url
        self._timeout = timeout_seconds
        self._options = dict(options)
        if url.kind == "sentinel":
            self._options |= {"username": url.sentinel_username, "password": url.sentinel_password, "db": 0}
        self._slot = key_slot(url.key_prefix.encode())
        #: The nodes of the cluster by the last answer: those of the address may be gone by the time they are needed.
        self._nodes: frozenset[Address] = frozenset()

    async def address(self) -> Address:
        """The server that accepts writes. Raises redis-py's errors."""
        if self._url.kind == "sentinel":
            answers = await self._ask_all(self._url.nodes, "SENTINEL", "MASTER", self._url.master_name)
            masters = [dict(zip(fields[::2], fields[1::2], strict=False)) for _, fields in answers]
            newest = max(masters, key=lambda master: int(master[b"config-epoch"]))
            return newest[b"ip"].decode(), int(newest[b"port"])
        nodes = tuple(self._nodes.union(self._url.nodes))
        owners = Counter(self._owner(asked, slots) for asked, slots in await self._ask_all(nodes, "CLUSTER", "SLOTS"))
        owner = owners.most_common(1)[0][0]
        if owner is None:
            raise ConnectionError(f"no node of the cluster has slot {self._slot}, where the keys of the service belong")
        return owner

    def _owner(self, asked: Address, slots: list[Any]) -> Address | None:
        self._nodes = frozenset(_address(node, asked) for _, _, *nodes in slots for node in nodes)
        for first, last, primary, *_ in slots:
            if first <= self._slot <= last:
                return _address(primary, asked)
        return None

    async def _ask_all(self, nodes: tuple[Address, ...], *command: str) -> list[tuple[Address, Any]]:
        """The answers of the nodes that answer in time: at least one."""
        pending = {asyncio.create_task(self._ask(node, *command)) for node in nodes}
        answers: list[tuple[Address, Any]] = []
        problems: list[Exception] = []
        try:
            async with asyncio.timeout(self._timeout / 2):
                while pending and len(answers) <= len(nodes) // 2:
                    done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                    for task in done:
                        error = task.exception()
                        if error is None:
                            answers.append(task.result())
                        elif isinstance(error, Exception):
                            problems.append(error)
        except TimeoutError:
            pass  # what has arrived has to do
        finally:
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
        if not answers:
            # What a node said tells more than that another one cannot be reached.
            problems.sort(key=lambda problem: not isinstance(problem, ResponseError | AuthenticationError))
            raise problems[0] if problems else ConnectionError(f"none of {_names(nodes)} answers")
        return answers

    async def _ask(self, node: Address, *command: str) -> tuple[Address, Any]:
        connection = (Connection if self._url.tls is None else SSLConnection)(
            host=node[0], port=node[1], **self._options
        )
        try:
            await connection.connect()  # type: ignore[no-untyped-call]
            await connection.send_command(*command)
            return node, await connection.read_response()
        except (AuthenticationError, NoPermissionError) as error:
            raise type(error)(f"{_names([node])}: {error}") from error
        except ResponseError as error:
            said = str(error).lower()
            if "no such master" in said:
                raise ResponseError(f"{_names([node])} knows no master {self._url.master_name}") from error
            if "cluster support disabled" in said:
                raise ResponseError(f"{_names([node])} is no cluster: write redis:// in REDIS_URL") from error
            raise
        finally:
            await connection.disconnect(nowait=True)


def _address(node: list[Any], asked: Address) -> Address:
    """A node without a name is the one that was asked."""
    return (node[0].decode() if node[0] else asked[0]), int(node[1])


def _names(nodes: Any) -> str:
    return ", ".join(f"{host}:{port}" for host, port in nodes)
