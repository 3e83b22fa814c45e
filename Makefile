# Needs python3, make and git. Everything else comes from PyPI into .venv, at the versions in uv.lock.

.DEFAULT_GOAL := help
.PHONY: help install demo notebook test test-all lint lock golden clean odd
.PHONY: kernels claims-of-parts claims-of-the-whole slow-claims kernels-within-bounds
.PHONY: parts-then-kernels-within-bounds the-whole-then-slow-claims
MAKEFLAGS += --no-print-directory

# Without cached bytecode every start of Python is slower.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest --quiet
TWO_AT_ONCE := $(MAKE) -j2 --output-sync=target
LOCKED := pyproject.toml uv.lock .ci/install

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: .venv/.installed-all  ## install everything: notebooks, discovery, explorer, tests
	@echo "Ready: $(BIN)/regioscope --help"

demo: .venv/.installed-core  ## install the core, compare a formal and a flexible partnership, draw figures into results/demo
	@$(BIN)/regioscope compare smart-space-formal smart-space-flexible --out results/demo

notebook: .venv/.installed-all  ## install everything and open the first notebook
	@$(BIN)/jupyter lab analysis/notebooks/first-look.ipynb

test: .venv/.installed-dev  ## check style, types and all claims but the slow ones (under 5 minutes)
	@+$(TWO_AT_ONCE) lint kernels
	@+$(TWO_AT_ONCE) claims-of-parts claims-of-the-whole

test-all: .venv/.installed-dev  ## what make test checks, and the slow claims, also the twins with array bounds checked
	@+$(TWO_AT_ONCE) lint kernels
	@+$(TWO_AT_ONCE) parts-then-kernels-within-bounds the-whole-then-slow-claims
	@$(PYTEST) -m slow tests/faults

# What the two halves of the tests would both compile.
kernels:
	@$(BIN)/python -c "from experiments.warm_up import warm_up; warm_up(lambda *step: None)"

claims-of-parts:
	@$(PYTEST) -m "not slow" tests/unit

claims-of-the-whole:
	@$(PYTEST) -m "not slow" --ignore tests/unit

# Two halves that take about as long as each other.
parts-then-kernels-within-bounds:
	@$(MAKE) claims-of-parts
	@$(MAKE) kernels-within-bounds

the-whole-then-slow-claims:
	@$(MAKE) claims-of-the-whole
	@$(MAKE) slow-claims

# Those about faults use every processor themselves, and the batch queue.
slow-claims:
	@$(PYTEST) -m slow --ignore tests/faults

kernels-within-bounds:
	@echo "Kernels against their twins, every index checked"
	@NUMBA_BOUNDSCHECK=1 $(PYTEST) tests/twin

lint: .venv/.installed-dev  ## check style and types
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary --no-pretty
	@echo "Style and types hold"

lock:  ## resolve the newest versions into uv.lock
	@uv=$$(uv --version >/dev/null 2>&1 && echo uv || echo .uv/bin/uv); \
	$$uv --version >/dev/null 2>&1 || { echo "No uv yet: run make install first"; exit 1; }; \
	$$uv --no-config lock --quiet --upgrade && echo "uv.lock holds the newest versions; run make test-all"

golden: .venv/.installed-dev  ## rewrite the golden run; say why in the commit
	@$(PYTEST) tests/golden --rewrite-golden

clean:  ## remove caches, builds and results/demo; keeps .venv and other results
	@rm -rf .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist results/demo
	@find . -name __pycache__ -type d -not -path './.venv/*' -not -path './.uv/*' -prune -exec rm -rf {} +
	@echo "Clean"

.venv/.installed-core: $(LOCKED)
	@.ci/install core

.venv/.installed-dev: $(LOCKED)
	@.ci/install dev

.venv/.installed-all: $(LOCKED)
	@.ci/install all
	@touch .venv/.installed-core .venv/.installed-dev

odd: .venv/.installed-dev  ## rewrite the generated parts of simulation/ODD.md
	@$(BIN)/python -m simulation.odd --write
