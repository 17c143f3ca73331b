"""generate.py: random programs with synchronized code, reproducible by their seed.

A program has some parts; each is a synchronized function, the concurrent functions
that it calls, and calls of it with memory that overlaps in different ways. Its
behaviour is defined by C whatever is left out of it, so that a failing program can
be made smaller by dropping statements (class Node):

  - integers are unsigned; doubles are only halved, added and compared;
  - subscripts are reduced, or come from counters whose range is known;
  - every loop ends, since it has a counter that nothing else changes;
  - what writes memory is never called where the order of evaluation is open;
  - everything is initialized."""
import random

ROW = 12  # elements of each array; pools hold several


class Node:
    """A statement, or several in a row if head is "". The head of a compound one opens a
    brace that its tail closes."""

    def __init__(self, head="", kids=None, tail=""):
        self.head, self.kids, self.tail, self.is_kept = head, kids or [], tail, True
        self.is_bare = False  # reduced to its kids

    def lines(self, depth=0):
        if not self.is_kept:
            return
        inner = depth
        if self.head and not self.is_bare:
            for line in self.head.split("\n"):
                yield line if line.startswith("#") else "    " * depth + line
            inner = depth + 1 if self.tail else depth
        for kid in self.kids:
            yield from kid.lines(inner)
        if self.tail and not self.is_bare:
            yield "    " * depth + self.tail

    def nodes(self):
        yield self
        for kid in self.kids:
            yield from kid.nodes()


class Function:
    """A concurrent function: `params` names the kinds of its parameters."""

    def __init__(self, name, result, params, is_writer=False, length=1):
        self.name, self.result, self.params = name, result, params
        self.is_writer, self.length = is_writer, length


FAR = [Function("far_mix", "U", ["u", "u"]), Function("far_at", "U", ["*r"]),
       Function("far_sum", "U", ["[r", "n"], length=5),
       Function("far_map", None, ["[r", "[w", "n"], True, 4),
       Function("far_change", "U", ["[w", "n", "u"], True, 3),
       Function("far_split", None, ["u", "*w", "*w"], True)]


class Array:
    def __init__(self, text, kind, size=ROW):
        self.text, self.kind, self.size = text, kind, size


class Counter:
    """A loop's variable. Its values are in [low, high)."""

    def __init__(self, name, low, high):
        self.name, self.low, self.high = name, low, high


class Scope:
    def __init__(self, outer=None):
        self.outer = outer
        self.scalars = {} if outer is None else {k: list(v) for k, v in outer.scalars.items()}
        self.arrays = [] if outer is None else list(outer.arrays)
        self.counters = [] if outer is None else list(outer.counters)
        self.loops = 0 if outer is None else outer.loops

    def inner(self):
        return Scope(self)


TYPES = {"U": "unsigned", "D": "double", "C": "unsigned char", "L": "unsigned long long",
         "S": "struct item"}


