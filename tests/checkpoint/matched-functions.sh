# Pointers to functions that the loop calls and doesn't change are inputs, wherever they stand.
. "$(dirname "$0")/lib.sh"
cat >p.c <<'C'
#include <signal.h>

#include "sim.h"

typedef uint64_t step(uint64_t);

struct steps {
    step *first, *then[2];
    int n;
};

static uint64_t twice(uint64_t x)
{
    return x * 2;
}

static uint64_t half(uint64_t x)
{
    return x / 2 + 3;
}

static step *table[3] = {twice, half, twice};
static struct steps in_array[2] = {{twice, {half, twice}, 1}, {half, {half, half}, 2}};

static step *named(const char *name)
{
    return getenv(name) ? half : twice;
}

static uint64_t simulate(step *f, struct steps s, const struct steps *behind,
                         const struct steps *list, int n)
{
    uint64_t x = 1;

#pragma checkpoint trust(getenv) on(TERM) match(*behind, list[:n])
    for (int i = 0; i < 100; i++) {
        x = spend(x);
        x += f(x) + s.then[i % 2](x) + behind->then[i % 2](x) + list[i % n].first(x);
        x ^= table[i % 3](x) + in_array[i % 2].then[1](x);
        if (i == 50 && getenv("STOP"))
            raise(SIGTERM);
    }
    return x;
}

int main(void)
{
    struct steps s = {twice, {twice, named("MEMBER")}, 2}, behind = {twice, {half, named("BEHIND")}, 2};
    struct steps list[3] = {{named("LIST"), {half, half}, 1}, s, {half, {half, half}, 3}};

    table[1] = named("TABLE");
    in_array[1].then[1] = named("ARRAY");
    print("simulated", simulate(named("PLAIN"), s, &behind, list, 3));
    return 3;
}
C
build_plain plain p.c
build p p.c
run env STOP=1 ./p
[ "$status" = 143 ] || { cat said >&2; fail "status $status instead of TERM's"; }
cp -R "$states" saved
with() { # NAME, the line
    status_of env "$1=1" ./plain >expected
    rm -rf "$states"
    cp -R saved "$states"
    run env "$1=1" ./p
    ended_as expected
    fresh_because "$2"
}
with PLAIN "'f'"
with MEMBER "'s.then'"
with BEHIND "'behind->then'"
with LIST "'list"
with TABLE "'table'"
with ARRAY "'in_array.then'"
rm -rf "$states"
cp -R saved "$states"
./plain >expected || :
run ./p
ended_as expected
resumed_at 51
