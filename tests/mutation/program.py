"""A program of the mutation test: its files, which functions depend on which
lines, how it is built, and what a run of it says.

A program is a folder with sources and a file `program`, a line for each thing:

    annotated A.c B.c     units with annotations: each line counts by itself
    object A.c            units without: they count by their code, as a whole
    archive libx.a A.c    a static archive of such units, by members
    shared libx.so A.c    a shared library of such units, as a whole
    flags -O2             to compile
    libs -lm              to link
    whole f g             functions that call through pointers out of sight, and
                          may count anything in the program

Comments in its files say which memoized functions depend on a line:

    /*@ f g */            alone on a line: of all lines up to the next such one
    x = 3; /*@ f */       at the end of a line: of this line
    f?                    through units without annotations only: if their code changes
    f=                    f may change: it depends on a library that calls this, or is
                          called from here with other arguments
    -f                    f depends on it, but has a `version`: no change, and its
                          results may be stale
    /*@~ f */             what follows can change places with its neighbours of that kind

They are no part of the program: they are removed before anything is built. The
program prints lines `f: results`, with the names that statistics have."""
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

MARK = re.compile(r"[ \t]*/\*@(~?)([^*]*)\*/[ \t]*$")


class BuildError(Exception):
    pass


@dataclass
class Line:
    exact: frozenset  # depend on the line's tokens
    through: frozenset  # ... on code that is made of it
    may: frozenset
    stale: frozenset
    block: int
    is_movable: bool


@dataclass
class Unit:
    path: str
    kind: str  # annotated, object, archive, shared
    container: str = ""
    headers: frozenset = frozenset()

    @property
    def object(self):
        return self.path[:-2] + ".o"


@dataclass
class Variant:
    """The program as it stands after an edit."""
    files: dict
    flags: dict = field(default_factory=dict)  # by unit; "" is all others
    folder: str = "program"
    units: list = None  # None: as the program has them
    link_flags: tuple = ()
    preload: str = ""  # source of a library in LD_PRELOAD
    is_reversed: bool = False  # objects and members in another order
    rebuild: bool = False


@dataclass
class Base:
    """What was made of the program as it is: objects that edits leave alone are taken from it."""
    top: Path
    store: Path = None  # filled by a run
    code: dict = None  # of each object
    result: dict = None  # of that run


def parse_marks(text):
    """The text without marks, and a Line for each of its lines."""
    lines, out = [], []
    current, block, is_movable = "", 0, False
    for line in text.splitlines():
        match = MARK.search(line)
        here = current
        if match and not line[:match.start()].strip():
            current, is_movable, block = match.group(2), bool(match.group(1)), block + 1
            continue
        if match:
            here, line = match.group(2), line[:match.start()]
        names = here.split()
        lines.append(Line(frozenset(n for n in names if n[0] != "-" and n[-1] not in "?="),
                          frozenset(n[:-1] for n in names if n[-1] == "?"),
                          frozenset(n[:-1] for n in names if n[-1] == "="),
                          frozenset(n[1:] for n in names if n[0] == "-"), block, is_movable))
        out.append(line)
    return "\n".join(out) + "\n", lines


