"""Queries that compute players and sessions from a row's number and a seed alone.

The game of the data set opened a year before `END` and grew steadily. A player joins with their first session; the
other sessions go to the players of their time, more to early ones. A score is the player's skill times the luck of two
dice: many low, few high, and many tied totals.

Only integers are used, so the rows are the same on every version and platform of PostgreSQL.
"""

import hashlib
from datetime import UTC, datetime

#: All join dates and sessions are in the year before, unless another end is given. Fixed, so that equal arguments give
#: equal rows.
END = datetime(2026, 1, 1, tzinfo=UTC)
_YEAR_SECONDS = 365 * 24 * 60 * 60

_MASK = 2**32 - 1
# Two rounds of a 32-bit integer hash found by Chris Wellons's hash-prospector (x ^= x >> 16; x *= 0x21f0aaad;
# x ^= x >> 15; x *= 0x735a2d97; x ^= x >> 15). Both factors are below 2^31, so no product leaves a bigint.
_FACTOR_1 = 0x21F0AAAD
_FACTOR_2 = 0x735A2D97

# 64 each: a block of 4,096 ids gets every combination once; the next block adds a number to the name.
_ADJECTIVES = (
    "Swift,Silent,Crimson,Golden,Frozen,Lucky,Mighty,Shadow,Electric,Cosmic,Brave,Savage,"
    "Hidden,Royal,Turbo,Iron,Silver,Mystic,Rapid,Wild,Neon,Toxic,Arctic,Lunar,"
    "Solar,Phantom,Rogue,Noble,Fierce,Atomic,Velvet,Stormy,Daring,Gentle,Grumpy,Sneaky,"
    "Dizzy,Jolly,Salty,Spicy,Cunning,Restless,Ancient,Cyber,Quantum,Pixel,Retro,Sonic,"
    "Blazing,Burning,Thunder,Emerald,Scarlet,Copper,Marble,Dusty,Hollow,Vivid,Sleepy,Humble,"
    "Nimble,Wicked,Zen,Hyper"
)
_NOUNS = (
    "Otter,Falcon,Wolf,Tiger,Dragon,Raven,Panda,Fox,Viper,Cobra,Lynx,Badger,"
    "Hawk,Shark,Bear,Rhino,Knight,Wizard,Ninja,Samurai,Ranger,Pilot,Hunter,Rider,"
    "Wanderer,Archer,Monk,Pirate,Viking,Gladiator,Scout,Sniper,Comet,Meteor,Rocket,Blaze,"
    "Frost,Storm,Spark,Ember,Glacier,Canyon,River,Summit,Nova,Nebula,Orbit,Pulse,"
    "Hammer,Arrow,Blade,Shield,Anvil,Lantern,Cactus,Muffin,Waffle,Pickle,Noodle,Biscuit,"
    "Turnip,Pretzel,Mango,Walnut"
)
# 64 places each, so that a country or platform has as many players as places.
_COUNTRIES = (
    ("US", 14), ("CN", 8), ("BR", 6), ("DE", 5), ("JP", 5), ("GB", 4), ("FR", 3), ("KR", 3), ("IN", 3), ("MX", 2),
    ("ES", 2), ("IT", 2), ("PL", 2), ("CA", 1), ("AU", 1), ("TR", 1), ("NL", 1), ("SE", 1),
)  # fmt: skip
_PLATFORMS = (("phone", 28), ("pc", 20), ("console", 12), ("tablet", 4))


def _places(values: tuple[tuple[str, int], ...]) -> str:
    return "{" + ",".join(value for value, places in values for _ in range(places)) + "}"


def _constants(random_seed: int) -> list[int]:
    """Four 32-bit numbers that are unrelated to those of another seed."""
    digest = hashlib.sha256(f"leaderboard seed {random_seed}".encode()).digest()
    return [int.from_bytes(digest[i : i + 4], "big") for i in range(0, 16, 4)]


def users_query(users: int, random_seed: int, end: datetime = END) -> str:
    """The query for `users` players: id, username, join_date, attributes, ordered by id.

    15 of 16 players have a country and a platform, and one of 16 an avatar, whose host never exists.
    """
    shift = _constants(random_seed)[0]
    start = int(end.timestamp()) - _YEAR_SECONDS
    return f"""
        SELECT (n + 1)::integer,
               ('{{{_ADJECTIVES}}}'::text[])[1 + slot / 64] || ('{{{_NOUNS}}}'::text[])[1 + slot % 64]
                   || CASE WHEN n >= 4096 THEN (n / 4096 + 1)::text ELSE '' END,
               to_timestamp(({start} + n * {_YEAR_SECONDS} / {users})::double precision),
               CASE WHEN dice & 15 > 0 THEN (
                   '{{"country": "' || ('{_places(_COUNTRIES)}'::text[])[1 + (dice >> 4 & 63)]
                       || '", "platform": "' || ('{_places(_PLATFORMS)}'::text[])[1 + (dice >> 10 & 63)]
                       || CASE WHEN dice & 15 = 1
                           THEN '", "avatar": "https://avatars.example/' || (dice >> 16) || '.png' ELSE '' END
                       || '"}}'
               )::jsonb END
        FROM (
            SELECT n, (n * {_FACTOR_1} + {shift} & {_MASK}) >> 3 AS dice, ((n * 1597 + {shift}) % 4096)::integer AS slot
            FROM (SELECT generate_series(0::bigint, {users - 1}) AS n) AS number
            OFFSET 0
        ) AS player"""


def sessions_query(users: int, sessions: int, random_seed: int, end: datetime = END) -> str:
    """The query for `sessions` sessions of `users` players: id, user_id, score, game_mode, timestamp.

    `joined` is the number of players at the time of a session; a session that increases it is the first of a new
    player. Later ids have later timestamps, so the last session is the same by either.
    """
    _, seed_1, seed_2, seed_3 = _constants(random_seed)
    start = int(end.timestamp()) - _YEAR_SECONDS
    # Each level uses the one below more than once. OFFSET 0 keeps the planner from inlining it each time.
    return f"""
        SELECT n + 1, player::integer,
               1 + ((16 + (player * 40503 >> 4 & 63)) * (dice >> 25) * (dice >> 18 & 127) >> 7),
               CASE WHEN (dice >> 15 & 7) < 5 THEN 'solo' ELSE 'team' END,
               to_timestamp(({start} + n * {_YEAR_SECONDS} / {sessions})::double precision)
        FROM (
            SELECT n, (hash * {_FACTOR_2} + {seed_3}) & {_MASK} AS dice,
                   CASE WHEN n = 0 OR joined > 1 + (n - 1) * {users} / {sessions} THEN joined
                        ELSE 1 + ((joined * (hash >> 16) >> 16) * (hash & 65535) >> 16) END AS player
            FROM (
                SELECT n, 1 + n * {users} / {sessions} AS joined, hash # (hash >> 15) AS hash
                FROM (
                    SELECT n, ((hash # (hash >> 15)) * {_FACTOR_2}) & {_MASK} AS hash
                    FROM (
                        SELECT n, ((hash # (hash >> 16)) * {_FACTOR_1} + {seed_2}) & {_MASK} AS hash
                        FROM (
                            SELECT n, (n + {seed_1}) & {_MASK} AS hash
                            FROM (SELECT generate_series(0::bigint, {sessions - 1}) AS n) AS number
                            OFFSET 0
                        ) AS seeded
                        OFFSET 0
                    ) AS round_1
                    OFFSET 0
                ) AS round_2
                OFFSET 0
            ) AS hashed
            OFFSET 0
        ) AS session"""
