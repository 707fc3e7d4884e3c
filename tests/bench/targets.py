"""What is compared with what, and the targets: this table is the one to read first."""

from dataclasses import dataclass
from typing import Literal

#: The number of connections that targets are set for, unless said.
HEADLINE = 64
#: Submits a second that run beside rank and top reads, so that no cached answer lives long. A lone client, with one
#: connection, has the machine to itself.
WRITES_PER_SECOND = 500

#: The service as people run it, LOG_LEVEL=info and an API key with each request; the same at LOG_LEVEL=warning and
#: without keys; the first with the New Relic agent; the first beside a daily, a weekly and a monthly board.
OURS = "ours"
QUIET = "ours_quiet"
AGENT = "ours_agent"
SEASONS = "ours_4_boards"

#: rate: requests/s, subject / reference. p50: latency, subject / reference. tail: the subject's p99 / p50.
Measure = Literal["rate", "p50", "tail"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A call, the servers that it is sent to in turn, and the writes that run beside it."""

    call: str
    #: At any number of connections above 1.
    references: tuple[str, ...] = ()
    #: At HEADLINE connections only: too slow to be asked more often, or of interest there.
    headline_references: tuple[str, ...] = ()
    #: With one connection.
    lone_references: tuple[str, ...] = ()
    writes_per_second: int = 0
    #: Not measured at other numbers of connections.
    headline_only: bool = False

    def subjects(self, connections: int) -> tuple[str, ...]:
        if connections == HEADLINE:
            return (OURS, *self.references, *self.headline_references)
        if self.headline_only:
            return ()
        return (OURS, *(self.lone_references if connections == 1 else self.references))

    def writes_beside(self, connections: int) -> int:
        return self.writes_per_second if connections > 1 else 0


SCENARIOS = (
    Scenario("submit", ("zset",), ("zset_logging", "no_ranks", QUIET, AGENT, SEASONS), ("zset", "no_ranks")),
    # As clients are told to submit. The reference passes over the key: it would count a retry twice.
    Scenario("keyed_submit", (), ("zset",)),
    # Players by Zipf's law: one of 1,000,000 gets 7 % of all submits.
    Scenario("zipf_submit", ("zset",), headline_only=True),
    Scenario(
        "rank",
        ("zset",),
        ("zset_logging", "zset_1_command", "no_ranks", "naive_sql", QUIET, AGENT),
        ("zset", "no_ranks"),
        WRITES_PER_SECOND,
    ),
    Scenario("top", ("bare",), ("zset", QUIET, AGENT), ("bare",), WRITES_PER_SECOND),
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
    subject: str = OURS
    #: The call that the reference is measured with, if it is another.
    other_call: str = ""

    def met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.bound:g}x"


TARGETS = (
    Target("submit", "zset", "rate", 1.5, at_least=True),
    Target("keyed_submit", OURS, "rate", 0.8, at_least=True, other_call="submit"),
    Target("rank", "zset", "rate", 2.5, at_least=True),
    Target("top", "bare", "rate", 0.85, at_least=True),
    *(Target(call, QUIET, "rate", 0.9, at_least=True) for call in ("submit", "rank", "top")),
    Target("submit", "no_ranks", "p50", 1.1, at_least=False, connections=1),
    Target("rank", "no_ranks", "p50", 1.3, at_least=False, connections=1),
    *(Target(call, OURS, "rate", 0.85, at_least=True, subject=AGENT) for call in ("submit", "rank", "top")),
    Target("submit", OURS, "rate", 0.5, at_least=True, subject=SEASONS),
    *(Target(call, OURS, "tail", 3.0, at_least=False) for call in ("submit", "keyed_submit", "rank", "top")),
    Target("submit", "no_ranks", "rate", 0.8, at_least=True),
    Target("rank", "no_ranks", "rate", 0.6, at_least=True),
)
