# `make help` lists what there is. Settings (PORT=, DATABASE_URL=, ... see .env.example) may be given on make's command
# line, in the environment or in a file .env: make run PORT=8001

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

# The stamps carry the version of Python: after its upgrade the environment is made anew.
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
RUNTIME := $(VENV)/installed-$(VERSION)
DEVELOPMENT := $(VENV)/installed-for-development-$(VERSION)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement

# `make seed USERS=10 SESSIONS=50` and the like, as options of the commands; what is not given is left to them.
option = $(if $($(1)),$(2) '$($(1))')
SEED_OPTIONS = $(call option,USERS,--users) $(call option,SESSIONS,--sessions) \
	$(call option,RANDOM_SEED,--random-seed) $(if $(filter-out 0,$(REPLACE)),--replace)
SIMULATE_OPTIONS = $(call option,BASE_URL,--base-url) $(call option,PLAYERS,--players) $(call option,SECONDS,--seconds) $(call option,THINK,--think)

# The web page. npm is a script that finds Node, or installs its wheel where there is none.
NPM := webui/npm
PAGE := webui/dist/index.html
WEB_RUNTIME := webui/node_modules/.installed
WEB_DEVELOPMENT := webui/node_modules/.installed-for-development
# Folders as well, for a file that went is a change, too.
WEB_SOURCES := $(wildcard webui/*.html webui/vite.config.ts webui/package*.json) $(shell find webui/src -not -name '*.test.*')
# The description of the API as the service gives it, without a service.
OPENAPI := $(BIN)/python -c 'import sys, msgspec; from service.http import openapi; \
	sys.stdout.buffer.write(msgspec.json.encode(openapi.document()))'

.DEFAULT_GOAL := help
.PHONY: help run test lint format web web-dev api-types migrate seed simulate bench bench-stock bench-growth bench-agent soak faults api-key api-keys revoke-api-key psql import backup restore clean clean-data

help: ## list the targets
	@echo 'usage: make TARGET [SETTING=value]...'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile

# The page that was built before, or none, is no reason to be without the API. Then the shell becomes the service, so
# that a signal for make's job reaches it and nothing else.
run: $(RUNTIME) ## start the leaderboard on http://127.0.0.1:8000 (PORT=; DEMO=0 starts empty)
	@$(MAKE) --silent web || echo 'warning: the web page could not be built; the API works without it' >&2
	@exec $(BIN)/python -m service

test: $(DEVELOPMENT) $(WEB_DEVELOPMENT) $(PAGE) ## run the tests (ARGS='-k name' for some of them)
	$(if $(ARGS),,@$(NPM) run --silent test)
	@$(BIN)/python -m pytest $(ARGS)

web: $(PAGE) ## build the web page, if its sources changed

web-dev: $(RUNTIME) $(WEB_DEVELOPMENT) ## the web page on http://127.0.0.1:5173 as it is edited (SERVICE_URL=; needs make run beside it)
	@$(NPM) run dev

api-types: $(DEVELOPMENT) $(WEB_DEVELOPMENT) ## make the web page's types from the API's description
	@$(OPENAPI) | $(NPM) run --silent api-types

lint: $(DEVELOPMENT) $(WEB_DEVELOPMENT) ## check style, types, SQL, and for known faults of packages
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m mypy --strict service seed
	@$(BIN)/python tests/lint_sql.py
	@$(OPENAPI) | $(NPM) run --silent api-types -- --check
	@$(NPM) run --silent lint
	@$(BIN)/python tests/audit.py

format: $(DEVELOPMENT) $(WEB_DEVELOPMENT) ## put the files into the form that lint asks for
	@$(BIN)/python -m ruff check --fix .
	@$(BIN)/python -m ruff format .
	@$(NPM) run --silent format

migrate: $(RUNTIME) ## apply pending migrations and deploy the functions
	@$(BIN)/python -m service.database.migrate $(ARGS)

seed: $(RUNTIME) ## load players and sessions (USERS=1000000 SESSIONS=5000000 RANDOM_SEED=1; REPLACE=1 over existing ones)
	@$(BIN)/python -m seed $(SEED_OPTIONS) $(ARGS)

simulate: $(RUNTIME) ## let players play against the running service (PLAYERS=200 SECONDS=60; THINK=none for full load)
	@$(BIN)/python -m seed.simulate $(SIMULATE_OPTIONS) $(ARGS)

bench: $(DEVELOPMENT) ## compare with references at 1M players, about 10 minutes (QUICK=1: 2; needs wrk)
	@$(BIN)/python -m tests.bench

bench-stock: $(DEVELOPMENT) ## cost of a submit on servers with their default settings (PLAYERS=, ROUNDS=)
	@$(BIN)/python -m tests.bench.stock

bench-growth: $(DEVELOPMENT) ## cost of submit and rank from 10k to 10M players (SIZES=)
	@$(BIN)/python -m tests.bench.growth

bench-agent: $(DEVELOPMENT) ## what the New Relic agent costs at 64 connections: off, on, tracing everything (needs wrk)
	@$(BIN)/python -m tests.bench.agent

soak: $(DEVELOPMENT) ## full-speed submits with reads beside them for 10 minutes (SECONDS=; needs wrk)
	@$(BIN)/python -m tests.bench.soak

faults: $(DEVELOPMENT) ## break everything under load, about 12 minutes, and print what was lost and doubled (ARGS=Redis for some)
	@$(BIN)/python -m tests.faults $(ARGS)

# By the environment, so that neither make nor the shell reads anything into a name. What make itself would pass on
# is expanded, so it does not.
unexport NAME SCOPES DAYS ID FILE
export KEY_NAME = $(value NAME)
export KEY_SCOPES = $(value SCOPES)
export KEY_DAYS = $(value DAYS)
export KEY_ID = $(value ID)
export GIVEN_FILE = $(value FILE)

api-key: $(RUNTIME) ## make an API key and show it, once (NAME=game SCOPES=submit,read; SIGNED=1, DAYS=90); from the first one on a key is needed
	@$(BIN)/python -m service.commands.api_keys create $(if $(filter-out 0 no off false,$(SIGNED)),--signed) \
		--days "$$KEY_DAYS" -- "$$KEY_NAME" "$$KEY_SCOPES"

api-keys: $(RUNTIME) ## list the API keys, without their secrets
	@$(BIN)/python -m service.commands.api_keys list

revoke-api-key: $(RUNTIME) ## end an API key (ID=)
	@$(BIN)/python -m service.commands.api_keys revoke -- "$$KEY_ID"

psql: $(RUNTIME) ## open psql on the service's database as its owner (make -s psql < file.sql runs a file)
	@$(BIN)/python -m service.commands.psql $(ARGS)

import: $(RUNTIME) ## count old scores from a CSV file, each line once (FILE=scores.csv; FORCE=1 although it was imported before)
	@$(BIN)/python -m seed.imports $(if $(filter-out 0,$(FORCE)),--again) -- "$$GIVEN_FILE"

backup: $(RUNTIME) ## save the whole database in a file, while the service runs (FILE=board.dump; FORCE=1 over an existing file)
	@$(BIN)/python -m service.commands.backup $(if $(filter-out 0,$(FORCE)),--force) -- "$$GIVEN_FILE"

restore: $(RUNTIME) ## put a backup into the database, with the service stopped (FILE=board.dump; FORCE=1 over existing players)
	@$(BIN)/python -m service.commands.restore $(if $(filter-out 0,$(FORCE)),--force) -- "$$GIVEN_FILE"

clean: ## remove what can be made again: the environment and caches, not the data
	rm -rf $(VENV) webui/node_modules webui/dist tests/web/screenshots .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.data/*' -prune -exec rm -rf {} +

clean-data: $(RUNTIME) ## remove the embedded database and all scores in it (asks; FORCE=1 does not)
	@$(BIN)/python -m service.commands.remove_data $(if $(filter-out 0,$(FORCE)),--force)

$(RUNTIME): requirements.txt
	@case '$(VERSION)' in \
	'') echo 'error: $(PYTHON) does not run. Install Python 3.11 or later, or name one: make PYTHON=/path/to/python3' >&2; exit 1;; \
	2.*|3.[0-9]|3.10) echo 'error: $(PYTHON) is Python $(VERSION), but 3.11 or later is needed: make PYTHON=/path/to/python3' >&2; exit 1;; \
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

# npm ci empties the folder, and the other stamp with it.
$(WEB_RUNTIME): webui/package.json webui/package-lock.json webui/.npmrc | $(RUNTIME)
	@echo 'preparing webui/node_modules ...' >&2
	@$(NPM) ci --omit=dev --silent
	@touch $@

$(WEB_DEVELOPMENT): webui/package.json webui/package-lock.json webui/.npmrc | $(RUNTIME)
	@echo 'preparing webui/node_modules for development ...' >&2
	@$(NPM) ci --silent
	@touch $(WEB_RUNTIME) $@

# Below the stamp of development, for "make test" on a fresh clone needs one installation, not two.
$(PAGE): $(WEB_SOURCES) | $(RUNTIME)
	@test -e $(WEB_DEVELOPMENT) || $(MAKE) --silent $(WEB_RUNTIME)
	@echo 'building the web page ...' >&2
	@$(NPM) run --silent build -- --logLevel warn
	@touch $@
