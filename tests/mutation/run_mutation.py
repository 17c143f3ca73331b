"""run_mutation.py PROGRAM [--all] [--only REGEX] [--list] [--jobs N] [--limit N]

Holds that edits of a program change exactly the fingerprints they should.

The program (a folder; program.py says what is in it) is built and run, which
fills a store. Then, for each edit, a copy in another folder is edited, what
depends on the edit is built again, with cc and with memocc, and the latter is
run with the filled store. Held of every edit:

  - it prints what the program built by cc prints: nothing stale is served;
  - functions that the edit changes have no hit, all others no miss;
  - a second run has no miss;
  - the program as it was still has no miss: old results stay.

Edits that make it no C any more, or a program whose behaviour C doesn't define
(which the sanitizers are asked about where the output differs), are counted and
left out. Of all edits a sample is taken, the same each time; --all
(or MEMOCC_MUTATION=all) takes them all.

Environment: CC, MEMOCC as in all tests."""
import argparse
import collections
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from edits import expectation
from edits_build import build_edits
from edits_looks import looks_edits
from edits_meaning import meaning_edits
from program import BuildError, Program

# Of each kind in a default run: the edits of the first by name, so to speak.
SAMPLE = {"literal": 7, "operator": 7, "type": 4, "name": 5, "given": 99, "option": 5,
          "option of a unit": 3, "quiet option": 3, "unit moved": 3, "macro renamed": 2}

# gcc takes some types in calls that clang refuses; a string may become an array, and
# a global exported.
REFUSED = re.compile("can't be analysed: incompatible|has no shape|may change at run time")


@dataclass
class Tools:
    cc: str
    memocc: str


def sample(edits):
    by_kind = collections.defaultdict(list)
    for edit in edits:
        by_kind[edit.kind].append(edit)
    chosen = []
    for kind, all_of_kind in by_kind.items():
        # What is done to all files at once first.
        order = sorted(all_of_kind, key=lambda e: ("all files" not in e.name,
                                                   zlib.crc32(e.name.encode())))
        chosen += order[:SAMPLE.get(kind, 2 if len(order) > 1 and "all files" not in order[0].name
                                    else 1)]
    return chosen


def check_counts(run, must, may, what):
    problems = []
    for name, (hits, misses) in sorted(run["counts"].items()):
        if name in must and hits:
            problems.append(f"{what}: {name} should change and has {hits} hits from the store")
        elif name not in must and name not in may and misses:
            problems.append(f"{what}: {name} should not change and has {misses} misses")
    return problems


def check_output(edit, plain, memo):
    if not edit.is_compared:
        return []
    problems = []
    if plain["status"] != memo["status"]:
        problems.append(f"exit status {memo['status']}, with cc {plain['status']}")
    for name in sorted(set(plain["lines"]) | set(memo["lines"])):
        was, got = plain["lines"].get(name), memo["lines"].get(name)
        if was != got and name not in edit.stale:
            problems.append(f"STALE: {name} printed {got}, with cc {was}")
    return problems


class Harness:
    def __init__(self, program, work, is_coarse):
        self.program, self.work, self.is_coarse = program, work, is_coarse
        self.base = program.make_base(work / "base")
        if self.base.result["status"] != 0 or self.base.result["errors"]:
            raise BuildError(f"{program.name}: {self.base.result}")
        missing = program.functions - set(self.base.result["counts"])
        if missing:
            raise BuildError(f"{program.name}: no counters of {missing}")

    def _build(self, edit, folder):
        """The units whose code changed, or None: no edit after all."""
        program = self.program
        try:
            program.build(edit.variant, folder, self.base, is_memo=False)
        except BuildError:
            if edit.may_fail:
                return None
            raise
        try:
            return program.build(edit.variant, folder, self.base)
        except BuildError as error:
            if edit.may_fail and REFUSED.search(str(error)):
                return None
            raise

    def check(self, number, edit):
        """Problems as lines; None for what is no edit."""
        folder = self.work / str(number)
        top = folder / edit.variant.folder
        program = self.program
        try:
            changed = self._build(edit, folder)
            if changed is None:
                return None
            try:
                plain = program.run(top, "plain")
            except subprocess.TimeoutExpired:
                return None
            if plain["status"] != 0 and edit.may_fail:
                return None
            store = folder / "store"
            shutil.copytree(self.base.store, store)
            must, may = expectation(program, edit, changed)
            memo = program.run(top, "memo", store)
            problems = check_output(edit, plain, memo)
            if problems and edit.may_fail and program.is_undefined(edit.variant, folder):
                return None
            if not self.is_coarse:
                problems += check_counts(memo, must, may, "edited")
            if memo["errors"] != plain["errors"]:
                problems.append(f"stderr: {memo['errors']}")
            problems += check_counts(program.run(top, "memo", store), (), (), "a second run")
            back = program.run(self.base.top, "memo", store) if number % 4 == 0 else memo
            if back is not memo:
                problems += check_counts(back, (), (), "back to the old code")
            return problems
        except (BuildError, OSError, subprocess.SubprocessError) as error:
            return [f"{type(error).__name__}: {error}"]
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def report(harness, edits, n_jobs):
    """Runs the edits; prints what is wrong. True if nothing is."""
    n_failed, n_left_out, by_kind = 0, 0, collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(n_jobs) as pool:
        for edit, problems in zip(edits, pool.map(harness.check, range(len(edits)), edits)):
            if problems is None:
                n_left_out += 1
                continue
            by_kind[edit.kind] += 1
            if problems:
                n_failed += 1
                print(f"FAILED: {edit.name}")
                if edit.diff:
                    print(f"    {edit.diff[0]}: '{edit.diff[1]}' -> '{edit.diff[2]}'")
                for problem in problems:
                    print(f"    {problem}")
    total = sum(by_kind.values())
    print(f"{harness.program.name}: {total} edits, {n_failed} failed, {n_left_out} left out")
    print("  " + ", ".join(f"{n} {kind}" for kind, n in sorted(by_kind.items())))
    if n_left_out > total / 2:
        print("FAILED: most edits are left out")
    return n_failed == 0 and total > 0 and n_left_out <= total / 2


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--coarse", action="store_true",
                        help="hold only that nothing stale is served and old results stay")
    args = parser.parse_args()
    tools = Tools(os.environ.get("CC", "gcc"), os.environ.pop("MEMOCC"))
    for name in list(os.environ):
        if name.startswith("MEMOCC_") and name not in ("MEMOCC_LIBCLANG", "MEMOCC_MUTATION"):
            del os.environ[name]
    program = Program(args.program, tools)
    work = Path(tempfile.mkdtemp(prefix="memocc mutation."))
    try:
        edits = [*meaning_edits(program), *looks_edits(program), *build_edits(program)]
        if args.only:
            edits = [e for e in edits if re.search(args.only, e.name)]
        elif not args.all and os.environ.get("MEMOCC_MUTATION") != "all":
            edits = sample(edits)
        if args.list:
            print("\n".join(e.name for e in edits))
            return 0
        return 0 if report(Harness(program, work, args.coarse), edits, args.jobs) else 1
    finally:
        shutil.rmtree(work, ignore_errors=True)


sys.exit(main())
