"""The async client. leaderboard_client/sync is made from this folder: see make_sync.py."""
