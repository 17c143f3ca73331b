"""check_stats.py FILE.json [NAME.]COUNTER=VALUE...

Compares counters of MEMOCC_STATS=FILE.json, and its shape with the frozen
schema, whatever is asked. COUNTER: calls, hit (memory + disk + shared), memory,
disk, shared, miss, stored; of function NAME, or summed over all functions."""
import json
import sys

NUMBER = (int, float)
TIERS = ("memory", "disk", "shared")
FUNCTION = {"name": str, "calls": int, "hits": dict, "misses": int, "stored": int,
            "seconds_computing": NUMBER, "seconds_saved": NUMBER}


def check_schema(stats):
    assert set(stats) == {"functions", "concurrent", "checkpoints", "faults"}, sorted(stats)
    for function in stats["functions"]:
        assert set(function) == set(FUNCTION), sorted(function)
        for key, kind in FUNCTION.items():
            assert isinstance(function[key], kind), (key, function[key])
        assert set(function["hits"]) == set(TIERS), function["hits"]
    for key in ("concurrent", "checkpoints"):
        assert isinstance(stats[key], list), key
    for row in stats["concurrent"]:
        assert set(row) == {"function", "tasks", "serial", "events"}, sorted(row)
        assert isinstance(row["function"], str), row
        assert all(isinstance(row[key], int) for key in row if key != "function"), row
    assert isinstance(stats["faults"], dict)


def counter(function, name):
    if name == "hit":
        return sum(function["hits"].values())
    if name in TIERS:
        return function["hits"][name]
    return function[{"miss": "misses"}.get(name, name)]


def main():
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            stats = json.load(file)
        check_schema(stats)
    except (OSError, ValueError, AssertionError) as error:
        print(f"{sys.argv[1]}: {error}")
        return 1
    failures = 0
    for check in sys.argv[2:]:
        path, expected = check.split("=")
        *name, what = path.rsplit(".", 1)
        functions = [f for f in stats["functions"] if not name or f["name"] == name[0]]
        value = sum(counter(f, what) for f in functions)
        if value != int(expected):
            print(f"{path} is {value}, expected {expected}")
            failures += 1
    if failures:
        print(json.dumps(stats["functions"], indent=1))
    return failures != 0


sys.exit(main())
