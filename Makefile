# From Python 3.11, make and the package registries to everything else.
.PHONY: help demo test spark check fix bench browser
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= python3
BIN := .venv/bin
UV := 0.13.9
JOBS ?= 2
ARGS ?=
TESTS = $(BIN)/pytest -n $(JOBS) --dist worksteal
# Spark runs on Java; where there is none it is left out.
JAVA := $(shell command -v java)
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export UV_PYTHON_DOWNLOADS = never
# Warm caches are often on another file system; asking for links there only makes noise.
export UV_LINK_MODE ?= copy
# Where a shell says so, every one of our many processes would compile all it imports again.
unexport PYTHONDONTWRITEBYTECODE

help: ## what you can do here
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1|/' | awk -F'|' '{printf "%-14s%s\n", $$1, $$2}'
	@echo
	@echo '  make demo PORT=8001 SCALE=10000 FRESH=1 VAR=/tmp/elsewhere     make test ARGS="-k search"'

demo: .venv/.run ## see it: loads the demo once and serves it on http://127.0.0.1:8000
	@exec $(BIN)/regulars demo $(if $(SCALE),--scale '$(SCALE)') $(if $(filter-out 0,$(FRESH)),--fresh)

test: .venv/.dev browser ## all tests
	@$(TESTS) -m 'not spark' $(ARGS)

spark: .venv/.dev ## the tests on Spark, in one process: they take both cores
	@$(if $(JAVA),$(BIN)/pytest -m spark regulars/matching/tests/test_spark.py,echo 'No Java here: duplicates on Spark are not tested.')

check: .venv/.dev ## format, lint, types, floors, migrations, tests, and the core's tests without packs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports
	@VAR=var/check $(BIN)/regulars makemigrations --check --dry-run
	@VAR=var/check BASE_URL=https://regulars.example.com $(BIN)/regulars check --deploy --fail-level WARNING
	@$(MAKE) --no-print-directory test spark
	@echo 'The core without packs:'
	@REGULARS_PACKS= $(TESTS) --once -m 'not browser and not apart and not spark' $(ARGS)

fix: .venv/.dev ## format and mend what can be mended
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

bench: .venv/.dev ## the benchmarks (SCALE=100000, growth SINCE=10000, ONLY=duplicates), results in bench/results.json
	@$(if $(SCALE),SCALE=$(SCALE)) $(if $(SINCE),SINCE=$(SINCE)) $(if $(ONLY),ONLY=$(ONLY)) $(BIN)/python -m bench

browser:
	@if [ -n "$$CHROMIUM" ] || { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser; } >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo 'Installing Chromium for the browser tests'; \
	  export DEBIAN_FRONTEND=noninteractive; get='apt-get install -y -qq --no-install-recommends'; \
	  apt-get update -qq && { $$get chromium-headless-shell >/dev/null 2>&1 || $$get chromium >/dev/null; }; \
	else \
	  echo 'The browser tests need Chromium: run "sudo apt-get install chromium", or set CHROMIUM to its path.' >&2; exit 1; fi

.venv/.uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Regulars needs Python 3.11 or newer: set PYTHON to it, as in "make demo PYTHON=python3.12".' >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo 'Python cannot make a virtual environment: run "sudo apt-get install python3-venv".' >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet uv==$(UV)
	@touch $@

# What the program needs; never takes away what the tests need.
.venv/.run: pyproject.toml uv.lock | .venv/.uv
	@$(BIN)/uv sync --frozen --quiet --no-dev --inexact --extra matching
	@touch $@

.venv/.dev: pyproject.toml uv.lock | .venv/.uv
	@$(BIN)/uv sync --frozen --quiet --extra matching $(if $(JAVA),--extra spark)
	@touch .venv/.run $@
