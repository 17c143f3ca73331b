"""check_stats.py FILE.json [NAME.]COUNTER=VALUE...

Compares counters of MEMOCC_STATS=FILE.json, and its shape with the frozen
schema, whatever is asked. COUNTER: calls, hit (memory + disk + shared), memory,
disk, shared, miss, stored; tasks, serial, events of concurrent functions; of
function NAME, or summed over all functions. <= and >= compare, too."""
import json
import re
import sys

NUMBER = (int, float)
CONCURRENT = {"function": str, "tasks": int, "serial": int, "events": int}
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
    for function in stats["concurrent"]:
        assert set(function) == set(CONCURRENT), sorted(function)
        for key, kind in CONCURRENT.items():
            assert isinstance(function[key], kind), (key, function[key])
    assert isinstance(stats["checkpoints"], list)
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
        path, relation, expected = re.fullmatch("(.*?)(<=|>=|=)([0-9]+)", check).groups()
        *name, what = path.rsplit(".", 1)
        kind, key = (("concurrent", "function") if what in CONCURRENT else ("functions", "name"))
        value = sum(counter(f, what) for f in stats[kind] if not name or f[key] == name[0])
        if not {"=": value == int(expected), "<=": value <= int(expected),
                ">=": value >= int(expected)}[relation]:
            print(f"{path} is {value}, expected {relation}{expected}")
            failures += 1
    if failures:
        print(json.dumps([stats["functions"], stats["concurrent"]], indent=1))
    return failures != 0


sys.exit(main())
