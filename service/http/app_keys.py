"""What the application and its requests carry, each under a typed key."""

from typing import TYPE_CHECKING

from aiohttp import web

from service.cache.epoch_cache import Cache
from service.database.functions import Database
from service.http.cors import Cors
from service.http.webui import WebUI
from service.leaderboard.leaderboard import Leaderboard
from service.readiness import Probe
from service.settings import Settings

if TYPE_CHECKING:
    # It reads the request keys below.
    from service.access.gate import Doors

SETTINGS = web.AppKey("SETTINGS", Settings)
DATABASE = web.AppKey("DATABASE", Database)
CACHE = web.AppKey("CACHE", Cache)
LEADERBOARD = web.AppKey("LEADERBOARD", Leaderboard)
PROBE = web.AppKey("PROBE", Probe)
OPENAPI = web.AppKey("OPENAPI", bytes)
WEBUI = web.AppKey("WEBUI", WebUI)
CORS = web.AppKey("CORS", Cors)
DOORS: "web.AppKey[Doors]" = web.AppKey("DOORS")

#: The player a request is about, for its log line.
USER_ID = web.RequestKey("USER_ID", int)
#: Set for a request that was signed.
SIGNED = web.RequestKey("SIGNED", bool)
#: The id of the API key that a request says it has, good or not, for its log line.
SENT_KEY = web.RequestKey("SENT_KEY", str)
#: The API key that a request came with: its id, not its secret.
API_KEY = web.RequestKey("API_KEY", str)
