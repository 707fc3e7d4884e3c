-- The role stays: other databases of the cluster may use it.
REVOKE USAGE ON SCHEMA api FROM leaderboard_service;

ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;

GRANT USAGE ON SCHEMA public TO PUBLIC;
