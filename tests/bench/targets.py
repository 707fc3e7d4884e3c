"""What is compared with what, and the targets: this table is the one to read first."""

from dataclasses import dataclass
from typing import Literal

#: The number of connections that targets are set for, unless said.
HEADLINE = 64
#: Submits a second that run beside every rank and top read, so that no cached answer lives long.
WRITES_PER_SECOND = 500

OURS = "ours"

#: rate: requests/s, ours / reference. p50: latency, ours / reference. tail: our p99 / our p50.
Measure = Literal["rate", "p50", "tail"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A call, the servers that it is sent to in turn, and the writes that run beside it."""

    call: str
    references: tuple[str, ...]
    #: At HEADLINE connections only: too slow to be asked more often, or without a target.
    headline_references: tuple[str, ...] = ()
    writes_per_second: int = 0

    def subjects(self, connections: int) -> tuple[str, ...]:
        extra = self.headline_references if connections == HEADLINE else ()
        return (OURS, *self.references, *extra)


SCENARIOS = (
    Scenario("submit", ("zset", "no_ranks")),
    # As clients are told to submit. The references pass over the key: they would count a retry twice.
    Scenario("keyed_submit", ("zset", "no_ranks")),
    Scenario("rank", ("zset", "no_ranks"), ("naive_sql", "zset_1_command"), WRITES_PER_SECOND),
    Scenario("top", ("bare",), ("zset",), WRITES_PER_SECOND),
)


@dataclass(frozen=True, slots=True)
class Target:
    """A bound on one measure of one call at one number of connections."""

    call: str
    reference: str
    measure: Measure
    bound: float
    at_least: bool
    connections: int = HEADLINE

    def met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.bound:g}x"


TARGETS = (
    Target("submit", "zset", "rate", 1.5, at_least=True),
    Target("submit", "no_ranks", "rate", 0.8, at_least=True),
    Target("rank", "zset", "rate", 1.0, at_least=True),
    Target("rank", "no_ranks", "rate", 0.6, at_least=True),
    Target("top", "bare", "rate", 0.6, at_least=True),
    Target("submit", "no_ranks", "p50", 1.15, at_least=False, connections=1),
    Target("submit", OURS, "tail", 3.0, at_least=False),
    Target("rank", OURS, "tail", 3.0, at_least=False),
)


def target_of(call: str, reference: str, measure: Measure, connections: int) -> Target | None:
    key = (call, reference, measure, connections)
    return next((t for t in TARGETS if (t.call, t.reference, t.measure, t.connections) == key), None)
