"""What the application and its requests carry, each under a typed key."""

from typing import TYPE_CHECKING

from aiohttp import web

from service.api_keys import Keyring
from service.cache import Cache
from service.database import Database
from service.hosts import Check
from service.leaderboard import Leaderboard
from service.settings import Settings
from service.webui import WebUI

if TYPE_CHECKING:
    # Loaded where there is a limit.
    from service.rate_limits import RateLimits

SETTINGS = web.AppKey("SETTINGS", Settings)
DATABASE = web.AppKey("DATABASE", Database)
CACHE = web.AppKey("CACHE", Cache)
KEYRING = web.AppKey("KEYRING", Keyring)
LEADERBOARD = web.AppKey("LEADERBOARD", Leaderboard)
OPENAPI = web.AppKey("OPENAPI", bytes)
DOCS_PAGE = web.AppKey("DOCS_PAGE", str)
WEBUI = web.AppKey("WEBUI", WebUI)
#: Which Host headers are served; not set where any is.
HOST_CHECK = web.AppKey[Check]("HOST_CHECK")
#: Not set where no limit is.
RATE_LIMITS: "web.AppKey[RateLimits]" = web.AppKey("RATE_LIMITS")

#: The player a request is about, for its log line.
USER_ID = web.RequestKey("USER_ID", int)
#: The proof of a signed request, in hex.
SIGNATURE = web.RequestKey("SIGNATURE", str)

#: The API key that a request came with: its id, not its secret.
API_KEY = web.RequestKey("API_KEY", str)
