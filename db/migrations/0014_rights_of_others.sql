-- Earlier releases took rights from PUBLIC that other programs in the database may need. This one does not, and gives
-- nothing back by itself, since the owner may want it so. It says once how to.
-- depends: 0003_roles 0013_signed_requests_removed

DO $$
DECLARE
    v_remedies text;
BEGIN
    -- An embedded server has no other roles.
    IF NOT EXISTS (
        SELECT FROM pg_roles AS r
        WHERE r.rolcanlogin AND NOT r.rolsuper
            AND r.rolname NOT IN (current_user, session_user, 'leaderboard_service')
    ) THEN
        RETURN;
    END IF;
    SELECT concat_ws(
        ' ',
        'ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;',
        CASE
            WHEN NOT EXISTS (
                SELECT FROM aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a
                WHERE a.grantee = 0 AND a.privilege_type = 'USAGE'
            )
            THEN 'GRANT USAGE ON SCHEMA public TO PUBLIC;'
        END,
        CASE
            WHEN NOT EXISTS (
                SELECT FROM aclexplode(coalesce(b.datacl, acldefault('d', b.datdba))) AS a
                WHERE a.grantee = 0 AND a.privilege_type = 'TEMPORARY'
            )
            THEN format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC;', b.datname)
        END
    ) INTO v_remedies
    FROM pg_default_acl AS d
    JOIN pg_roles AS r ON r.oid = d.defaclrole AND r.rolname = current_user
    JOIN pg_namespace AS n ON n.nspname = 'public'
    JOIN pg_database AS b ON b.datname = current_database()
    WHERE d.defaclnamespace = 0 AND d.defaclobjtype = 'f'  -- the trace that the earlier release leaves
        AND NOT EXISTS (SELECT FROM aclexplode(d.defaclacl) AS a WHERE a.grantee = 0);
    IF v_remedies IS NOT NULL THEN
        RAISE WARNING 'an earlier release took rights from PUBLIC that other programs in this database may need. If so,'
            ' give them back as %: %', current_user, v_remedies;
    END IF;
END
$$;
