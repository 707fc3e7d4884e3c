from tests.support.oracle import rows


async def test_lists_what_boards_count_and_their_players(db):
    await db.execute("SELECT api.create_board('team-best', 'team', 'best', -5, 10)")
    await db.execute("SELECT api.submit_score(1, 5, 'team')")
    await db.execute("SELECT api.submit_score(2, 50, 'team')")
    columns = "board, game_mode, aggregate, min_score, max_score, players"
    assert rows(await db.fetch(f"SELECT {columns} FROM api.list_boards()")) == [
        ("overall", None, "sum", 0, 2147483647, 2),
        ("team-best", "team", "best", -5, 10, 1),
    ]
