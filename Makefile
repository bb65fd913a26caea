# Every command sets up what it needs the first time and is quick after that; .stamps/ remembers what was done.

.DEFAULT_GOAL := help
.PHONY: help demo run dev test check fix bench openapi revision lock
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

RITORNO := .venv/bin/ritorno
SPA_SOURCES := $(shell find frontend/src frontend/public frontend/index.html frontend/vite.config.ts -type f 2>/dev/null)
PYTHON_PROJECT := pyproject.toml .ci/python

DEMO := RITORNO_DEMO=true RITORNO_DATA_DIR=$${RITORNO_DATA_DIR:-.ritorno/demo} \
	RITORNO_ADMIN_EMAIL=$${RITORNO_ADMIN_EMAIL:-giulia@demo.example} \
	RITORNO_ADMIN_PASSWORD=$${RITORNO_ADMIN_PASSWORD:-bentornati}

help: ## What can be asked of this file
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /|/' | awk -F'|' '{printf "  make %-9s %s\n", $$1, $$2}'

demo: .stamps/python-demo .stamps/frontend ## The demo shop, loaded and served on this machine
	@$(DEMO) $(RITORNO) demo load
	@$(DEMO) exec $(RITORNO) up

run: .stamps/python .stamps/frontend ## Your own, empty shop
	@exec $(RITORNO) up

dev: .stamps/python-dev .stamps/npm ## The same with hot reload, at http://localhost:5173
	@trap 'kill $$api 2>/dev/null; wait' EXIT INT TERM; \
	RITORNO_DATA_DIR=.ritorno/dev RITORNO_LOG_FORMAT=console $(RITORNO) up --reload & api=$$!; \
	cd frontend && npm run --silent dev

test: .stamps/python-dev .stamps/frontend ## Every test: unit, database, worker, API, browser
	@chromium=$$(.ci/chromium) || exit 1; failed=0; \
	echo "── screens"; (cd frontend && npm run --silent test) || failed=1; \
	echo "── browser"; (cd frontend && CHROMIUM="$$chromium" npm run --silent e2e) || failed=1; \
	echo "── Python"; PYTHONHASHSEED=0 .venv/bin/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile || failed=1; \
	[ $$failed = 0 ] || echo "Some tests failed; see above."; exit $$failed

check: .stamps/python-dev .stamps/npm ## Lint, types and import contracts
	@.venv/bin/ruff check && .venv/bin/ruff format --check -q && .venv/bin/mypy && .venv/bin/lint-imports --no-cache --no-logo
	@cd frontend && npm run --silent lint

fix: .stamps/python-dev .stamps/npm ## Mend what the linters can mend
	@.venv/bin/ruff check --fix; .venv/bin/ruff format; cd frontend && npx eslint --fix .

bench: .stamps/python-dev ## Measure beside the limits: make bench [ONLY=gate,dispatch] [SCALE=full]
	@.venv/bin/python -m tests.benchmarks $(if $(ONLY),--only $(ONLY)) --scale $(or $(SCALE),small)

openapi: .stamps/python-dev .stamps/npm ## Write openapi.json and the client types again
	@$(RITORNO) openapi --output openapi.json && cd frontend && npm run --silent types

revision: .stamps/python-dev ## A new migration from the models: make revision MESSAGE="add offers"
	@RITORNO_DATA_DIR=.ritorno/dev $(RITORNO) revision "$(MESSAGE)"

lock: .stamps/python-dev ## Resolve Python packages again and write the lock files (needs uv)
	@uv lock -q
	@$(call export,requirements.lock,--no-default-groups --group build)
	@$(call export,requirements-demo.lock,--no-default-groups --group build --extra demo)
	@$(call export,requirements-dev.lock,--group build --group dev --all-extras)

# uv.lock names registry hosts, so these exports are committed in its place: versions and hashes only.
export = uv export -q --no-emit-project --no-header --no-annotate --format requirements-txt $(2) -o $(1) >/dev/null

.stamps/python: requirements.lock $(PYTHON_PROJECT)
	@.ci/python $<
	@mkdir -p .stamps && touch $@

.stamps/python-demo: requirements-demo.lock $(PYTHON_PROJECT)
	@.ci/python $<
	@mkdir -p .stamps && touch $@ .stamps/python

.stamps/python-dev: requirements-dev.lock $(PYTHON_PROJECT)
	@.ci/python $<
	@mkdir -p .stamps && touch $@ .stamps/python-demo .stamps/python

.stamps/npm: frontend/package-lock.json
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || \
		{ echo "Ritorno needs Node 20 or newer to build its screens."; exit 1; }
	@echo "Installing the screens' packages …"
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error >/dev/null
	@mkdir -p .stamps && touch $@

.stamps/frontend: .stamps/npm $(SPA_SOURCES)
	@echo "Building the screens …"
	@cd frontend && npm run --silent build -- --logLevel warn
	@mkdir -p .stamps && touch $@
