"""Random histories on a real database, by Hypothesis. Longer runs: HYPOTHESIS_EXAMPLES=500 HYPOTHESIS_STEPS=30."""

import asyncio
import os
from collections.abc import Coroutine
from typing import Any

import asyncpg
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


class DatabaseMachine(RuleBasedStateMachine):
    """A run of calls on one database; `db` is a connection to it."""

    url: str
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.db: asyncpg.Connection = self.run(asyncpg.connect(self.url))

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(coroutine)

    def teardown(self) -> None:
        self.run(self.db.close())


def run_machine(machine: type[DatabaseMachine], database_url: str, examples: int) -> None:
    with asyncio.Runner() as runner:
        on_this_database = type("OnThisDatabase", (machine,), {"url": database_url, "loop": runner.get_loop()})
        run_state_machine_as_test(
            on_this_database,
            settings=settings(
                max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", str(examples))),
                stateful_step_count=int(os.environ.get("HYPOTHESIS_STEPS", "15")),
                deadline=None,
                suppress_health_check=list(HealthCheck),
                print_blob=True,
            ),
        )
