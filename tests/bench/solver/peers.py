#!/usr/bin/env python3
"""Ours beside four other solvers on public vehicle routing instances, one after the other in the same run.

usage: peers.py FOLDER SECONDS WHO[,WHO…] [NAME …]

FOLDER holds instances in Solomon's format and BKS.tsv (name, best known distance). WHO: ours, pyvrp, ortools, vrp-cli,
vroom (as long as `-x 5` takes, SECONDS at most) and ours-like-vroom (ours in the time that VROOM took). Ours, VROOM and
vrp-cli have two threads; PyVRP and OR-Tools have one. Distances follow the DIMACS convention, and only they count.
Every result is appended to target/solver/peers.jsonl and not measured again, so a run can be resumed; delete the file
to begin anew. Needs what peers.sh installs, and the release binary (or TOURNEE_BINARY).
"""
import datetime
import json
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
BINARY = os.environ.get("TOURNEE_BINARY", os.path.join(ROOT, "target/release/tournee"))
OUT = os.path.join(ROOT, "target", "solver", "peers.jsonl")


class Instance:
    """Depot first; times and distances in tenths."""

    def __init__(self, path):
        self.path, self.rows, section = path, [], ""
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
                        self.vehicles, self.capacity, section = int(numbers[0]), int(numbers[1]), ""
                    elif section == "customer" and len(numbers) == 7:
                        _, x, y, demand, ready, due, service = numbers
                        self.rows.append((x, y, int(demand), int(10 * ready), int(10 * due), int(10 * service)))
        self.size = len(self.rows) - 1

    def distances(self):
        return [[math.floor(10 * math.hypot(a[0] - b[0], a[1] - b[1])) for b in self.rows] for a in self.rows]


def written(routes):
    """A .sol file's text."""
    return "".join(f"Route #{n}: {' '.join(map(str, route))}\n" for n, route in enumerate(routes, 1))


def ours(instance, seconds):
    with tempfile.NamedTemporaryFile(suffix=".sol") as out:
        command = [BINARY, "solve", instance.path, "--seconds", str(seconds), "--threads", "2", "--seed", "1", "-o", out.name]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        with open(out.name) as file:
            return [[int(x) for x in line.split(":")[1].split()] for line in file if line.startswith("Route")]


def pyvrp(instance, seconds):
    from pyvrp import Model
    from pyvrp.stop import MaxRuntime

    model, places = Model(), []
    for index, (x, y, demand, ready, due, service) in enumerate(instance.rows):
        at = model.add_location(x, y) if hasattr(model, "add_location") else None
        where = (at,) if at is not None else (x, y)
        if index == 0:
            place = model.add_depot(*where, tw_early=ready, tw_late=due)
        else:
            place = model.add_client(*where, delivery=demand, service_duration=service, tw_early=ready, tw_late=due)
        places.append(at if at is not None else place)
    depot, first = model.depots[0], instance.rows[0]
    model.add_vehicle_type(instance.vehicles, capacity=instance.capacity, start_depot=depot, end_depot=depot, tw_early=first[3], tw_late=first[4])
    for i, row in enumerate(instance.distances()):
        for j, far in enumerate(row):
            if i != j:
                model.add_edge(places[i], places[j], distance=far, duration=far)
    found = model.solve(stop=MaxRuntime(seconds), seed=1, display=False)
    return found.cost() if found.is_feasible() else None


def vroom(instance, seconds):
    import numpy
    from vroom import Amount, Input, Job, Vehicle

    problem = Input()
    problem.set_durations_matrix(profile="car", matrix_input=numpy.array(instance.distances(), dtype=numpy.uint32))
    first = instance.rows[0]
    for index in range(instance.vehicles):
        problem.add_vehicle(Vehicle(index + 1, start=0, end=0, capacity=Amount([instance.capacity]), time_window=(first[3], first[4])))
    for index, (_, _, demand, ready, due, service) in enumerate(instance.rows[1:], 1):
        problem.add_job(Job(index, location=index, delivery=Amount([demand]), default_service=service, time_windows=[(ready, due)]))
    found = problem.solve(exploration_level=5, nb_threads=2, timeout=datetime.timedelta(seconds=seconds))
    return found.summary.cost if found.summary.unassigned == 0 else None


def ortools(instance, seconds):
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    count, far = len(instance.rows), instance.distances()
    manager = pywrapcp.RoutingIndexManager(count, instance.vehicles, 0)
    routing = pywrapcp.RoutingModel(manager)
    drive = routing.RegisterTransitMatrix(far)
    routing.SetArcCostEvaluatorOfAllVehicles(drive)
    takes = routing.RegisterTransitMatrix([[d + instance.rows[i][5] for d in row] for i, row in enumerate(far)])
    horizon = instance.rows[0][4]
    routing.AddDimension(takes, horizon, horizon, False, "time")
    load = routing.RegisterUnaryTransitVector([row[2] for row in instance.rows])
    routing.AddDimension(load, 0, instance.capacity, True, "load")
    clock = routing.GetDimensionOrDie("time")
    for node in range(1, count):
        clock.CumulVar(manager.NodeToIndex(node)).SetRange(instance.rows[node][3], instance.rows[node][4])
    asked = pywrapcp.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    asked.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    asked.time_limit.FromMilliseconds(int(1000 * seconds))
    found = routing.SolveWithParameters(asked)
    return found.ObjectiveValue() if found else None


