#!/usr/bin/env python3
"""Ours beside PyVRP on public vehicle routing instances, one after the other in the same run.

usage: vrptw.py FOLDER SECONDS [NAME ...]

FOLDER holds instances in Solomon's format and BKS.tsv. Ours has two threads, PyVRP (which has one) the other's time.
Every result is appended to target/solver/vrptw.jsonl and not measured again, so a run can be resumed; delete the file
to begin anew. Needs what peers.sh installs, and `cargo bench -p scheduler --bench vrptw --no-run`.
"""
import json
import math
import os
import re
import statistics
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
OUT = os.path.join(ROOT, "target", "solver", "vrptw.jsonl")


def read(path):
    """Capacity, fleet and rows (number, x, y, demand, ready, due, service)."""
    fleet, rows, section = None, [], ""
    with open(path) as file:
        for line in file:
            word = line.strip().upper()
            if word.startswith("NUMBER"):
                section = "vehicle"
            elif word.startswith("CUST"):
                section = "customer"
            else:
                numbers = [float(x) for x in re.findall(r"-?\d+\.?\d*", line)]
                if section == "vehicle" and len(numbers) == 2:
                    fleet, section = numbers, ""
                elif section == "customer" and len(numbers) == 7:
                    rows.append(numbers)
    return int(fleet[0]), int(fleet[1]), rows


def pyvrp(path, seconds):
    """Total distance in tenths, by the DIMACS convention."""
    from pyvrp import Model
    from pyvrp.stop import MaxRuntime

    vehicles, capacity, rows = read(path)
    model = Model()
    depot = rows[0]
    places = []
    for index, (_, x, y, demand, ready, due, service) in enumerate(rows):
        at = model.add_location(x, y) if hasattr(model, "add_location") else None
        if index == 0:
            arguments = dict(tw_early=int(10 * ready), tw_late=int(10 * due))
            place = model.add_depot(at, **arguments) if at is not None else model.add_depot(x, y, **arguments)
        else:
            arguments = dict(delivery=int(demand), service_duration=int(10 * service), tw_early=int(10 * ready), tw_late=int(10 * due))
            place = model.add_client(at, **arguments) if at is not None else model.add_client(x, y, **arguments)
        places.append(at if at is not None else place)
    first = model.depots[0]
    model.add_vehicle_type(vehicles, capacity=capacity, start_depot=first, end_depot=first, tw_early=int(10 * depot[4]), tw_late=int(10 * depot[5]))
    for i, a in enumerate(rows):
        for j, b in enumerate(rows):
            if i != j:
                far = math.floor(10 * math.hypot(a[1] - b[1], a[2] - b[2]))
                model.add_edge(places[i], places[j], distance=far, duration=far)
    found = model.solve(stop=MaxRuntime(seconds), seed=1, display=False)
    return found.cost() if found.is_feasible() else None


def ours(folder, name, seconds):
    binary = sorted((os.path.getmtime(p), p) for p in (os.path.join(ROOT, "target/release/deps", f) for f in os.listdir(os.path.join(ROOT, "target/release/deps")))
                    if re.search(r"/vrptw-[0-9a-f]+$", p))[-1][1]
    text = subprocess.run([binary, folder, str(seconds), "2", name], capture_output=True, text=True, check=True).stdout
    return round(10 * float(text.split()[1])), float(re.search(r"([\d.]+) s$", text.splitlines()[0]).group(1))


def main():
    folder, seconds, names = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
    best = {}
    with open(os.path.join(folder, "BKS.tsv")) as file:
        for line in file:
            cells = line.rstrip("\n").split("\t")
            try:
                best[cells[0]] = float(cells[1])
            except (ValueError, IndexError):
                pass
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    done = {}
    if os.path.exists(OUT):
        with open(OUT) as file:
            for line in file:
                entry = json.loads(line)
                done[entry["who"], entry["name"], entry["seconds"]] = entry
    table = {}
    for name in names or sorted(best):
        path = os.path.join(folder, name + ".txt")
        size = len(read(path)[2]) - 1
        for who in ("ours", "pyvrp"):
            entry = done.get((who, name, seconds))
            if entry is None:
                cost = ours(folder, name, seconds)[0] if who == "ours" else pyvrp(path, seconds)
                gap = None if cost is None else (cost / 10 / best[name] - 1) * 100
                entry = dict(who=who, name=name, seconds=seconds, size=size, cost=cost, gap=gap)
                with open(OUT, "a") as file:
                    file.write(json.dumps(entry) + "\n")
            print(f"{name:10} {who:6} {seconds:4.0f} s  gap {entry['gap']:.2f} %", flush=True)
            table.setdefault((round(size, -2) or 100, who), []).append(entry["gap"])
    for (size, who), gaps in sorted(table.items()):
        print(f"{size:5} customers {who:6} {seconds:4.0f} s: median gap {statistics.median(gaps):.2f} % of {len(gaps)}")


if __name__ == "__main__":
    main()
