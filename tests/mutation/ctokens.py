"""The tokens of a C file, for edits: what stands where, and what is a directive.

Nothing is understood beyond that; an edit that isn't C any more is found by the
compiler."""
import re
from dataclasses import dataclass

TOKEN = re.compile(r"""
  (?P<comment>/\*.*?\*/|//[^\n]*)
 |(?P<blank>(?:[ \t\f\v\r]|\\\n)+)
 |(?P<newline>\n)
 |(?P<string>"(?:\\.|[^"\\\n])*")
 |(?P<char>'(?:\\.|[^'\\\n])*')
 |(?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
 |(?P<word>[A-Za-z_]\w*)
 |(?P<operator><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|\S)
""", re.S | re.X)


@dataclass
class Token:
    kind: str
    text: str
    begin: int
    line: int  # from 0
    directive: str  # "define", "include", "pragma"...; empty outside directives

    @property
    def end(self):
        return self.begin + len(self.text)

    @property
    def is_code(self):
        return self.kind not in ("comment", "blank", "newline")


def tokens_of(text):
    """All tokens, blanks and comments too: their texts joined are the text."""
    tokens, line, directive, at_start = [], 0, "", True
    for match in TOKEN.finditer(text):
        kind, value = match.lastgroup, match.group()
        if kind == "newline":
            directive, at_start = "", True
        elif at_start and value == "#":
            rest = re.match(r"#[ \t]*(\w*)", text[match.start():])
            directive, at_start = rest.group(1) or "null", False
        elif kind not in ("blank", "comment"):
            at_start = False
        tokens.append(Token(kind, value, match.start(), line, directive))
        line += value.count("\n")
    return tokens


def replaced(text, changes):
    """The text with [(begin, end, new)] carried out."""
    for begin, end, new in sorted(changes, reverse=True):
        text = text[:begin] + new + text[end:]
    return text