def vrp_cli(instance, seconds):
    stamp = lambda tenths: datetime.datetime.fromtimestamp(tenths, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    first = instance.rows[0]
    jobs = [
        dict(id=f"{n}", deliveries=[dict(places=[dict(location=dict(index=n), duration=service, times=[[stamp(ready), stamp(due)]])], demand=[demand])])
        for n, (_, _, demand, ready, due, service) in enumerate(instance.rows[1:], 1)
    ]
    shift = dict(start=dict(earliest=stamp(first[3]), location=dict(index=0)), end=dict(latest=stamp(first[4]), location=dict(index=0)))
    fleet = dict(typeId="v", vehicleIds=[f"v{n}" for n in range(instance.vehicles)], profile=dict(matrix="car"), costs=dict(fixed=0, distance=1, time=0), shifts=[shift], capacity=[instance.capacity])
    problem = dict(plan=dict(jobs=jobs), fleet=dict(vehicles=[fleet], profiles=[dict(name="car")]), objectives=[dict(type="minimize-unassigned"), dict(type="minimize-cost")])
    flat = [far for row in instance.distances() for far in row]
    with tempfile.TemporaryDirectory() as folder:
        at = lambda name: os.path.join(folder, name)
        for name, what in (("problem", problem), ("matrix", dict(profile="car", travelTimes=flat, distances=flat))):
            with open(at(name), "w") as file:
                json.dump(what, file)
        command = [os.path.join(ROOT, "target/peers/bin/vrp-cli"), "solve", "pragmatic", at("problem"), "-m", at("matrix"), "-o", at("out"), f"--max-time={int(seconds)}", "--parallelism=1,2"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(at("out")) as file:
            found = json.load(file)
    return None if found.get("unassigned") else found["statistic"]["distance"]


def cost_of(instance, routes):
    far = instance.distances()
    return sum(far[a][b] for route in routes for a, b in zip([0, *route], [*route, 0]))


def measure(who, instance, seconds):
    begun = time.monotonic()
    if who.startswith("ours"):
        routes = ours(instance, seconds)
        took = time.monotonic() - begun
        assert sorted(n for route in routes for n in route) == list(range(1, instance.size + 1)), "someone was left out"
        return cost_of(instance, routes), took
    found = {"pyvrp": pyvrp, "vroom": vroom, "ortools": ortools, "vrp-cli": vrp_cli}[who](instance, seconds)
    return found, time.monotonic() - begun


def main():
    folder, seconds, asked, names = sys.argv[1], float(sys.argv[2]), sys.argv[3].split(","), sys.argv[4:]
    with open(os.path.join(folder, "BKS.tsv")) as file:
        cells = [line.rstrip("\n").split("\t") for line in file]
    best = {row[0]: float(row[1]) for row in cells if len(row) > 1 and re.fullmatch(r"[\d.]+", row[1])}
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    done = {}
    if os.path.exists(OUT):
        with open(OUT) as file:
            done = {(e["who"], e["name"], e["seconds"]): e for e in map(json.loads, file)}
    table = {}
    for name in names or sorted(best):
        instance = Instance(os.path.join(folder, name + ".txt"))
        for who in asked:
            if (entry := done.get((who, name, seconds))) is None:
                given = max(0.2, done["vroom", name, seconds]["took"]) if who == "ours-like-vroom" else seconds
                cost, took = measure(who, instance, given)
                gap = None if cost is None else (cost / 10 / best[name] - 1) * 100
                entry = dict(who=who, name=name, seconds=seconds, size=instance.size, cost=cost, gap=gap, took=took)
                done[who, name, seconds] = entry
                with open(OUT, "a") as file:
                    file.write(json.dumps(entry) + "\n")
            said = "no plan" if entry["gap"] is None else f"{entry['gap']:.2f} %"
            print(f"{name:10} {who:16} {seconds:4.0f} s ({entry['took']:.1f}): {said}", flush=True)
            table.setdefault((instance.size, who), []).append(math.inf if entry["gap"] is None else entry["gap"])
    for (size, who), gaps in sorted(table.items()):
        print(f"{size:5} customers {who:16} {seconds:4.0f} s: median gap {statistics.median(gaps):.2f} % of {len(gaps)}")


if __name__ == "__main__":
    main()
