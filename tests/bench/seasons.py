"""The boards that are measured beside the board overall."""

import psycopg

PERIODS = ("daily", "weekly", "monthly")


def add_seasons(database_url: str, aggregate: str) -> None:
    """Adds a daily, a weekly and a monthly board, and fills them from the ledger at once: there are no submissions."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        for period in PERIODS:
            connection.execute(
                "SELECT api.create_board(%s, p_aggregate => %s, p_period => %s)", [period, aggregate, period]
            )
            connection.execute("SELECT count(*) FROM api.rebuild_leaderboard(%s)", [period])
