# Two commands for a newcomer: `make run` and `make test`. The rest is what they are made of.
#   make run          builds everything and starts the demonstration; ends with the address to open
#   make test         everything that must hold before a change lands
#   make build        one binary, target/release/tournee
#   make screenshots  takes the pictures of every page again
#   make bench        the figures of docs/benchmarks.md
# ARGS goes to the demonstration: make run ARGS="--seed 7 --listen 0.0.0.0:3300"

SHELL := /bin/sh
NPM := npm --prefix static
UI_SOURCES := $(shell find static -path static/node_modules -prune -o -path static/dist -prune -o -path static/e2e -prune -o -type f -print)
CARGO_TEST := $(if $(shell cargo nextest --version 2>/dev/null),cargo nextest run --no-fail-fast,cargo test --no-fail-fast)

.PHONY: run build test test-ui test-rust lint-rust run-rust side-by-side screenshots bench ui tools clean
.NOTPARALLEL:

run: build
	@exec target/release/tournee demo $(ARGS)

build: tools ui
	cargo build --release --locked

ui: static/dist/.stamp

tools:
	@.ci/tools build

static/node_modules/.stamp: static/package-lock.json
	$(NPM) ci --no-audit --no-fund
	@touch $@

static/dist/.stamp: static/node_modules/.stamp $(UI_SOURCES)
	$(NPM) run build
	@touch $@

test:
	@.ci/tools test
	@rm -f target/tmp/skipped
	@$(MAKE) --no-print-directory side-by-side run-rust
	@if [ -s target/tmp/skipped ]; then echo 'make test: SKIPPED, for want of a real component:'; sort -u target/tmp/skipped; fi
	@echo 'make test: everything passed'

# Much of either takes one core only: together they take little longer than the longer one. What the screens say comes in one piece.
side-by-side:
	@mkdir -p target/tmp
	@$(MAKE) --no-print-directory test-ui >target/tmp/test-ui.log 2>&1 & ui=$$!; \
	  $(MAKE) --no-print-directory lint-rust; rust=$$?; \
	  wait $$ui; ui=$$?; cat target/tmp/test-ui.log; [ $$rust = 0 ] && [ $$ui = 0 ]

test-ui: ui
	$(NPM) run lint
	$(NPM) test

lint-rust:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

test-rust: lint-rust run-rust

run-rust:
	$(CARGO_TEST) --workspace --locked
	cargo test --workspace --locked --doc --quiet
	cargo bench --locked --quiet -p scheduler --bench floor
	RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked --quiet

screenshots: build
	.ci/screenshots

bench: build
	cargo build --release --locked -p numbers
	@tests/bench/run.sh

clean:
	rm -rf target static/dist static/node_modules
