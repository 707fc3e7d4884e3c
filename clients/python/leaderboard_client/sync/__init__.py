"""The sync client, made from leaderboard_client/aio: change that, then run make_sync.py."""
