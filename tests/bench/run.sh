#!/bin/sh
# Every figure of docs/benchmarks.md, one after the other: `make bench`. Takes about ten minutes; wants the release
# binary and a machine that does nothing else. PostgreSQL too with TOURNEE_BENCH_POSTGRES=postgres://… (an empty database).
# Ends with the goals that were missed, one per line, and then with 1; a figure that could not be taken ends it at once.
# The gates of the last part are ratios between servers over several calls: those are judged in docs/benchmarks.md.
set -eu
cd "$(dirname "$0")/../.."
binary=${CARGO_TARGET_DIR:-target}/release
export TOURNEE_BINARY="$binary/tournee"
said=$(mktemp)
trap 'rm -f "$said"' EXIT
title() {
  printf '\n== %s\n' "$1"
  printf '== %s\n' "$1" >>"$said"
}
# Shows what a command says and keeps it; ends as the command ended.
keep() {
  ended=0
  { "$@" 2>&1 || echo "$?" >"$said.ended"; } | tee -a "$said"
  if [ -e "$said.ended" ]; then
    ended=$(cat "$said.ended")
    rm -f "$said.ended"
  fi
  return "$ended"
}

title 'One job into 50 technicians x 10 visits: the arithmetic alone'
keep cargo bench --locked --quiet -p scheduler --bench insert
title 'The same over HTTP'
keep node tests/bench/suggest.mjs
title 'A draft of 400 visits, published'
keep node tests/bench/publish.mjs
title 'A position to RouteEtasChanged on an event stream'
keep node tests/bench/eta.mjs
title 'The journal against a bare loop'
keep "$binary/numbers" journal
title 'A large store'
folder=$(mktemp -d)
"$binary/numbers" fill "$folder" 100000 100000
sync
keep node tests/bench/large.mjs "$folder"
title 'Search in 7,000 customers and 100,000 jobs'
folder=$(mktemp -d)
"$binary/numbers" fill "$folder" 7000 100000
keep node tests/bench/search.mjs "$folder"
title 'An address among 1,000,000'
keep node tests/bench/addresses.mjs
title 'The board in a browser'
keep node tests/bench/board.mjs
title 'What pages load'
keep node tests/bench/sizes.mjs
title 'Fan-out and ingest against nchan and Node'
keep tests/bench/realtime.sh

printf '\n== Goals that were missed\n'
missed=$(awk '/^== / { title = substr($0, 4) } /MISSED|BEYOND/ { print title ": " $0 }' "$said")
if [ -z "$missed" ]; then
  echo none
  exit 0
fi
echo "$missed"
exit 1
