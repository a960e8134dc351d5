#!/bin/sh
# Plans folders of the ROADEF challenge of 2007 and has each plan judged by a checker that is not ours.
#   tests/bench/solver/teams.sh FOLDER CHECKER [SECONDS] [NAME …]
# FOLDER holds a folder for each instance and BKS.tsv; CHECKER is a Python program called as
# CHECKER INSTANCE_DIR SOLUTION_DIR --bks BKS.tsv NAME. Wants the release binary. Plans go to target/solver/teams/.
set -eu
folder=$1 checker=$2 seconds=${3:-60}
[ $# -lt 3 ] || shift
shift 2
[ $# -gt 0 ] || set -- $(cd "$folder" && ls -d */ | tr -d / | sort -V)
out=target/solver/teams
for name in "$@"; do
  [ -e "$folder/$name/interv_list" ] || continue
  rm -rf "${out:?}/$name"
  mkdir -p "$out"
  target/release/tournee solve "$folder/$name" --seconds "$seconds" --threads 2 -o "$out/$name"
  printf '%-4s ' "$name"
  python3 "$checker" "$folder/$name" "$out/$name" --bks "$folder/BKS.tsv" "$name" | tr '\n' ' '
  echo
done