class Part:
    def __init__(self, rng, number):
        self.rng, self.number = rng, number
        self.functions, self.root = [], Node()
        self.n_names = 0
        self.has_goto = self.uses_return = False
        self.budget = rng.randint(4, 26)

    # ---- names and small things

    def name(self, stem):
        self.n_names += 1
        return f"{stem}{self.n_names}"

    def chance(self, probability):
        return self.rng.random() < probability

    def pick(self, items):
        return self.rng.choice(items)

    def constant(self, kind):
        if kind == "D":
            return self.pick(["0.5", "1.25", "3.0", "0.1", "-2.75", "1e-3", "7.0"])
        return self.pick(["0u", "1u", "2u", "3u", "7u", "31u", "100u", "65535u", "2654435761u"])

    # ---- expressions

    def index(self, scope, size):
        rng, choices = self.rng, []
        for c in scope.counters:
            if c.low >= 0 and c.high <= size:
                choices += [c.name] * 4
                choices.append(f"{size - 1} - {c.name}")
            if c.low >= 0 and c.high + 1 <= size:
                choices.append(f"{c.name} + 1")
            if c.low >= 1 and c.high <= size:
                choices += [f"{c.name} - 1"] * 2
            if c.low >= 0 and 2 * (c.high - 1) < size - 1:
                choices += [f"2 * {c.name}", f"2 * {c.name} + 1"]
            choices.append(f"order[{c.name} & 15]" if c.low >= 0 else str(rng.randrange(size)))
            for d in scope.counters:
                if d is not c and min(c.low, d.low) >= 0 and (c.high - 1) * 3 + d.high <= size \
                        and d.high <= 3:
                    choices += [f"{c.name} * 3 + {d.name}"] * 2
                if d is not c and min(c.low, d.low) >= 0 and c.high + d.high - 1 <= size:
                    choices.append(f"{c.name} + {d.name}")
        choices += [str(rng.randrange(size))] * (1 if scope.counters else 3)
        if self.chance(0.25) or not choices:
            return f"({self.expression(scope, 'U', 1)}) % {size}u"
        return self.pick(choices)

    def element(self, scope, kind):
        """An lvalue in memory, or None."""
        arrays = [a for a in scope.arrays if a.kind == kind]
        items = [a for a in scope.arrays if a.kind == "S"]
        if items and kind in "UDC" and self.chance(0.3):
            a = self.pick(items)
            return f"{a.text}[{self.index(scope, a.size)}].{dict(U='n', D='w', C='tag')[kind]}"
        if not arrays:
            return None
        a = self.pick(arrays)
        where = self.index(scope, a.size)
        if self.chance(0.1):
            return f"*({a.text} + {where})"
        return f"{a.text}[{where}]"

    def leaf(self, scope, kind):
        if kind == "S":
            return self.element(scope, "S") or "(struct item){1u, 0.5, 2}"
        choices = [self.constant(kind)]
        names = scope.scalars.get(kind, [])
        choices += names * 2
        if kind == "U":
            choices += [f"(unsigned){c.name}" for c in scope.counters] * 2
            choices += scope.scalars.get("C", [])
            choices += [f"(unsigned){n}" for n in scope.scalars.get("L", [])]
        if kind == "D":
            choices += [f"0.25 * {c.name}" for c in scope.counters]
        lvalue = self.element(scope, kind) if kind in "UDC" and self.chance(0.4) else None
        return lvalue or self.pick(choices)

    def expression(self, scope, kind, depth=2, calls=0.0):
        if calls and self.chance(calls):
            call = self.call(scope, kind)
            if call:
                return call
        if depth == 0 or self.chance(0.3) or kind == "S":
            return self.leaf(scope, kind)
        a = self.expression(scope, kind, depth - 1, calls)
        b = self.expression(scope, kind, depth - 1, calls / 2)
        if kind == "D":
            return self.pick([f"{a} * 0.5 + {b}", f"{a} - {b} * 0.25", f"fmax({a}, {b})",
                              f"({a} < {b} ? {a} : {b})" if "(" not in a + b else f"{a} * 0.125"])
        return self.pick([f"({a} + {b})", f"{a} * 31u + {b}" if depth > 1 else f"({a} ^ {b})",
                          f"({a} ^ {b})", f"{a} % 97u" if "?" not in a else a,
                          f"({a} > {b} ? {a} : 5u)" if "(" not in a + b else f"({a} - {b})"])

    def condition(self, scope, calls=0.0):
        a = self.expression(scope, "U", 1, calls)
        if "D" in scope.scalars and self.chance(0.25):
            return f"{self.expression(scope, 'D', 1, calls)} < {self.expression(scope, 'D', 1)}"
        return self.pick([f"({a}) % {self.pick([2, 3, 5])}u == {self.pick([0, 1])}u",
                          f"({a}) & {self.pick([1, 4, 6])}u", f"({a}) > 1000000000u"])

    # ---- calls

    def argument(self, scope, param, function):
        """One argument, or None if nothing in sight fits."""
        if param == "u":
            return self.expression(scope, "U", 1)
        if param == "d":
            return self.expression(scope, "D", 1)
        if param == "n":
            return str(function.length)
        if param == "S":
            return self.leaf(scope, "S")
        if param[0] == "*":  # one object, to be read or written
            kind = "S" if param.endswith("S") else "D" if param.endswith("D") else "U"
            names = [n for n in scope.scalars.get(kind, []) if n[0] != "c"]
            if kind != "S" and names and self.chance(0.35):
                return f"&{self.pick(names)}"
            lvalue = self.element(scope, kind)
            return lvalue and f"&{lvalue}"
        fitting = [a for a in scope.arrays if a.kind == "U" and a.size >= function.length]
        if not fitting:
            return None
        a = self.pick(fitting)
        room = a.size - function.length
        counters = [c for c in scope.counters if c.low >= 0 and c.high - 1 <= room]
        blocks = [c for c in scope.counters
                  if c.low >= 0 and (c.high - 1) * function.length <= room]
        if blocks and self.chance(0.5):
            return f"{a.text} + {self.pick(blocks).name} * {function.length}"
        if counters and self.chance(0.6):
            return f"&{a.text}[{self.pick(counters).name}]"
        offset = self.rng.randint(0, room)
        return f"{a.text} + {offset}" if offset else a.text

    def call_of(self, scope, function):
        arguments = [self.argument(scope, p, function) for p in function.params]
        if None in arguments:
            return None
        if "[r" in function.params and "[w" in function.params and self.chance(0.5):
            return None if arguments[0] == arguments[1] else \
                f"{function.name}({', '.join(arguments)})"
        return f"{function.name}({', '.join(arguments)})"

    def call(self, scope, kind):
        functions = [f for f in self.functions if f.result == kind and not f.is_writer]
        return self.call_of(scope, self.pick(functions)) if functions else None

    def writer(self, scope):
        functions = [f for f in self.functions if f.is_writer]
        function = functions and self.pick(functions)
        return (function, self.call_of(scope, function)) if function else (None, None)

    # ---- statements

    def block(self, scope, depth):
        nodes = []
        for _ in range(self.rng.randint(1, 4 if depth < 3 else 2)):
            if self.budget <= 0 and nodes:
                break
            self.budget -= 1
            made = None
            while made is None:
                made = self.pick(self.STATEMENTS)(self, scope, depth)
            nodes += made if isinstance(made, list) else [made]
        return nodes

    def destination(self, scope, kind):
        names = [n for n in scope.scalars.get(kind, []) if n[0] != "c"]
        if names and self.chance(0.35):
            return self.pick(names)
        return self.element(scope, kind)

    def assign(self, scope, _depth):
        kind = self.pick("UUUDDC")
        to = self.destination(scope, kind)
        if not to:
            return None
        calls = self.pick([0.0, 0.9, 0.9, 0.6])
        if kind == "C":
            return Node(f"{to} = (unsigned char){self.leaf(scope, 'U')};" if not calls else
                        f"{to} = {self.call(scope, 'U') or '7'};")
        value = self.expression(scope, kind, self.pick([0, 1, 2]), calls)
        op = self.pick(["=", "=", "=", "+=", "-=", "^=", "|=", "*="] if kind == "U"
                       else ["=", "=", "+=", "-="])
        if kind == "D" and op != "=":
            value = f"({value}) * 0.125"  # stays finite
        return Node(f"{to} {op} {value};")

    def hash(self, scope, _depth):
        names = scope.scalars.get("L", [])
        call = self.call(scope, "U")
        if not names or not call:
            return None
        n = self.pick(names)
        return Node(self.pick([f"{n} = {n} * 31 + {call};", f"{n} ^= {call};",
                               f"{n} += {call};", f"{n} = {n} > {call} ? {n} : 77;"]))

    def declare(self, scope, _depth):
        kind = self.pick("UUUDDCL")
        name = self.name({"U": "u", "D": "d", "C": "b", "L": "l"}[kind])
        source = "D" if kind == "D" else "U"
        value = self.expression(scope, source, self.pick([0, 1]), self.pick([0.0, 1.0, 1.0]))
        if kind == "C":
            value = f"({value}) & 255u"
        text = f"{TYPES[kind]} {name} = {value}"
        if kind in "UD" and self.chance(0.2):
            more = self.name("u" if kind == "U" else "d")
            scope.scalars.setdefault(kind, []).append(name)
            text += f", {more} = {self.expression(scope, kind, 1, 0.5)}"
            name = more
        scope.scalars.setdefault(kind, []).append(name)
        return Node(text + ";")

    def constant_of_block(self, scope, _depth):
        call = self.call(scope, "U")
        if not call:
            return None
        name = self.name("c")
        scope.scalars.setdefault("U", []).append(name)
        return Node(f"const unsigned {name} = {call};")

    def write(self, scope, _depth):
        function, call = self.writer(scope)
        if not call:
            return None
        if function.result == "U":
            name = self.name("u")
            form = self.pick(["{c};", "{v} = {c};", "unsigned {n} = {c};", "if ({c} % 3u == 0u)"])
            names = [n for n in scope.scalars.get("U", []) if n[0] == "u"]
            if "{v}" in form and (not names or "&" in call):
                form = "{c};"
            if "{n}" in form:
                scope.scalars.setdefault("U", []).append(name)
            if form.startswith("if"):
                return Node(form.format(c=call) + " {", self.block(scope.inner(), 3), "}")
            return Node(form.format(c=call, v=self.pick(names or ["-"]), n=name))
        return Node(f"{call};")

    def structure(self, scope, _depth):
        functions = [f for f in self.functions if f.result == "S"]
        if not functions:
            return None
        call = self.call_of(scope, self.pick(functions))
        to = self.element(scope, "S")
        if not call or not to:
            return None
        return Node(f"{to} = {call};")

    def branch(self, scope, depth):
        if depth > 4:
            return None
        condition = self.condition(scope, self.pick([0.0, 0.0, 1.0, 1.0]))
        node = Node(f"if ({condition}) {{", self.block(scope.inner(), depth + 1), "}")
        if self.chance(0.3):
            node.kids.append(Node("} else {"))
            node.kids += self.block(scope.inner(), depth + 1)
        return node

    def switch(self, scope, depth):
        if depth > 3:
            return None
        node = Node(f"switch (({self.expression(scope, 'U', 0, 0.8)}) % 3u) {{", [], "}")
        for k in range(2):
            node.kids.append(Node(f"case {k}: {{", self.block(scope.inner(), depth + 1), "}"))
            if self.chance(0.7):
                node.kids.append(Node("break;"))
        node.kids.append(Node("default: {", self.block(scope.inner(), depth + 1), "}"))
        return node

    def loop(self, scope, depth):
        if scope.loops >= 3:
            return None
        inner = scope.inner()
        inner.loops += 1
        n = self.rng.randint(2, (10, 6, 4)[scope.loops])
        name = self.name("i")
        kind = self.rng.randrange(10)
        if kind < 6:
            low = self.pick([0, 0, 0, 1])
            inner.counters.append(Counter(name, low, n))
            head = self.pick([f"for (int {name} = {low}; {name} < {n}; {name}++) {{"] * 4 +
                             [f"for (int {name} = {n - 1}; {name} >= {low}; --{name}) {{",
                              f"for (int {name} = {low}; {name} <= {n - 1}; {name} += 1) {{",
                              f"for (int {name} = {low}; {name} < {n}; {name} += 2) {{"])
            if self.chance(0.15):  # until something happens
                head = f"for (int {name} = {low}; {name} < {n} && " \
                       f"!({self.condition(scope, 0.5)}); {name}++) {{"
            return Node(head, self.loop_body(inner, depth), "}")
        inner.counters.append(Counter(name, 0, n))
        start = Node(f"int {name} = -1;")
        if kind < 8:
            test = f"++{name} < {n}"
            if self.chance(0.3):
                test += f" && ({self.condition(scope, 0.7)})"
            return [start, Node(f"while ({test}) {{", self.loop_body(inner, depth), "}")]
        body = self.loop_body(inner, depth)
        return [start, Node("do {", [Node(f"{name}++;")] + body, f"}} while ({name} < {n - 1});")]

    def loop_body(self, scope, depth):
        nodes = self.block(scope, depth + 1)
        if self.chance(0.35):
            nodes.insert(self.rng.randint(0, len(nodes)), self.leave(scope))
        return nodes

    def leave(self, scope):
        outer = scope.outer or scope  # declarations of the body may stand behind it
        how = ["continue;", "continue;", "break;", "break;"]
        how += ["return;"] if self.chance(0.3) else []
        how += ["goto out;"] if self.chance(0.3) else []
        how = self.pick(how)
        self.has_goto |= how == "goto out;"
        counters = Scope(outer)
        counters.counters = list(scope.counters)
        calls = self.pick([0.0, 0.0, 1.0])
        return Node(f"if (({self.condition(counters, calls)}) && "
                    f"{self.condition(counters)}) {{", [Node(how)], "}")

    def output(self, scope, _depth):
        form = self.rng.randrange(5)
        if form == 0:
            return Node(f'printf("here {self.name("")}\\n");')
        if form == 1:
            return Node(f'printf("%u %u\\n", {self.leaf(scope, "U")}, '
                        f'{self.expression(scope, "U", 0, 1.0)});')
        if form == 2:
            return Node(f'printf("%a\\n", {self.expression(scope, "D", 1, 1.0)});')
        if form == 3:
            return Node(f"append(&text, {self.expression(scope, 'U', 0, 1.0)});")
        return Node('printf("%s\\n", text.s);')

    def aside(self, scope, _depth):
        """Calls that are nobody's tasks."""
        arrays = [a for a in scope.arrays if a.kind == "U" and a.size >= 4]
        forms = [f"observe({self.expression(scope, 'U', 0, 0.7)});"]
        names = [n for n in scope.scalars.get("U", []) if n[0] != "c"]
        if names:
            forms.append(f"{self.pick(names)} += count({self.leaf(scope, 'U')});")
            forms.append(f"{self.pick(names)} += peek();")
        if arrays:
            a = self.pick(arrays)
            forms += [f"scramble({a.text}, 3);", f"memset({a.text}, 1, 2 * sizeof *{a.text});",
                      f"globe += glance({a.text} + 1);"]
            b = self.pick(arrays)
            if b is not a:
                forms.append(f"memmove({a.text}, {b.text}, 3 * sizeof *{b.text});")
        return Node(self.pick(forms))

    def walk(self, scope, _depth):
        arrays = [a for a in scope.arrays if a.kind == "U"]
        call = self.call(scope, "U")
        if not arrays or not call:
            return None
        a = self.pick(arrays)
        p = self.name("p")
        n = self.rng.randint(1, 4)
        return [Node(f"unsigned *{p} = {a.text};")] + \
               [Node(f"*{p}++ = {self.call(scope, 'U') or call};") for _ in range(n)]

    def keep(self, scope, _depth):
        call = self.call(scope, "U")
        arrays = [a for a in scope.arrays if a.kind == "U"]
        if not call or not arrays:
            return None
        a = self.pick(arrays)
        return Node(self.pick([f"if ({call} % 2u) {{", f"if ({self.condition(scope)}) {{"]),
                    [Node(f"{a.text}[n_kept++ % {a.size}u] = {self.leaf(scope, 'U')};")], "}")

    def local_array(self, scope, depth):
        if depth < 1:
            return None
        name = self.name("v")
        size = self.rng.randint(6, 8)
        scope.arrays.append(Array(name, "U", size))
        first = self.constant("U") if self.chance(0.5) else "u"
        return Node(f"unsigned {name}[{size}] = {{{first}}};")

    def pointer(self, scope, _depth):
        arrays = [a for a in scope.arrays if a.kind == "U" and a.size >= 7]
        if not arrays:
            return None
        a = self.pick(arrays)
        name = self.name("q")
        offset = self.rng.randint(0, a.size - 6)
        scope.arrays.append(Array(name, "U", a.size - offset))
        return Node(f"unsigned *{name} = {a.text} + {offset};")

    def swap(self, scope, _depth):
        names = [a for a in scope.arrays if a.kind == "U" and a.text[0] in "ab" and
                 len(a.text) == 1]
        if len(names) < 2 or self.is_disjoint:
            return None
        t = self.name("t")
        return Node("{", [Node(f"unsigned *{t} = a;\na = b;\nb = {t};")], "}")

    def globals(self, scope, _depth):
        return Node(self.pick([f"globe = {self.expression(scope, 'U', 1)};", "globe++;",
                               f"globe += {self.expression(scope, 'U', 0, 1.0)};",
                               f"total += {self.expression(scope, 'D', 0, 1.0)};",
                               f"table[{self.index(scope, ROW)}] = "
                               f"{self.expression(scope, 'U', 1, 0.6)};"]))

    def extreme(self, scope, _depth):
        call = self.call(scope, "D") or self.call(scope, "U")
        if not call or not scope.counters:
            return None
        d = self.name("d")
        return [Node(f"double {d} = {call};"),
                Node(f"if ({d} > best) {{",
                     [Node(f"best = {d};"), Node(f"best_at = {self.pick(scope.counters).name};")],
                     "}")]

    def odd_places(self, scope, _depth):
        call = self.call(scope, "U")
        names = [n for n in scope.scalars.get("U", []) if n[0] == "u"]
        if not call or not names:
            return None
        n = self.pick(names)
        return Node(self.pick([f"{n} = {self.condition(scope)} ? {call} : {self.leaf(scope, 'U')};",
                               f"if ({self.condition(scope)} && {call} % 2u) {{ {n}++; }}",
                               f"{n} = (globe++, {call});", f"(void){call};",
                               f"{n} = {call}, globe ^= {n};"]))

    def wait(self, _scope, _depth):
        if self.where == "loops":
            return None
        return Node("#pragma synchronized wait", [Node(";")]) if self.chance(0.3) else None

    STATEMENTS = [assign] * 8 + [hash] * 2 + [declare] * 4 + [constant_of_block] + [write] * 4 + \
        [structure, branch, branch, switch] + [loop] * 5 + [output] * 2 + [aside, walk, keep,
         local_array, pointer, swap] + [globals] * 2 + [extreme, odd_places, wait]

    # ---- functions

    def work(self, variable):
        n = self.pick([1, 10, 100, 400])
        return f"    for (int k = 0; k < {n}; k++)\n" \
               f"        {variable} = ({variable} ^ ({variable} >> 9)) * 2654435761u + {n}u;\n"

    def make_function(self):
        n = self.name(f"f{self.number}_")
        length = self.rng.randint(2, 5)
        keep = lambda *a: Function(n, *a)
        hint = lambda text: (" " + text) if self.chance(0.6) else ""
        choices = [
            (keep("U", ["u", "u"]), "", f"unsigned {n}(unsigned x, unsigned y)",
             f"{self.work('x')}    return x ^ y;"),
            (keep("U", ["u"]), "", f"unsigned {n}(unsigned x)",
             f"{self.work('x')}    return x % 1000u;"),
            (keep("D", ["d", "u"]), "", f"double {n}(double x, unsigned y)",
             f"{self.work('y')}    return x * 0.5 + y / 65536.0;"),
            (keep("U", ["u"]), "", f"unsigned {n}(unsigned x)",
             f"    x += globe;\n{self.work('x')}    return x + table[x % {ROW}];"),
            (keep("U", ["*r"]), hint("in(*p)"), f"unsigned {n}(const unsigned *p)",
             f"    unsigned x = *p;\n{self.work('x')}    return x;"),
            (keep("D", ["*rS"]), "", f"double {n}(const struct item *s)",
             f"    unsigned x = s->n;\n{self.work('x')}    return s->w * 0.5 + x % 1024u;"),
            (keep("S", ["S", "u"]), "", f"struct item {n}(struct item s, unsigned x)",
             f"{self.work('x')}    s.n ^= x;\n    s.w = s.w * 0.5 + x % 8u;\n"
             f"    s.tag = (unsigned char)(x >> 24);\n    return s;"),
            (keep("U", ["[r", "n"], False, length), hint("in(p[:n])"),
             f"unsigned {n}(const unsigned *p, int n)",
             "    unsigned x = 0;\n    for (int j = 0; j < n; j++)\n        x = x * 31 + p[j];\n"
             f"{self.work('x')}    return x;"),
            (keep("U", ["[r", "u"], False, length), hint(f"in(p[:{length}])"),
             f"unsigned {n}(unsigned *p, unsigned x)",
             f"{self.work('x')}    return x + p[x % {length}u];"),
            (keep(None, ["[w", "[r", "n"], True, length), hint("out(q[:n]) in(p[:n])"),
             f"void {n}(unsigned *q, const unsigned *p, int n)",
             "    for (int j = 0; j < n; j++) {\n        unsigned x = p[j];\n    " +
             self.work("x").replace("\n        x", "\n            x") + "        q[j] = x;\n    }"),
            (keep("U", ["[w", "n", "u"], True, length), hint("inout(p[:n])"),
             f"unsigned {n}(unsigned *p, int n, unsigned x)",
             f"{self.work('x')}    for (int j = n - 1; j >= 0; j--)\n"
             "        p[j] = p[j] * 3 + x;\n    return p[n - 1];"),
            (keep(None, ["u", "*w"], True), hint("out(*p)"), f"void {n}(unsigned x, unsigned *p)",
             f"{self.work('x')}    *p = x;"),
            (keep("U", ["*wS", "u"], True), "", f"unsigned {n}(struct item *s, unsigned x)",
             f"{self.work('x')}    s->n += x;\n    s->w = s->w * 0.5 + 1;\n    return s->n % 11u;"),
            (keep("D", ["*wD", "d"], True), hint("inout(*p)"), f"double {n}(double *p, double d)",
             "    unsigned x = 9;\n" + self.work("x") + "    *p = *p * 0.5 + d + x % 2u;\n"
             "    return *p;"),
            (keep("U", ["u"], True), hint("inout(globe)"), f"unsigned {n}(unsigned x)",
             f"{self.work('x')}    globe = globe * 3 + x;\n    return globe % 5u;"),
            (keep("U", ["u"], True), "", f"unsigned {n}(unsigned x)",
             f"    static unsigned calls;\n{self.work('x')}    return x + calls++;"),
            (keep("U", ["u"], True), "", f"unsigned {n}(unsigned x)",
             f"{self.work('x')}    printf(\"{n} %u\\n\", x);\n    return x;"),
        ]
        if any(f.result == "U" and f.params == ["u", "u"] for f in self.functions):
            g = next(f for f in self.functions if f.result == "U" and f.params == ["u", "u"])
            choices += [
                (keep("U", ["u"]), "", f"unsigned {n}(unsigned x)",
                 f"    return {g.name}(x, 3u) + {g.name}(4u, x);"),
                (keep(None, ["[w", "n", "u"], True, length), " inout(p[:n])\n#pragma synchronized",
                 f"void {n}(unsigned *p, int n, unsigned x)",
                 "    for (int j = 0; j < n; j++) {\n"
                 f"        p[j] = {g.name}(p[j], x);\n        x += {g.name}(x, 2u);\n    }}")]
        function, clauses, head, body = self.pick(choices)
        if self.chance(0.8):
            head = "static " + head
        self.functions.append(function)
        return Node(f"#pragma concurrent{clauses}\n{head}\n{{\n{body}\n}}\n")

    # ---- the part

    def make(self):
        nodes = [self.make_function() for _ in range(self.rng.randint(2, 5))]
        self.functions += self.rng.sample(FAR, 2)
        qualifier = self.pick(["", "", "", "restrict "])
        clause = "" if qualifier else self.pick(["", "", " noalias(a, b, c)", " threads(2)"])
        self.is_disjoint = bool(qualifier) or "noalias" in clause
        self.where = self.pick(["function"] * 3 + ["block", "loops"])

        scope = Scope()
        scope.arrays = [Array("a", "U"), Array("b", "U"), Array("d", "D"), Array("s", "S", 6),
                        Array("table", "U")] + ([Array("c", "U")] if self.chance(0.5) else [])
        scope.scalars = {"U": ["u", "globe"], "D": ["x", "total"], "L": ["h"], "C": ["tag"]}
        body = self.block(scope, 0)
        while self.budget > 0:
            body += self.block(scope, 0)

        head = f"static void part{self.number}(unsigned *{qualifier}a, unsigned *{qualifier}b, " \
               f"unsigned *{qualifier}c, double *d, struct item *s, unsigned n_kept)"
        first = Node("unsigned u = 3;\ndouble x = 0.5, best = -1.0;\n"
                     "unsigned long long h = 17;\nunsigned char tag = 1;\nint best_at = -1;\n"
                     "struct text text = {0, {0}};")
        last = Node(f'printf("part {self.number}: %u %a %llu %u %a %d %u %s\\n", u, x, h, tag, best, '
                    "best_at, n_kept, text.s);")
        pragma = f"#pragma synchronized{clause}\n"
        if self.where == "loops":
            for node in body:
                if node.head.startswith(("for (", "while (", "do {")):
                    node.head = pragma + node.head
        elif self.where == "block":
            body = [Node(pragma + "{", body, "}")]
        else:
            head = pragma + head
        nodes += [Node(head), Node("{", [first] + body + [Node("out:;" if self.has_goto else ""),
                                                          last], "}\n")]
        self.root = Node("", nodes)
        self.calls = Node("", [self.run(i, *where) for i, where in enumerate(
            [(0, 12, 24)] if self.is_disjoint else [(0, 12, 24), (0, 0, 0), (0, 5, 12), (7, 0, 1)])])
        return self

    def run(self, i, a, b, c):
        """A call, with a, b and c at these places in the pool."""
        published = "table" if self.is_disjoint else "pool"
        c = "table" if i == 2 else f"pool + {c}"
        return Node(f"fill();\npublish({published} + 3);\n"
                    f"part{self.number}(pool + {a}, pool + {b}, {c}, doubles, items, {i});\n"
                    f"show({self.number}, {i});")


