DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index AS i
        WHERE i.indexrelid = to_regclass('public.users_username_key') AND i.indisunique
    ) THEN
        RAISE EXCEPTION 'several players may have one name, which the older release does not know'
            USING HINT = 'SELECT api.set_unique_usernames(true), and roll back then.';
    END IF;
END
$$;

CREATE OR REPLACE TRIGGER name_change AFTER UPDATE OF username ON public.users
    FOR EACH STATEMENT EXECUTE FUNCTION rank_index.tg_users__log_name_change();

DROP TRIGGER IF EXISTS id_change ON public.player_ids;

DROP INDEX IF EXISTS public.users_name_idx;

DROP FUNCTION IF EXISTS
    api.attribute_keys(), api.declare_attribute(text, text, integer), api.drop_attribute(text),
    api.erase_player(bigint, bigint, boolean, text, text), api.export_lines(bigint), api.export_player(bigint),
    api.find_players(text[]),
    api.link_player(bigint, text), api.player_profile(bigint),
    api.player_sessions(bigint, integer, bigint, boolean),
    api.players_by_name(text, integer, text, bigint), api.rename_player(bigint, text),
    api.set_attributes(bigint, jsonb), api.set_unique_usernames(boolean), api.unlink_player(text);

DROP SCHEMA player CASCADE;

DROP TABLE public.attribute_keys;

-- NOT VALID: who was erased stays in the log.
ALTER TABLE public.moderation
    DROP CONSTRAINT moderation_action_check,
    ADD CONSTRAINT moderation_action_check
        CHECK (action IN ('void', 'restore', 'ban', 'hide', 'unban', 'undo', 'recompute')) NOT VALID;
