# The peer of the components benchmark: DuckDB turns strings into integers, SciPy finds the components.
# Usage: python components-peer.py EDGES.parquet OUT.parquet THREADS MEGABYTES SPILL; prints one line of JSON.

import json
import resource
import sys
import time

import duckdb
import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

source, target, threads, megabytes, spill = sys.argv[1:]
con = duckdb.connect(
    config={
        "threads": int(threads),
        "memory_limit": f"{megabytes}MB",
        "temp_directory": spill,
        "preserve_insertion_order": False,
    }
)
began = time.perf_counter()
laps = {}
last = began


def lap(step):
    global last
    now = time.perf_counter()
    laps[step] = now - last
    last = now


con.execute(f"CREATE TABLE edge AS SELECT a, b FROM read_parquet('{source}')")
lap("read")
con.execute(
    """CREATE TABLE number AS SELECT id, CAST(row_number() OVER () - 1 AS INTEGER) AS n
    FROM (SELECT a AS id FROM edge UNION SELECT b FROM edge)"""
)
ends = con.execute(
    """SELECT x.n AS a, y.n AS b FROM edge e JOIN number x ON x.id = e.a JOIN number y ON y.id = e.b"""
).fetchnumpy()
lap("integers")
(count,) = con.execute("SELECT count(*) FROM number").fetchone()
ones = np.ones(len(ends["a"]), dtype=np.int8)
matrix = coo_matrix((ones, (ends["a"], ends["b"])), shape=(count, count)).tocsr()
components, label = connected_components(matrix, directed=False)
lap("components")
labels = {"n": np.arange(count, dtype=np.int32), "component": label}
con.execute(
    f"""COPY (SELECT id, component FROM number JOIN labels USING (n)) TO '{target}'
    (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"""
)
lap("write")
usage = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "seconds": last - began,
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "peak_mb": round(usage.ru_maxrss / 1000),
            "identifiers": count,
            "components": int(components),
            "laps": laps,
            "with": f"DuckDB {duckdb.__version__}",
        }
    )
)
