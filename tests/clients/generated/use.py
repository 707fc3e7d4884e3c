"""A program that uses the client that openapi-python-client generates. Its test checks it with mypy --strict."""

import sys
from http import HTTPStatus

from generated_client import Client
from generated_client.api.boards import list_seasons
from generated_client.api.play import submit_score, submit_scores
from generated_client.api.standings import get_player_rank, get_player_ranks, get_top
from generated_client.models import (
    AcceptedItem,
    BatchItem,
    BoardSeasons,
    ErrorBody,
    PlayerRank,
    RejectedItem,
    SubmitAnswer,
    SubmitRequest,
)


def main(address: str) -> None:
    client = Client(base_url=address)
    first = submit_score.sync(client=client, body=SubmitRequest(user_id=7, score=500), idempotency_key="match-1")
    assert isinstance(first, SubmitAnswer), first
    assert (first.user_id, first.total_score, first.duplicate) == (7, 500, False)
    again = submit_score.sync(client=client, body=SubmitRequest(user_id=7, score=500), idempotency_key="match-1")
    assert isinstance(again, SubmitAnswer), again
    assert again.duplicate

    items = [BatchItem(player="steam:1", score=900), BatchItem(user_id=8, score=-1)]
    outcomes = submit_scores.sync(client=client, body=items)
    assert isinstance(outcomes, list), outcomes
    accepted, rejected = outcomes
    assert isinstance(accepted, AcceptedItem), accepted
    assert isinstance(rejected, RejectedItem), rejected
    assert rejected.error.code == "score_out_of_bounds"

    top = get_top.sync(client=client, limit=10)
    assert isinstance(top, list), top
    assert [row.total_score for row in top] == [900, 500]
    rank = get_player_rank.sync("steam:1", client=client)
    assert isinstance(rank, PlayerRank), rank
    assert (rank.rank, rank.players) == (1, 2)
    ranks = get_player_ranks.sync(client=client, user_ids=[7, 99], player=["steam:1"])
    assert isinstance(ranks, list), ranks
    assert [row.rank_among for row in ranks] == [1, 2]

    unknown = get_player_rank.sync_detailed("99", client=client)
    assert unknown.status_code == HTTPStatus.NOT_FOUND
    assert isinstance(unknown.parsed, ErrorBody), unknown.parsed
    assert unknown.parsed.error.code == "unknown_player"
    refused = submit_score.sync(client=client, body=SubmitRequest(user_id=7, score=-1))
    assert isinstance(refused, ErrorBody), refused
    assert refused.error.code == "score_out_of_bounds"

    seasons = list_seasons.sync(client=client, board="cup")
    assert isinstance(seasons, BoardSeasons), seasons
    assert [season.state for season in seasons.seasons] == ["running"]


main(sys.argv[1])
