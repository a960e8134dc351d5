#!/bin/sh
# Makes the Python judges' environment under target/judges (pinned, made once) and prints its interpreter.
# Exit 77 means "cannot be made here, skip, aloud"; the reason is on stderr.
set -u
cd "$(dirname "$0")/../.." || exit 1
home="${CARGO_TARGET_DIR:-target}/judges"
pins="twilio==9.13.0 icalendar==7.3.0 ics==0.7.3"
mkdir -p "$home" || exit 1

skip() {
  echo "judges: $1" >&2
  exit 77
}

# Several tests ask at once; one of them makes it.
exec 9>"$home/.lock"
command -v flock >/dev/null && flock 9

if [ "$(cat "$home/.pins" 2>/dev/null)" != "$pins" ]; then
  python="$(command -v python3)" || skip "python3 is missing: apt-get install python3 python3-venv"
  "$python" -c 'import venv, ensurepip' 2>/dev/null || skip "venv is missing: apt-get install python3-venv"
  rm -rf "$home/venv"
  "$python" -m venv "$home/venv" >&2 || skip "venv could not be made: apt-get install python3-venv"
  # shellcheck disable=SC2086
  "$home/venv/bin/pip" install --quiet --disable-pip-version-check --retries 1 $pins >&2 ||
    skip "the pinned packages could not be fetched (offline?): pip install $pins"
  echo "$pins" >"$home/.pins"
fi
cd "$home" && echo "$(pwd)/venv/bin/python"
