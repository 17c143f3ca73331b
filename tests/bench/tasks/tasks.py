"""tasks.py [SECTION...]

P11: what concurrent calls cost, beside the serial program (the same source,
built by the plain compiler) and the best that one writes in OpenMP by hand.
Sections: grains, shapes, pauses, recursion, memory; none named: all.

Each number is the median of BENCH_RUNS processes (3), in turns with those it is
compared with; in each, the median of the repetitions that no other process
disturbed (tasks_main.c). Speed-ups are against the serial program of the same
turn; turns in which either was disturbed too often don't count, and where none
is left a `~` says so: such a number measures the machine's other work, and is
held against no target. `of best`: memocc's speed-up in parts of the best of
OpenMP's.
"""
import os
import random
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
CC = os.environ.get("CC", "cc").split()
MEMOCC = os.environ["MEMOCC"]
N_CPUS = len(os.sched_getaffinity(0))
THREADS = [int(n) for n in os.environ.get("BENCH_THREADS", "").split()] or sorted({2, N_CPUS})
OPENMP = ("static", "dynamic", "taskloop", "task")
ENOUGH = 3 # repetitions that were not disturbed
missed = []


def build(folder):
    def compile_(program, *command):
        subprocess.run([*command, "-O2", "-Wall", os.path.join(HERE, "tasks_main.c"),
                        "-o", os.path.join(folder, program)], check=True)
    annotated, by_hand = (os.path.join(HERE, f"tasks_{name}.c") for name in ("memocc", "openmp"))
    compile_("serial", *CC, "-Wno-unknown-pragmas", annotated)
    compile_("openmp", *CC, "-fopenmp", by_hand)
    compile_("memocc", MEMOCC, *CC, annotated)


class Speedup(float):
    def __new__(cls, value, is_clean):
        self = super().__new__(cls, value)
        self.is_clean = is_clean
        return self

    def __str__(self):
        return f"{float(self):9.2f}" + (" " if self.is_clean else "~")


def best_of(speedups):
    return max([s for s in speedups if s.is_clean] or speedups)


def ratio(ours, best):
    return Speedup(ours / best, ours.is_clean and best.is_clean)


class Cells:
    """What to measure: (program, variant, threads, shape, grain, calls, gap in us, repetitions)."""

    def __init__(self, folder):
        self.folder = folder
        self.results = {}
        self.turns = [] # cells that are compared: measured one after the other

    def turn(self):
        self.turns.append([])

    def add(self, *cell):
        if cell not in self.results:
            self.results[cell] = []
            self.turns[-1].append(cell)
        return cell

    def measure(self):
        environment = {k: v for k, v in os.environ.items()
                       if not k.startswith(("MEMOCC", "OMP_", "GOMP_", "KMP_"))}
        for _ in range(RUNS):
            for turn in self.turns:
                random.shuffle(turn)
            random.shuffle(self.turns)
            for cell in (cell for turn in self.turns for cell in turn):
                program, variant, threads, *arguments = cell
                environment["OMP_NUM_THREADS"] = str(threads)
                out = subprocess.run([os.path.join(self.folder, program), variant,
                                      *map(str, arguments)],
                                     env=environment, stdout=subprocess.PIPE, text=True, check=True)
                ns, clean, total, peak = out.stdout.split()
                self.results[cell].append((float(ns), int(clean), float(total), int(peak)))

    def ns(self, cell):
        return statistics.median(r[0] for r in self.results[cell])

    def speedup(self, cell, serial, per=1.0):
        """per: how many times as many calls the serial program made."""
        pairs = list(zip(self.results[cell], self.results[serial]))
        clean = [(r, s) for r, s in pairs if r[1] >= ENOUGH and s[1] >= ENOUGH]
        return Speedup(statistics.median(s[0] / r[0] / per for r, s in clean or pairs), bool(clean))

    def peak(self, cell):
        return statistics.median(r[3] for r in self.results[cell])

    def check_sums(self, cells):
        sums = {r[2] for cell in cells for r in self.results[cell]}
        if len(sums) != 1:
            sys.exit(f"tasks: different results: {sums} of {cells}")

    def disturbed(self):
        """Part of the processes in which too few repetitions were left alone."""
        all_ = [r[1] < ENOUGH for results in self.results.values() for r in results]
        return sum(all_) / len(all_)


def time_text(ns):
    for unit, size in (("ns", 1), ("us", 1e3), ("ms", 1e6)):
        if ns < 1000 * size or unit == "ms":
            return f"{ns / size:.1f} {unit}" if ns < 100 * size else f"{ns / size:.0f} {unit}"
    return ""


def verdict(value, target, what):
    if value >= target or not value.is_clean:
        return f" {target:6.2f}"
    missed.append(what)
    return f" {target:6.2f}  missed"


def disturbance(cells):
    part = cells.disturbed()
    if part > 0:
        print(f"({100 * part:.0f} % of the processes were disturbed: fewer than {ENOUGH} clean repetitions)")


