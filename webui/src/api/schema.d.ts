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
         * The best players, page by page. Ties share a rank, the next skips; within a tie by user_id
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
        /** Board */
        Board: {
            /** @description name of the board, see /api/leaderboard/boards */
            board: string;
            /** @description the mode that counts here; null: any */
            game_mode: string | null;
            /** @description sum, best or last: how scores make a total */
            aggregate: string;
            /** Format: int64 */
            min_score: number;
            /** Format: int64 */
            max_score: number;
            /** Format: int64 */
            players: number;
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
                include?: "rank";
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
            /** @description Unprocessable Entity: score_out_of_bounds, submission_key_reused, game_mode_not_on_board, total_out_of_range, too_many_submissions, gain_too_large */
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
    rank: {
        parameters: {
            query?: {
                board?: string;
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
    around: {
        parameters: {
            query?: {
                board?: string;
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
    ranks: {
        parameters: {
            query: {
                board?: string;
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
    distribution: {
        parameters: {
            query?: {
                board?: string;
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
