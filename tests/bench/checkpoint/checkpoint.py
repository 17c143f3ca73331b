"""checkpoint.py [SECTION...]

P14: what checkpoints cost. Sections: polls, saves, restore, total; none named: all.

polls    an iteration with no save due, beside the same loop without pragma
saves    a save, as the loop sees it (its pause) beside a memcpy of the state, and
         the CPU time of loop and writer together beside that of write + fsync + rename
restore  from the entry into the loop to its first iteration, beside read()
total    a whole program with two grids, at every(1%), beside the same without saves:
         CPU time, since on a machine with idle cores the writer costs no other; at
         every(3s), beside none and beside saves by hand each 3 s, so that a run of seconds
         has ten times what every(30s) costs; with BENCH_LONG=1 (minutes) at every(30s)

Each ratio is the median of the ratios of BENCH_RUNS turns (5): in a turn, what is
compared runs one after the other.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RUNS = int(os.environ.get("BENCH_RUNS", "5"))
LONG = os.environ.get("BENCH_LONG", "") not in ("", "0")
CC = os.environ.get("CC", "cc").split()
MEMOCC = [os.environ["MEMOCC"], *CC]
SIZES = ((8, "8 B", 15, 0.05), (1000000, "1 MB", 15, 0.05), (100000000, "100 MB", 5, 1.0))
missed = []


def source(name):
    return os.path.join(HERE, name)


def build(folder):
    def make(command, output, *arguments):
        subprocess.run([*command, "-O2", "-Wall", *arguments, "-o", os.path.join(folder, output)],
                       check=True)
    plain = [*CC, "-Wno-unknown-pragmas"]
    make(MEMOCC, "ours.o", "-c", "-DPREFIX=ours", source("polls.c"))
    make(plain, "plain.o", "-c", "-DPREFIX=plain", source("polls.c"))
    make(MEMOCC, "polls", source("polls_main.c"), os.path.join(folder, "ours.o"),
         os.path.join(folder, "plain.o"))
    make(MEMOCC, "saves", source("saves.c"), source("saves_main.c"))
    make(plain, "total-plain", source("total.c"))
    make(MEMOCC, "total-percent", "-DPERCENT", source("total.c"))
    for seconds in (3, 30):
        make(MEMOCC, f"total-{seconds}s", f"-DEVERY={seconds}", source("total.c"))
        make(plain, f"total-hand-{seconds}s", "-DHAND", f"-DINTERVAL={seconds}", source("total.c"))


def environment(folder):
    result = {k: v for k, v in os.environ.items() if not k.startswith("MEMOCC")}
    result["MEMOCC_CHECKPOINT_DIR"] = os.path.join(folder, "checkpoints")
    return result


def run(folder, *command, **variables):
    done = subprocess.run([os.path.join(folder, command[0]), *map(str, command[1:])], cwd=folder,
                          env={**environment(folder), **variables}, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"checkpoint: {command} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done


def time_text(ns):
    for unit, size in (("ns", 1), ("us", 1e3), ("ms", 1e6)):
        if ns < 1000 * size:
            return f"{ns / size:.1f} {unit}"
    return f"{ns / 1e9:.3f} s"


def heading(text, limit="limit"):
    print(f"\n{text}\n{'':36} {'ours':>12} {limit:>12} {'ratio':>8} {'least':>8} {'most':>8}")


def row(name, ours, limit, text=time_text):
    ratios = [a / b for a, b in zip(ours, limit)]
    middle = statistics.median(ratios)
    print(f"{name:36} {text(statistics.median(ours)):>12} {text(statistics.median(limit)):>12} "
          f"{middle:8.3f} {min(ratios):8.3f} {max(ratios):8.3f}", flush=True)
    return middle


def polls(folder):
    done = subprocess.run([os.path.join(folder, "polls")], cwd=folder,
                          env=environment(folder))
    if done.returncode == 1:
        missed.append("an iteration with no save due")
    elif done.returncode:
        sys.exit(f"checkpoint: polls ended with {done.returncode}")


def saves(folder):
    results = {size: [] for size, *_ in SIZES}
    for _ in range(RUNS):
        for size, _, n, pause in SIZES:
            results[size].append([float(x) for x in run(folder, "saves", "measure", size, n,
                                                        pause).stdout.split()])
    heading("P14: a save: the loop's pause", "memcpy")
    for size, name, *_ in SIZES:
        row(name, [r[0] for r in results[size]], [r[2] for r in results[size]])
    heading("A save: CPU time of all threads", "by hand")
    for size, name, *_ in SIZES:
        row(name, [r[1] for r in results[size]], [r[4] for r in results[size]])
    heading("The pause, beside the time of write + fsync + rename", "by hand")
    for size, name, *_ in SIZES:
        row(name, [r[0] for r in results[size]], [r[3] for r in results[size]])


def restore(folder):
    heading("A restart: from the loop's entry to its first iteration", "read()")
    for size, name, *_ in SIZES:
        ours, limit = [], []
        for _ in range(RUNS):
            run(folder, "saves", "die", size)
            done = run(folder, "saves", "restore", size)
            if "goes on at iteration" not in done.stderr:
                sys.exit(f"checkpoint: nothing was restored: {done.stderr}")
            entered, read, _ = done.stdout.split()
            ours.append(float(entered))
            limit.append(float(read))
        row(name, ours, limit)


def saved(folder, *command):
    """A run's wall time, CPU time, sum over the grid, and what its statistics say of the loop."""
    stats = os.path.join(folder, "stats.json")
    wall, cpu, _, total = run(folder, *command, MEMOCC_STATS=stats).stdout.split()
    loops = []
    if os.path.exists(stats):
        with open(stats, encoding="utf-8") as file:
            loops = json.load(file)["checkpoints"]
        os.remove(stats)
    return float(wall), float(cpu), total, loops


