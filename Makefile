# GNU make and Python 3.11 or newer are all a fresh machine needs: `make demo`, `make test`.
# The interpreter is looked for below; `make demo PYTHON=/path/to/python3.12` names one. What is made and run for people
# needs the runtime lock only ($(INSTALLED)), what is for developers the development lock as well ($(DEVELOPED)).

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help install demo test test-fast faults clocks coverage serve check format bench load bulkheads instructions stall plot picture stories bindings lock clean

PY := .venv/bin/python
INSTALLED := .venv/installed
DEVELOPED := .venv/developed
# What Python compiles on the way is kept, inside this folder: else each of the many processes of a test run would start by
# compiling all that it imports.
unexport PYTHONDONTWRITEBYTECODE
PYTEST := $(PY) -m pytest --dist worksteal
WORKERS_OF_TESTS := $(shell expr $$(nproc 2>/dev/null || echo 1) + 1)
PYTHON ?=
ARGS ?=
STRICT ?=

help: ## these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r name does; do printf '%-17s %s\n' "$$name" "$$does"; done

install: $(DEVELOPED) ## .venv with everything that the two locks name, and the project itself

demo: $(INSTALLED) ## one declaration through the window, from submission to the verified response
	@.venv/bin/onewindow demo $(ARGS)

# One process more than there are cores: tests of whole gateways wait for disks and for each other.
test: $(DEVELOPED) ## everything a change can break, faults sampled; ARGS="tests/codecs -k decimal" runs some
	$(PYTEST) -n $(WORKERS_OF_TESTS) $(ARGS)

test-fast: $(DEVELOPED) ## the pure tests and the property tests, for every save
	$(PYTEST) -n auto --pure --hypothesis-profile fast --fuzz-documents 100 $(ARGS)

faults: $(DEVELOPED) ## the sweeps, whole: every system call, a hundred kills, an hour of fuzzing; ARGS="--fault-seed 7"
	$(PYTEST) -n auto -m sweep --hypothesis-profile thorough --strikes 0 --kills 100 --declarations 200 \
		--batch-lines 10000 --fuzz-seconds 3600 --timeout 14000 -rA --show-capture=stdout $(ARGS)

clocks: $(DEVELOPED) ## a part of the tests on other days, at other hours, in other zones and locales; needs faketime
	@PY=$(PY) tests/clocks.sh $(ARGS)

coverage: ## branch coverage of make test, its processes included; of the pure tests: make test-fast ARGS=--cov
	@$(MAKE) --no-print-directory test ARGS="--cov $(ARGS)"

serve: $(INSTALLED) ## the gateway on 127.0.0.1:8080; ARGS="--port 8081" another port
	@.venv/bin/onewindow serve $(ARGS)

check: $(DEVELOPED) ## formatter, linter, type checker; generated code is fresh
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	cd .venv/src && ../bin/python -m mypy --config-file ../../pyproject.toml
	$(PY) -m onewindow.codecs.compiler --check

format: $(DEVELOPED) ## what formatter and linter can put right themselves
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(DEVELOPED) ## the benchmarks and their peers; writes bench/results/latest.json and .md; STRICT=--strict fails on a missed budget
	@mkdir -p bench/results
	$(PY) -m pytest bench -q --benchmark-timer=time.process_time --benchmark-max-time=0.3 \
		--benchmark-min-time=0.0005 --benchmark-min-rounds=3 --benchmark-columns=median,iqr,rounds \
		--benchmark-json=bench/results/latest.json $(ARGS)
	@$(PY) -m onewindow.bench.plot bench/results/latest.json bench/results/cost-per-item.svg
	@$(PY) -m onewindow.bench.table bench/results/latest.json bench/results/latest.md $(STRICT)

load: $(DEVELOPED) ## the end-to-end load run; SECONDS=60 WORKERS=2 RATE=300 and other options by environment
	@$(PY) -m onewindow.bench.load $(ARGS)

bulkheads: $(DEVELOPED) ## what three agencies feel while the fourth is cut off, silent, slow or talks rubbish; SECONDS=30 RATE=20
	@$(PY) -m onewindow.bench.bulkheads $(ARGS)

instructions: $(DEVELOPED) ## machine instructions of decode, encode and codec path, counted by valgrind's callgrind
	@$(PY) -m onewindow.bench.instructions

stall: $(DEVELOPED) ## how long documents of growing size keep the event loop, on it and in a thread
	@$(PY) -m onewindow.bench.loop_stall

plot: $(DEVELOPED) ## docs/cost-per-item.svg, from the last make bench
	$(PY) -m onewindow.bench.plot bench/results/latest.json docs/cost-per-item.svg

picture: $(DEVELOPED) ## docs/imports.svg, the modules and what imports what
	$(PY) -m onewindow.docs.picture

stories: $(DEVELOPED) ## docs/transcripts/, what the terminal shows when things don't go straight; ARGS=supplement one of them
	$(PY) -m onewindow.docs.stories $(ARGS)

bindings: $(DEVELOPED) ## codecs/messages/, compiled from the XSDs in schemas/
	$(PY) -m onewindow.codecs.compiler

# Hashes are to be those of the public registry, so this machine's own pip settings stay out of it. The runtime lock
# constrains the development lock, which has everything that it has in the same versions.
LOCK = env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL -u PIP_INDEX_URL PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock" \
	$(PY) -m piptools compile --quiet --build-deps-for editable --allow-unsafe --strip-extras --generate-hashes --no-emit-options

lock: $(DEVELOPED) ## requirements.lock and requirements-dev.lock, from pyproject.toml; ARGS=--upgrade moves every pin
	$(LOCK) --output-file requirements.lock $(ARGS) pyproject.toml
	$(LOCK) --output-file requirements-dev.lock --constraint requirements.lock --extra dev $(ARGS) pyproject.toml

clean: ## removes .venv and every cache
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is removed first and written last: an install that fails leaves none. The second lock holds all of the first, so
# it comes on top and never changes what is there.
$(INSTALLED): $(PY) requirements.lock pyproject.toml setup.py $(wildcard codecs/*.pyx codecs/*.pxi)
	@rm -f $@
	@sh install.sh requirements.lock
	@touch $@

# .venv/src is where mypy finds the project under its package names; see [tool.mypy] in pyproject.toml.
$(DEVELOPED): requirements-dev.lock | $(INSTALLED)
	@rm -f $@
	@sh install.sh requirements-dev.lock
	@mkdir -p .venv/src
	@cd .venv/src && ln -sfn ../.. onewindow && ln -sfn ../../tests ../../bench ../../tests/support ../../tests/contract \
		../../docs/examples/maritime-safety/maritime_safety .
	@touch $@

# A version manager's shim may be on the path and yet not run, so each candidate is asked to do what is needed of it.
$(PY):
	@for python in $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3 python); do \
		if "$$python" -c 'import ensurepip, ssl, sqlite3, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Creating .venv with $$("$$python" --version)"; started=$$(date +%s); \
			"$$python" -m venv --clear .venv && echo "  $$(($$(date +%s) - started)) s" && exit 0; \
			rm -rf .venv; exit 1; \
		fi; \
	done; \
	echo "No Python 3.11 or newer (with venv, ssl and sqlite3) among: $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python)" >&2; \
	echo "Install one (Debian: apt-get install python3 python3-venv) or name one: make PYTHON=/path/to/python3.12" >&2; \
	exit 1
