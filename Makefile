# Two commands do everything on a fresh machine with Python 3.11 or newer, pip and make: `make run` and `make test`.
# `make help` lists the others.

SHELL := /bin/sh
PYTHON ?= python3
PIP := .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes
MANAGE := .venv/bin/python manage.py

.DEFAULT_GOAL := help
.PHONY: help run dev demo-pay test test-fast lint format bench lock translations starter-pictures county-map shell clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name words; do printf '  make %-18s %s\n' "$$name" "$$words"; done
	@echo
	@echo "  make run takes SITE=cacita|lacit, PORT=8000 and DATA_DIR=./data; .env.example lists every setting."

run: .venv/ready ## Serve the site: prepares everything on the first start, keeps all data on the next
	@exec $(MANAGE) serve

dev: .venv/ready-dev ## Serve with auto-reload and debug pages, for writing code
	@DEBUG=1 $(MANAGE) serve --prepare-only
	@DEBUG=1 exec $(MANAGE) runserver 127.0.0.1:$${PORT:-8000}

demo-pay: .venv/ready ## Serve the site with a stand-in of the card provider, to walk a gift by card
	@exec .venv/bin/python -m tools.demo_pay

test: .venv/ready-dev ## Run the whole test suite, browser tests included where a Chromium can be had
	@CHROMIUM="$$(.venv/bin/python tools/get_chromium.py)" ICALJS="$$(.venv/bin/python -m tools.get_icaljs)" .venv/bin/pytest -n auto

test-fast: .venv/ready-dev ## Run the tests that need no browser
	@.venv/bin/pytest -n auto -m "not browser"

lint: .venv/ready-dev ## Check style, likely bugs, templates and pending migrations
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check --quiet . || { echo "Some files are not formatted; run: make format"; exit 1; }
	@.venv/bin/djlint --quiet --lint templates
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; DATA_DIR=$$folder $(MANAGE) makemigrations --check --dry-run

format: .venv/ready-dev ## Put Python files into the project's form
	@.venv/bin/ruff check --quiet --fix .
	@.venv/bin/ruff format .

bench: .venv/ready-dev ## Print the figures the site is held to: bytes, requests, statements, memory, start, Lighthouse
	@CHROMIUM="$$(.venv/bin/python tools/get_chromium.py)" .venv/bin/python -m tools.bench

lock: .venv/ready-dev ## Pin the requirements anew from requirements.in and requirements-dev.in
	@.venv/bin/python -m tools.lock

translations: .venv/ready-dev ## Collect what Spanish pages say into locale/es and compile it; lists what has no Spanish
	@.venv/bin/python -m tools.translations

starter-pictures: .venv/ready-dev ## Draw the starter pictures anew from their drawings
	@CHROMIUM="$$(.venv/bin/python tools/get_chromium.py)" .venv/bin/python -m tools.render_starter_pictures

county-map: .venv/ready-dev ## Draw the county map anew from the census geometry
	@.venv/bin/python -m tools.draw_counties

shell: .venv/ready ## Open a Python shell with the site loaded
	@$(MANAGE) shell

clean: ## Remove the virtual environment and caches; data stays
	rm -rf .venv .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/pip:
	@command -v $(PYTHON) >/dev/null || { echo "This site needs Python 3.11 or newer, and no $(PYTHON) was found. Install it, or say which one: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; ok = sys.version_info >= (3, 11); ok or print("This site needs Python 3.11 or newer; $(PYTHON) is %d.%d. Say which one to use: make PYTHON=/path/to/python3" % sys.version_info[:2]); sys.exit(not ok)'
	@$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/pip requirements.txt
	@echo "Installing the requirements (once) …"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt
	@echo "Installing what tests and tidying need (once) …"
	@$(PIP) -r requirements.txt -r requirements-dev.txt
	@touch $@
