#define N 10
#define MAX(a, b) ((a) > (b) ? (a) : (b))
typedef int real;
#pragma memo in(p[:n], s->x, *q, string(t), code(f), a[0:n][0:m]) out(alloc (*pp)[:N]) \
    returns(view [:*count], align(64)) ignore(log, s->y) key(x, MAX(y, 1))
#pragma memo name("f") version("2") expires(500ms) min_cost(1.5us) tier(disk) when(n > 3) \
    store_if(result == 0) valid(memo_age < 60.0) file("a" "b") file(path) env("HOME") pure strict \
    params((1, "a"), (2, "b")) trust(g, h) external reads(table[:N]) inout(m->data[:m->r * m->c])
#pragma memo params(x = 0:10:2, y = {1, 2, 5}) returns(in p) returns(static string)
#pragma concurrent in(*p) out(q[:(real)n]) pure trust(f)
#pragma synchronized threads(2 * n) progress("rows") noalias(p, q) speculate
#pragma synchronized wait
#pragma checkpoint save(p[:n]) alloc(p[:cap]) every(1000 iterations) rng(random) rng(s->rng) \
    state(get, set) file(fp, stdout) on(TERM, SIGUSR1) keep skip(x) match(y) name("c") expires(24h)
#pragma checkpoint every(0.5%) now