def wanted(ns):
    """The speed-up on two threads that targets ask of calls of this length."""
    for least, speedup in ((300, 1.85), (90, 1.7), (17, 1.25), (10, 0.95)):
        if ns >= least:
            return speedup
    return 0.9


def n_calls(grain, budget):
    return max(16 if grain < 5e6 else 8, int(budget / grain))


def grains(folder):
    nominal = [4, 10, 20, 30, 40, 60, 100, 300, 1e3, 1e4, 1e5, 1e6, 1e7]
    cells, rows = Cells(folder), []
    for grain in nominal:
        cells.turn()
        for threads in [1] + THREADS:
            n = n_calls(grain, 8e6)
            rest = ("uniform", grain, n, 0, 7 if grain < 1e6 else 3)
            serial = cells.add("serial", "loop", 1, *rest)
            peers = {}
            if threads > 1:
                few = ("uniform", grain, min(n, 20000), 0, 3) # a task costs 0.3 us, whatever it does
                peers = {v: cells.add("openmp", v, threads, *(few if v == "task" else rest))
                         for v in OPENMP}
            rows.append((threads, n, serial, peers,
                         cells.add("memocc", "loop", threads, *rest)))
        if grain <= 1e3:
            cells.turn()
            cells.add("serial", "sum", 1, *rest)
            for threads in THREADS:
                cells.add("openmp", "sum", threads, *rest)
                cells.add("memocc", "sum", threads, *rest)
    cells.measure()

    for threads in [1] + THREADS:
        print(f"\nP11: results[i] = f(i), {threads} thread{'s' * (threads > 1)}: "
              "speed-ups by the time of a call")
        print(f"{'a call':>9}" + "".join(f"{v:>10}" for v in (OPENMP if threads > 1 else ())) +
              f"{'memocc':>10}{'of best':>10} target")
        curve = []
        for t, n, serial, peers, ours in rows:
            if t != threads:
                continue
            ns = cells.ns(serial) / n
            ups = {v: cells.speedup(c, serial) for v, c in peers.items() if v != "task"}
            if peers:
                n_tasks = peers["task"][5]
                ups["task"] = cells.speedup(peers["task"], serial, n / n_tasks)
            up = cells.speedup(ours, serial)
            best = str(ratio(up, best_of(list(ups.values())))) if ups else " " * 10
            target = (0.98 if ns >= 1000 else 0.9) if t == 1 else wanted(ns) if t == 2 else 0.9
            print(f"{time_text(ns):>9}" + "".join(map(str, ups.values())) + f"{up}{best}" +
                  verdict(up, target, f"{time_text(ns)} on {t} threads"))
            if up.is_clean:
                curve.append((ns, up))
        if threads == 2:
            print_break_even(curve)
        if threads > 1:
            print_sums(cells, threads, nominal)
    disturbance(cells)


def print_break_even(curve):
    """From which time of a call on is no call slower than serial?"""
    if not curve:
        return
    slower = [i for i, (_, up) in enumerate(curve) if up < 1]
    if not slower:
        print(f"break-even: below {curve[0][0]:.1f} ns (target 20 ns)")
        return
    if slower[-1] + 1 == len(curve):
        print("break-even: none")
        missed.append("break-even")
        return
    (ns, up), (next_ns, next_up) = curve[slower[-1]], curve[slower[-1] + 1]
    even = ns + (next_ns - ns) * (1 - up) / (next_up - up)
    print(f"break-even: {even:.1f} ns (target 20 ns)")
    if even > 20:
        missed.append("break-even")


def print_sums(cells, threads, nominal):
    print(f"\nP11: sum += f(i), {threads} threads (OpenMP's reduction gives other digits)")
    print(f"{'a call':>9}{'reduction':>10}{'memocc':>10}{'of it':>10}")
    for grain in nominal:
        find = [c for c in cells.results if c[1] == "sum" and c[4] == grain]
        serial = next((c for c in find if c[0] == "serial"), None)
        if not serial:
            continue
        by_hand = next(c for c in find if c[0] == "openmp" and c[2] == threads)
        ours = next(c for c in find if c[0] == "memocc" and c[2] == threads)
        cells.check_sums([serial, ours])
        a, b = cells.speedup(by_hand, serial), cells.speedup(ours, serial)
        print(f"{time_text(cells.ns(serial) / serial[5]):>9}{a}{b}{ratio(b, a)}")


def shapes(folder):
    """Uneven work: one call in 50 takes 1000 times as long as the others. Calls in parts of
    equal number lose here, and one can't know how long a call will take."""
    cells, rows = Cells(folder), []
    for shape in ("scattered", "last"):
        for grain in (300, 1e3, 1e4, 1e5):
            cells.turn()
            for threads in THREADS:
                n = n_calls(grain, 20e6 if grain < 1e5 else 60e6)
                rest = (shape, grain, n, 0, 5)
                rows.append((threads, shape, n, cells.add("serial", "loop", 1, *rest),
                             [cells.add("openmp", v, threads, *rest) for v in OPENMP],
                             cells.add("memocc", "loop", threads, *rest)))
    cells.measure()
    for threads in THREADS:
        print(f"\nP11: one call in 50 takes 1000 times as long, {threads} threads")
        print(f"{'mean':>9} {'these are':<10}" + "".join(f"{v:>10}" for v in OPENMP) +
              f"{'memocc':>10}{'of best':>10} target")
        for t, shape, n, serial, peers, ours in rows:
            if t == threads:
                ups = [cells.speedup(c, serial) for c in peers]
                up = cells.speedup(ours, serial)
                print(f"{time_text(cells.ns(serial) / n):>9} {shape:<10}" +
                      "".join(map(str, ups)) + f"{up}{ratio(up, best_of(ups))}" +
                      verdict(up, 1.7 if t == 2 else 0.9, f"{shape}, {threads} threads"))
    disturbance(cells)


