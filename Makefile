# kreisheft: every command a newcomer needs. `make` prints this list.
# make book KREIS=guetersloh builds another Kreis; PYTHON=python3.12 takes another interpreter.
PYTHON ?= python3
KREIS  ?= recklinghausen
PORT   ?= 8000
SHELL  := bash
.SHELLFLAGS := -eu -o pipefail -c
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# A process of pytest for each core; one that dies ends the run, or the others would wait for ever
# (pytest-xdist issue 1378). Whoever looks for one mistake calls pytest without all that.
TESTS  := $(BIN)/python -m pytest -n logical --dist loadscope --no-loadscope-reorder --max-worker-restart 0
FAST   := -m "not kernel and not site and not browser and not slow"
LINT    = $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-logo

.DEFAULT_GOAL := help
.PHONY: help book serve test check-fast cover check hooks format lab lock clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The lock is complete, hence --no-deps (pyproject.toml drops one package that others ask for).
# pip byte-compiles on install unless it is told not to; without .pyc files each kernel starts 5 s later.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "kreisheft needs Python 3.11 or newer; call make with PYTHON=python3.12, say."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "No venv module: install it with  apt-get install python3-venv  and call make again."; exit 1; }
	@echo "Installing the locked packages into $(VENV), a dot for each (two to four minutes) ..."
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes --no-deps --compile \
	  -r requirements.lock | awk '/^Collecting/ {printf "."; fflush()} /^Installing/ {printf " unpacking"; fflush()} END {print ""}'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

book: $(READY) ## build the report book (KREIS=recklinghausen) into build/site/
	@$(BIN)/kreisheft build --print $(KREIS)

serve: $(READY) ## show build/site/ at http://localhost:8000 (PORT=...)
	@$(BIN)/kreisheft serve --port $(PORT)

test: $(READY) ## all checks and tests: ruff, mypy, pytest with kernels, Sphinx and Chromium
	@sh tests/chromium.sh
	@$(LINT)
	@$(TESTS)

check-fast: $(READY) ## what a change needs before a commit: ruff, mypy, imports and the fast tests
	@$(LINT)
	@$(TESTS) $(FAST)

cover: $(READY) ## which lines the fast tests run; the report is in build/cover/
	@$(TESTS) $(FAST) --cov=kreisheft --cov-report=term --cov-report=html:build/cover

check: $(READY) ## read all data, catalogue and params and list every problem
	@$(BIN)/kreisheft check

hooks: $(READY) ## check quickly before each commit, from now on
	@$(BIN)/pre-commit install

format: $(READY) ## format the code
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .

lab: $(READY) ## open the templates in JupyterLab
	@$(BIN)/jupyter lab notebooks

lock: ## resolve the dependencies anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --extra dev --no-header -q \
	  --upgrade pyproject.toml -o requirements.lock

clean: ## delete everything generated
	rm -rf build
