# Every target works on a fresh clone: it makes .venv first, from requirements.lock.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
WORKERS ?= 2 # processes that test; each starts frameworks of its own

.PHONY: help demo test test-full browser lint format bench docs reference sample schema clean
.DEFAULT_GOAL := help

help: ## say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(READY) ## run phase C1 of the reference plan; its last line says where the summary is
	$(BIN)/parityhub run-phase C1

test: lint browser ## lint, types and the test suite
	$(BIN)/python -m pytest -m "not campaign" -n $(WORKERS)

test-full: lint browser ## the test suite with its long campaigns
	$(BIN)/python -m pytest --hypothesis-profile=campaign

browser: ## see that there is a Chromium for tests of pages; install Debian's where that may be done
	@for name in "$$CHROMIUM" chromium chromium-browser google-chrome; do \
	  [ -z "$$name" ] || ! command -v "$$name" >/dev/null || exit 0; done; \
	[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	  apt-get install -qq -y chromium >/dev/null || \
	  echo "no Chromium here: install it, or name it in CHROMIUM; tests of pages say that they skip"

lint: $(READY) ## ruff and mypy, both strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY) ## let ruff format the sources
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY) ## measure, as ratios within one run
	$(BIN)/python -m benchmarks.cold_start
	$(BIN)/python -m benchmarks.arrays
	$(BIN)/python -m benchmarks.capture
	$(BIN)/python -m benchmarks.localize
	$(BIN)/python -m benchmarks.overhead
	$(BIN)/python -m benchmarks.report

docs: $(READY) ## build the documentation into outputs/site
	$(BIN)/mkdocs build --quiet

reference: $(READY) ## write the reference anew from the code
	$(BIN)/python docs/reference/write_reference.py

sample: $(READY) ## run the sample hub of reports/ anew; remove the old one by hand
	$(BIN)/python docs/make_sample.py

schema: $(READY) ## write the JSON Schema of the plan anew
	UPDATE_GOLDEN=1 $(BIN)/python -m pytest -q tests/plan/test_schema.py

clean: ## remove .venv, caches and working files; hubs under reports/ stay
	rm -rf .venv outputs .mypy_cache .ruff_cache .pytest_cache .hypothesis

# What is missing is said in one line, before anything is installed.
$(READY): requirements.lock pyproject.toml
	@command -v git >/dev/null || { echo "parityhub needs git: install it"; exit 1; }
	@command -v $(PYTHON) >/dev/null || { echo "parityhub needs Python 3.11 or newer: install it, or name it with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "parityhub needs Python 3.11 or newer; $(PYTHON) is older: name another with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "parityhub needs Python's venv: install it (Debian: python3-venv)"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@
