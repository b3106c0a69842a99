# One command for everything; `make help` lists them. Needs Python 3.11 or newer and a POSIX shell.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
TORCH := torch==2.13.0
# The first of these that is 3.11 or newer; choose another with: make run PYTHON=/path/to/python
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)

.DEFAULT_GOAL := help
.PHONY: help run install dev weights library test lint format bench evals evals-full train-embedding knowledge screenshots doctor docs lock clean

help: ## list these commands
	@echo "make run              first, then open http://127.0.0.1:7860"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: library ## install, get the models, build the library, serve the web chat (the second time at once)
	@$(BIN)/coach serve || test $$? -eq 130  # Ctrl-C is how it ends

install: $(STAMP) ## install the pinned packages into .venv

dev: $(DEV) ## also install the tools for tests and lint

weights: $(STAMP)
	@$(BIN)/coach models fetch

library: weights
	@$(BIN)/coach ingest

test: $(DEV) library ## run all tests (installs, downloads and builds what they need)
	@tests/browser/get_chromium.sh $(BIN)/python
	@OMP_NUM_THREADS=$${OMP_NUM_THREADS:-1} $(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)  # two at once, of 5 GB each

lint: $(DEV) ## check style and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

format: $(DEV) ## mend what ruff can mend
	@$(BIN)/ruff check --fix .

bench: $(DEV) library ## measure speed and quality against a plain pipeline
	@$(BIN)/python -m evals.bench $(ARGS)

evals: $(DEV) library ## score the coach on all question sets without a chat model, against the committed baseline (2 minutes)
	@$(BIN)/coach eval run $(ARGS)

evals-full: $(DEV) library ## the same with the embedded model, then every other check of the evaluation (half an hour)
	@$(BIN)/coach eval run --model local:qwen2.5-coder-1.5b $(ARGS)
	@$(BIN)/coach eval counterfactual
	@$(BIN)/coach eval cycles
	@$(BIN)/coach eval mutations

knowledge: $(STAMP) ## check the framework, the articles and the facts
	@$(BIN)/coach knowledge check

train-embedding: $(STAMP) weights ## train the adapter anew, index and calibrate with it, measure (about 45 minutes on 2 cores)
	@$(BIN)/coach models train-adapter $(ARGS)
	@$(BIN)/coach models vectors
	@$(BIN)/coach ingest --rebuild
	@$(BIN)/coach models calibrate
	@$(BIN)/coach eval run --suite heldback --no-save || test $$? -eq 1  # figures are wanted, not the gate

screenshots: $(DEV) library ## pictures of every page in both languages and themes, in data/screenshots
	@tests/browser/get_chromium.sh $(BIN)/python
	@$(BIN)/python -m evals.pictures $(ARGS)

doctor: $(STAMP) ## check the installation
	@$(BIN)/coach doctor

docs: $(STAMP) ## write docs/cli.md from the help texts
	@$(BIN)/coach help-page > docs/cli.md

lock: ## resolve the versions anew within the ranges of pyproject.toml (downloads everything)
	@$(MAKE) --no-print-directory clean
	@$(PYTHON) -m venv $(VENV) && $(BIN)/pip install --quiet $(TORCH) && $(BIN)/pip install --quiet .
	@$(BIN)/pip freeze --exclude marketing-career-coach | $(PINS) > .pins && grep '^#' requirements.lock > .head
	@cat .head .pins > requirements.lock
	@$(BIN)/pip install --quiet '.[dev]'
	@$(BIN)/pip freeze --exclude marketing-career-coach | $(PINS) | grep -vxFf .pins > .dev
	@grep '^#' requirements-dev.lock > .head; cat .head .dev > requirements-dev.lock; rm -f .head .pins .dev

# A build suffix such as +cpu differs between machines; uvloop does not exist for Windows.
PINS := sed -E 's/\+[a-z0-9.]+$$//; s/^(uvloop==.*)$$/\1 ; sys_platform != "win32"/'

clean: ## remove .venv and caches (models, library and records in data/ stay)
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Error: Python 3.11 or newer was not found (python3 is $$(python3 --version 2>&1))." \
	  "Install it, then: make run PYTHON=/path/to/python3.11" >&2; exit 2; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Error: $(PYTHON) is" \
	  "$$("$(PYTHON)" --version 2>&1); 3.11 or newer is needed. Try: make run PYTHON=/path/to/python3.11" >&2; exit 2; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { echo "Error: $(PYTHON) cannot make virtual environments." \
	  "On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 2; }
	@"$(PYTHON)" -m venv $(VENV)

# torch goes first and alone: as somebody's dependency, unpinned, it may come with gigabytes of GPU libraries.
$(STAMP): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the pinned packages into $(VENV) (a few minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(TORCH)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(DEV): requirements-dev.lock $(STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@
