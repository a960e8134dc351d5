#!/bin/sh
# Fan-out and position ingest against nchan and a Node hub, by the load generator in ../shared/bench/realtime (or
# $TOURNEE_SHARED): realtime.sh [CASES] [SERVERS]. Ours is started anew for each case, with 1,000 trackers for case I.
set -eu
cases=${1:-A B C D E F I}
servers=${2:-nchan node ours}
here=$(cd "$(dirname "$0")" && pwd)
shared=${TOURNEE_SHARED:-../shared}
load=$shared/bench/realtime/baseline.sh
[ -x "$load" ] || { echo "realtime.sh: SKIPPED, there is no $load"; exit 0; }
for tool in nginx node wrk; do
  command -v $tool >/dev/null || [ -x /usr/sbin/$tool ] || { echo "realtime.sh: SKIPPED, there is no $tool"; exit 0; }
done
RUN=$(mktemp -d)
export RUN SSELOAD_TARGET="${CARGO_TARGET_DIR:-$PWD/target}/sseload"
token=admintokenadmintoken1234
url=http://127.0.0.1:3392
stop() { [ -z "${pid:-}" ] || { kill -TERM "$pid" 2>/dev/null; wait "$pid" 2>/dev/null || true; pid=; rm -rf "$RUN/data"; }; }
trap 'stop; rm -rf "$RUN"' EXIT INT TERM
ulimit -n 20000
for case in $cases; do
  TOURNEE_LISTEN=127.0.0.1:3392 TOURNEE_DATA="$RUN/data" TOURNEE_ADMIN_TOKEN=$token TOURNEE_LOG=error \
    "${TOURNEE_BINARY:-target/release/tournee}" serve >/dev/null &
  pid=$!
  until curl -sf "$url/health" >/dev/null; do sleep 0.1; done
  [ "$case" != I ] || node "$here/trackers.mjs" "$url" 1000
  OURS_PID=$pid OURS_URL="$url/sse?topics=x-t{topic}" OURS_PUB_URL=$url/broadcast \
    OURS_PUB_BODY='{"topic":"x-t{topic}","event":"bench","data":"{payload}"}' \
    OURS_HEADER="Authorization: Bearer $token" OURS_INGEST=$url "$load" "$case" "$servers" | grep -v '^rows:'
  stop
done
