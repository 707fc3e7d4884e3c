-- The role stays: other databases of the cluster may use it.
REVOKE USAGE ON SCHEMA api FROM leaderboard_service;
