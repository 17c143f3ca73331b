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
        if (getenv("JUMPS") && i % 10 == 9) { /* the same numbers again, and what is behind them */
            fseek(in, 0, SEEK_END);
            fseek(in, ftell(in) / 2 + i, SEEK_SET);
        }
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
export JUMPS=1
changed ''
resumed_at 51
changed 's/1002/3000/'
fresh_because "'in' isn't the file that was read"

# The state at the end: more numbers behind those that were read.
unset JUMPS
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
