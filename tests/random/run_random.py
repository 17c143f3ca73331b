"""run_random.py [--count N] [--first SEED] [--parts N] [--all] [--check] [--keep FOLDER]

Holds that random programs with synchronized code (generate.py) print what they print
when they are built by cc: with 3 threads, and with calls carried out in other orders.
A program that doesn't is made smaller by leaving statements out while it still fails,
and kept; its name has the seed.

--all: further orders, and MEMOCC=verify. --check: no memocc; holds that the programs
are defined, with the sanitizers of CC. --no-reduce: failing programs are kept whole.

Environment: CC, MEMOCC, MEMOCC_LIBCLANG as in all tests; MEMOCC_NIGHTLY=1: 2000
programs, --all."""
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generate import Node, Program

HERE = Path(__file__).resolve().parent
CC = os.environ.get("CC", "cc")
MEMOCC = os.environ.get("MEMOCC", "memocc")
LEVELS = ["-O2", "-O0", "-O2", "-O1", "-O2 -fno-strict-aliasing", "-O3"]
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1"]
SECONDS_FOR_REDUCTION = 90


def environment(**settings):
    ours = ("MEMOCC", "OMP_")  # the library's modes: MEMOCC is the tool in tests
    base = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return {**base, "LC_ALL": "C", **settings}


def execute(command, seconds, **settings):
    """Output, exit status, standard error; status None: it didn't end in time."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                              env=environment(**settings), timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return b"", None, "no end"
    return done.stdout, done.returncode, done.stderr.decode(errors="replace")


def tool_environment():
    version = os.environ.get("MEMOCC_LIBCLANG", "default")
    return {} if version == "default" else {"MEMOCC_LIBCLANG": version}


class Trial:
    """A folder in which programs of one seed are built and run."""

    def __init__(self, folder, seed, is_all, far):
        self.folder, self.seed, self.far = Path(folder), seed, far
        self.level = LEVELS[seed % len(LEVELS)].split()
        self.n_tasks = 0
        orders = [{"OMP_NUM_THREADS": "3"}, {"MEMOCC_ORDER": "reverse"},
                  {"MEMOCC_ORDER": f"random:{seed}"}, {"MEMOCC_ORDER": "late"}]
        if is_all or seed % 4 == 0:
            orders += [{"MEMOCC": "verify"}]
        if is_all:
            orders += [{"MEMOCC_ORDER": f"random:{seed + 1}"}, {"MEMOCC_ORDER": "serial"},
                       {"OMP_NUM_THREADS": "2"}, {"OMP_NUM_THREADS": "8"}]
        self.orders = orders

    def build(self, text, compiler, flags, name):
        source = self.folder / "program.c"
        source.write_text(text, encoding="utf-8")
        command = [*compiler, f"-I{HERE}", *flags, "-w", "-ffp-contract=off", str(source),
                   str(self.far), "-o", str(self.folder / name), "-lm"]
        return execute(command, 60, **tool_environment())

    def problem(self, text):
        """What is wrong with the program, in words, or None; "" if cc doesn't take it."""
        if self.build(text, [CC], self.level, "plain")[1] != 0:
            return ""
        plain = execute([str(self.folder / "plain")], 5)
        if plain[1] is None or re.search(rb"nan|inf", plain[0]):
            return ""
        built = self.build(text, [MEMOCC, CC], self.level, "memo")
        if built[1] != 0:
            return f"memocc doesn't compile it ({built[1]}): " + first_error(built[2])
        for order in self.orders:
            stats = self.folder / "stats.json"
            stats.unlink(missing_ok=True)
            memo = execute([str(self.folder / "memo")], 20, MEMOCC_STATS=str(stats),
                           MEMOCC_DIR=str(self.folder / "store"), **order)
            setting = " ".join(f"{k}={v}" for k, v in order.items())
            if memo[1] != plain[1]:
                return f"with {setting}: exit status {memo[1]}, cc's {plain[1]}: {memo[2][:200]}"
            if memo[0] != plain[0]:
                return f"with {setting}: other output than cc's: {difference(plain[0], memo[0])}"
            if "memocc:" in memo[2]:
                return f"with {setting}: {memo[2][:300]}"
            if stats.exists():
                self.n_tasks += sum(f["tasks"] for f in
                                    json.loads(stats.read_text("utf-8"))["concurrent"])
        return None

    def is_defined(self, text):
        if self.build(text, [CC], SANITIZE, "sanitized")[1] != 0:
            return False
        return execute([str(self.folder / "sanitized")], 20)[1] == 0


