#!/usr/bin/env python3
"""Ours beside VROOM on days in VROOM's JSON, one after the other in the same run.

usage: day.py [--ours SECONDS[,SECONDS]] [--vroom LEVEL[,LEVEL]] [--generator gen_day.py --seeds N] [FILE ...]

FILEs are VROOM inputs with matrices; --generator makes 46 x 350 days of seeds 1 to N into target/solver/ with a program
that takes --seed N --format vroom --matrix --out FILE. Lower is better in every column. "asked" is the priority of all tasks, "lost" that of the
tasks left out. Both answers are recomputed here from the input: a plan that breaks a rule is no result. Both have two
threads. Results are appended to target/solver/day.jsonl and not measured again; delete the file to begin anew. Needs
what peers.sh installs, and the release binary (or TOURNEE_BINARY).
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
FOLDER = os.path.join(ROOT, "target", "solver")
OUT = os.path.join(FOLDER, "day.jsonl")
OURS = os.environ.get("TOURNEE_BINARY") or os.path.join(
    os.environ.get("CARGO_TARGET_DIR") or os.path.join(ROOT, "target"), "release", "tournee")
VROOM = os.environ.get("VROOM") or os.path.join(ROOT, "target", "peers", "bin", "vroom")


def faults(day, answer):
    """What is wrong with an answer: times, windows, skills, breaks, shifts, tasks per vehicle, and its own sums."""
    vehicles = {vehicle["id"]: vehicle for vehicle in day["vehicles"]}
    jobs = {job["id"]: job for job in day["jobs"]}
    found, seen = [], set()
    if len({route["vehicle"] for route in answer["routes"]}) != len(answer["routes"]):
        found.append("a vehicle has two routes")
    for route in answer["routes"]:
        vehicle = vehicles[route["vehicle"]]
        table = day["matrices"][vehicle.get("profile", "car")]["durations"]
        name, place = f"vehicle {vehicle['id']}", vehicle.get("start_index")
        free, paused, driven, tasks, breaks = None, 0, 0, 0, []
        for step in route["steps"]:
            begins = step["arrival"] + step["waiting_time"]
            ends = begins + step["setup"] + step["service"]
            if step["type"] == "start":
                free = begins
                if begins < vehicle.get("time_window", [0])[0]:
                    found.append(f"{name} sets out before its shift")
                continue
            if step["type"] == "break":
                own = next(own for own in vehicle["breaks"] if own["id"] == step["id"])
                if not any(a <= begins <= b for a, b in own.get("time_windows", [[0, 1 << 60]])):
                    found.append(f"{name}: a break outside its windows")
                if step["service"] != own.get("service", 0):
                    found.append(f"{name}: a break of another length")
                if begins < free + paused:
                    found.append(f"{name}: a break before the work is over")
                breaks.append(step["id"])
                paused += ends - begins
                continue
            here = vehicle["end_index"] if step["type"] == "end" else jobs[step["id"]]["location_index"]
            drive = 0 if place is None else table[place][here]
            driven += drive
            if free is not None and begins < free + paused + drive:
                found.append(f"{name}: a step before it can be reached")
            if step["type"] == "job":
                job = jobs[step["id"]]
                tasks += 1
                if job["id"] in seen:
                    found.append(f"job {job['id']} is done twice")
                seen.add(job["id"])
                if not set(job.get("skills", [])) <= set(vehicle.get("skills", [])):
                    found.append(f"job {job['id']} by somebody without the skill")
                if not any(a <= begins <= b for a, b in job.get("time_windows", [[0, 1 << 60]])):
                    found.append(f"job {job['id']} outside its windows")
                if step["service"] != job.get("service", 0):
                    found.append(f"job {job['id']} takes another time")
            free, paused, place = ends, 0, here
        if free + paused > vehicle.get("time_window", [0, 1 << 60])[1]:
            found.append(f"{name} ends after its shift")
        if sorted(breaks) != sorted(own["id"] for own in vehicle.get("breaks", [])):
            found.append(f"{name} leaves a break out")
        if tasks > vehicle.get("max_tasks", 1 << 60):
            found.append(f"{name} has too many tasks")
        if driven != route["duration"]:
            found.append(f"{name} says it drives {route['duration']} s, and drives {driven} s")
    if seen | {one["id"] for one in answer["unassigned"]} != set(jobs):
        found.append("a job is nowhere")
    return found


def measured(command, path):
    out = os.path.join(FOLDER, "answer.json")
    if os.path.exists(out):
        os.remove(out)
    begun = time.monotonic()
    subprocess.run([*command, "-o", out], check=True, capture_output=True, text=True)
    took = time.monotonic() - begun
    with open(path) as file:
        day = json.load(file)
    with open(out) as file:
        answer = json.load(file)
    wrong = faults(day, answer)
    if wrong:
        sys.exit(f"{' '.join(command)}: {len(wrong)} faults, the first: {wrong[0]}")
    priority = {job["id"]: job.get("priority", 0) for job in day["jobs"]}
    return {
        "seconds": round(took, 2),
        "asked": sum(priority.values()),
        "lost": sum(priority[one["id"]] for one in answer["unassigned"]),
        "unassigned": len(answer["unassigned"]),
        "travel_s": answer["summary"]["duration"],
    }


def days(options):
    os.makedirs(FOLDER, exist_ok=True)
    files = [os.path.realpath(path) for path in options.files]
    if options.generator:
        for seed in range(1, options.seeds + 1):
            path = os.path.join(FOLDER, f"day{seed}.json")
            if not os.path.exists(path):
                make = ["--seed", str(seed), "--format", "vroom", "--matrix", "--out", path]
                subprocess.run([sys.executable, options.generator, *make], check=True)
            files.append(path)
    return files


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--ours", default="1.5,15")
    words.add_argument("--vroom", default="0,5")
    words.add_argument("--generator")
    words.add_argument("--seeds", type=int, default=3)
    words.add_argument("files", nargs="*")
    options = words.parse_args()
    files = days(options)
    if not files:
        sys.exit("no days: name files, or a generator")
    runs = [(f"ours {s} s", lambda path, s=s: [OURS, "solve", path, "--seconds", s, "--threads", "2"])
            for s in options.ours.split(",") if s]
    runs += [(f"VROOM -x {x}", lambda path, x=x: [VROOM, "-x", x, "-t", "2", "-i", path])
             for x in options.vroom.split(",") if x]
    known = []
    if os.path.exists(OUT):
        with open(OUT) as file:
            known = [json.loads(line) for line in file if line.strip()]
    rows = {(row["day"], row["run"]): row for row in known}
    print(f"{'day':12} {'run':14} {'seconds':>8} {'lost':>6} {'out':>5} {'travel h':>9}", flush=True)
    for path in files:
        for name, command in runs:
            key = (os.path.basename(path), name)
            if key not in rows:
                rows[key] = {"day": key[0], "run": name, **measured(command(path), path)}
                with open(OUT, "a") as file:
                    file.write(json.dumps(rows[key]) + "\n")
            row = rows[key]
            print(f"{key[0]:12} {name:14} {row['seconds']:8.2f} {row['lost']:6} {row['unassigned']:5}"
                  f" {row['travel_s'] / 3600:9.1f}", flush=True)
    print()
    for name, _ in runs:
        own = [rows[(os.path.basename(path), name)] for path in files]
        middle = {of: statistics.median(row[of] for row in own) for of in ("seconds", "lost", "travel_s")}
        print(f"{'median':12} {name:14} {middle['seconds']:8.2f} {middle['lost']:6} {'':5}"
              f" {middle['travel_s'] / 3600:9.1f}")


if __name__ == "__main__":
    main()
