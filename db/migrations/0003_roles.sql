-- The role of the service and its rights are in db/functions/grants.sql, which every deploy runs. This migration once
-- also took USAGE on public and EXECUTE on new functions from PUBLIC: see 0014_rights_of_others.
-- depends: 0001_tables

REVOKE ALL ON SCHEMA lib, shard, api FROM PUBLIC;
