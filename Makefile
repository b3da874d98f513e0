# Everything starts from a fresh clone with Python 3.11 or later, make and git; nothing else is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip
SYNC := $(UV) sync --quiet --require-hashes --compile-bytecode
COMPILE := $(UV) compile --quiet --generate-hashes --universal --fork-strategy fewest --python-version 3.11 \
	--no-header --no-annotate
OURS := --group build --extra web --extra postgres pyproject.toml
NU_CHECKER := 26.9.27
CATALOGUES := $(wildcard src/*/locale/*/LC_MESSAGES/*.po)
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.DEFAULT_GOAL := help

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

install: $(VENV)/.installed ## make .venv with the tazuna command in it (.venv/bin/tazuna)

demo: install ## the application with an invented consortium, in ./.tazuna-demo, and its address
	@$(BIN)/tazuna demo

sample: install ## the command line from files to a report, on invented files, in ./tazuna-sample
	@rm -rf tazuna-sample
	$(BIN)/tazuna sample tazuna-sample/study
	$(BIN)/tazuna check tazuna-sample/study
	$(BIN)/tazuna score tazuna-sample/study --out tazuna-sample/scores
	$(BIN)/tazuna report tazuna-sample/study --organisation C01 --out tazuna-sample/report
	$(BIN)/tazuna evaluate tazuna-sample/study --program any --outcome innovation --out tazuna-sample/effect

# Each of the two workers has a core; more threads for small matrices would only wait for each other.
test: check browser ## style, types, import contracts, and all tests
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist worksteal

check: $(VENV)/.developing ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

validate: $(VENV)/.developing ## the Nu HTML checker (npm and Java needed) over the report's sample pages
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && mkdir "$$folder/pages" && \
		npm install --silent --no-save --ignore-scripts --prefix "$$folder" vnu-jar@$(NU_CHECKER) && \
		$(BIN)/python -m tests.validators.sample_pages "$$folder/pages" && \
		java -jar "$$folder/node_modules/vnu-jar/build/dist/vnu.jar" --skip-non-html "$$folder/pages"

bench: $(VENV)/.developing ## speed and memory, as ratios against a named peer in the same run (ROOMS=measurement for one)
	$(BIN)/python -m benchmarks $(ROOMS)

twins: $(VENV)/.uv ## the packages that bench compares evaluation and measurement with, in .twins
	$(PYTHON) -m venv .twins
	$(UV) sync --quiet --require-hashes --python .twins/bin/python requirements/twins.lock

text: install ## the dictionary for Japanese comments (about 200 MB), into .venv
	$(UV) install --quiet --require-hashes -r requirements/text.lock

soak: $(VENV)/.developing ## 10,000 damaged study folders (SOAK=50000 for more), lotteries with known effects, attacks on releases
	$(BIN)/python -m tests.properties.soak
	$(BIN)/python -m tests.properties.lottery_truth --afresh
	$(BIN)/python -m tests.properties.one_kind_of_place --afresh
	$(BIN)/python -m tests.properties.release_attacks

screenshots: $(VENV)/.developing browser ## the pictures of the documentation, made again at 360 and 1280 px
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/screenshots.py

lock: $(VENV)/.uv ## pin every dependency again, with hashes
	$(COMPILE) $(OURS) -o requirements/run.lock
	$(COMPILE) --group dev $(OURS) -o requirements/dev.lock
	$(COMPILE) --group twins -o requirements/twins.lock
	$(COMPILE) --extra text pyproject.toml -c requirements/run.lock -o requirements/text.lock

release: $(VENV)/.developing ## build the wheel and the source archive in dist/
	$(BIN)/python -m hatchling build

clean: ## remove what make made
	rm -rf $(VENV) .twins dist tazuna-sample .tazuna-demo

$(VENV)/.uv: requirements/installer.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; name it with: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/installer.lock
	@touch $@

# Editable, without build isolation: the build tools come from the lock, and the catalogues are compiled here.
$(VENV)/.installed: $(VENV)/.uv requirements/run.lock pyproject.toml compile_catalogues.py $(CATALOGUES)
	@if [ -f $(VENV)/.developing ]; then $(SYNC) requirements/dev.lock; else $(SYNC) requirements/run.lock; fi
	@$(UV) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.developing: $(VENV)/.installed requirements/dev.lock
	@$(SYNC) requirements/dev.lock
	@$(UV) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

browser:
ifeq ($(CHROMIUM),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
		then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium fonts-noto-cjk >/dev/null; \
		else echo "The browser tests need Chromium: sudo apt-get install chromium (or set it on the PATH)"; exit 1; fi
endif

.PHONY: help install demo sample test check validate bench twins text soak screenshots lock release clean browser
