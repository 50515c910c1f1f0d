# Everything a clone needs, by name: sets itself up in .venv with nothing but Python 3.11 or newer and make.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CANDIDATES := $(PYTHON) python3.13 python3.12 python3.11 python3 python

.PHONY: help demo test oracle mutants soak bench check format clean

help:  ## this list
	@echo "make demo    set up, then check one good and one broken session against a server on this machine"
	@echo "make test    set up, then run every test"
	@echo "make oracle  set up, then hold the engine against the oracle on N streams (100,000 if not given)"
	@echo "make mutants set up, then break the engine in N ways (all if not given), and see which judge notices"
	@echo "make soak    set up, then many deployments and many stalls, at random: seven minutes"
	@echo "make bench   set up, then what checking costs beside others, as ratios: a quarter of an hour, and node for some rows"
	@echo "make check   set up, then lint, formatting and types"
	@echo "make format  set up, then format the code"
	@echo "make clean   remove what the other targets made, .venv too"

demo: $(READY)
	@echo "make: wscheck demo: one good session and one broken, on loopback"
	@$(BIN)/wscheck demo
	@echo "make: the command is $(BIN)/wscheck; 'source $(BIN)/activate' puts it on the path"

test: $(READY)
	@echo "make: every test, warnings as errors"
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

oracle: $(READY)
	@echo "make: engine and oracle, cell by cell"
	@PYTHONPATH=. $(BIN)/python -m tests.oracle.run --streams $(or $(N),100000)

mutants: $(READY)
	@echo "make: the engine, broken on purpose, before its judges"
	@PYTHONPATH=. $(BIN)/python -m tests.mutants.run --sample $(or $(N),0) --seed $(or $(SEED),0)

soak: $(READY)
	@echo "make: deployments that come up, and stalls of wscheck itself"
	@PYTHONPATH=. $(BIN)/python -m tests.soak --deployments $(or $(N),500) --stalls 100 --longest 30

bench: $(READY)
	@echo "make: what checking costs, side by side with others"
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)

check: $(READY)
	@echo "make: ruff check"
	@$(BIN)/ruff check .
	@echo "make: ruff format --check"
	@$(BIN)/ruff format --check .
	@echo "make: mypy --strict"
	@$(BIN)/mypy
	@echo "make: floors and forbidden imports"
	@$(BIN)/lint-imports --no-logo

format: $(READY)
	@echo "make: ruff format, ruff check --fix"
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	@echo "make: removing $(VENV), build and tool caches"
	@rm -rf $(VENV) .venv-* build dist .coverage htmlcov .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# The stamp is newer than pyproject.toml as long as what is installed is what pyproject.toml asks for.
$(READY): pyproject.toml
	@set -e; \
	if ! $(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    found=; \
	    for candidate in $(CANDIDATES); do \
	        if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	            found=$$candidate; break; \
	        fi; \
	    done; \
	    if [ -z "$$found" ]; then \
	        echo "make: no Python 3.11 or newer was found (tried: $(strip $(CANDIDATES)))." >&2; \
	        echo "make: install one, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; \
	        exit 1; \
	    fi; \
	    echo "make: making $(VENV) with $$("$$found" --version)"; \
	    rm -rf $(VENV); \
	    if ! "$$found" -m venv $(VENV) >/dev/null 2>&1; then \
	        rm -rf $(VENV); \
	        echo "make: '$$found -m venv' failed: this Python comes without its venv module." >&2; \
	        echo "make: install it (on Debian and Ubuntu: apt install python3-venv), then call make again." >&2; \
	        exit 1; \
	    fi; \
	fi; \
	echo "make: installing wscheck and what its tests need into $(VENV) (a minute the first time)"; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'; \
	touch $@
