"""Edits that a reader would call cosmetic: no fingerprint changes, but those of
units without annotations whose object code does."""
import re

from ctokens import tokens_of
from edits import Edit
from program import Variant


def joined(tokens, between):
    """The code tokens of the text, with between(before, after) in the place of
    blanks and line ends; directives stay as they are, on lines of their own."""
    out, before = [], None
    for t in tokens:
        if t.directive:
            if before is None or not before.directive:
                out.append("\n")
            out.append(t.text)
            before = t
        elif t.kind == "newline" and before is not None and before.directive:
            out.append("\n")
            before = None
        elif t.is_code:
            if before is not None and not before.directive:
                out.append(between(before, t))
            out.append(t.text)
            before = t
    return "".join(out) + "\n"


def comments_between(text):
    return joined(tokens_of(text), lambda a, b: " /* and */ ")


def a_token_a_line(text):
    return joined(tokens_of(text), lambda a, b: "\n\n")


def one_line(text):
    return joined(tokens_of(text), lambda a, b: " ")


def no_more_blanks(text):
    def between(a, b):
        words = ("word", "number", "string", "char")
        return "" if (a.kind in words) != (b.kind in words) and "'" not in a.text + b.text else " "
    return joined(tokens_of(text), between)


def spliced(text):
    return joined(tokens_of(text), lambda a, b: " \\\n")


def comments_less(text):
    return "".join(" " if t.kind == "comment" else t.text for t in tokens_of(text))


def line_comments(text):
    return re.sub(r"(?m)(?<!\\)$(?=\n)", " // a comment", text)


def blanks_behind(text):
    return re.sub(r"(?m)(?<!\\)$(?=\n)", " \t ", text)


