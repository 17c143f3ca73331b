"""What an edit is, and which functions' fingerprints it must change."""
from dataclasses import dataclass, field

from ctokens import replaced
from program import Variant


@dataclass
class Edit:
    kind: str  # a word for the summary
    name: str  # unique in the program
    variant: Variant
    exact: frozenset = frozenset()  # change
    through: frozenset = frozenset()  # change if some code without annotations does
    may: frozenset = frozenset()  # either way
    stale: frozenset = frozenset()  # a false word of the program's: results aren't compared
    is_compared: bool = True  # the results of cc and of memocc may differ otherwise
    may_fail: bool = False  # it may not be C any more, or do what C doesn't define
    diff: tuple = field(default=())  # for reports: file, line, was, is


def expectation(program, edit, changed):
    """The functions that must miss, and those that may. `changed` are the units
    whose object code isn't what it was."""
    plain = [u for u in changed if u.kind != "annotated"]
    must, may = set(edit.exact), set(edit.may)
    if plain:
        must |= edit.through
    for unit in plain:
        if unit.path not in program.lines:
            continue
        if unit.kind == "shared":  # by the library's content
            for other in program.units:
                if other.container == unit.container:
                    must |= program.dependents(other.path)
                    may |= program.may_depend(other.path)
        else:  # by the object's
            may |= program.may_depend(unit.path)
    # What a pointer out of sight may reach is known by its code only; and the program's
    # content has the fingerprints of its memoized functions.
    if changed or edit.exact:
        may |= program.whole
    if not changed:
        must -= program.whole
    # Parameters' types and names are in the signature, which stays beside a version.
    if edit.kind in ("name", "type"):
        may |= edit.stale
    return must - edit.stale, may


def edit_line(program, kind, path, tokens, changes, note):
    """An edit of tokens, of which the first says what depends on it."""
    line = program.lines[path][tokens[0].line]
    text = program.files[path]
    files = dict(program.files)
    files[path] = replaced(text, changes)
    exact, through = line.exact, line.through
    if not program.is_code(path):
        exact, through = frozenset(), exact | through
    row = tokens[0].line
    column = tokens[0].begin - (text.rfind("\n", 0, tokens[0].begin) + 1)
    after = files[path].split("\n")
    return Edit(kind, f"{kind} {path}:{row + 1}:{column + 1} {note}", Variant(files), exact=exact,
                through=through, may=line.may, stale=line.stale, may_fail=True,
                diff=(path, text.split("\n")[row].strip(), after[row].strip()))
