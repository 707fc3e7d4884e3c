"""What a submission costs PostgreSQL: processor time of the session that submits, without the disk and neighbours."""

import psycopg

from tests.bench import machine

#: Submissions in a call, and how many calls are measured.
CALLS = {1: 400, 32: 100}
_SUBMIT = """
    SELECT count(*) FROM api.submit_scores(%s::bigint[], %s::bigint[], NULL, NULL, %s::text[])"""


def submission_us(url: str, players: int, size: int, round_name: str, *, fold_after_calls: int = 0) -> float:
    """Microseconds of processor time an item, in calls of `size`, each with a key. With `fold_after_calls` it includes
    a fold after so many calls; without, one that is not measured follows at the end.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        pid = connection.info.backend_pid
        calls = CALLS[size]
        for call in range(-20, calls):
            if call == 0:
                started = machine.session_cpu_seconds(pid)
            users = [1 + (call * 7919 + item * 104729) % players for item in range(size)]
            scores = [1 + (call * 31 + item * 17) % 1000 for item in range(size)]
            keys = [f"bench-{round_name}-{call}-{item}" for item in range(size)]
            connection.execute(_SUBMIT, [users, scores, keys], prepare=True)
            if fold_after_calls and call >= 0 and call % fold_after_calls == fold_after_calls - 1:
                connection.execute("SELECT api.fold_ranks()")
        spent = machine.session_cpu_seconds(pid) - started
        connection.execute("SELECT api.fold_ranks()")
    return spent * 1e6 / calls / size
