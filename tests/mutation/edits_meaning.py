"""Edits that change what code means: one for each literal, operator, type,
enumerator and name of a local variable in the program. What depends on the
line must change; nothing else may."""
import re

from ctokens import tokens_of
from edits import edit_line

OPERATORS = {"+": "-", "-": "+", "*": "+", "/": "*", "%": "/", "<": "<=", ">": ">=", "<=": "<",
             ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&", "&": "|", "|": "^",
             "^": "|", "<<": ">>", ">>": "<<", "+=": "-=", "-=": "+=", "*=": "+="}
TYPES = {"int": "long", "long": "int", "double": "float", "float": "double", "short": "int",
         "char": "short", "unsigned": "signed", "int16_t": "int8_t", "uint32_t": "int32_t"}
TYPE_WORDS = set(TYPES) | {"void", "const", "struct", "union", "enum", "size_t", "static",
                           "quantity", "step", "return"}
LOCAL = re.compile(r"\b(?:int|long|double|short|unsigned|quantity|char|size_t|struct \w+) \**(\w+)"
                   r"(?= ?[=;,)\[])")


def code_tokens(program, path):
    """Code outside directives other than #define, and outside strings of pragmas."""
    return [t for t in tokens_of(program.files[path])
            if t.is_code and t.directive in ("", "define")]


def other_number(text):
    if re.fullmatch(r"0[xX][0-9a-fA-F]+[uUlL]*", text):
        digits, suffix = re.match(r"(0[xX][0-9a-fA-F]+)(.*)", text).groups()
        return f"{int(digits, 16) + 1:#x}{suffix}"
    if re.fullmatch(r"\d+[uUlL]*", text):
        digits, suffix = re.match(r"(\d+)(.*)", text).groups()
        return f"{int(digits) + 1}{suffix}"
    digits, rest = re.match(r"([\d.]+)(.*)", text).groups()
    return f"{digits}1{rest}"


def literals(program, path):
    for t in code_tokens(program, path):
        if t.kind == "number":
            new = other_number(t.text)
        elif t.kind == "char":
            new = "'q'" if t.text != "'q'" else "'r'"
        elif t.kind == "string":
            new = t.text[:-1] + 'x"'
        else:
            continue
        yield edit_line(program, "literal", path, [t], [(t.begin, t.end, new)], f"{t.text} {new}")


def operators(program, path):
    before = None
    for t in code_tokens(program, path):
        is_binary = before is not None and before.line == t.line and \
            (before.kind in ("number", "char") or before.text in (")", "]") or
             (before.kind == "word" and before.text not in TYPE_WORDS))
        if t.kind == "operator" and t.text in OPERATORS and is_binary and \
                not (t.text == "*" and before.text in program.types):
            new = OPERATORS[t.text]
            yield edit_line(program, "operator", path, [t], [(t.begin, t.end, new)],
                            f"{t.text} {new}")
        before = t


def types(program, path):
    """Of a function's head, in its prototype too."""
    lines = program.files[path].split("\n")
    for t in code_tokens(program, path):
        line = lines[t.line]
        if t.text not in TYPES or line.endswith(");"):
            continue
        new = TYPES[t.text]
        edit = edit_line(program, "type", path, [t], [(t.begin, t.end, new)], f"{t.text} {new}")
        if lines[t.line + 1] == "{":
            files = edit.variant.files
            head = files[path].split("\n")[t.line]
            for header in [p for p in files if p.endswith(".h")]:
                if line + ";" in files[header]:
                    files[header] = files[header].replace(line + ";", head + ";")
                    edit.exact = edit.exact | edit.through  # its callers see it
        yield edit


def enumerators(program, path):
    """Those without a value get one."""
    is_inside, before = False, None
    for t in code_tokens(program, path):
        if t.text == "enum":
            is_inside = True
        elif t.text == "}":
            is_inside = False
        if is_inside and before is not None and before.text in ("{", ",") and t.kind == "word":
            tail = program.files[path][t.end:].lstrip()
            if tail[0] != "=":
                yield edit_line(program, "enumerator", path, [t], [(t.end, t.end, " = 7")],
                                f"{t.text} = 7")
        before = t


def negations(program, path):
    """if (x) becomes if (!(x))."""
    tokens = code_tokens(program, path)
    for i, t in enumerate(tokens):
        if t.text not in ("if", "while") or tokens[i + 1].text != "(":
            continue
        depth, j = 0, i + 1
        while True:
            depth += {"(": 1, ")": -1}.get(tokens[j].text, 0)
            if depth == 0:
                break
            j += 1
        yield edit_line(program, "condition", path, [t],
                        [(tokens[i + 1].end, tokens[i + 1].end, "!("),
                         (tokens[j].begin, tokens[j].begin, ")")], "!")


def statements(program, path):
    """A compound assignment less."""
    tokens = code_tokens(program, path)
    for i, t in enumerate(tokens):
        if t.text in ("+=", "-=", "*=", "^=", "++") and not t.directive:
            end = next(u for u in tokens[i:] if u.text in (";", ")"))
            begin = max((k for k in range(i) if tokens[k].text in (";", "{", "}", ")")), default=-1)
            first = tokens[begin + 1]
            if end.text == ";" and tokens[begin].text != ")" and first.line == t.line:
                yield edit_line(program, "statement", path, [first],
                                [(first.begin, end.begin, "")], t.text)


def locals_renamed(program, path):
    """Names of parameters and local variables; in their whole block."""
    lines = program.files[path].split("\n")
    marks = program.lines[path]
    tokens = [t for t in tokens_of(program.files[path]) if t.is_code]
    for name, block in sorted({(name, marks[row].block) for row, line in enumerate(lines[:-1])
                               if path.endswith(".c") and line.startswith(" ") or "(" in line
                               for name in LOCAL.findall(line) if not line.startswith("#")}):
        uses = [t for i, t in enumerate(tokens) if t.text == name and marks[t.line].block == block
                and tokens[i - 1].text not in (".", "->")]
        if uses:
            yield edit_line(program, "name", path, [next((t for t in uses if not t.directive),
                                                         uses[0])],
                            [(t.begin, t.end, name + "_renamed") for t in uses], name)


def meaning_edits(program):
    program.types = {name for text in program.files.values()
                     for name in re.findall(r"(?:struct|union|enum) (\w+)", text)}
    for path in sorted(program.files):
        if path != "main.c":
            for generate in (literals, operators, types, enumerators, negations, statements,
                             locals_renamed):
                yield from generate(program, path)