def first_error(log):
    """Without places."""
    error = next((line for line in log.splitlines() if "error" in line), "no error")
    return error[error.index("error") if "error" in error else 0:]


def difference(plain, memo):
    for a, b in zip(plain.split(b"\n"), memo.split(b"\n")):
        if a != b:
            return f"{a[:150].decode()!r}, not {b[:150].decode()!r}"
    return "one is longer"


def kind_of(problem):
    """Failures that are alike: other statements would be left of others."""
    return re.sub("'[^']*'|[0-9]+", "", problem) if problem.startswith("memocc") else "wrong"


def reduce(program, trial, kind):
    """Drop statements while the same kind of failure stays."""
    end = time.monotonic() + SECONDS_FOR_REDUCTION

    def still_fails():
        text = program.text()
        found = trial.problem(text)
        return bool(found) and kind_of(found) == kind and trial.is_defined(text)

    changed = True
    while changed and time.monotonic() < end:
        changed = False
        for node in list(program.root.nodes()):
            if time.monotonic() > end or not is_reachable(program.root, node):
                continue
            node.is_kept = False
            if still_fails():
                changed = True
                continue
            node.is_kept = True
            if node.head and node.tail and not node.is_bare and node.kids:
                node.is_bare = True
                if still_fails():
                    changed = True
                else:
                    node.is_bare = False


def is_reachable(root: Node, wanted: Node):
    if root is wanted:
        return root.is_kept
    return root.is_kept and any(is_reachable(kid, wanted) for kid in root.kids)


def try_seed(seed, options, far):
    with tempfile.TemporaryDirectory(prefix="memocc-random-") as folder:
        trial = Trial(folder, seed, options.all, far)
        program = Program(seed, options.parts)
        if options.check:
            if trial.is_defined(program.text()):
                return None, 0
            problem = "its behaviour isn't defined"
        else:
            problem = trial.problem(program.text())
            if problem and not options.no_reduce:
                reduce(program, trial, kind_of(problem))
                problem = trial.problem(program.text()) or problem
        if not problem:
            return None, trial.n_tasks
        options.keep.mkdir(parents=True, exist_ok=True)
        path = options.keep / f"{Path(CC).name}-{seed}.c"
        flags = " ".join(trial.level)
        path.write_text(f"/* {problem}\n   {CC} {flags}; with {HERE}/far.c */\n" + program.text(),
                        encoding="utf-8")
        return f"{path}: {problem}", trial.n_tasks


def arguments():
    is_nightly = os.environ.get("MEMOCC_NIGHTLY") == "1"
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--parts", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--all", action="store_true", default=is_nightly)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--no-reduce", action="store_true")
    parser.add_argument("--keep", type=Path, default=Path("random-failures"))
    options = parser.parse_args()
    if is_nightly:
        options.count = max(options.count, 1000)  # with each of two compilers
    return options


def main():
    options = arguments()
    failures, n_tasks = [], 0
    with tempfile.TemporaryDirectory(prefix="memocc-random-") as folder:
        far = Path(folder) / "far.o"
        flags = SANITIZE if options.check else ["-O1"]
        subprocess.run([CC, "-w", *flags, "-c", str(HERE / "far.c"), "-o", str(far)], check=True)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            seeds = range(options.first, options.first + options.count)
            for failure, tasks in pool.map(lambda s: try_seed(s, options, far), seeds):
                n_tasks += tasks
                if failure:
                    failures.append(failure)
                    print("FAILED:", failure, flush=True)
    print(f"{options.count} programs, {n_tasks} tasks, {len(failures)} failures")
    return 1 if failures or not (n_tasks or options.check) else 0


if __name__ == "__main__":
    sys.exit(main())
