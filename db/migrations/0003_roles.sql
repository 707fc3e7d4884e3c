-- The role the service connects as: it may execute the functions that db/functions/grants.sql names and nothing else.
-- Roles belong to the cluster, so another database may have made it already, or be making it right now.
-- It has LOGIN but no password: set one (ALTER ROLE leaderboard_service PASSWORD '...') to connect as it from elsewhere.
-- depends: 0001_tables

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = 'leaderboard_service') THEN
        CREATE ROLE leaderboard_service LOGIN NOINHERIT;
    END IF;
    -- A service that is given only the owner's URL connects with it and then takes this role.
    IF NOT pg_catalog.pg_has_role(current_user, 'leaderboard_service', 'MEMBER') THEN
        EXECUTE pg_catalog.format('GRANT leaderboard_service TO %I', current_user);
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL;  -- made by a run on another database of this cluster at the same moment
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role leaderboard_service does not exist and % may not create it', current_user
            USING HINT = 'As a superuser run: CREATE ROLE leaderboard_service LOGIN; GRANT leaderboard_service TO <the owner>;';
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

REVOKE ALL ON SCHEMA lib, shard, api FROM PUBLIC;

-- The global form: ALTER DEFAULT PRIVILEGES IN SCHEMA ... REVOKE ... FROM PUBLIC has no effect.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

GRANT USAGE ON SCHEMA api TO leaderboard_service;
