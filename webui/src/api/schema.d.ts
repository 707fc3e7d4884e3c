// Made from /openapi.json by `make api-types`. Not to be edited.

export interface paths {
    "/api/leaderboard/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit a score. An unknown player is registered. The response means: committed and on disk
         * @description If API keys are required: one with the scope `submit`.
         */
        post: operations["submit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/submit/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit up to 1000 scores in one transaction: one outcome per item, in order. A rejected item does not affect the others
         * @description If API keys are required: one with the scope `submit`.
         */
        post: operations["submit_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/top": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The best players, page by page. Ties share a rank, the next skips; within a tie by user_id, or by who got there first (ties: earliest)
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["top"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/rank/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A player's total, live rank and percentile
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["rank"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/around/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A player with the neighbours above and below
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["around"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/ranks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The ranks of several players, on the board and among themselves, best first; unknown players are omitted
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["ranks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/distribution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The distribution of totals: players per range, in ranges of equal width from the lowest total up
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["distribution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/rank-of": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The rank that a player with this total would have
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["rank_of"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/threshold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The total at a place, or that of the last player within the best n percent
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["threshold"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/boards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The boards and what counts on each
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["boards"];
        put?: never;
        /** Create a board. It counts all scores so far, too: a large one is filled in steps, and its reads answer 503 board_filling until then. Always requires an admin key */
        post: operations["create_board"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/boards/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a board with all of its seasons. The scores stay, so the board can be created again. Always requires an admin key */
        delete: operations["delete_board"];
        options?: never;
        head?: never;
        /** Change a board; its totals are recounted from all scores where the change needs it. Always requires an admin key */
        patch: operations["alter_board"];
        trace?: never;
    };
    "/api/leaderboard/boards/{name}/end-season": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the running season of a board with manual seasons, and start the next. Always requires an admin key */
        post: operations["end_season"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/seasons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The seasons of a board, newest first, with their winners
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["seasons"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/players/{user_id}/seasons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A player's results in the seasons of a board, newest first
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["player_seasons"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the sender may do, with or without the API key of the request */
        get: operations["access"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/rejected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Submissions that score rules refused in the last 30 days, newest first. Always requires an admin key */
        get: operations["rejected"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Liveness: the process answers */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Readiness: database, schema, cache and rank index */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description as a page */
        get: operations["docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The web page */
        get: operations["index"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** ErrorBody */
        ErrorBody: {
            error: components["schemas"]["Error"];
        };
        /** Error */
        Error: {
            /** @description what went wrong, for programs */
            code: string;
            /** @description what went wrong and what to do, for people */
            message: string;
        };
        /** SubmitRequest */
        SubmitRequest: {
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            /**
             * Format: int64
             * @description an integer within the bounds of the board, 0 to 2147483647 unless it has others
             */
            score: number;
            /**
             * @description empty and null mean solo
             * @default solo
             */
            game_mode?: string | null;
            /**
             * @description name of a new player, by default user_<id>; empty and null: use the default. A player who exists already keeps their name: see username in the response
             * @default null
             */
            username?: string | null;
            /** @default null */
            played_at?: string | null;
        };
        /** SubmitAnswer */
        SubmitAnswer: {
            message: string;
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            /**
             * Format: int64
             * @description an integer within the bounds of the board, 0 to 2147483647 unless it has others
             */
            score: number;
            /**
             * Format: int64
             * @description the player's total on the board
             */
            total_score: number;
            /** @description true: this submission was counted before, and this is its first response again */
            duplicate: boolean;
            /** @description the player's current name, if the submission has a username: a player who existed already keeps their name */
            username?: string;
            rank?: number | null;
            /** @description null if the player was not on the board before; like rank, null while the board is being filled from the ledger. A duplicate has the ranks of the first response; if that had none, rank is the current one and previous_rank is null */
            previous_rank?: number | null;
            boards?: components["schemas"]["BoardTotal"][];
        };
        /**
         * BoardTotal
         * @description What a submission did on one of the boards on which it counted.
         */
        BoardTotal: {
            /** @description name of the board, see /api/leaderboard/boards */
            board: string;
            /** @default null */
            season?: number | null;
            /**
             * Format: int64
             * @description the player's total on the board
             */
            total_score: number;
            /** @default null */
            display?: string | null;
            /**
             * @description if ranks were asked for and the board is not being filled
             * @default null
             */
            rank?: number | null;
        };
        /** BatchItem */
        BatchItem: {
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            /**
             * Format: int64
             * @description an integer within the bounds of the board, 0 to 2147483647 unless it has others
             */
            score: number;
            /**
             * @description empty and null mean solo
             * @default solo
             */
            game_mode?: string | null;
            /**
             * @description name of a new player, by default user_<id>; empty and null: use the default. A player who exists already keeps their name: see username in the response
             * @default null
             */
            username?: string | null;
            /** @default null */
            played_at?: string | null;
            /** @default null */
            idempotency_key?: string | null;
        };
        /** AcceptedItem */
        AcceptedItem: {
            /** @enum {unknown} */
            status: "accepted";
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            /**
             * Format: int64
             * @description an integer within the bounds of the board, 0 to 2147483647 unless it has others
             */
            score: number;
            /**
             * Format: int64
             * @description the player's total on the board
             */
            total_score: number;
            /** @description the player's current name, if the submission has a username: a player who existed already keeps their name */
            username?: string;
            rank?: number | null;
            /** @description null if the player was not on the board before; like rank, null while the board is being filled from the ledger. A duplicate has the ranks of the first response; if that had none, rank is the current one and previous_rank is null */
            previous_rank?: number | null;
            boards?: components["schemas"]["BoardTotal"][];
        };
        /** DuplicateItem */
        DuplicateItem: {
            /** @enum {unknown} */
            status: "duplicate";
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            /**
             * Format: int64
             * @description an integer within the bounds of the board, 0 to 2147483647 unless it has others
             */
            score: number;
            /**
             * Format: int64
             * @description the player's total on the board
             */
            total_score: number;
            /** @description the player's current name, if the submission has a username: a player who existed already keeps their name */
            username?: string;
            rank?: number | null;
            /** @description null if the player was not on the board before; like rank, null while the board is being filled from the ledger. A duplicate has the ranks of the first response; if that had none, rank is the current one and previous_rank is null */
            previous_rank?: number | null;
            boards?: components["schemas"]["BoardTotal"][];
        };
        /** RejectedItem */
        RejectedItem: {
            /** @enum {unknown} */
            status: "rejected";
            error: components["schemas"]["Error"];
        };
        /** Standing */
        Standing: {
            /**
             * Format: int64
             * @description 1 + the number of players with a higher total: ties share a rank
             */
            rank: number;
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            username: string;
            /**
             * Format: int64
             * @description the player's total on the board
             */
            total_score: number;
            /** @default null */
            display?: string | null;
            /**
             * @description orders players with equal totals, the lowest first, on boards with ties = earliest and in closed seasons
             * @default null
             */
            tie?: number | null;
        };
        /** PlayerRank */
        PlayerRank: {
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            username: string;
            /**
             * Format: int64
             * @description the player's total on the board
             */
            total_score: number;
            /**
             * Format: int64
             * @description 1 + the number of players with a higher total: ties share a rank
             */
            rank: number;
            /**
             * Format: int64
             * @description how many players are on the board
             */
            players: number;
            /** @description the share of players whose total is not higher than this player's */
            percentile: number;
            /** @default null */
            display?: string | null;
            /** @default null */
            season?: number | null;
        };
        /** PlayerAmong */
        PlayerAmong: {
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            username: string;
            /**
             * Format: int64
             * @description the player's total on the board
             */
            total_score: number;
            /**
             * Format: int64
             * @description 1 + the number of players with a higher total: ties share a rank
             */
            rank: number;
            /**
             * Format: int64
             * @description the rank among the players asked for
             */
            rank_among: number;
            /**
             * Format: int64
             * @description how many players are on the board
             */
            players: number;
            /** @description the share of players whose total is not higher than this player's */
            percentile: number;
            /** @default null */
            display?: string | null;
            /** @default null */
            season?: number | null;
        };
        /** Bucket */
        Bucket: {
            /**
             * Format: int64
             * @description lowest total of the range
             */
            from: number;
            /**
             * Format: int64
             * @description highest total of the range
             */
            to: number;
            /** Format: int64 */
            players: number;
        };
        /** RankOfScore */
        RankOfScore: {
            /** Format: int64 */
            score: number;
            /**
             * Format: int64
             * @description the rank that a player with this total would have
             */
            rank: number;
            /**
             * Format: int64
             * @description how many players are on the board
             */
            players: number;
            /** @description the share of players whose total is not higher than this player's */
            percentile: number;
        };
        /** Threshold */
        Threshold: {
            /**
             * Format: int64
             * @description the total at that place: who reaches it is at least there
             */
            total_score: number;
            /** Format: int64 */
            place: number;
            /**
             * Format: int64
             * @description how many players are on the board
             */
            players: number;
            /** @default null */
            display?: string | null;
        };
        /**
         * Board
         * @description The options that a board does not use are left out.
         */
        Board: {
            /** @description name of the board, see /api/leaderboard/boards */
            board: string;
            /** @description the mode that counts here; null: any */
            game_mode: string | null;
            /**
             * @description how a player's scores make the total
             * @enum {unknown}
             */
            aggregate: "best" | "count" | "first" | "last" | "sum";
            /** Format: int64 */
            min_score: number;
            /** Format: int64 */
            max_score: number;
            /**
             * Format: int64
             * @description in the season that runs, if the board has seasons
             */
            players: number;
            /**
             * @description whether the lowest total is best
             * @default false
             */
            lowest_wins?: boolean;
            /**
             * @description what scores count, such as ms or points. It only describes; totals in ms and s are displayed
             * @default null
             */
            unit?: string | null;
            /**
             * Format: int32
             * @description how many digits of a total are decimals, for its display; totals are integers
             * @default 0
             */
            decimals?: number;
            /**
             * @description equal totals share a rank. Within a tie: shared: by user_id; earliest: who got there first comes first
             * @default shared
             * @enum {unknown}
             */
            ties?: "earliest" | "shared";
            /**
             * @description scores count from here on. With a period: when the first season begins
             * @default null
             */
            opens_at?: string | null;
            /**
             * @description scores count up to before this time
             * @default null
             */
            closes_at?: string | null;
            /**
             * @description how long a season lasts: daily, weekly, monthly, or an interval such as 4 hours or 3 months
             * @default null
             */
            period?: string | null;
            /**
             * @description a local time of time_zone at which some period begins; by default midnight, for weekly on a Monday, for monthly on the first
             * @default null
             */
            anchor?: string | null;
            /**
             * @description name of the time zone by which days and months begin, such as Europe/Berlin
             * @default UTC
             */
            time_zone?: string;
            /**
             * @description how long after its end a season still counts scores that were played in it
             * @default 00:00:00
             */
            grace?: string;
            /**
             * @description whether seasons end by a call
             * @default false
             */
            manual_seasons?: boolean;
            /**
             * @description how many closed seasons are kept; null: all
             * @default null
             */
            keep_seasons?: number | null;
            /**
             * @description the season that runs
             * @default null
             */
            season?: number | null;
            /** @default null */
            season_starts_at?: string | null;
            /**
             * @description when the next season begins, if that is known
             * @default null
             */
            next_reset_at?: string | null;
        };
        /**
         * NewBoard
         * @description A board to create. What does not go together, the database refuses.
         */
        NewBoard: {
            /** @description name of the board, see /api/leaderboard/boards */
            name: string;
            /**
             * @description the mode that counts here; null: any
             * @default null
             */
            game_mode?: string | null;
            /**
             * @description how a player's scores make the total
             * @default sum
             * @enum {unknown}
             */
            aggregate?: "best" | "count" | "first" | "last" | "sum";
            /**
             * Format: int64
             * @default 0
             */
            min_score?: number;
            /**
             * Format: int64
             * @default 2147483647
             */
            max_score?: number;
            /**
             * @description whether the lowest total is best
             * @default false
             */
            lowest_wins?: boolean;
            /**
             * @description what scores count, such as ms or points. It only describes; totals in ms and s are displayed
             * @default null
             */
            unit?: string | null;
            /**
             * Format: int32
             * @description how many digits of a total are decimals, for its display; totals are integers
             * @default 0
             */
            decimals?: number;
            /**
             * @description equal totals share a rank. Within a tie: shared: by user_id; earliest: who got there first comes first
             * @default shared
             * @enum {unknown}
             */
            ties?: "earliest" | "shared";
            /**
             * @description scores count from here on. With a period: when the first season begins
             * @default null
             */
            opens_at?: string | null;
            /**
             * @description scores count up to before this time
             * @default null
             */
            closes_at?: string | null;
            /**
             * @description how long a season lasts: daily, weekly, monthly, or an interval such as 4 hours or 3 months
             * @default null
             */
            period?: string | null;
            /**
             * @description a local time of time_zone at which some period begins; by default midnight, for weekly on a Monday, for monthly on the first
             * @default null
             */
            anchor?: string | null;
            /**
             * @description name of the time zone by which days and months begin, such as Europe/Berlin
             * @default UTC
             */
            time_zone?: string;
            /**
             * @description how long after its end a season still counts scores that were played in it
             * @default 0 seconds
             */
            grace?: string;
            /**
             * @description whether seasons end by a call
             * @default false
             */
            manual_seasons?: boolean;
            /**
             * @description how many closed seasons are kept; null: all
             * @default null
             */
            keep_seasons?: number | null;
        };
        /** CreatedBoard */
        CreatedBoard: {
            /** @description name of the board, see /api/leaderboard/boards */
            board: string;
        };
        /**
         * BoardChanges
         * @description What to change of a board. What is left out stays. null is no limit, no time, no unit, or any mode.
         */
        BoardChanges: {
            /** @description name of the board, see /api/leaderboard/boards */
            name?: string;
            /** @description the mode that counts here; null: any */
            game_mode?: string | null;
            /**
             * @description how a player's scores make the total
             * @enum {unknown}
             */
            aggregate?: "best" | "count" | "first" | "last" | "sum";
            /** Format: int64 */
            min_score?: number;
            /** Format: int64 */
            max_score?: number;
            /** @description whether the lowest total is best */
            lowest_wins?: boolean;
            /** @description what scores count, such as ms or points. It only describes; totals in ms and s are displayed */
            unit?: string | null;
            /**
             * Format: int32
             * @description how many digits of a total are decimals, for its display; totals are integers
             */
            decimals?: number;
            /**
             * @description equal totals share a rank. Within a tie: shared: by user_id; earliest: who got there first comes first
             * @enum {unknown}
             */
            ties?: "earliest" | "shared";
            /** @description scores count from here on. With a period: when the first season begins */
            opens_at?: string | null;
            /** @description scores count up to before this time */
            closes_at?: string | null;
            /** @description how long a season lasts: daily, weekly, monthly, or an interval such as 4 hours or 3 months */
            period?: string | null;
            /** @description a local time of time_zone at which some period begins; by default midnight, for weekly on a Monday, for monthly on the first */
            anchor?: string | null;
            /** @description name of the time zone by which days and months begin, such as Europe/Berlin */
            time_zone?: string;
            /** @description how long after its end a season still counts scores that were played in it */
            grace?: string;
            /** @description whether seasons end by a call */
            manual_seasons?: boolean;
            /** @description how many closed seasons are kept; null: all */
            keep_seasons?: number | null;
            /** @description more of one player are refused; 0 and null: no limit */
            max_submissions_per_minute?: number | null;
            /** @description a score with which a total would rise by more is refused; 0, null: no limit */
            max_gain_per_hour?: number | null;
        };
        /** ChangedBoard */
        ChangedBoard: {
            /** @description name of the board, see /api/leaderboard/boards */
            board: string;
            /** @description how many totals change, appear or go, or would; null: they are being recounted */
            totals_changed: number | null;
            /** @description whether the board is being filled from the ledger; until then its reads answer 503 */
            filling: boolean;
            /**
             * Format: int64
             * @description how many closed seasons are deleted, or would be, for good: see keep_seasons
             */
            seasons_dropped: number;
        };
        /** EndedSeason */
        EndedSeason: {
            /** @description name of the board, see /api/leaderboard/boards */
            board: string;
            /**
             * Format: int64
             * @description the season that ended
             */
            ended: number;
            /**
             * Format: int64
             * @description the season that runs now
             */
            started: number;
            at: string;
        };
        /** DeletedBoard */
        DeletedBoard: {
            /** @description name of the board, see /api/leaderboard/boards */
            deleted: string;
        };
        /** Seasons */
        Seasons: {
            /** @description name of the board, see /api/leaderboard/boards */
            board: string;
            /** @description when the next season begins, if that is known */
            next_reset_at: string | null;
            /** @description newest first */
            seasons: components["schemas"]["Season"][];
        };
        /** Season */
        Season: {
            /**
             * Format: int64
             * @description number of the season, counted from 1
             */
            season: number;
            /**
             * @description closing: it has ended, and its final ranks are being kept; closed: they are kept for good
             * @enum {unknown}
             */
            state: "closed" | "closing" | "running";
            /** @description null: it has no beginning */
            starts_at: string | null;
            /** @description null: it ends by a call */
            ends_at: string | null;
            closed_at: string | null;
            /** @description null while the season is being computed from the ledger */
            players: number | null;
            /** @description the best player, so far while it runs; null: there is none yet */
            winner: components["schemas"]["Winner"] | null;
        };
        /** Winner */
        Winner: {
            /**
             * Format: int64
             * @description 0: the player was deleted
             */
            user_id: number;
            username: string;
            /**
             * Format: int64
             * @description the player's total on the board
             */
            total_score: number;
            /** @default null */
            display?: string | null;
        };
        /** PlayerSeason */
        PlayerSeason: {
            /**
             * Format: int64
             * @description number of the season, counted from 1
             */
            season: number;
            /** @description null: it has no beginning */
            starts_at: string | null;
            /** @description null: it ends by a call */
            ends_at: string | null;
            /** @description whether total and rank are final */
            closed: boolean;
            /**
             * Format: int64
             * @description the player's total on the board
             */
            total_score: number;
            /**
             * Format: int64
             * @description 1 + the number of players with a higher total: ties share a rank
             */
            rank: number;
            /** Format: int64 */
            players: number;
            /** @default null */
            display?: string | null;
        };
        /** Access */
        Access: {
            /** @description whether the sender may submit scores */
            submit: boolean;
            /** @description whether the sender may read */
            read: boolean;
        };
        /** RejectedSubmission */
        RejectedSubmission: {
            /** Format: int64 */
            id: number;
            rejected_at: string;
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            /** Format: int64 */
            score: number;
            game_mode: string;
            /** @description the board whose rule it broke */
            board: string;
            idempotency_key: string | null;
            /** @description the error code that its sender got */
            code: string;
            /** @description the message that its sender got */
            reason: string;
        };
        /** Health */
        Health: {
            /** @enum {unknown} */
            status: "ok";
        };
        /** Readiness */
        Readiness: {
            /**
             * @description degraded: every call works, without the cache; unavailable, stopping: answered with 503
             * @enum {unknown}
             */
            status: "degraded" | "ready" | "stopping" | "unavailable";
            database: components["schemas"]["DatabaseState"];
            schema: components["schemas"]["SchemaState"];
            cache: components["schemas"]["CacheState"];
            rank_index: components["schemas"]["RankIndexState"];
        };
        /** DatabaseState */
        DatabaseState: {
            /**
             * @description not_writable: a standby, a read-only database, or a full disk
             * @enum {unknown}
             */
            status: "down" | "not_writable" | "up";
            /** @default null */
            detail?: string | null;
        };
        /** SchemaState */
        SchemaState: {
            /**
             * @description not_current: the database lacks functions of this release; not_granted: the service's role lacks rights; detail names them
             * @enum {unknown}
             */
            status: "current" | "not_current" | "not_granted" | "unknown";
            /** @default null */
            detail?: string | null;
        };
        /** CacheState */
        CacheState: {
            /** @enum {unknown} */
            status: "down" | "up";
            /** @default null */
            detail?: string | null;
        };
        /** RankIndexState */
        RankIndexState: {
            /** @description rank changes not folded into the index yet */
            pending_deltas: number | null;
            /** @description transactions begun since the oldest one that still runs */
            horizon_age: number | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    submit: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
                include?: "boards" | "boards,rank" | "rank" | "rank,boards";
            };
            header?: {
                /** @description Identifies the submission, so that a retry counts once: the same key of the same player returns the first response again, for at least 7 days. With another score or mode it is refused. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": 7,
                 *       "score": 1200,
                 *       "game_mode": "solo"
                 *     }
                 */
                "application/json": components["schemas"]["SubmitRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "Score submitted successfully",
                     *       "user_id": 7,
                     *       "score": 1200,
                     *       "total_score": 8700,
                     *       "duplicate": false
                     *     }
                     */
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description Bad Request: invalid_parameter, bad_request, malformed_json, invalid_body, invalid_user_id, invalid_game_mode, invalid_username, invalid_submission_key */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board, unknown_season */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Request Timeout: request_timeout */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict: season_closed, board_not_open, username_taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Request Entity Too Large: payload_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unsupported Media Type: unsupported_media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity: score_out_of_bounds, invalid_played_at, submission_key_reused, game_mode_not_on_board, total_out_of_range, too_many_submissions, gain_too_large */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: outcome_unknown, overloaded, player_vanished, database_unavailable, database_timeout, transaction_conflict */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    submit_batch: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
                include?: "boards" | "boards,rank" | "rank" | "rank,boards";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example [
                 *       {
                 *         "user_id": 7,
                 *         "score": 1200,
                 *         "idempotency_key": "match-981-7"
                 *       },
                 *       {
                 *         "user_id": 42,
                 *         "score": -5
                 *       }
                 *     ]
                 */
                "application/json": components["schemas"]["BatchItem"][];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "status": "accepted",
                     *         "user_id": 7,
                     *         "score": 1200,
                     *         "total_score": 8700
                     *       },
                     *       {
                     *         "status": "rejected",
                     *         "error": {
                     *           "code": "score_out_of_bounds",
                     *           "message": "score must be an integer from 0 to 2147483647 on board overall"
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": (components["schemas"]["AcceptedItem"] | components["schemas"]["DuplicateItem"] | components["schemas"]["RejectedItem"])[];
                };
            };
            /** @description Bad Request: invalid_parameter, bad_request, malformed_json, invalid_body */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board, unknown_season */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Request Timeout: request_timeout */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict: season_closed, board_not_open */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Request Entity Too Large: payload_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unsupported Media Type: unsupported_media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: outcome_unknown, overloaded, player_vanished, database_unavailable, database_timeout, transaction_conflict */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    top: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
                limit?: number;
                after?: string;
                place?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The next page: <...>; rel="next". Absent when this page is not full. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "rank": 1,
                     *         "user_id": 42,
                     *         "username": "ada",
                     *         "total_score": 9100
                     *       },
                     *       {
                     *         "rank": 2,
                     *         "user_id": 7,
                     *         "username": "user_7",
                     *         "total_score": 8700
                     *       },
                     *       {
                     *         "rank": 2,
                     *         "user_id": 19,
                     *         "username": "grace",
                     *         "total_score": 8700
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Standing"][];
                };
            };
            /** @description Bad Request: invalid_parameter */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board, unknown_season */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: overloaded, database_unavailable, database_timeout, transaction_conflict, board_filling */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    rank: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
            };
            header?: never;
            path: {
                /** @example 7 */
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user_id": 7,
                     *       "username": "user_7",
                     *       "total_score": 8700,
                     *       "rank": 2,
                     *       "players": 1000,
                     *       "percentile": 99.9
                     *     }
                     */
                    "application/json": components["schemas"]["PlayerRank"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_user_id */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board, unknown_season, unknown_player */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: overloaded, database_unavailable, database_timeout, transaction_conflict, board_filling */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    around: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
                span?: number;
            };
            header?: never;
            path: {
                /** @example 7 */
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "rank": 1,
                     *         "user_id": 42,
                     *         "username": "ada",
                     *         "total_score": 9100
                     *       },
                     *       {
                     *         "rank": 2,
                     *         "user_id": 7,
                     *         "username": "user_7",
                     *         "total_score": 8700
                     *       },
                     *       {
                     *         "rank": 2,
                     *         "user_id": 19,
                     *         "username": "grace",
                     *         "total_score": 8700
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Standing"][];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_user_id */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board, unknown_season, unknown_player */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: overloaded, database_unavailable, database_timeout, transaction_conflict, board_filling */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    ranks: {
        parameters: {
            query: {
                board?: string;
                season?: string;
                user_ids: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "user_id": 7,
                     *         "username": "user_7",
                     *         "total_score": 8700,
                     *         "rank": 2,
                     *         "players": 1000,
                     *         "percentile": 99.9,
                     *         "rank_among": 1
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["PlayerAmong"][];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_user_id */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board, unknown_season */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: overloaded, database_unavailable, database_timeout, transaction_conflict, board_filling */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    distribution: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
                buckets?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "from": 0,
                     *         "to": 4999,
                     *         "players": 640
                     *       },
                     *       {
                     *         "from": 5000,
                     *         "to": 9999,
                     *         "players": 360
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Bucket"][];
                };
            };
            /** @description Bad Request: invalid_parameter */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board, unknown_season */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: overloaded, database_unavailable, database_timeout, transaction_conflict, board_filling */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    rank_of: {
        parameters: {
            query: {
                board?: string;
                season?: string;
                score: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "score": 8700,
                     *       "rank": 2,
                     *       "players": 1000,
                     *       "percentile": 99.9
                     *     }
                     */
                    "application/json": components["schemas"]["RankOfScore"];
                };
            };
            /** @description Bad Request: invalid_parameter */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board, unknown_season */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: overloaded, database_unavailable, database_timeout, transaction_conflict, board_filling */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    threshold: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
                place?: number;
                percent?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "total_score": 6100,
                     *       "place": 100,
                     *       "players": 1000
                     *     }
                     */
                    "application/json": components["schemas"]["Threshold"];
                };
            };
            /** @description Bad Request: invalid_parameter */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board, unknown_season, unknown_place */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: overloaded, database_unavailable, database_timeout, transaction_conflict, board_filling */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    boards: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "board": "overall",
                     *         "game_mode": null,
                     *         "aggregate": "sum",
                     *         "min_score": 0,
                     *         "max_score": 2147483647,
                     *         "players": 1000
                     *       },
                     *       {
                     *         "board": "daily",
                     *         "game_mode": "race",
                     *         "aggregate": "best",
                     *         "min_score": 0,
                     *         "max_score": 3600000,
                     *         "players": 120,
                     *         "lowest_wins": true,
                     *         "unit": "ms",
                     *         "opens_at": "2026-01-01T00:00:00Z",
                     *         "period": "daily",
                     *         "anchor": "2026-01-01T00:00:00",
                     *         "season": 31,
                     *         "season_starts_at": "2026-01-31T00:00:00Z",
                     *         "next_reset_at": "2026-02-01T00:00:00Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Board"][];
                };
            };
            /** @description Bad Request: invalid_parameter */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: database_unavailable, database_timeout, transaction_conflict */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_board: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "daily",
                 *       "game_mode": "race",
                 *       "aggregate": "best",
                 *       "lowest_wins": true,
                 *       "unit": "ms",
                 *       "period": "daily",
                 *       "time_zone": "Europe/Berlin",
                 *       "grace": "10 minutes"
                 *     }
                 */
                "application/json": components["schemas"]["NewBoard"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "board": "daily"
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedBoard"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument, bad_request, malformed_json, invalid_body, invalid_game_mode */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Request Timeout: request_timeout */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict: board_exists */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Request Entity Too Large: payload_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unsupported Media Type: unsupported_media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity: total_out_of_range */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: outcome_unknown, database_unavailable, database_timeout, transaction_conflict */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_board: {
        parameters: {
            query?: {
                confirm?: string;
            };
            header?: never;
            path: {
                /** @example daily */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": "daily"
                     *     }
                     */
                    "application/json": components["schemas"]["DeletedBoard"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict: confirmation_required */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: outcome_unknown, database_unavailable, database_timeout, transaction_conflict */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    alter_board: {
        parameters: {
            query?: {
                dry_run?: "0" | "1";
            };
            header?: never;
            path: {
                /** @example daily */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "max_score": 5000,
                 *       "max_submissions_per_minute": 6
                 *     }
                 */
                "application/json": components["schemas"]["BoardChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "board": "daily",
                     *       "totals_changed": 12,
                     *       "filling": false,
                     *       "seasons_dropped": 0
                     *     }
                     */
                    "application/json": components["schemas"]["ChangedBoard"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument, bad_request, malformed_json, invalid_body, invalid_game_mode */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Request Timeout: request_timeout */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict: board_exists */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Request Entity Too Large: payload_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unsupported Media Type: unsupported_media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity: total_out_of_range */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: outcome_unknown, database_unavailable, database_timeout, transaction_conflict, board_filling */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    end_season: {
        parameters: {
            query?: {
                season?: string;
            };
            header?: never;
            path: {
                /** @example daily */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "board": "arena",
                     *       "ended": 3,
                     *       "started": 4,
                     *       "at": "2026-01-31T12:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EndedSeason"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board, unknown_season */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict: board_not_open, season_closed */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: outcome_unknown, database_unavailable, database_timeout, transaction_conflict */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    seasons: {
        parameters: {
            query?: {
                board?: string;
                limit?: number;
                before?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The next page: <...>; rel="next". Absent when this page is not full. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "board": "daily",
                     *       "next_reset_at": "2026-02-01T00:00:00Z",
                     *       "seasons": [
                     *         {
                     *           "season": 31,
                     *           "state": "running",
                     *           "starts_at": "2026-01-31T00:00:00Z",
                     *           "ends_at": "2026-02-01T00:00:00Z",
                     *           "closed_at": null,
                     *           "players": 120,
                     *           "winner": {
                     *             "user_id": 7,
                     *             "username": "user_7",
                     *             "total_score": 83456,
                     *             "display": "1:23.456"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Seasons"];
                };
            };
            /** @description Bad Request: invalid_parameter */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: overloaded, database_unavailable, database_timeout, transaction_conflict */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    player_seasons: {
        parameters: {
            query?: {
                board?: string;
                limit?: number;
                before?: number;
            };
            header?: never;
            path: {
                /** @example 7 */
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The next page: <...>; rel="next". Absent when this page is not full. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "season": 30,
                     *         "starts_at": "2026-01-30T00:00:00Z",
                     *         "ends_at": "2026-01-31T00:00:00Z",
                     *         "closed": true,
                     *         "total_score": 83456,
                     *         "rank": 2,
                     *         "players": 118,
                     *         "display": "1:23.456"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["PlayerSeason"][];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_user_id */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: overloaded, database_unavailable, database_timeout, transaction_conflict, board_filling */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    access: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "submit": false,
                     *       "read": true
                     *     }
                     */
                    "application/json": components["schemas"]["Access"];
                };
            };
            /** @description Bad Request: invalid_parameter */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: database_unavailable, database_timeout, transaction_conflict */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    rejected: {
        parameters: {
            query?: {
                limit?: number;
                before?: number;
                user_id?: number;
                board?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The next page: <...>; rel="next". Absent when this page is not full. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": 12,
                     *         "rejected_at": "2026-01-31T12:00:00Z",
                     *         "user_id": 7,
                     *         "score": 999999,
                     *         "game_mode": "solo",
                     *         "board": "overall",
                     *         "idempotency_key": null,
                     *         "code": "score_out_of_bounds",
                     *         "reason": "score must be an integer from 0 to 5000 on board overall"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["RejectedSubmission"][];
                };
            };
            /** @description Bad Request: invalid_user_id, invalid_parameter */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized: api_key_required, invalid_api_key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden: scope_missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found: unknown_board */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests: rate_limited */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    /** @description The limits: q calls in w seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description The limit that was exceeded: r calls are left; retry in t seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error: internal_error, read_committed_required */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable: overloaded, database_unavailable, database_timeout, transaction_conflict */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Bad Request: invalid_parameter */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready",
                     *       "database": {
                     *         "status": "up",
                     *         "detail": null
                     *       },
                     *       "schema": {
                     *         "status": "current",
                     *         "detail": null
                     *       },
                     *       "cache": {
                     *         "status": "up",
                     *         "detail": null
                     *       },
                     *       "rank_index": {
                     *         "pending_deltas": 0,
                     *         "horizon_age": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description Bad Request: invalid_parameter */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description the database is down, or its schema is not current */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Bad Request: invalid_parameter */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    docs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description Bad Request: invalid_parameter */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    index: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description Misdirected Request: host_not_allowed */
            421: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
}
