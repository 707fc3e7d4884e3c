# `make help` lists all targets. Settings (see .env.example) go on make's command line, into the environment or into a
# file .env: make run PORT=8001

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

# The stamps contain the version of Python, so an upgrade of Python creates a new environment.
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
RUNTIME := $(VENV)/installed-$(VERSION)
DEVELOPMENT := $(VENV)/installed-for-development-$(VERSION)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement

# Passes variables on as options, as in `make seed USERS=10 SESSIONS=50`; the commands have the defaults.
option = $(if $($(1)),$(2) '$($(1))')
SEED_OPTIONS = $(call option,USERS,--users) $(call option,SESSIONS,--sessions) \
	$(call option,RANDOM_SEED,--random-seed) $(if $(filter-out 0,$(REPLACE)),--replace)
SIMULATE_OPTIONS = $(call option,BASE_URL,--base-url) $(call option,PLAYERS,--players) \
	$(call option,SECONDS,--seconds) $(call option,THINK,--think)

# The web page. webui/npm uses the machine's Node, or installs Node's Python wheel.
NPM := webui/npm
PAGE := webui/dist/index.html
WEB_RUNTIME := webui/node_modules/.installed
WEB_DEVELOPMENT := webui/node_modules/.installed-for-development
# Includes folders, because removing a file changes only its folder.
WEB_SOURCES := $(wildcard webui/*.html webui/vite.config.ts webui/package*.json) \
	$(shell find webui/src -not -name '*.test.*')
# Prints the OpenAPI description without starting the service.
OPENAPI := $(BIN)/python -c 'import sys, msgspec; from service.http import openapi; \
	sys.stdout.buffer.write(msgspec.json.encode(openapi.document()))'

.DEFAULT_GOAL := help
.PHONY: help run test lint format web web-dev api-types migrate seed simulate bench bench-stock bench-boards bench-growth \
	bench-sizes bench-counts bench-agent bench-workers bench-archives bench-moderation bench-live soak faults api-key api-keys \
	revoke-api-key psql import backup restore clean clean-data

help: ## list the targets
	@echo 'usage: make TARGET [SETTING=value]...'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile

# If the web page cannot be built, the service still starts. exec replaces the shell, so that the service itself gets
# the signals.
run: $(RUNTIME) ## start the service on http://127.0.0.1:8000 (PORT=; DEMO=0 starts without demo players)
	@$(MAKE) --silent web || echo 'warning: the web page could not be built; the API works without it' >&2
	@exec $(BIN)/python -m service

test: $(DEVELOPMENT) $(WEB_DEVELOPMENT) $(PAGE) ## run the tests (ARGS='-k name' runs some of them)
	$(if $(ARGS),,@$(NPM) run --silent test)
	@$(BIN)/python -m pytest $(ARGS)

web: $(PAGE) ## build the web page, if its sources changed

web-dev: $(RUNTIME) $(WEB_DEVELOPMENT) ## serve the web page with live reload on port 5173 (SERVICE_URL=)
	@$(NPM) run dev

api-types: $(DEVELOPMENT) $(WEB_DEVELOPMENT) ## generate the web page's types from the OpenAPI description
	@$(OPENAPI) | $(NPM) run --silent api-types

lint: $(DEVELOPMENT) $(WEB_DEVELOPMENT) ## check style, types and SQL, and look for known vulnerabilities
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m mypy --strict service seed
	@$(BIN)/python -m mypy --strict clients/python
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python tests/lint/lint_sql.py
	@$(OPENAPI) | $(NPM) run --silent api-types -- --check
	@$(NPM) run --silent lint
	@$(BIN)/python tests/lint/audit.py

format: $(DEVELOPMENT) $(WEB_DEVELOPMENT) ## format the code
	@$(BIN)/python -m ruff check --fix .
	@$(BIN)/python -m ruff format .
	@$(NPM) run --silent format

migrate: $(RUNTIME) ## apply pending migrations and deploy the functions
	@$(BIN)/python -m service.commands.migrate $(ARGS)

seed: $(RUNTIME) ## load test data (USERS=1000000 SESSIONS=5000000 RANDOM_SEED=1; REPLACE=1 replaces players)
	@$(BIN)/python -m seed $(SEED_OPTIONS) $(ARGS)

simulate: $(RUNTIME) ## simulate players (PLAYERS=200 SECONDS=60; THINK=none for full load)
	@$(BIN)/python -m seed.simulate $(SIMULATE_OPTIONS) $(ARGS)

bench: $(DEVELOPMENT) ## compare with other implementations at 1M players, 13 minutes (QUICK=1: 4; ONLY=; needs wrk)
	@$(BIN)/python -m tests.bench

bench-stock: $(DEVELOPMENT) ## cost of a submission on PostgreSQL with default settings (PLAYERS=, ROUNDS=)
	@$(BIN)/python -m tests.bench.stock

bench-boards: $(DEVELOPMENT) ## cost of a submission beside more boards and seasons (PLAYERS=, ROUNDS=)
	@$(BIN)/python -m tests.bench.boards

bench-growth: $(DEVELOPMENT) ## cost of a submission and a rank from 10k to 10M players (SIZES=)
	@$(BIN)/python -m tests.bench.growth

bench-counts: $(DEVELOPMENT) ## pages read and log written by each call, from 10k to 1M players (SIZES=)
	@$(BIN)/python -m tests.bench.counts

bench-sizes: $(DEVELOPMENT) ## disk and WAL of players and submissions (PLAYERS=, SUBMISSIONS=)
	@$(BIN)/python -m tests.bench.sizes

bench-agent: $(DEVELOPMENT) ## cost of the New Relic agent at full load (needs wrk)
	@$(BIN)/python -m tests.bench.agent

bench-workers: $(DEVELOPMENT) ## speed with one and two processes (COUNTS=1,2; needs wrk)
	@$(BIN)/python -m tests.bench.workers

bench-archives: $(DEVELOPMENT) ## close seasons of 1M players beside submissions (PLAYERS=, SEASONS=)
	@$(BIN)/python -m tests.bench.archives

bench-moderation: $(DEVELOPMENT) ## void sessions and ban players among 1M (PLAYERS=, SESSIONS=, ROUNDS=)
	@$(BIN)/python -m tests.bench.moderation

bench-live: $(DEVELOPMENT) ## cost and delay of pushes to 1,000 streams (SUBSCRIBERS=, ROUNDS=; needs wrk)
	@$(BIN)/python -m tests.bench.live

soak: $(DEVELOPMENT) ## submit and read at full speed for 10 minutes (SECONDS=; needs wrk)
	@$(BIN)/python -m tests.bench.soak

faults: $(DEVELOPMENT) ## break everything under load, an hour, and report losses (ARGS=Redis or ARGS=failover for some)
	@$(BIN)/python -m tests.faults $(ARGS)

# User input goes through the environment, so that neither make nor the shell expands it. unexport keeps make from
# exporting the expanded variables.
unexport NAME SCOPES DAYS ID FILE
export KEY_NAME = $(value NAME)
export KEY_SCOPES = $(value SCOPES)
export KEY_DAYS = $(value DAYS)
export KEY_ID = $(value ID)
export GIVEN_FILE = $(value FILE)

api-key: $(RUNTIME) ## create an API key and print it once (NAME=game SCOPES=submit,read; DAYS=90 expires)
	@$(if $(filter-out 0 no off false,$(SIGNED)),$(error signed requests were removed: leave SIGNED out))\
	$(BIN)/python -m service.commands.api_keys create --days "$$KEY_DAYS" -- "$$KEY_NAME" "$$KEY_SCOPES"

api-keys: $(RUNTIME) ## list the API keys, without their secrets
	@$(BIN)/python -m service.commands.api_keys list

revoke-api-key: $(RUNTIME) ## revoke an API key (ID=)
	@$(BIN)/python -m service.commands.api_keys revoke -- "$$KEY_ID"

psql: $(RUNTIME) ## open psql as the database's owner (make -s psql < file.sql runs a file)
	@$(BIN)/python -m service.commands.psql $(ARGS)

import: $(RUNTIME) ## import old scores from CSV (FILE=scores.csv; FORCE=1 imports a file again)
	@$(BIN)/python -m seed.imports $(if $(filter-out 0,$(FORCE)),--again) -- "$$GIVEN_FILE"

backup: $(RUNTIME) ## save the database to a file (FILE=board.dump; FORCE=1 overwrites the file)
	@$(BIN)/python -m service.commands.backup $(if $(filter-out 0,$(FORCE)),--force) -- "$$GIVEN_FILE"

restore: $(RUNTIME) ## restore the database from a backup (FILE=; FORCE=1 replaces existing players)
	@$(BIN)/python -m service.commands.restore $(if $(filter-out 0,$(FORCE)),--force) -- "$$GIVEN_FILE"

clean: ## remove the environment, builds and caches, but no data
	rm -rf $(VENV) webui/node_modules webui/dist tests/web/screenshots .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.data/*' -prune -exec rm -rf {} +

clean-data: $(RUNTIME) ## delete the embedded database with all scores (asks first; FORCE=1 does not)
	@$(BIN)/python -m service.commands.remove_data $(if $(filter-out 0,$(FORCE)),--force)

$(RUNTIME): requirements.txt
	@case '$(VERSION)' in \
	'') echo 'error: $(PYTHON) does not run. Install Python 3.11 or later, or use: make PYTHON=/path/to/python3' >&2; \
		exit 1;; \
	2.*|3.[0-9]|3.10) echo 'error: $(PYTHON) is Python $(VERSION), but 3.11 or later is needed:' \
		'make PYTHON=/path/to/python3' >&2; \
		exit 1;; \
	esac
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	echo 'error: $(PYTHON) lacks its module venv. On Debian or Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	@echo 'preparing $(VENV) ...' >&2
	@test -e $@ || rm -rf $(VENV)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(INSTALL) requirements.txt
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.txt
	@$(INSTALL) requirements-dev.txt
	@touch $@

# npm ci empties the folder, including the other stamp.
$(WEB_RUNTIME): webui/package.json webui/package-lock.json webui/.npmrc | $(RUNTIME)
	@echo 'preparing webui/node_modules ...' >&2
	@$(NPM) ci --omit=dev --no-audit --no-fund --loglevel=error >&2
	@touch $@

$(WEB_DEVELOPMENT): webui/package.json webui/package-lock.json webui/.npmrc | $(RUNTIME)
	@echo 'preparing webui/node_modules for development ...' >&2
	@$(NPM) ci --no-audit --no-fund --loglevel=error >&2
	@touch $(WEB_RUNTIME) $@

# If the development packages are installed, they suffice: `make test` on a fresh clone needs one installation.
$(PAGE): $(WEB_SOURCES) | $(RUNTIME)
	@test -e $(WEB_DEVELOPMENT) || $(MAKE) --silent $(WEB_RUNTIME)
	@echo 'building the web page ...' >&2
	@$(NPM) run --silent build
	@touch $@
