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
        post: operations["submitScore"];
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
        post: operations["submitScores"];
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
         * The best players, page by page. Ties share a rank, the next skips; within a tie by user_id, or by who got there first (ties: earliest). With from and to: by the scores of that time alone
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["getTop"];
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
         * A player's total, live rank and percentile; with at those of a past moment
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["getPlayerRank"];
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
        get: operations["getPlayersAround"];
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
        get: operations["getPlayerRanks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The best players and the ranks of some, live, as Server-Sent Events: an event standings whenever they change, at most 4 times a second. A client that falls behind gets the newest one. An event error says why the stream ends
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["streamStandings"];
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
        get: operations["getDistribution"];
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
        get: operations["getRankOfScore"];
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
        get: operations["getThreshold"];
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
        get: operations["listBoards"];
        put?: never;
        /** Create a board. It counts all scores so far, too: a large one is filled in steps, and its reads answer 503 board_filling until then. Always requires an admin key */
        post: operations["createBoard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/splits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The values of the attribute by which a board is split, and how many players each has
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["listSplits"];
        put?: never;
        post?: never;
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
        delete: operations["deleteBoard"];
        options?: never;
        head?: never;
        /** Change a board; its totals are recounted from all scores where the change needs it. Always requires an admin key */
        patch: operations["changeBoard"];
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
        post: operations["endSeason"];
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
        get: operations["listSeasons"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/players/{user_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The course of a player's rank and total: one point a day, oldest first, and one for now
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["getPlayerHistory"];
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
        get: operations["listPlayerSeasons"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/players": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Players whose name begins like this, in upper or lower case, by name
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["findPlayers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/players/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A player. Keys with the scope moderate also get all external ids and the ban
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["getPlayer"];
        put?: never;
        post?: never;
        /** Erase a player with all scores, for good. Ranks in closed seasons stay as they are, without the name. Always requires an admin key */
        delete: operations["erasePlayer"];
        options?: never;
        head?: never;
        /**
         * Rename a player, or set attributes. Both happen, or neither
         * @description If API keys are required: one with the scope `submit`.
         */
        patch: operations["changePlayer"];
        trace?: never;
    };
    "/api/leaderboard/players/{user_id}/ids": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a player one more external id
         * @description If API keys are required: one with the scope `submit`.
         */
        post: operations["linkPlayer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/players/{user_id}/ids/{player}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take an external id from a player, who keeps the user_id
         * @description If API keys are required: one with the scope `submit`.
         */
        delete: operations["unlinkPlayer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/players/{user_id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A player's scores, newest first. Keys with the scope moderate also get those that are void, and why
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["listPlayerSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/players/{user_id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that is stored about a player, as one document. Always requires an admin key */
        get: operations["exportPlayer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/attributes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The attributes that players can have
         * @description If API keys are required: one with the scope `read`.
         */
        get: operations["listAttributes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/plays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a play: a ticket with which its score can be submitted, once, for this player and mode. For keys with the scope play or submit
         * @description If API keys are required: one with the scope `play`.
         */
        post: operations["startPlay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/moderation/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make scores void: they stay on record and count nowhere. Always requires a key */
        post: operations["voidSessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/moderation/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let void scores count again. Always requires a key */
        post: operations["restoreSessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/moderation/ban": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ban players: they are on no board, and their scores are recorded but do not count. A ban that ends brings them back. Always requires a key */
        post: operations["banPlayers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/moderation/hide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ban players without telling them: the answers that they get stay as they were. Always requires a key */
        post: operations["hidePlayers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/moderation/unban": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lift bans: the players and all of their scores count again. Always requires a key */
        post: operations["unbanPlayers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/moderation/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo an act of moderation. Always requires a key */
        post: operations["undoAct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/moderation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What moderators did, newest first. Always requires a key */
        get: operations["listActs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/moderation/test-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The players whose scores of the last days these score rules would have refused. Always requires a key */
        post: operations["testRules"];
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
        /** Submissions that score rules refused in the last 30 days, newest first. Always requires a key */
        get: operations["listRejected"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All API keys, newest first, without their secrets. Always requires a key with the scope keys */
        get: operations["listApiKeys"];
        put?: never;
        /** Issue an API key with any scope but keys. Always requires a key with the scope keys */
        post: operations["issueApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key: within half a second no service accepts it. Always requires a key with the scope keys */
        delete: operations["revokeApiKey"];
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
        get: operations["getAccess"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboard/health-report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The state of database, cache and rank index, and the last comparison of ranks with scores. Always requires a key */
        get: operations["getHealthReport"];
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
        get: operations["getLiveness"];
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
        get: operations["getReadiness"];
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
        get: operations["getDescription"];
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
            error: components["schemas"]["ApiError"];
        };
        /** ApiError */
        ApiError: {
            /** @description what went wrong, for programs */
            code: string;
            /** @description what went wrong and what to do, for people */
            message: string;
        };
        /**
         * SubmitRequest
         * @description The player is given by user_id or by player: one of the two.
         */
        SubmitRequest: {
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id?: number;
            /** @default null */
            player?: string | null;
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
            /**
             * @description what the game keeps with the score: a JSON object of at most 1,024 bytes; null: nothing
             * @example {
             *       "level": 3
             *     }
             */
            metadata?: Record<string, never> | null;
            /** @default null */
            ticket?: string | null;
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
            /**
             * @description an id of the player that is not a user_id, such as steam:76561198000000000
             * @example steam:76561198000000000
             */
            player?: string;
            /** @description true: the player is banned, so only their own look-ups show them; left out otherwise */
            hidden?: boolean;
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
            user_id?: number;
            /** @default null */
            player?: string | null;
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
            /**
             * @description what the game keeps with the score: a JSON object of at most 1,024 bytes; null: nothing
             * @example {
             *       "level": 3
             *     }
             */
            metadata?: Record<string, never> | null;
            /** @default null */
            ticket?: string | null;
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
            /**
             * @description an id of the player that is not a user_id, such as steam:76561198000000000
             * @example steam:76561198000000000
             */
            player?: string;
            /** @description true: the player is banned, so only their own look-ups show them; left out otherwise */
            hidden?: boolean;
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
            /**
             * @description an id of the player that is not a user_id, such as steam:76561198000000000
             * @example steam:76561198000000000
             */
            player?: string;
            /** @description true: the player is banned, so only their own look-ups show them; left out otherwise */
            hidden?: boolean;
        };
        /** RejectedItem */
        RejectedItem: {
            /** @enum {unknown} */
            status: "rejected";
            error: components["schemas"]["ApiError"];
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
            /**
             * @description true: the player is banned, so only their own look-ups show them; left out otherwise
             * @default false
             */
            hidden?: boolean;
            /**
             * @description include=attributes: what is declared of the player, such as country; null: nothing
             * @example {
             *       "country": "DE"
             *     }
             */
            attributes?: Record<string, never> | null;
            /**
             * @description include=metadata: that of the score that made the total, on boards that count one score of a player; null: there is none
             * @example {
             *       "level": 3
             *     }
             */
            metadata?: Record<string, never> | null;
            /** @description include=player: the player's first external id; null: there is none */
            player?: string | null;
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
            /**
             * @description true: the player is banned, so only their own look-ups show them; left out otherwise
             * @default false
             */
            hidden?: boolean;
            /**
             * @description include=attributes: what is declared of the player, such as country; null: nothing
             * @example {
             *       "country": "DE"
             *     }
             */
            attributes?: Record<string, never> | null;
            /**
             * @description include=metadata: that of the score that made the total, on boards that count one score of a player; null: there is none
             * @example {
             *       "level": 3
             *     }
             */
            metadata?: Record<string, never> | null;
            /** @description the external id by which the call named the player; with include=player otherwise the first one, null: there is none */
            player?: string | null;
            /** @description the moment that the call asked for */
            at?: string;
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
            /**
             * @description true: the player is banned, so only their own look-ups show them; left out otherwise
             * @default false
             */
            hidden?: boolean;
            /**
             * @description include=attributes: what is declared of the player, such as country; null: nothing
             * @example {
             *       "country": "DE"
             *     }
             */
            attributes?: Record<string, never> | null;
            /**
             * @description include=metadata: that of the score that made the total, on boards that count one score of a player; null: there is none
             * @example {
             *       "level": 3
             *     }
             */
            metadata?: Record<string, never> | null;
            /** @description the external id by which the call named the player; with include=player otherwise the first one, null: there is none */
            player?: string | null;
        };
        /**
         * LiveState
         * @description The data of an event.
         */
        LiveState: {
            /** @description name of the board, see /api/leaderboard/boards */
            board: string;
            /** @default null */
            season?: number | null;
            /**
             * @description when the season ends, if that is known
             * @default null
             */
            ends_at?: string | null;
            /** @description the best players, as GET /api/leaderboard/top */
            top: components["schemas"]["Standing"][];
            /** @description the players asked for, as GET /api/leaderboard/ranks */
            players: components["schemas"]["PlayerAmong"][];
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
            /**
             * @description an attribute of players, such as country: each of its values is a board of its own (?split=DE); null: none
             * @default null
             */
            split_by?: string | null;
            /**
             * @description more submissions of one player are refused; 0 and null: no limit
             * @default null
             */
            max_submissions_per_minute?: number | null;
            /**
             * @description a score with which a total would rise by more is refused; 0, null: no limit
             * @default null
             */
            max_gain_per_hour?: number | null;
            /**
             * @description whether a submission needs a play ticket: POST /api/leaderboard/plays
             * @default false
             */
            require_ticket?: boolean;
            /**
             * @description how long after its ticket a submission may come at the earliest; 0 and null: at once
             * @default null
             */
            min_play_seconds?: number | null;
            /**
             * @description how long after its ticket a submission may come at the latest; 0 and null: a day
             * @default null
             */
            max_play_seconds?: number | null;
            /**
             * @description the largest score for each second since the ticket; 0 and null: no limit
             * @default null
             */
            max_score_per_second?: number | null;
        };
        /** Split */
        Split: {
            /** @description a value of the attribute by which the board is split, for ?split= */
            split: string;
            /** Format: int64 */
            players: number;
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
            /**
             * @description an attribute of players, such as country: each of its values is a board of its own (?split=DE); null: none
             * @default null
             */
            split_by?: string | null;
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
            /** @description an attribute of players, such as country: each of its values is a board of its own (?split=DE); null: none */
            split_by?: string | null;
            /** @description more submissions of one player are refused; 0 and null: no limit */
            max_submissions_per_minute?: number | null;
            /** @description a score with which a total would rise by more is refused; 0, null: no limit */
            max_gain_per_hour?: number | null;
            /** @description whether a submission needs a play ticket: POST /api/leaderboard/plays */
            require_ticket?: boolean;
            /** @description how long after its ticket a submission may come at the earliest; 0 and null: at once */
            min_play_seconds?: number | null;
            /** @description how long after its ticket a submission may come at the latest; 0 and null: a day */
            max_play_seconds?: number | null;
            /** @description the largest score for each second since the ticket; 0 and null: no limit */
            max_score_per_second?: number | null;
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
        /** BoardSeasons */
        BoardSeasons: {
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
        /**
         * PastRank
         * @description A point of the course of a player's rank.
         */
        PastRank: {
            /** @description the beginning of a day in the board's time zone; the last one: now */
            at: string;
            /**
             * Format: int64
             * @description 1 + the number of players with a higher total: ties share a rank
             */
            rank: number;
            /**
             * Format: int64
             * @description how many players were on the board
             */
            players: number;
            /**
             * Format: int64
             * @description the player's total
             */
            total_score: number;
            /** @default null */
            display?: string | null;
            /**
             * @description true: the player is banned, so only their own look-ups show them; left out otherwise
             * @default false
             */
            hidden?: boolean;
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
        /** FoundPlayer */
        FoundPlayer: {
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            username: string;
            /** @description the player's first external id; null: there is none */
            player: string | null;
            /**
             * @example {
             *       "country": "DE"
             *     }
             */
            attributes: Record<string, never> | null;
        };
        /** Profile */
        Profile: {
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            username: string;
            join_date: string;
            /**
             * @example {
             *       "country": "DE"
             *     }
             */
            attributes: Record<string, never> | null;
            /**
             * @description the external id by which the call named the player
             * @example steam:76561198000000000
             */
            player?: string;
            /** @description all external ids of the player. Only for keys with the scope moderate */
            players?: string[];
            /** @description the ban of the player; null: none. Only for keys with the scope moderate */
            ban?: components["schemas"]["Ban"] | null;
        };
        /** Ban */
        Ban: {
            /**
             * Format: int64
             * @description the act of moderation
             */
            act: number;
            /**
             * @description hide: a ban of which the answers to the player do not tell
             * @enum {unknown}
             */
            action: "ban" | "hide";
            /** @description null: until it is lifted */
            until: string | null;
        };
        /**
         * PlayerChanges
         * @description What to change of a player. What is left out stays.
         */
        PlayerChanges: {
            /**
             * @description empty and null: it stays
             * @default null
             */
            username?: string | null;
            /** @default null */
            attributes?: {
                [key: string]: string | null;
            } | null;
        };
        /** ChangedPlayer */
        ChangedPlayer: {
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            /** @description if it was given */
            username?: string;
            /**
             * @description all of them now, if some were given
             * @example {
             *       "country": "DE"
             *     }
             */
            attributes?: Record<string, never> | null;
            /**
             * @description an id of the player that is not a user_id, such as steam:76561198000000000
             * @example steam:76561198000000000
             */
            player?: string;
        };
        /** PlayerId */
        PlayerId: {
            /**
             * @description an id of the player that is not a user_id, such as steam:76561198000000000
             * @example steam:76561198000000000
             */
            player: string;
        };
        /** LinkedPlayer */
        LinkedPlayer: {
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            /**
             * @description the external id that is the player's now
             * @example steam:76561198000000000
             */
            player: string;
        };
        /** UnlinkedPlayer */
        UnlinkedPlayer: {
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            /**
             * @description the external id that is no longer the player's
             * @example steam:76561198000000000
             */
            unlinked: string;
        };
        /**
         * PlayedSession
         * @description A score of a player.
         */
        PlayedSession: {
            /** Format: int64 */
            id: number;
            /** @description when the score was recorded */
            at: string;
            /** @description when it was played, if that was given */
            played_at: string | null;
            /** Format: int64 */
            score: number;
            game_mode: string;
            /**
             * @example {
             *       "country": "DE"
             *     }
             */
            metadata: Record<string, never> | null;
            /**
             * @description the act of moderation that made it void, so that it does not count; left out if it counts
             * @default null
             */
            void_id?: number | null;
            /**
             * @description why it is void
             * @default null
             */
            reason?: string | null;
        };
        /** ErasedPlayer */
        ErasedPlayer: {
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            /**
             * Format: int64
             * @description how many scores were deleted, or would be
             */
            sessions: number;
            /**
             * Format: int64
             * @description how many totals on boards went
             */
            totals: number;
            /**
             * Format: int64
             * @description in how many closed seasons the place has no name any more
             */
            seasons: number;
            /** Format: int64 */
            external_ids: number;
            /** Format: int64 */
            submission_keys: number;
            /**
             * Format: int64
             * @description rejected submissions
             */
            rejected: number;
            /**
             * Format: int64
             * @description how many acts of moderation do not name the player any more
             */
            acts: number;
            dry_run: boolean;
        };
        /** AttributeKey */
        AttributeKey: {
            name: string;
            /**
             * @description country: two letters, as in ISO 3166-1
             * @enum {unknown}
             */
            kind: "country" | "text" | "url";
            /** Format: int64 */
            max_length: number;
        };
        /**
         * PlayRequest
         * @description The player is given by user_id or by player: one of the two.
         */
        PlayRequest: {
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id?: number;
            /** @default null */
            player?: string | null;
            /**
             * @description empty and null mean that of the board, or solo if it has none
             * @default null
             */
            game_mode?: string | null;
            /** @default null */
            board?: string | null;
        };
        /** StartedPlay */
        StartedPlay: {
            /** @description send it with the score, as ticket */
            ticket: string;
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            /** @description the mode that the score has to have */
            game_mode: string;
            /**
             * Format: int64
             * @description how long from now the score may come at the earliest; 0: at once
             */
            min_seconds: number;
            /** @description until when the score may come */
            expires_at: string;
            /**
             * @description an id of the player that is not a user_id, such as steam:76561198000000000
             * @example steam:76561198000000000
             */
            player?: string;
        };
        /**
         * VoidRequest
         * @description Which scores to make void: those that meet every condition given. There has to be at least one.
         */
        VoidRequest: {
            /** @description for the log of moderation */
            reason: string;
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id?: number;
            /** @default null */
            player?: string | null;
            /** @default null */
            session_id?: number | null;
            /** @default null */
            from?: string | null;
            /** @default null */
            to?: string | null;
            /** @default null */
            above?: number | null;
            /** @default null */
            board?: string | null;
        };
        /** ModerationAnswer */
        ModerationAnswer: {
            /** @description the id of the act, by which it can be undone; null: nothing was changed */
            act: number | null;
            /**
             * Format: int64
             * @description how many scores become void, or count again
             */
            sessions: number;
            /**
             * Format: int64
             * @description how many players it is about
             */
            players: number;
            /**
             * Format: int64
             * @description how many totals on boards change, appear or go
             */
            ranks: number;
            dry_run: boolean;
        };
        /**
         * RestoreRequest
         * @description Which void scores count again: those that meet every condition given. There has to be at least one.
         */
        RestoreRequest: {
            /** @description for the log of moderation */
            reason: string;
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id?: number;
            /** @default null */
            player?: string | null;
            /** @default null */
            session_id?: number | null;
            /** @default null */
            from?: string | null;
            /** @default null */
            to?: string | null;
            /** @default null */
            above?: number | null;
            /** @default null */
            board?: string | null;
            /** @default null */
            act?: number | null;
        };
        /**
         * BanRequest
         * @description The players are given by user_ids, players, or both.
         */
        BanRequest: {
            /** @description for the log of moderation */
            reason: string;
            /** @default [] */
            user_ids?: number[];
            /**
             * @description external ids of players
             * @default []
             */
            players?: string[];
            /** @default null */
            until?: string | null;
        };
        /**
         * UnbanRequest
         * @description The players are given by user_ids, players, or both.
         */
        UnbanRequest: {
            /** @description for the log of moderation */
            reason: string;
            /** @default [] */
            user_ids?: number[];
            /**
             * @description external ids of players
             * @default []
             */
            players?: string[];
        };
        /** UndoRequest */
        UndoRequest: {
            /** @description for the log of moderation */
            reason: string;
            /**
             * Format: int64
             * @description an act of moderation: GET /api/leaderboard/moderation
             */
            act: number;
        };
        /** Act */
        Act: {
            /**
             * Format: int64
             * @description an act of moderation: GET /api/leaderboard/moderation
             */
            id: number;
            at: string;
            /** @description who did it: the id and name of an API key, or a user of the database */
            operator: string;
            /**
             * @description hide: a ban of which the answers to the player do not tell
             * @enum {unknown}
             */
            action: "ban" | "erase" | "hide" | "recompute" | "restore" | "unban" | "undo" | "void";
            /** @description the player, if it is about a single one */
            user_id: number | null;
            reason: string;
            /** @description what the call asked for */
            filter: Record<string, never> | null;
            /** @description how many scores became void, or count again */
            sessions: number | null;
            /** @description how many players it is about */
            players: number | null;
            /** @description when the ban ends by itself */
            until: string | null;
            /** @description the act that this one undoes */
            undoes: number | null;
            /** @description the act that undid this one */
            undone_by: number | null;
        };
        /**
         * RulesToTest
         * @description Score rules that a board might have.
         */
        RulesToTest: {
            /**
             * @description name of the board, see /api/leaderboard/boards
             * @default overall
             */
            board?: string;
            /**
             * Format: int32
             * @description how far back to look
             * @default 7
             */
            days?: number;
            /** @default null */
            min_score?: number | null;
            /** @default null */
            max_score?: number | null;
            /**
             * @description per player
             * @default null
             */
            max_submissions_per_minute?: number | null;
            /** @default null */
            max_gain_per_hour?: number | null;
            /** @default null */
            max_score_per_second?: number | null;
            /**
             * Format: int32
             * @description how many players to list
             * @default 100
             */
            limit?: number;
        };
        /** CaughtPlayer */
        CaughtPlayer: {
            /**
             * Format: int32
             * @description the game's id of the player
             */
            user_id: number;
            username: string;
            /**
             * Format: int64
             * @description how many of the player's scores the rules would have refused
             */
            sessions: number;
            /**
             * Format: int64
             * @description the best of these scores
             */
            worst_score: number;
            /** @description the rules that they break, such as max_gain_per_hour */
            rules: string[];
            first_at: string;
            last_at: string;
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
        /** ListedApiKey */
        ListedApiKey: {
            /** @description the 12 characters after lb_ */
            id: string;
            name: string;
            scopes: ("admin" | "keys" | "moderate" | "play" | "read" | "submit")[];
            /** @enum {unknown} */
            status: "active" | "expired" | "revoked";
            created_at: string;
            /** @description up to half a minute behind; null: never */
            last_used_at: string | null;
            expires_at: string | null;
            revoked_at: string | null;
        };
        /** NewApiKey */
        NewApiKey: {
            /** @description what it is for */
            name: string;
            /** @description what it allows. keys can only be given by the owner */
            scopes: ("admin" | "keys" | "moderate" | "play" | "read" | "submit")[];
            /** @default null */
            expires_at?: string | null;
        };
        /** IssuedApiKey */
        IssuedApiKey: {
            /** @description by which the key is listed and revoked */
            id: string;
            /** @description the key. It is not shown again */
            api_key: string;
        };
        /** RevokedApiKey */
        RevokedApiKey: {
            /** @description the id of the key */
            revoked: string;
            revoked_at: string;
        };
        /** Access */
        Access: {
            /** @description whether the sender may submit scores */
            submit: boolean;
            /** @description whether the sender may read */
            read: boolean;
            /** @description whether the sender may begin plays, and so submit scores with play tickets */
            play: boolean;
            /** @description whether the sender may make scores void and ban players */
            moderate: boolean;
            /** @description whether the sender may issue and revoke API keys */
            keys: boolean;
            /** @description whether the sender may change boards, and export and erase players */
            admin: boolean;
        };
        /**
         * HealthReport
         * @description The state of the service, for its operators, as the process sees it that answers.
         */
        HealthReport: {
            /** @enum {unknown} */
            status: "degraded" | "ready" | "stopping" | "unavailable";
            database: components["schemas"]["DatabaseState"];
            schema: components["schemas"]["SchemaState"];
            cache: components["schemas"]["CacheReport"];
            rank_index: components["schemas"]["RankIndexState"];
            last_verify: components["schemas"]["VerifyReport"];
            versions: components["schemas"]["Versions"];
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
        /** CacheReport */
        CacheReport: {
            /** @enum {unknown} */
            status: "down" | "up";
            /** @description why it is down */
            detail: string | null;
        };
        /** RankIndexState */
        RankIndexState: {
            /** @description rank changes not folded into the index yet */
            pending_deltas: number | null;
            /** @description transactions begun since the oldest one that still runs */
            horizon_age: number | null;
        };
        /** VerifyReport */
        VerifyReport: {
            /** @description when this process last compared a sample; null: not yet */
            at: string | null;
            /** @description between ledger, totals and ranks. 0: all is well */
            differences: number | null;
            /**
             * Format: int64
             * @description how often it does; 0: never
             */
            interval_seconds: number;
        };
        /** Versions */
        Versions: {
            service: string;
            /** @description null: the database cannot be reached */
            postgresql: string | null;
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
        /** CacheState */
        CacheState: {
            /** @enum {unknown} */
            status: "down" | "up";
            /** @default null */
            detail?: string | null;
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
    submitScore: {
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
            /** @description Bad Request: invalid_parameter, bad_request, malformed_json, invalid_body, invalid_user_id, invalid_game_mode, invalid_username, invalid_submission_key, invalid_player, invalid_metadata */
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
            /** @description Unprocessable Entity: score_out_of_bounds, invalid_played_at, submission_key_reused, game_mode_not_on_board, total_out_of_range, too_many_submissions, gain_too_large, ticket_required, invalid_ticket, played_too_fast, ticket_expired */
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
    submitScores: {
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
    getTop: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
                split?: string;
                include?: string;
                limit?: number;
                from?: string;
                to?: string;
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
            /** @description Not Found: unknown_board, unknown_season, unknown_split */
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
    getPlayerRank: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
                split?: string;
                include?: string;
                at?: string;
            };
            header?: never;
            path: {
                /** @example 7 */
                user_id: string;
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
            /** @description Bad Request: invalid_parameter, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_board, unknown_season, unknown_split, unknown_player */
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
    getPlayersAround: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
                split?: string;
                include?: string;
                span?: number;
            };
            header?: never;
            path: {
                /** @example 7 */
                user_id: string;
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
            /** @description Bad Request: invalid_parameter, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_board, unknown_season, unknown_split, unknown_player */
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
    getPlayerRanks: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
                split?: string;
                include?: string;
                user_ids?: number[];
                player?: string[];
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
            /** @description Bad Request: invalid_parameter, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_board, unknown_season, unknown_split */
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
    streamStandings: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
                split?: string;
                include?: string;
                user_ids?: number[];
                player?: string[];
                top?: number;
            };
            header?: {
                /** @description The id of the last event: the present state is sent only if it differs */
                "Last-Event-ID"?: string;
            };
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
                     *       "board": "daily",
                     *       "top": [
                     *         {
                     *           "rank": 1,
                     *           "user_id": 42,
                     *           "username": "ada",
                     *           "total_score": 9100
                     *         },
                     *         {
                     *           "rank": 2,
                     *           "user_id": 7,
                     *           "username": "user_7",
                     *           "total_score": 8700
                     *         },
                     *         {
                     *           "rank": 2,
                     *           "user_id": 19,
                     *           "username": "grace",
                     *           "total_score": 8700
                     *         }
                     *       ],
                     *       "players": [
                     *         {
                     *           "user_id": 7,
                     *           "username": "user_7",
                     *           "total_score": 8700,
                     *           "rank": 2,
                     *           "players": 1000,
                     *           "percentile": 99.9,
                     *           "rank_among": 1
                     *         }
                     *       ],
                     *       "season": 31,
                     *       "ends_at": "2026-02-01T00:00:00Z"
                     *     }
                     */
                    "text/event-stream": components["schemas"]["LiveState"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_board, unknown_season, unknown_split */
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
            /** @description Service Unavailable: overloaded, database_unavailable, database_timeout, transaction_conflict, board_filling, too_many_streams */
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
    getDistribution: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
                split?: string;
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
            /** @description Not Found: unknown_board, unknown_season, unknown_split */
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
    getRankOfScore: {
        parameters: {
            query: {
                board?: string;
                season?: string;
                split?: string;
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
            /** @description Not Found: unknown_board, unknown_season, unknown_split */
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
    getThreshold: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
                split?: string;
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
            /** @description Not Found: unknown_board, unknown_season, unknown_split, unknown_place */
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
    listBoards: {
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
    createBoard: {
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
    listSplits: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
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
                     *         "split": "DE",
                     *         "players": 120
                     *       },
                     *       {
                     *         "split": "FR",
                     *         "players": 80
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Split"][];
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
            /** @description Not Found: unknown_board, unknown_season, unknown_split */
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
    deleteBoard: {
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
    changeBoard: {
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
    endSeason: {
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
    listSeasons: {
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
                    "application/json": components["schemas"]["BoardSeasons"];
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
    getPlayerHistory: {
        parameters: {
            query?: {
                board?: string;
                season?: string;
                split?: string;
                from?: string;
                to?: string;
            };
            header?: never;
            path: {
                /** @example 7 */
                user_id: string;
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
                     *         "at": "2026-01-30T00:00:00Z",
                     *         "rank": 4,
                     *         "players": 990,
                     *         "total_score": 8100
                     *       },
                     *       {
                     *         "at": "2026-01-30T09:41:07.25Z",
                     *         "rank": 2,
                     *         "players": 1000,
                     *         "total_score": 8700
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["PastRank"][];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_board, unknown_season, unknown_split, unknown_player */
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
    listPlayerSeasons: {
        parameters: {
            query?: {
                board?: string;
                limit?: number;
                before?: number;
            };
            header?: never;
            path: {
                /** @example 7 */
                user_id: string;
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
            /** @description Bad Request: invalid_parameter, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_board, unknown_player */
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
    findPlayers: {
        parameters: {
            query: {
                name: string;
                limit?: number;
                after?: string;
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
                     *         "user_id": 42,
                     *         "username": "ada",
                     *         "player": "steam:76561198000000000",
                     *         "attributes": {
                     *           "country": "DE"
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["FoundPlayer"][];
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
    getPlayer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 7 */
                user_id: string;
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
                     *       "user_id": 42,
                     *       "username": "ada",
                     *       "join_date": "2026-01-01T00:00:00Z",
                     *       "attributes": {
                     *         "country": "DE"
                     *       },
                     *       "players": [
                     *         "steam:76561198000000000"
                     *       ],
                     *       "ban": {
                     *         "act": 12,
                     *         "action": "ban",
                     *         "until": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_player */
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
    erasePlayer: {
        parameters: {
            query?: {
                dry_run?: "0" | "1";
                confirm?: number;
                reason?: string;
            };
            header?: never;
            path: {
                /** @example 7 */
                user_id: string;
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
                     *       "user_id": 42,
                     *       "sessions": 99,
                     *       "totals": 3,
                     *       "seasons": 12,
                     *       "external_ids": 1,
                     *       "submission_keys": 40,
                     *       "rejected": 0,
                     *       "acts": 2,
                     *       "dry_run": false
                     *     }
                     */
                    "application/json": components["schemas"]["ErasedPlayer"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_player */
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
    changePlayer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 7 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "username": "ada",
                 *       "attributes": {
                 *         "country": "DE",
                 *         "avatar": null
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PlayerChanges"];
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
                     *       "user_id": 42,
                     *       "username": "ada",
                     *       "attributes": {
                     *         "country": "DE"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ChangedPlayer"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument, bad_request, malformed_json, invalid_body, invalid_game_mode, invalid_user_id, invalid_player, invalid_username */
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
            /** @description Not Found: unknown_player */
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
            /** @description Conflict: username_taken */
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
            /** @description Unprocessable Entity: invalid_attributes */
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
            /** @description Service Unavailable: outcome_unknown, database_unavailable, database_timeout, transaction_conflict, player_vanished */
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
    linkPlayer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 7 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "player": "steam:76561198000000000"
                 *     }
                 */
                "application/json": components["schemas"]["PlayerId"];
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
                     *       "user_id": 42,
                     *       "player": "steam:76561198000000000"
                     *     }
                     */
                    "application/json": components["schemas"]["LinkedPlayer"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument, bad_request, malformed_json, invalid_body, invalid_game_mode, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_player */
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
            /** @description Conflict: player_id_taken */
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
    unlinkPlayer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 7 */
                user_id: string;
                /** @example steam:76561198000000000 */
                player: string;
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
                     *       "user_id": 42,
                     *       "unlinked": "steam:76561198000000000"
                     *     }
                     */
                    "application/json": components["schemas"]["UnlinkedPlayer"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_player */
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
    listPlayerSessions: {
        parameters: {
            query?: {
                limit?: number;
                before?: number;
            };
            header?: never;
            path: {
                /** @example 7 */
                user_id: string;
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
                     *         "id": 981,
                     *         "at": "2026-01-31T12:00:00Z",
                     *         "played_at": null,
                     *         "score": 1200,
                     *         "game_mode": "solo",
                     *         "metadata": {
                     *           "level": 3
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["PlayedSession"][];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_user_id, invalid_player, invalid_argument */
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
            /** @description Not Found: unknown_player */
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
    exportPlayer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 7 */
                user_id: string;
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
                     *       "user_id": 42,
                     *       "username": "ada"
                     *     }
                     */
                    "application/json": Record<string, never>;
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_player */
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
    listAttributes: {
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
                     *         "name": "country",
                     *         "kind": "country",
                     *         "max_length": 2
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["AttributeKey"][];
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
    startPlay: {
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
                 *       "player": "steam:76561198000000000",
                 *       "board": "overall"
                 *     }
                 */
                "application/json": components["schemas"]["PlayRequest"];
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
                     *       "ticket": "play1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
                     *       "user_id": 42,
                     *       "game_mode": "solo",
                     *       "min_seconds": 30,
                     *       "expires_at": "2026-02-01T12:00:00Z",
                     *       "player": "steam:76561198000000000"
                     *     }
                     */
                    "application/json": components["schemas"]["StartedPlay"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument, bad_request, malformed_json, invalid_body, invalid_game_mode, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_player, unknown_board, unknown_season */
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
            /** @description Unprocessable Entity: game_mode_not_on_board */
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
            /** @description Service Unavailable: outcome_unknown, database_unavailable, database_timeout, transaction_conflict, player_vanished */
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
    voidSessions: {
        parameters: {
            query?: {
                dry_run?: "0" | "1";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "speed hack",
                 *       "user_id": 42,
                 *       "from": "2026-01-31T00:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["VoidRequest"];
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
                     *       "act": 12,
                     *       "sessions": 4,
                     *       "players": 1,
                     *       "ranks": 3,
                     *       "dry_run": false
                     *     }
                     */
                    "application/json": components["schemas"]["ModerationAnswer"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument, bad_request, malformed_json, invalid_body, invalid_game_mode, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_player, unknown_board, unknown_season */
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
    restoreSessions: {
        parameters: {
            query?: {
                dry_run?: "0" | "1";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "it was a bug of ours",
                 *       "act": 12
                 *     }
                 */
                "application/json": components["schemas"]["RestoreRequest"];
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
                     *       "act": 13,
                     *       "sessions": 4,
                     *       "players": 1,
                     *       "ranks": 3,
                     *       "dry_run": false
                     *     }
                     */
                    "application/json": components["schemas"]["ModerationAnswer"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument, bad_request, malformed_json, invalid_body, invalid_game_mode, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_player, unknown_board, unknown_season, unknown_act */
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
    banPlayers: {
        parameters: {
            query?: {
                dry_run?: "0" | "1";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "speed hack",
                 *       "user_ids": [
                 *         42
                 *       ],
                 *       "until": "2100-01-01T00:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["BanRequest"];
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
                     *       "act": 12,
                     *       "sessions": 0,
                     *       "players": 1,
                     *       "ranks": 3,
                     *       "dry_run": false
                     *     }
                     */
                    "application/json": components["schemas"]["ModerationAnswer"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument, bad_request, malformed_json, invalid_body, invalid_game_mode, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_player */
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
    hidePlayers: {
        parameters: {
            query?: {
                dry_run?: "0" | "1";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "speed hack",
                 *       "user_ids": [
                 *         42
                 *       ],
                 *       "until": "2100-01-01T00:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["BanRequest"];
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
                     *       "act": 12,
                     *       "sessions": 0,
                     *       "players": 1,
                     *       "ranks": 3,
                     *       "dry_run": false
                     *     }
                     */
                    "application/json": components["schemas"]["ModerationAnswer"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument, bad_request, malformed_json, invalid_body, invalid_game_mode, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_player */
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
    unbanPlayers: {
        parameters: {
            query?: {
                dry_run?: "0" | "1";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "appeal",
                 *       "user_ids": [
                 *         42
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["UnbanRequest"];
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
                     *       "act": 12,
                     *       "sessions": 0,
                     *       "players": 1,
                     *       "ranks": 3,
                     *       "dry_run": false
                     *     }
                     */
                    "application/json": components["schemas"]["ModerationAnswer"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument, bad_request, malformed_json, invalid_body, invalid_game_mode, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_player */
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
    undoAct: {
        parameters: {
            query?: {
                dry_run?: "0" | "1";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "wrong player",
                 *       "act": 12
                 *     }
                 */
                "application/json": components["schemas"]["UndoRequest"];
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
                     *       "act": 13,
                     *       "sessions": 4,
                     *       "players": 1,
                     *       "ranks": 3,
                     *       "dry_run": false
                     *     }
                     */
                    "application/json": components["schemas"]["ModerationAnswer"];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_argument, bad_request, malformed_json, invalid_body, invalid_game_mode, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_player, unknown_act */
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
            /** @description Conflict: not_undoable */
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
    listActs: {
        parameters: {
            query?: {
                limit?: number;
                before?: number;
                user_id?: number;
                player?: string;
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
                     *         "at": "2026-01-31T12:00:00Z",
                     *         "operator": "0123456789ab moderator",
                     *         "action": "void",
                     *         "user_id": 42,
                     *         "reason": "speed hack",
                     *         "filter": {
                     *           "from": "2026-01-31T00:00:00Z"
                     *         },
                     *         "sessions": 4,
                     *         "players": 1,
                     *         "until": null,
                     *         "undoes": null,
                     *         "undone_by": null
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Act"][];
                };
            };
            /** @description Bad Request: invalid_parameter, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_player */
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
    testRules: {
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
                 *       "board": "overall",
                 *       "days": 7,
                 *       "max_gain_per_hour": 60000
                 *     }
                 */
                "application/json": components["schemas"]["RulesToTest"];
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
                     *         "user_id": 42,
                     *         "username": "ada",
                     *         "sessions": 3,
                     *         "worst_score": 999999,
                     *         "rules": [
                     *           "max_gain_per_hour"
                     *         ],
                     *         "first_at": "2026-01-30T12:00:00Z",
                     *         "last_at": "2026-01-31T12:00:00Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["CaughtPlayer"][];
                };
            };
            /** @description Bad Request: invalid_parameter, bad_request, malformed_json, invalid_body, invalid_game_mode, invalid_argument */
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
    listRejected: {
        parameters: {
            query?: {
                limit?: number;
                before?: number;
                user_id?: number;
                player?: string;
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
            /** @description Bad Request: invalid_parameter, invalid_user_id, invalid_player */
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
            /** @description Not Found: unknown_board, unknown_player */
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
    listApiKeys: {
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
                     *         "id": "0123456789ab",
                     *         "name": "game server",
                     *         "scopes": [
                     *           "submit"
                     *         ],
                     *         "status": "active",
                     *         "created_at": "2026-01-01T00:00:00Z",
                     *         "last_used_at": "2026-01-31T12:00:00Z",
                     *         "expires_at": null,
                     *         "revoked_at": null
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["ListedApiKey"][];
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
    issueApiKey: {
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
                 *       "name": "game server",
                 *       "scopes": [
                 *         "submit"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewApiKey"];
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
                     *       "id": "0123456789ab",
                     *       "api_key": "lb_0123456789ab_..."
                     *     }
                     */
                    "application/json": components["schemas"]["IssuedApiKey"];
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
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0123456789ab */
                id: string;
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
                     *       "revoked": "0123456789ab",
                     *       "revoked_at": "2026-01-31T12:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["RevokedApiKey"];
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
            /** @description Not Found: unknown_api_key */
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
    getAccess: {
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
                     *       "read": true,
                     *       "play": false,
                     *       "moderate": false,
                     *       "keys": false,
                     *       "admin": false
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
    getHealthReport: {
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
                     *       },
                     *       "last_verify": {
                     *         "at": "2026-01-31T12:00:00Z",
                     *         "differences": 0,
                     *         "interval_seconds": 60
                     *       },
                     *       "versions": {
                     *         "service": "0.1.0",
                     *         "postgresql": "18.1"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["HealthReport"];
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
    getLiveness: {
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
    getReadiness: {
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
    getDescription: {
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
}
