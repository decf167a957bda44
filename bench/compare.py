#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run cupel beside hand-written libpq programs and print the ratios.

    tools/with_pg.sh bench/compare.py BUILD [SECONDS [REPEATS]]

They take turns in one run; what counts is the median of each figure. Client CPU
an operation: less is better. Operations and rows a second: more is better.
"""

import os
import statistics
import subprocess
import sys

# What cupel does, and what is done by hand beside it.
WORKLOADS = {"select": ["select", "select_ahead"],
             "facade": ["select"],
             "select10": ["select10", "select10_ahead"],
             "facade10": ["select10"],
             "stream": ["stream"]}
TABLE = """
DROP TABLE IF EXISTS bench_rows;
CREATE TABLE bench_rows AS
  SELECT i::int4 AS id, 'name of row ' || i AS name, i::float8 / 3 AS score
  FROM generate_series(1, 1000000) AS i;
ANALYZE bench_rows;
"""


def psql_url(url):
    """libpq takes our urls as they are, but for the driver's name."""
    return url.replace("postgresql+libpq:", "postgresql:")


def run(program, workload, url, seconds):
    """One run: (elapsed and CPU microseconds an operation, checksum)."""
    line = subprocess.run([program, workload, url, seconds], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    operations, elapsed, cpu, checksum = line.split()
    count = float(operations)
    return float(elapsed) / count * 1e6, float(cpu) / count * 1e6, checksum


def compare(build, workload, url, seconds, repeats):
    cupel = os.path.join(build, "bench/pg_cupel")
    raw = os.path.join(build, "bench/pg_raw")
    sides = [(cupel, workload, url)]
    sides += [(raw, name, psql_url(url)) for name in WORKLOADS[workload]]
    runs = {side: [] for side in sides}
    for _ in range(repeats):
        for side in sides:
            runs[side].append(run(*side, seconds))
    if len({figures[2] for some in runs.values() for figures in some}) != 1:
        sys.exit(f"{workload}: the sides read different data")
    (ours, our_cpu), *others = [
        [statistics.median(figures[i] for figures in runs[side])
         for i in (0, 1)] for side in sides]
    for (_, name, _), (theirs, their_cpu) in zip(sides[1:], others):
        print(f"{workload:8} by hand {name:14} per second: {1e6 / ours:8.0f} against "
              f"{1e6 / theirs:8.0f} = {theirs / ours:.2f}   client CPU us: "
              f"{our_cpu:6.3f} against {their_cpu:6.3f} = "
              f"{our_cpu / their_cpu:.2f}", flush=True)


def main():
    build = sys.argv[1]
    seconds = sys.argv[2] if len(sys.argv) > 2 else "3"
    repeats = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    url = os.environ["CUPEL_TEST_PG_URL"]
    subprocess.run(["psql", "-q", psql_url(url)], input=TABLE, text=True,
                   check=True)
    for workload in WORKLOADS:
        compare(build, workload, url, seconds, repeats)


if __name__ == "__main__":
    main()
