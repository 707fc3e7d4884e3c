"""What the application and its requests carry, each under a typed key."""

import asyncio

from aiohttp import web

from service.access.gate import AccessControl, Caller
from service.cache.epoch_cache import Cache
from service.database.functions import Database
from service.http.cors import Cors
from service.http.express.handover import Handover
from service.http.sharing import Cards
from service.http.webui import WebUI
from service.leaderboard.leaderboard import Leaderboard
from service.live.hub import Hub
from service.readiness import LastVerify, Probe
from service.settings import Settings

SETTINGS = web.AppKey("SETTINGS", Settings)
DATABASE = web.AppKey("DATABASE", Database)
CACHE = web.AppKey("CACHE", Cache)
LEADERBOARD = web.AppKey("LEADERBOARD", Leaderboard)
LIVE = web.AppKey("LIVE", Hub)
PROBE = web.AppKey("PROBE", Probe)
LAST_VERIFY = web.AppKey("LAST_VERIFY", LastVerify)
OPENAPI = web.AppKey("OPENAPI", bytes)
WEBUI = web.AppKey("WEBUI", WebUI)
CARDS = web.AppKey("CARDS", Cards)
CORS = web.AppKey("CORS", Cors)
ACCESS_CONTROL = web.AppKey("ACCESS_CONTROL", AccessControl)
#: Set when the service begins to stop.
STOPPING = web.AppKey("STOPPING", asyncio.Event)

#: What the express way knows about a request that it leaves to the normal way.
HANDOVER = web.RequestKey("HANDOVER", Handover)
#: The player a request is about, for its log line.
USER_ID = web.RequestKey("USER_ID", int)
#: Who sent the request.
CALLER = web.RequestKey("CALLER", Caller)
