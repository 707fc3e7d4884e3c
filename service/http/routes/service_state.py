"""What the service says about itself, and its pages."""

from typing import Any

from service import errors
from service.http import schemas
from service.http.handlers import pages, service_state
from service.http.routes.route import ACCESS, CALL, DATABASE, Route
from service.readiness import Readiness

ROUTES = (
    Route(
        method="GET",
        path="/api/leaderboard/access",
        handler=service_state.access,
        tag="operations",
        summary="What the sender may do, with or without the API key of the request",
        answer=schemas.Access,
        answer_example={"submit": False, "read": True, "play": False, "moderate": False, "keys": False, "admin": False},
        failures=(
            *ACCESS,
            errors.RATE_LIMITED,
            errors.INVALID_API_KEY,
            errors.INVALID_PARAMETER,
            *DATABASE,
        ),
    ),
    Route(
        method="GET",
        path="/api/leaderboard/health-report",
        handler=service_state.health_report,
        tag="operations",
        scope="moderate",
        summary="The state of database, cache and rank index, and the last comparison of ranks with scores. Always"
        " requires a key",
        answer=schemas.HealthReport,
        answer_example={
            "status": "ready",
            "database": {"status": "up", "detail": None},
            "schema": {"status": "current", "detail": None},
            "cache": {"status": "up", "detail": None},
            "rank_index": {"pending_deltas": 0, "horizon_age": 0},
            "last_verify": {"at": "2026-01-31T12:00:00Z", "differences": 0, "interval_seconds": 60},
            "versions": {"service": "0.1.0", "postgresql": "18.1"},
        },
        failures=(*CALL, errors.INVALID_PARAMETER, *DATABASE),
    ),
    Route(
        method="GET",
        path="/healthz",
        handler=service_state.healthz,
        tag="operations",
        operation_id="getLiveness",
        is_probe=True,
        summary="Liveness: the process answers",
        answer=schemas.Health,
        answer_example={"status": "ok"},
        failures=(*ACCESS, errors.INVALID_PARAMETER),
    ),
    Route(
        method="GET",
        path="/readyz",
        handler=service_state.readyz,
        tag="operations",
        operation_id="getReadiness",
        is_probe=True,
        summary="Readiness: database, schema, cache and rank index",
        answer=Readiness,
        answer_example={
            "status": "ready",
            "database": {"status": "up", "detail": None},
            "schema": {"status": "current", "detail": None},
            "cache": {"status": "up", "detail": None},
            "rank_index": {"pending_deltas": 0, "horizon_age": 0},
        },
        other_answers=((503, Readiness, "the database is down, or its schema is not current"),),
        failures=(*ACCESS, errors.INVALID_PARAMETER),
    ),
    Route(
        method="GET",
        path="/openapi.json",
        handler=pages.openapi,
        tag="operations",
        operation_id="getDescription",
        summary="This description",
        answer=dict[str, Any],
        failures=(*ACCESS, errors.INVALID_PARAMETER),
    ),
    Route(
        method="GET",
        path="/docs",
        handler=pages.docs,
        summary="This description as a page",
        answer=str,
        media_type="text/html",
        failures=(*ACCESS, errors.INVALID_PARAMETER),
    ),
    Route(
        method="GET",
        path="/",
        handler=pages.index,
        summary="The web page",
        answer=str,
        media_type="text/html",
        failures=ACCESS,
    ),
)
