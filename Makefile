# Everything a newcomer needs: `make demo` and `make test` (python3 >= 3.11, python3-venv and make; nothing else).
PY ?= python3
BIN := .venv/bin

.PHONY: demo test lint bench battery clean

# uv when it is installed (faster), else venv and pip: both check every hash in constraints.txt.
.venv/ready: pyproject.toml constraints.txt
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "luuchieu needs python3 >= 3.11" >&2; exit 2; }
	@rm -f $@
	@if command -v uv >/dev/null 2>&1; then \
	  { test -x $(BIN)/python || uv venv -q --python $(PY) .venv; } && \
	  VIRTUAL_ENV=$(CURDIR)/.venv uv pip install -q --require-hashes -r constraints.txt && \
	  VIRTUAL_ENV=$(CURDIR)/.venv uv pip install -q --no-deps --no-build-isolation -e .; \
	else \
	  { test -x $(BIN)/python || $(PY) -m venv .venv; } && \
	  $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r constraints.txt && \
	  $(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@touch $@

demo: .venv/ready
	@$(BIN)/python -m tests.replica.demo

test: .venv/ready
	@$(BIN)/python -m pytest -n auto

lint: .venv/ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: .venv/ready
	@set -e; for b in benchmarks/[a-z]*.py; do echo "== $$b"; $(BIN)/python $$b; done

battery: .venv/ready
	@$(BIN)/python -m pytest -m battery -s -p no:xdist --timeout=3600 tests/battery

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache
