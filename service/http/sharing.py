"""What a pasted link shows: tags of Open Graph and Twitter in the head of a page, with the standing it leads to.

Chat programs and social networks read the page without its scripts, so the service writes the tags. They have the real
standing if anyone may read it, and go without rather than let the page wait.
"""

import asyncio
import re
import unicodedata
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, urlencode

import msgspec
from aiohttp import web
from multidict import MultiMapping

from service.access.gate import AccessControl
from service.errors import ApiError
from service.http import requests
from service.http.schemas import StandingsQuery
from service.leaderboard.leaderboard import STANDINGS, Leaderboard
from service.leaderboard.rank_reads import PLAYER_RANK
from service.model import PlayerRank, PlayerRef, Standing
from service.settings import Settings

#: How long a page waits for its standing.
_PATIENCE_SECONDS = 0.2
#: How many pages wait at a time. Further ones go without: a flood of pages must not become one of reads.
_MAX_WAITING = 8
#: As the page itself asks, so that both share what is cached.
_ROWS = 10
_SHOWN_ROWS = 3
#: Names may have 255 characters; cards show one or two lines.
_LONGEST_NAME = 40
_DEFAULT_BOARD = StandingsQuery().board
#: The colour beside the card in some programs: that of the masthead.
_COLOUR = "#4a2fc4"
_TITLE = "Leaderboard"
_DESCRIPTION = "The live leaderboard: exact ranks, every score counted once."
_PICTURE = re.compile(r'<link rel="apple-touch-icon"[^>]* href="(/[^"]+)"')
_OLD_TITLE = re.compile(r"<title>[^<]*</title>")
_OLD_DESCRIPTION = re.compile(r'\s*<meta name="description"[^>]*>')


@dataclass(frozen=True, slots=True)
class Card:
    """What the tags say, unescaped. `path` is the page's address without what is not part of the card; None: the
    card says nothing of the page, so it must not send those who share it to another one.
    """

    title: str = _TITLE
    description: str = _DESCRIPTION
    path: str | None = None
    kind: str = "website"


class Cards:
    """Makes the cards of pages. A page whose standing cannot be had, for whatever reason, gets a card without it."""

    def __init__(self, settings: Settings, access_control: AccessControl) -> None:
        self._public_url = settings.public_url
        self._access_control = access_control
        self._waiting = 0

    def origin(self, request: web.Request) -> str:
        """The address under which the site is known, without a path."""
        return self._public_url or str(request.url.origin())

    async def of(self, request: web.Request, leaderboard: Leaderboard, player: str | None) -> Card:
        """The card of a page that shows a board (`player` is None) or a player on it."""
        if self._waiting >= _MAX_WAITING:
            return Card()
        self._waiting += 1
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                if await self._access_control.allows_page_read(request):
                    return await _card(leaderboard, request.query, player)
        except (ApiError, TimeoutError, msgspec.ValidationError):
            pass  # a board or a player that does not exist, or no database: the page says so itself
        finally:
            self._waiting -= 1
        return Card()


async def _card(leaderboard: Leaderboard, given: MultiMapping[str], player: str | None) -> Card:
    names = [name for name in StandingsQuery.__struct_fields__ if given.get(name)]
    query = msgspec.convert({name: given[name] for name in names}, StandingsQuery)
    split = requests.split_of(query)
    shown = {name: given[name] for name in names if (name, given[name]) != ("board", _DEFAULT_BOARD)}
    if player is not None:
        ref = requests.player(player)
        rank = PLAYER_RANK.decode(await leaderboard.rank(ref, split))
        return Card() if rank.hidden else _card_of_player(rank, ref, query, shown)
    if "window" in given:
        return Card()  # the page shows the scores of a time, not the board's standings
    rows = STANDINGS.decode(await leaderboard.top(_ROWS, None, split))
    return _card_of_board(rows, query, shown)


def _card_of_player(rank: PlayerRank, ref: PlayerRef, query: StandingsQuery, shown: dict[str, str]) -> Card:
    part = _part(query, rank.season)
    where = f" on {query.board}" if query.board != _DEFAULT_BOARD else ""
    return Card(
        title=f"{_name(rank.username)}: rank {rank.rank:,} of {rank.players:,}{where}",
        description=f"Total {rank.display or f'{rank.total_score:,}'}{part}."
        f" At least as good as {rank.percentile:g}% of the players.",
        path=_path(f"/players/{quote(str(ref), safe='')}", shown),
        kind="profile",
    )


def _card_of_board(rows: list[Standing], query: StandingsQuery, shown: dict[str, str]) -> Card:
    best = ", ".join(
        f"{row.rank}. {_name(row.username)} {row.display or f'{row.total_score:,}'}" for row in rows[:_SHOWN_ROWS]
    )
    return Card(
        title=f"{query.board if query.board != _DEFAULT_BOARD else 'All-time standings'}{_part(query, None)}",
        description=best or "No players yet.",
        path=_path("/", shown),
    )


def _path(path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode(query, quote_via=quote)}" if query else path


def _part(query: StandingsQuery, season: int | None) -> str:
    """The season and the split, if a part of the board is meant."""
    number = query.season or season
    return "".join(f", {text}" for text in (number and f"season {number}", query.split) if text)


def _name(username: str) -> str:
    """A name that is short enough, and that does not reorder the text around it."""
    short = username if len(username) <= _LONGEST_NAME else username[: _LONGEST_NAME - 1] + "\u2026"
    is_mixed = any(unicodedata.bidirectional(character) in {"R", "AL", "AN"} for character in short)
    return f"\u2068{short}\u2069" if is_mixed else short


def with_card(page: str, card: Card, origin: str) -> str:
    """The HTML of a page with the tags of its card, and with its title and description. `origin` is where it is."""
    head, end, body = page.partition("</head>")
    if not end:
        return page
    title = card.title if card.title == _TITLE else f"{card.title} \u2013 {_TITLE}"
    head = _OLD_TITLE.sub(lambda _: f"<title>{escape(title)}</title>", head, count=1)
    head = _OLD_DESCRIPTION.sub("", head, count=1)
    picture = _PICTURE.search(head)
    tags = [
        ("name", "description", card.description),
        ("name", "theme-color", _COLOUR),
        ("property", "og:site_name", _TITLE),
        ("property", "og:type", card.kind),
        ("property", "og:title", card.title),
        ("property", "og:description", card.description),
        ("name", "twitter:card", "summary"),
        ("name", "twitter:title", card.title),
        ("name", "twitter:description", card.description),
    ]
    if card.path is not None:
        tags.append(("property", "og:url", f"{origin}{card.path}"))
    if picture is not None:
        address = f"{origin}{picture[1]}"
        tags += [("property", "og:image", address), ("name", "twitter:image", address)]
    lines = "".join(f'    <meta {kind}="{name}" content="{escape(text)}" />\n' for kind, name, text in tags)
    return f"{head.rstrip()}\n{lines}  {end}{body}"
