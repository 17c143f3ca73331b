#define CAP(n) (2 * (n) + 1)
#define SAVED _Pragma("checkpoint every(1%) keep")
struct s { double *v; void *state; int n; };
int f(int n, struct s *s, int *p)
{
    int i = 0;
#pragma checkpoint save(p[:n], s->v[0:s->n][:3], *s, string(title)) alloc(p[:CAP(n)], s->v[:n]) \
    skip(s->state, i) match(code(fp), limits[1:n - 1]), every(0.001%) name("a" "b")
    for (i = 0; i < n; i++)
#pragma checkpoint now
        p[i] = i;
#pragma checkpoint rng(r->state[:r->type->size]) rng(random) rng(rand48) rng(xs) rng(string(p)) rng()
    while (i) {
        _Pragma("checkpoint now")
        i--;
    }
#pragma checkpoint on(TERM, SIGUSR1, KILL, SEGV, NOSUCH, 9) file(stdout, log, a ? b : c) state(get, set)
    do
        i++;
    while (i < n);
    SAVED
    while (i--) {
    }
#pragma checkpoint every(0s) every(1000 iterations) expires(2d) expires(-1s) every(% iterations)
#pragma checkpoint now now
#pragma checkpoint save(p[:n) alloc(p[:]) skip(p[:n]) match() trust(f, g.h)
#pragma checkpoint rng(rng(rng
#pragma checkpoint every(999999999999999999999999999999 iterations) every(1e9s)
    return i;
}