PROLOGUE = '''#include "far.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const unsigned char order[16] = {3, 1, 4, 1, 5, 0, 2, 5, 3, 5, 4, 2, 0, 4, 3, 2};
static unsigned pool[40], table[12], globe;
static double doubles[12], total;
static struct item items[6];

struct text {
    int length;
    char s[200];
};

static void append(struct text *t, unsigned x)
{
    if (t->length < 180)
        t->length += sprintf(t->s + t->length, "%u,", x % 1000);
}

static void fill(void)
{
    for (unsigned i = 0; i < 40; i++)
        pool[i] = i * i + 1;
    for (unsigned i = 0; i < 12; i++) {
        table[i] = 1000 - i;
        doubles[i] = i * 0.75;
    }
    for (unsigned i = 0; i < 6; i++) {
        items[i].n = i;
        items[i].w = i + 0.25;
        items[i].tag = (unsigned char)i;
    }
    globe = 5;
    total = 0;
}

static void show(int part, int call)
{
    printf("-- %d.%d:", part, call);
    for (int i = 0; i < 40; i++)
        printf(" %u", pool[i]);
    for (int i = 0; i < 12; i++)
        printf(" %u %a", table[i], doubles[i]);
    for (int i = 0; i < 6; i++)
        printf(" %u %a %d", items[i].n, items[i].w, items[i].tag);
    printf(" %u %a\\n", globe, total);
}
'''


class Program:
    def __init__(self, seed, n_parts=4):
        rng = random.Random(seed)
        self.seed = seed
        self.parts = [Part(rng, k).make() for k in range(n_parts)]
        self.root = Node("", [p.root for p in self.parts] +
                         [Node("int main(void)\n{", [p.calls for p in self.parts] +
                               [Node("return 0;")], "}")])

    def text(self):
        return PROLOGUE + "\n" + "\n".join(self.root.lines()) + "\n"


if __name__ == "__main__":
    import sys
    print(Program(int(sys.argv[1])).text(), end="")
