-- The migration changed nothing. The release before does not have this function.
DROP FUNCTION IF EXISTS api.probe_write();