def tabs(text):
    return re.sub(r"(?m)^ +", lambda m: "\t" * (len(m.group()) // 2), text)


def lines_of_windows(text):
    return text.replace("\n", "\r\n")


def empty_lines(text):
    return "\n\n\n" + re.sub(r"(?m);$", ";\n\n", text)


def digraphs(text):
    spellings = {"[": "<:", "]": ":>", "{": "<%", "}": "%>"}
    return "".join(spellings.get(t.text, t.text) if t.kind == "operator" and not t.directive
                   else t.text for t in tokens_of(text))


def disabled_text(text):
    return ("#if 0\n#pragma memo no such clause\nint f(int x) { return 'unfinished; }\n#endif\n" +
            text + "#ifdef NEVER_DEFINED\nint broken(\n#endif\n")


def macros_unused(text):
    return "#define NOT_USED_BY_ANYONE(x) ((x) + 4321)\n" + text + "#define NEITHER 17\n"


def once(text):
    return "#pragma once\n" + text


UNUSED = ("typedef struct unused_{0} {{ int u; double v; }} unused_type_{0};\n"
          "enum unused_enum_{0} {{ UNUSED_{0} = 5, UNUSED_MORE_{0} }};\n"
          "struct unused_union_{0};\n"
          "int unused_prototype_{0}(int unused_parameter);\n"
          "extern double unused_extern_{0};\n")
UNUSED_CODE = "static inline int unused_function_{0}(int x) {{ return x * 77; }}\n"


def identifier(path):
    return re.sub(r"\W", "_", path)


def declarations_unused(text, path):
    unused = UNUSED.format(identifier(path)) + UNUSED_CODE.format(identifier(path))
    at = text.rfind("#endif") if path.endswith(".h") else len(text)
    return text[:at] + unused + text[at:]


def declarations_unused_before(text, path):
    unused = UNUSED.format(identifier(path)) + UNUSED_CODE.format(identifier(path))
    includes = [m.end() for m in re.finditer(r"(?m)^#(?:include|define \w+_H\b).*\n", text)]
    at = includes[-1] if includes else 0
    return text[:at] + unused + text[at:]


def includes_unused(text, path):
    return text if path.endswith(".h") else "#include <stdint.h>\n#include <limits.h>\n" + text


def memoized_unused(text, path):
    """One more annotated function."""
    name = "one_more_in_" + identifier(path)
    return text + f"#pragma memo\nint {name}(int n)\n{{\n    return n + 606;\n}}\n"


TEXT_EDITS = [comments_between, a_token_a_line, one_line, no_more_blanks, spliced, comments_less,
              line_comments, blanks_behind, tabs, lines_of_windows, empty_lines, digraphs,
              disabled_text, macros_unused, once]
FILE_EDITS = [declarations_unused, declarations_unused_before, includes_unused]


def macro_renames(program):
    names = sorted({m for text in program.files.values()
                    for m in re.findall(r"(?m)^#define (\w+)[( ]", text)})
    for name in names:
        word = re.compile(rf"\b{name}\b")
        files = {path: word.sub(name + "_RENAMED", text) for path, text in program.files.items()}
        yield Edit("macro renamed", f"macro renamed {name}", Variant(files))


def literals_named(program):
    """A literal becomes a macro."""
    for path, text in program.files.items():
        numbers = [t for t in tokens_of(text) if t.kind == "number" and not t.directive]
        if path.endswith(".c") and path != "main.c" and numbers:
            t = numbers[len(numbers) // 2]
            new = f"#define NAMED {t.text}\n" + text[:t.begin] + "NAMED" + text[t.end:]
            yield Edit("literal named", f"literal named {path}", Variant({**program.files, path: new}))


def blocks_swapped(program):
    """Two neighbours change places, each with what stands in front of it."""
    for path, text in program.files.items():
        lines, marks = text.split("\n")[:-1], program.lines[path]
        blocks = {}
        for row, mark in enumerate(marks):
            blocks.setdefault(mark.block, []).append(row)
        for block, rows in blocks.items():
            following = blocks.get(block + 1)
            if following and marks[rows[0]].is_movable and marks[following[0]].is_movable:
                order = [*range(rows[0]), *following, *rows, *range(following[-1] + 1, len(lines))]
                new = "\n".join(lines[row] for row in order) + "\n"
                yield Edit("functions swapped", f"functions swapped {path}:{rows[0] + 1}",
                           Variant({**program.files, path: with_prototypes(new, program, path)}))


def with_prototypes(text, program, path):
    """All functions are declared before the first: any order is C."""
    heads = re.findall(r"(?m)^((?:static )?[\w ]+\*?\w+\([^;{}]*\))\n\{", program.files[path])
    first = text.index(re.search(r"(?m)^((?:static )?[\w ]+\*?\w+\([^;{}]*\))\n\{", text).group(1))
    at = text.rfind("\n\n", 0, first) + 1
    return text[:at] + "".join(f"{head};\n" for head in heads if "static" in head) + text[at:]


def looks_edits(program):
    """Each of all files together, then (many) of each file alone."""
    def edit(name, change, paths):
        files = {p: change(t) if p in paths else t for p, t in program.files.items()}
        return Edit(change.__name__.replace("_", " "), name, Variant(files))

    for change in TEXT_EDITS:
        label = change.__name__.replace("_", " ")
        paths = [p for p in program.files if change is not once or p.endswith(".h")]
        yield edit(f"{label}: all files", change, paths)
        for path in paths:
            yield edit(f"{label}: {path}", change, [path])
    for change in FILE_EDITS + [memoized_unused]:
        label = change.__name__.replace("_", " ")
        paths = [p for p in program.files if change is not memoized_unused or
                 (p.endswith(".c") and program.is_code(p))]
        everything = {p: change(t, p) if p in paths else t for p, t in program.files.items()}
        yield Edit(label, f"{label}: all files", Variant(everything))
        for path in paths:
            one = {**program.files, path: change(program.files[path], path)}
            yield Edit(label, f"{label}: {path}", Variant(one))
    yield from macro_renames(program)
    yield from literals_named(program)
    yield from blocks_swapped(program)
