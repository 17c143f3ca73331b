# A file that the loop reads is an input: what was read of it must still be there.
. "$(dirname "$0")/lib.sh"
cat >p.c <<'END_C'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    FILE *in = fopen("numbers", "r");
    int stop = getenv("STOP") ? atoi(getenv("STOP")) : -1, number;
    unsigned sum = 1;

    if (!in)
        return 2;
#pragma checkpoint file(in) on(TERM) CLAUSES skip(stop)
    for (int i = 0; fscanf(in, "%d", &number) == 1; i++) {
        sum = sum * 31 + (unsigned)number;
#ifdef JUMPS
        if (i % 10 == 9) { /* the same numbers again, and what is behind them */
            fseek(in, 0, SEEK_END);
            fseek(in, ftell(in) / 2 + i, SEEK_SET);
        }
#endif
        if (i == stop)
            raise(SIGTERM);
    }
    printf("%u %d\n", sum, feof(in) != 0);
    fclose(in);
    return 3;
}
END_C
build_plain plain p.c -DCLAUSES=
sed 's/CLAUSES/keep/' p.c >kept.c
sed -i 's/CLAUSES//' p.c
build p p.c
build kept kept.c

# changed SED: ... of the file, after iteration 50.
changed() {
    seq 1000 1099 >numbers
    rm -rf "$states"
    export STOP=50
    run ./p
    unset STOP
    [ "$status" = 143 ] || fail "status $status"
    seq 1000 1099 | sed "$1" >numbers
    run ./plain
    mv out expected
    run ./p
    ended_as expected
}
changed ''
resumed_at 51
changed '$ { p; s/.*/2000/; }' # it has grown
resumed_at 51
changed 's/1070/3000/'
resumed_at 51
changed 's/1050/3000/'
fresh_because "'in' isn't the file that was read"
changed '1d; 3i55555'
fresh_because "'in' isn't the file that was read"
changed '40q'
fresh_because "'in' is shorter than what was read of it"

# One that isn't read from its begin to its end counts as a whole.
build_plain plain p.c -DJUMPS
build p p.c -DJUMPS
changed ''
resumed_at 51
changed 's/1002/3000/'
fresh_because "'in' isn't the file that was read"

# The state at the end: more numbers behind those that were read.
build_plain plain p.c
seq 100 >numbers
run ./plain
mv out expected
run ./kept
ended_as expected
run ./kept
ended_as expected
grep -q 'is at its end' said || fail "not at its end"
seq 200 >numbers
run ./plain
mv out expected
run ./kept
ended_as expected
fresh_because "'in' has got longer"

# A file that could be written, and that the loop only reads, isn't: what is in it now stays.
# pass MODE: reads all of it, again and again.
cat >passes.c <<'END_C'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static FILE *open_it(int argc, char **argv)
{
    return fopen("numbers", argc > 1 ? argv[1] : "r");
}

static int next(FILE *in, unsigned *number)
{
    return fscanf(in, "%u", number) == 1;
}

int main(int argc, char **argv)
{
    FILE *in = open_it(argc, argv);
    int stop = getenv("STOP") ? atoi(getenv("STOP")) : -1;
    unsigned sum = 1, number = 0;

    if (!in)
        return 2;
#pragma checkpoint file(in) on(TERM) skip(stop)
    for (int i = 0; i < 20; i++) {
#ifdef FORWARD
        if (next(in, &number))
            sum = sum * 31 + number;
#else
        while (next(in, &number))
            sum = sum * 31 + number;
        rewind(in);
#endif
        if (i == stop)
            raise(SIGTERM);
    }
    printf("%u %ld\n", sum, ftell(in));
    fclose(in);
    return 3;
}
END_C
# updated MODE SED: ... of the file, after iteration 10.
updated() {
    seq 1000 1099 >numbers
    rm -rf "$states"
    export STOP=10
    run ./p "$1"
    unset STOP
    [ "$status" = 143 ] || fail "status $status"
    seq 1000 1099 | sed "$2" >numbers
    cp numbers now
    run ./plain "$1"
    mv out expected
    run ./p "$1"
    ended_as expected
    cmp numbers now >&2 || fail "numbers was written to"
}
for form in FORWARD PASSES; do
    build_plain plain passes.c -D$form
    build p passes.c -D$form
    for mode in r r+; do
        updated $mode ''
        resumed_at 11
        updated $mode '$p'
        [ $form = PASSES ] || resumed_at 11
        [ $form = FORWARD ] || fresh_because "'in' has got longer"
        updated $mode 's/1005/7/'
        fresh_because "'in' is" # of another content, shorter
    done
done
