#!/bin/sh
# Every figure of docs/benchmarks.md, one after the other: `make bench`. Takes about ten minutes; wants the release
# binary and a machine that does nothing else. PostgreSQL too with TOURNEE_BENCH_POSTGRES=postgres://… (an empty database).
set -eu
cd "$(dirname "$0")/../.."
binary=${CARGO_TARGET_DIR:-target}/release
export TOURNEE_BINARY="$binary/tournee"
title() { printf '\n== %s\n' "$1"; }

title 'One job into 50 technicians x 10 visits: the arithmetic alone'
cargo bench --locked --quiet -p scheduler --bench insert
title 'The same over HTTP'
node tests/bench/suggest.mjs
title 'A position to RouteEtasChanged on an event stream'
node tests/bench/eta.mjs
title 'The journal against a bare loop'
"$binary/numbers" journal
title 'A large store'
folder=$(mktemp -d)
"$binary/numbers" fill "$folder" 100000 100000
sync
node tests/bench/large.mjs "$folder"
title 'What pages load'
node tests/bench/sizes.mjs
title 'Fan-out and ingest against nchan and Node'
tests/bench/realtime.sh