def compare(folder, name, ours, limit, arguments):
    pairs = []
    for i in range(RUNS if not LONG else 2):
        programs = [ours, limit] if i % 2 else [limit, ours]
        turn = {program: saved(folder, program, *arguments) for program in programs}
        if turn[ours][2] != turn[limit][2]:
            sys.exit(f"checkpoint: {ours} and {limit} print different results")
        pairs.append((turn[ours], turn[limit]))
    row(name + ", CPU", [a[1] for a, _ in pairs], [b[1] for _, b in pairs], "{:.2f} s".format)
    row(name + ", wall", [a[0] for a, _ in pairs], [b[0] for _, b in pairs], "{:.2f} s".format)
    loops = [loop for ours_, _ in pairs for loop in ours_[3]]
    if loops:
        n_runs = len(pairs)
        print(f"    each run: {sum(loop['saves'] for loop in loops) / n_runs:.1f} saves, "
              f"{sum(loop['seconds_copying'] for loop in loops) / n_runs:.3f} s of copying; "
              f"{sum(loop['seconds_writing'] for loop in loops) / n_runs:.3f} s until files were on "
              "the disk, beside the loop")


def total(folder):
    heading("P14: a whole program at every(1%): target 1.01", "no saves")
    compare(folder, "1 MB", "total-percent", "total-plain", (250, 100000))
    compare(folder, "33 MB", "total-percent", "total-plain", (1430, 4500))
    size, seconds = ((2500, 12000), 30) if LONG else ((1430, 4500), 3)
    heading(f"At every({seconds}s)", "no saves")
    compare(folder, f"every({seconds}s)", f"total-{seconds}s", "total-plain", size)
    heading(f"At every({seconds}s)", "by hand")
    compare(folder, f"every({seconds}s)", f"total-{seconds}s", f"total-hand-{seconds}s", size)


SECTIONS = {"polls": polls, "saves": saves, "restore": restore, "total": total}


def main():
    chosen = sys.argv[1:] or list(SECTIONS)
    for name in chosen:
        if name not in SECTIONS:
            sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        build(folder)
        for name in chosen:
            SECTIONS[name](folder)
    for what in missed:
        print(f"missed: {what}")
    sys.exit(1 if missed else 0)


main()
