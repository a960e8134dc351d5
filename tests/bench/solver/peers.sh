#!/bin/sh
# Installs the solvers that ours is measured against into target/peers: PyVRP, VROOM, OR-Tools (Python), vrp-cli (Rust).
#   tests/bench/solver/peers.sh && target/peers/bin/python tests/bench/solver/peers.py FOLDER 10 ours,pyvrp
set -eu
cd "$(dirname "$0")/../../.."
[ -x target/peers/bin/python ] || python3 -m venv target/peers
target/peers/bin/pip install --quiet pyvrp==0.14.1 pyvroom==1.15.2 ortools==9.15.6755
[ -x target/peers/bin/vrp-cli ] || cargo install --quiet --locked --root target/peers vrp-cli@1.25.0
echo 'peers: PyVRP, VROOM, OR-Tools and vrp-cli are in target/peers'