def pauses(folder):
    """Few calls, after the program has done something else for a while."""
    groups = [(2, 1e6), (4, 1e5), (16, 1e4), (100, 1e3), (1000, 100), (10, 100)]
    threads = 2
    cells, rows = Cells(folder), []
    for gap in (0, 5000, 100000):
        for n, grain in groups:
            cells.turn()
            rest = ("uniform", grain, n, gap, 15 if gap < 100000 else 5)
            rows.append((gap, n, cells.add("serial", "loop", 1, *rest),
                         [cells.add("openmp", v, threads, *rest) for v in OPENMP],
                         cells.add("memocc", "loop", threads, *rest)))
    cells.measure()
    print(f"\nP11: few calls after a pause, {threads} threads")
    print(f"{'pause':>7} {'calls':<16}" + "".join(f"{v:>10}" for v in OPENMP) +
          f"{'memocc':>10}{'of best':>10} target")
    for gap, n, serial, peers, ours in rows:
        ups = [cells.speedup(c, serial) for c in peers]
        up = cells.speedup(ours, serial)
        ns = cells.ns(serial)
        text = f"{n} x {time_text(ns / n)}"
        target = 1.5 if ns >= 300e3 else 0.9
        print(f"{gap // 1000:4d} ms {text:<16}" + "".join(map(str, ups)) +
              f"{up}{ratio(up, best_of(ups))}" +
              verdict(up, target, f"{text} after {gap // 1000} ms"))
    disturbance(cells)


def recursion(folder):
    programs = [("fib", 27, "fib(27)"), ("fib-cutoff", 34, "fib(34), cut off by hand"),
                ("queens", 10, "10 queens"), ("queens-cutoff", 11, "11 queens, cut off by hand")]
    cells, rows = Cells(folder), []
    for variant, n, text in programs:
        cells.turn()
        for threads in [1] + THREADS:
            rest = ("recursion", 0, n, 0, 5)
            rows.append((threads, text, cells.add("serial", variant, 1, *rest),
                         cells.add("openmp", variant, threads, *rest),
                         cells.add("memocc", variant, threads, *rest)))
    cells.measure()
    print("\nP11: recursion")
    print(f"{'':<28}{'threads':>8}{'serial':>10}{'tasks':>10}{'memocc':>10}{'of these':>10} target")
    for threads, text, serial, by_hand, ours in rows:
        cells.check_sums([serial, by_hand, ours])
        a, b = cells.speedup(by_hand, serial), cells.speedup(ours, serial)
        print(f"{text:<28}{threads:8d}{time_text(cells.ns(serial)):>10}{a}{b}"
              f"{ratio(b, a)}" + verdict(b, 0.9, f"{text}, {threads} threads"))
    disturbance(cells)


def memory(folder):
    cells, rows = Cells(folder), []
    for variant in ("loop", "sum"):
        for grain in (4, 100):
            cells.turn()
            rest = ("uniform", grain, 10_000_000, 0, 1)
            rows.append((variant, grain, cells.add("serial", variant, 1, *rest),
                         cells.add("memocc", variant, 2, *rest)))
    cells.measure()
    print("\nP11: memory at 10 million deferred calls, 2 threads")
    print(f"{'':<20}{'a call':>9}{'serial':>10}{'memocc':>10}{'more':>10}")
    for variant, _, serial, ours in rows:
        text = "results[i] = f(i)" if variant == "loop" else "sum += f(i)"
        a, b = cells.peak(serial) / 2**20, cells.peak(ours) / 2**20
        print(f"{text:<20}{time_text(cells.ns(serial) / 1e7):>9}{a:7.1f} MB{b:7.1f} MB{b - a:7.1f} MB")


def main():
    sections = {"grains": grains, "shapes": shapes, "pauses": pauses, "recursion": recursion,
                "memory": memory}
    chosen = sys.argv[1:] or list(sections)
    if any(name not in sections for name in chosen):
        sys.exit(f"tasks: sections are {', '.join(sections)}")
    with tempfile.TemporaryDirectory(prefix="memocc bench.") as folder:
        build(folder)
        print(f"{N_CPUS} CPUs, {' '.join(CC)}, medians of {RUNS} processes")
        for name in chosen:
            sections[name](folder)
            sys.stdout.flush()
    if missed:
        print(f"\nmissed: {len(missed)}: {'; '.join(missed)}")
    return 1 if missed else 0


sys.exit(main())
