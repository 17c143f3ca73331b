# keep: 11 primes, then 16 without computing the 11 again; fewer start afresh.
. "$(dirname "$0")/lib.sh"
cat >p.c <<'END_C'
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    int wanted = argc > 1 ? atoi(argv[1]) : 11, capacity = 4, count = 0, candidate = 2, tested = 0;
    int *primes = malloc((size_t)capacity * sizeof *primes);

#pragma checkpoint name("primes") keep skip(wanted, tested) save(primes[:count])                   \
    alloc(primes[:capacity])
    while (count < wanted) {
        int k = 0;

        while (k < count && candidate % primes[k])
            k++;
        if (k == count) {
            if (count == capacity)
                primes = realloc(primes, (size_t)(capacity *= 2) * sizeof *primes);
            primes[count++] = candidate;
        }
        candidate++;
        tested++;
    }
    for (int i = 0; i < count; i++)
        printf("%d ", primes[i]);
    printf("%d\n", candidate);
    fprintf(stderr, "tested %d\n", tested);
    return 3;
}
END_C
build_plain plain p.c
build p p.c
# primes WANTED TESTED: so many primes, after so many candidates.
primes() {
    status_of ./plain "$1" >expected 2>plain.said
    run ./p "$1"
    ended_as expected
    grep -qx "tested $2" said || { cat said >&2; fail "$1: not $2"; }
}
primes 11 30 # to 31
primes 16 22 # to 53
primes 16 0
primes 5 10 # afresh
primes 16 42
primes 17 6

# What is written to a file, too: of a state that this run isn't to go on from nothing is left in it.
cat >lines.c <<'END_C'
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    int wanted = argc > 1 ? atoi(argv[1]) : 3;
    FILE *out = fopen("lines", argc > 2 ? argv[2] : "w");
    unsigned x = 1;

    if (!out)
        return 2;
    fprintf(out, "lines\n");
#pragma checkpoint name("lines") keep skip(wanted) file(out)
    for (int i = 0; i < wanted; i++)
        fprintf(out, "%d %u\n", i, x = x * 7 + 1);
    fprintf(out, "end\n");
    fclose(out);
    return 3;
}
END_C
build_plain plain lines.c
build p lines.c
# lines WANTED MODE
lines() {
    status_of ./plain "$@"
    mv lines expected
    run ./p "$@"
    [ "$status" = 3 ] || fail "status $status"
    cmp lines expected >&2 || { cat said >&2; fail "lines $*"; }
}
lines 300 w
lines 500 w
resumed_at 300
lines 200 w
fresh_because "its condition doesn't hold"
if grep 'goes on' said >&2; then fail "it doesn't go on"; fi
lines 200 w