class Program:
    def __init__(self, folder, tools):
        self.folder, self.tools = Path(folder), tools
        self.name = self.folder.name
        self.units, self.flags, self.libs, self.whole = [], [], [], frozenset()
        self.files, self.lines = {}, {}
        self._read_description()
        for path in sorted(self.folder.rglob("*.[ch]")):
            name = str(path.relative_to(self.folder))
            self.files[name], self.lines[name] = parse_marks(path.read_text())
        self.functions = frozenset(re.findall(r'"(?:\\n)?(\w+):', self.files["main.c"]))
        for name, lines in self.lines.items():
            for line in lines:
                unknown = (line.exact | line.through | line.may | line.stale) - self.functions
                if unknown:
                    raise ValueError(f"{self.name}/{name}: no function {unknown}")

    def _read_description(self):
        for line in (self.folder / "program").read_text().splitlines():
            word, *rest = line.split("#")[0].split() or [""]
            if word in ("annotated", "object"):
                self.units += [Unit(path, word) for path in rest]
            elif word in ("archive", "shared"):
                self.units += [Unit(path, word, rest[0]) for path in rest[1:]]
            elif word in ("flags", "libs"):
                setattr(self, word, rest)
            elif word == "whole":
                self.whole = frozenset(rest)
            elif word:
                raise ValueError(f"{self.name}: unknown line '{line}'")

    def dependents(self, path):
        """The functions that depend on something in a file."""
        return frozenset().union(*(line.exact | line.through for line in self.lines[path]))

    def may_depend(self, path):
        return self.dependents(path).union(*(line.may for line in self.lines[path]))

    def is_code(self, path):
        """Of an annotated unit, or a header."""
        return path.endswith(".h") or any(u.path == path and u.kind == "annotated"
                                          for u in self.units)

    # ---- building

    def make_base(self, folder):
        """Builds and runs the program as it is."""
        variant = Variant(self.files)
        base = Base(folder / variant.folder, folder / "store")
        self.build(variant, folder, None)
        base.code = {u.object: code_of(base.top / "plain" / u.object) for u in self.units}
        for unit in self.units:
            output = self._run([self.tools.cc, "-MM", *self.flags, unit.path], base.top)
            words = output.replace("\\\n", " ").split()[2:]
            unit.headers = frozenset(os.path.normpath(word) for word in words)
        base.result = self.run(base.top, "memo", base.store)
        return base

    def _run(self, command, folder):
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
        if done.returncode != 0:
            raise BuildError(f"{' '.join(map(str, command))}\n{done.stdout}")
        return done.stdout

    def _compile(self, unit, flags, folder, compiler):
        out = folder / compiler[0] / unit.object
        out.parent.mkdir(parents=True, exist_ok=True)
        flags = flags + ["-fPIC"] if unit.kind == "shared" else flags
        command = compiler[1:] + ["-w", *flags, "-c", unit.path, "-o", str(out)]
        return self._run(command, folder)

    def build(self, variant, folder, base, is_memo=True):
        """Build with cc, and then with memocc; what base holds isn't made again. Returns
        the units whose object code differs from base's."""
        top = folder / variant.folder
        for name, text in variant.files.items():
            path = top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, newline="")
        self.make_preload(variant.preload, top)
        units = variant.units or self.units
        plain = ["plain", self.tools.cc]
        memo = ["memo", self.tools.memocc, self.tools.cc]
        stale = [u for u in units if base is None or self._is_stale(u, variant)]
        for unit in stale:
            self._compile(unit, self._flags(variant, unit), top, plain)
        changed = [u for u in stale if base is not None and
                   code_of(top / "plain" / u.object) != base.code.get(u.object)]
        self._link(variant, units, stale, top, base, "plain")
        if is_memo:
            for unit in stale:
                if unit.kind == "annotated":
                    self._compile(unit, self._flags(variant, unit), top, memo)
            self._link(variant, units, stale, top, base, "memo")
        return changed

    def make_preload(self, source, top):
        if source:
            (top / "preload.c").write_text(source)
            self._run([self.tools.cc, "-shared", "-fPIC", "preload.c", "-o", "preload.so"], top)

    def _flags(self, variant, unit):
        return variant.flags.get(unit.path, variant.flags.get("", self.flags))

    def _is_stale(self, unit, variant):
        if variant.rebuild or unit.path not in self.files:
            return True
        if self._flags(variant, unit) != self.flags:
            return True
        return any(variant.files.get(path) != self.files.get(path)
                   for path in unit.headers | {unit.path})

    def _link(self, variant, units, stale, top, base, kind):
        """Units without annotations are the same objects for both compilers."""
        def object_of(unit):
            which = kind if unit.kind == "annotated" else "plain"
            return (top if unit in stale else base.top) / which / unit.object

        compiler = [self.tools.cc] if kind == "plain" else [self.tools.memocc, self.tools.cc]
        order = list(reversed(units)) if variant.is_reversed else units
        objects = [object_of(u) for u in order if u.kind in ("annotated", "object")]
        libraries = []
        for container in sorted({u.container for u in order if u.container}):
            members = [u for u in units if u.container == container]
            if variant.is_reversed and members[0].kind == "archive":
                members.reverse()
            libraries.append(top / container)
            if kind == "memo" and libraries[-1].exists():
                continue
            if base is not None and not any(u in stale for u in members) and \
                    not (variant.is_reversed and members[0].kind == "archive"):
                shutil.copy(base.top / container, libraries[-1])
            elif members[0].kind == "archive":
                self._run(["ar", "rcs", str(top / container), *map(object_of, members)], top)
            else:
                self._run([self.tools.cc, "-shared", f"-Wl,-soname,{container}", "-o",
                           str(top / container), *map(object_of, members)], top)
        self._run([*compiler, *variant.link_flags, *objects, *libraries, *self.libs, "-o",
                   str(top / f"{kind}-program")], top)

    # ---- running

    def run(self, top, kind, store=None):
        """The output's lines by function, and the counters."""
        stats = top / "stats.json"
        env = dict(os.environ, LD_LIBRARY_PATH=str(top), LC_ALL="C")
        if (top / "preload.so").exists():
            env["LD_PRELOAD"] = str(top / "preload.so")
        if store:
            stats.unlink(missing_ok=True)
            env.update(MEMOCC_DIR=str(store), MEMOCC_GATE="off", MEMOCC_STATS=str(stats))
        done = subprocess.run([str(top / f"{kind}-program")], cwd=top, env=env, timeout=20,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              errors="replace", check=False)
        result = {"status": done.returncode, "errors": done.stderr, "lines": {}, "counts": {}}
        for line in done.stdout.splitlines():
            result["lines"].setdefault(line.split(":")[0], []).append(line)
        if store and stats.exists():
            for function in json.loads(stats.read_text())["functions"]:
                hits, misses = result["counts"].get(function["name"], (0, 0))
                result["counts"][function["name"]] = (hits + function["hits"]["disk"],
                                                      misses + function["misses"])
        return result

    def is_undefined(self, variant, folder):
        """Does the program do what C doesn't define?"""
        out = folder / "sanitized"
        sources = [u.path for u in variant.units or self.units]
        self._run([self.tools.cc, "-w", "-g", *self.flags, "-fsanitize=address,undefined",
                   "-fno-sanitize-recover=all", *sources, *self.libs, "-o", str(out)],
                  folder / variant.folder)
        env = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")
        return subprocess.run([str(out)], env=env, timeout=60, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode != 0


def code_of(path):
    """What an object consists of, without debug information and its source's name."""
    stripped = Path(path).with_suffix(".stripped")
    done = subprocess.run(["objcopy", "--strip-debug", "-R", ".comment", "-N",
                           Path(path).with_suffix(".c").name, str(path), str(stripped)],
                          stderr=subprocess.DEVNULL, check=False)
    return (stripped if done.returncode == 0 else Path(path)).read_bytes()  # bitcode
