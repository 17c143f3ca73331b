"""Edits of how a program is built: options, places, names of files, order and
content of the link; and those that a program lists in its file `edits`:

    edit a name
    file view.c           the first place of `was` becomes `is`; \\n is a line end;
    was version("1")      these three lines may come again
    is version("2")
    new more.h            a new file; `is` follows
    unit object more.c    a unit more
    flags -Dx             to compile, added; all units are compiled again
    link -Wl,-x           to link, added
    preload TEXT          a shared library of this source is loaded before all others
    exact f g             what changes; through, may, stale: see edits.py
"""
import os
from dataclasses import replace

from edits import Edit
from program import Unit, Variant

QUIET = ["-g", "-g3 -gdwarf-4", "-Wall -Wextra", "-DNOT_USED=3", "-I/usr/include -I.",
         "-MD -MF dependencies.d", "-pipe", "-fdiagnostics-color=never",
         "-fmessage-length=0", "-UNOT_USED"]
LOUD = ["-O1", "-O3", "-Os", "-fwrapv", "-march=x86-64-v2", "-funsigned-char", "-fshort-enums",
        "-frounding-math", "-fno-strict-aliasing", "-ffast-math", "-ffp-contract=fast",
        "-mfpmath=387", "-flto"]
LINK = ["-s", "-rdynamic", "-no-pie", "-Wl,--build-id=none", "-Wl,-z,now", "-Wl,-O1", "-g"]


def option_edits(program):
    versioned = frozenset(name for lines in program.lines.values() for line in lines
                          for name in line.stale)
    shared = frozenset().union(*(program.may_depend(u.path) for u in program.units
                                 if u.kind == "shared"))
    loud = program.functions - versioned
    for option in QUIET:
        flags = program.flags + option.split()
        # Debug information changes the content of a shared library.
        plain = {u.path: program.flags for u in program.units if u.kind == "shared"}
        yield Edit("quiet option", f"quiet option {option}",
                   Variant(program.files, {"": flags, **plain}, rebuild=True))
        if shared:
            yield Edit("quiet option", f"quiet option for all {option}",
                       Variant(program.files, {"": flags}, rebuild=True), may=shared)
    for option in LOUD:
        flags = program.flags + option.split()
        is_compared = "math" not in option and "fp" not in option
        yield Edit("option", f"option {option}", Variant(program.files, {"": flags}), exact=loud,
                   may=program.functions, is_compared=is_compared, may_fail=True)
        for unit in program.units:
            names = program.dependents(unit.path)
            if unit.path == "main.c" or option not in LOUD[:5]:
                continue
            edit = Edit("option of a unit", f"option of a unit {unit.path} {option}",
                        Variant(program.files, {unit.path: flags}), may=program.whole | versioned)
            # A plain unit's options count by what they make of its code.
            yield replace(edit, **{"exact" if unit.kind == "annotated" else "may": names})


def moved(program, path, new_path):
    units = [replace(u, path=new_path) if u.path == path else u for u in program.units]
    files = {new_path if p == path else p: text for p, text in program.files.items()}
    return Variant(files, {"": program.flags + ["-I."]}, units=units, rebuild=True)


def place_edits(program):
    yield Edit("moved", "moved: everything",
               Variant(program.files, folder="another place/for the program", rebuild=True))
    yield Edit("moved", "moved: everything, with debug information",
               Variant(program.files, {"": program.flags + ["-g"]}, folder="another/place",
                       rebuild=True),
               may=frozenset().union(*(program.may_depend(u.path) for u in program.units
                                       if u.kind == "shared")))
    for unit in program.units:
        # The symbol table of a shared library has the names of its sources.
        may = frozenset().union(*(program.may_depend(u.path) for u in program.units
                                  if u.kind == "shared" and u.container == unit.container))
        for new in (unit.path.replace(".c", "_renamed.c"), "in/a folder/" + unit.path):
            yield Edit("unit moved", f"unit moved {unit.path} {new}",
                       moved(program, unit.path, new), may=may)
    for path in program.files:
        if path.endswith(".h"):
            files = {("headers/" + path if p == path else p): t for p, t in program.files.items()}
            flags = program.flags + ["-I.", "-Iheaders", "-Iheaders/" + os.path.dirname(path)]
            yield Edit("header moved", f"header moved {path}",
                       Variant(files, {"": flags}, rebuild=True))


def link_edits(program):
    for option in LINK:
        # Globals that are exported may be written by libraries that come later: refused.
        yield Edit("link option", f"link option {option}",
                   Variant(program.files, link_flags=tuple(option.split())), may=program.whole,
                   may_fail=option == "-rdynamic")
    yield Edit("link order", "link order", Variant(program.files, is_reversed=True),
               may=program.whole)
    text = "double new_table[3] = {1, 2, 3};\nint new_function(int n)\n{\n    return n * 55;\n}\n"
    more = {**program.files, "new_unit.c": text}
    yield Edit("unit added", "unit added",
               Variant(more, units=program.units + [Unit("new_unit.c", "object")]),
               may=program.whole)
    annotated = {**program.files, "new_unit.c": text.replace("int new", "#pragma memo\nint new")}
    yield Edit("unit added", "unit added: annotated",
               Variant(annotated, units=program.units + [Unit("new_unit.c", "annotated")]),
               may=program.whole)
    for container in sorted({u.container for u in program.units if u.kind == "archive"}):
        units = program.units + [Unit("new_unit.c", "archive", container)]
        yield Edit("member added", f"member added {container}", Variant(more, units=units))


def given_edits(program):
    path = program.folder / "edits"
    edits, edit, name = [], None, ""
    for line in path.read_text().splitlines() if path.exists() else []:
        word, _, rest = line.partition(" ")
        text = rest.replace("\\n", "\n")
        if word == "edit":
            edit = Edit("given", f"given: {rest}", Variant(dict(program.files)))
            edits.append(edit)
        elif word in ("file", "new"):
            name = rest
        elif word == "was":
            if text not in edit.variant.files[name]:
                raise ValueError(f"{program.name}/{name} has no '{rest}'")
            was = text
        elif word == "unit":
            units = edit.variant.units or list(program.units)
            edit.variant.units = units + [Unit(rest.split()[1], rest.split()[0])]
        elif word == "flags":
            edit.variant.flags[""] = rest.split() + program.flags
        elif word == "link":
            edit.variant.link_flags = tuple(rest.split())
        elif word == "preload":
            edit.variant.preload = text
        elif word == "is" and name in program.files:
            files = edit.variant.files
            files[name] = files[name].replace(was, text, 1)
        elif word == "is":
            edit.variant.files[name] = text
        elif word in ("exact", "through", "may", "stale"):
            setattr(edit, word, frozenset(rest.split()))
        elif word and word != "#":
            raise ValueError(f"{path}: unknown line '{line}'")
    return edits


def build_edits(program):
    yield from given_edits(program)
    yield from option_edits(program)
    yield from place_edits(program)
    yield from link_edits(program)
