# What a rerun brings along is known only where the loop begins: arrays of another length, streams
# that aren't files, pointers that are NULL now. It starts afresh then, with its initialization.
. "$(dirname "$0")/lib.sh"
cat >p.c <<'C'
#include <signal.h>

#include "sim.h"

static unsigned begun;

static unsigned begin(void)
{
    return 2 * ++begun;
}

static void stop(unsigned i)
{
    if (getenv("STOP") && i == 50)
        raise(SIGTERM);
}

static void of_variable_length(int n)
{
    uint64_t all[n], x = 3;
    unsigned i = 77;

    memset(all, 0, sizeof all);
#pragma checkpoint trust(getenv) on(TERM) name("length")
    for (i = begin(), x++; i < 100; i++) {
        x = spend(x);
        all[x % (sizeof all / sizeof *all)] += i;
        stop(i);
    }
    print("length", digest(x + i, all, sizeof all));
}

static void to_a_stream(const char *name)
{
    FILE *out = fopen(name, "w");
    uint64_t x = 1;

    if (!out)
        exit(2);
#pragma checkpoint trust(getenv) on(TERM) name("stream") file(out) keep
    for (unsigned i = begin(), n = 98; i < n + 2; i++) {
        x = spend(x + n);
        fprintf(out, "%u %llu\n", i, (unsigned long long)x);
        stop(i);
    }
    fclose(out);
    print("stream", x);
}

static void behind_pointers(uint64_t *from, uint64_t *to, size_t n)
{
    unsigned i = begin();

#pragma checkpoint trust(getenv) on(TERM) name("pointers") save(from[:n], to[:n])
    do {
        uint64_t *swap = from;

        for (size_t k = 0; from && to && k < n; k++)
            to[k] = spend(from[k]) + i;
        from = to;
        to = swap;
        stop(i);
    } while (i++ < 100);
    print("pointers", i + (from ? digest(i, from, n * sizeof *from) : 0));
}

int main(int argc, char **argv)
{
    uint64_t a[4] = {1, 2}, b[4] = {3};

    if (argc < 3)
        return 2;
    switch (*argv[1]) {
    case 'v':
        of_variable_length(atoi(argv[2]));
        break;
    case 's':
        to_a_stream(argv[2]);
        break;
    default:
        behind_pointers(*argv[2] == '0' ? NULL : a, b, 4);
    }
    printf("begun %u\n", begun);
    return 3;
}
C
build_plain plain p.c
build p p.c

# KIND FIRST OTHER WHY
differs() {
    rm -rf "$states"
    export STOP=1
    run ./p "$1" "$2"
    unset STOP
    [ "$status" = 143 ] || { cat said >&2; fail "status $status instead of TERM's"; }
    cp -R "$states" saved
    status_of ./plain "$1" "$3" >expected
    run ./p "$1" "$3"
    ended_as expected
    fresh_because "$4"
    rm -rf "$states"
    mv saved "$states"
    status_of ./plain "$1" "$2" >expected
    run ./p "$1" "$2"
    resumed_at '[0-9]+'
    ended_as expected
}
differs v 10 11 "'all'"
differs s out.txt /dev/null "'out'"
differs p 1 0 "'from'"
