# MEMOCC=explain: misses for other reasons than code and arguments, and calls
# that aren't cached at all.
. "$(dirname "$0")/lib.sh"

tool=$MEMOCC
unset MEMOCC MEMOCC_STATS MEMOCC_VERBOSE
MEMOCC_DIR=$PWD/store
MEMOCC_GATE=off
export MEMOCC_DIR MEMOCC_GATE

cat >b.c <<'END'
#include <memo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#pragma memo name("versioned") version(VERSION)
int versioned(int x) { return x + 1; }
#pragma memo file(path) env("COLOUR")
int reader(const char *path)
{
    FILE *f = fopen(path, "r");
    int c = f ? getc(f) : -1;
    if (f) fclose(f);
    return c + (getenv("COLOUR") ? 1000 : 0);
}
#pragma memo expires(1s)
int soon(int x) { return x * 2; }
static int is_good = 1;
#pragma memo valid(is_good)
int judged(int x) { return x * 3; }
#pragma memo store_if(result == 0)
int refused(int x) { return x; }
#pragma memo min_cost(10s)
int cheap(int x) { return x; }
#pragma memo
int plain(int x) { return x; }
#pragma memo when(x > 2)
int seldom(int x) { return x; }
#pragma memo in(v[:n]) out(w[:n])
void copy(int n, const int *v, int *w) { for (int i = 0; i < n; i++) w[i] = v[i]; }
#pragma memo in(code(op))
int apply(int (*op)(int), int x) { return x + (op != 0); }
#pragma memo in(v[:n])
int sum(int n, const int *v) { int s = 0; for (int i = 0; v && i < n; i++) s += v[i]; return s; }
int main(int argc, char **argv)
{
    const char *what = argv[argc > 1];
    int v[4] = {1, 2, 3, 4};
    if (!strcmp(what, "versioned")) versioned(1);
    if (!strcmp(what, "reader")) reader("input");
    if (!strcmp(what, "soon")) soon(1);
    if (!strcmp(what, "judged")) { judged(1); is_good = 0; judged(1); }
    if (!strcmp(what, "refused")) { refused(1); refused(1); }
    if (!strcmp(what, "cheap")) { cheap(1); cheap(1); }
    if (!strcmp(what, "plain")) plain(1);
    if (!strcmp(what, "forget")) { plain(1); memo_forget(plain(1)); plain(1); memo_clear("plain"); plain(1); }
    if (!strcmp(what, "asks")) { plain(1); memo_refresh(plain(1)); memo_uncached(plain(1)); }
    if (!strcmp(what, "overlap")) copy(3, v, v + 1);
    if (!strcmp(what, "negative")) sum(-1, v);
    if (!strcmp(what, "null")) sum(1, NULL);
    if (!strcmp(what, "large")) { static int many[100]; sum(100, many); many[7] = 1; sum(100, many); }
    if (!strcmp(what, "library")) apply(abs, 1);
    if (!strcmp(what, "seldom")) seldom(1);
    return 0;
}
END

reasons='never\|code\|expired\|refused\|computed\|removed\|refreshed\|evicted'

# says CASE TEXT [SETTING...]: what a run says, without the arguments.
says() {
    case=$1 expected=$2
    shift 2
    env MEMOCC=explain "$@" ./b "$case" 2>stderr.txt || fail "$case: the status is $?"
    sed -e 's/^memocc: //' -e "s/^miss \([a-z]*\)(.*): \($reasons\)/\1: \2/" \
        -e 's/[0-9.]* [mun]*s \(old\|ago\)/T \1/' stderr.txt >said.txt
    printf '%s' "${expected:+$expected
}" | diff - said.txt >&2 || fail "$case"
}
"$tool" -DVERSION='"1"' b.c -o b
says versioned "versioned: never seen: no result of 'versioned' is stored"
says versioned ''
"$tool" -DVERSION='"2"' b.c -o b
says versioned 'versioned: code changed: version: "1" -> "2"'

says reader "reader: never seen: no result of 'reader' is stored"
echo first >input
says reader 'reader: never seen; the only entry differs in file(path): the file was missing'
echo second >input
says reader "reader: never seen; the nearest of 2 entries differs in file(path): the file's content changed"
says reader 'reader: never seen; the nearest of 3 entries differs in env(COLOUR): (unset) -> "red"' COLOUR=red
says reader 'reader: never seen; the nearest of 4 entries differs in env(COLOUR): "red" -> "blue"' COLOUR=blue

says soon "soon: never seen: no result of 'soon' is stored"
sleep 1.1
says soon 'soon: expired: T old, limit 1.00 s'
says judged "judged: never seen: no result of 'judged' is stored
judged: refused by valid: the entry is T old"
says refused "refused: never seen: no result of 'refused' is stored
refused: computed before and not stored: store_if was false"
says cheap "cheap: never seen: no result of 'cheap' is stored
cheap: computed before and not stored: in less than min_cost"

says plain "plain: never seen: no result of 'plain' is stored"
says plain 'plain: refreshed: MEMOCC=refresh doesn'"'"'t use what was stored T ago' MEMOCC=explain,refresh
says forget 'plain: removed by memo_forget or memo_clear
plain: removed by memo_forget or memo_clear'
says asks 'plain: refreshed: memo_refresh was called
uncached plain: memo_uncached was called'

says overlap 'uncached copy: a section that is written overlaps another'
says negative "uncached sum: the size of a section is negative or too large
'sum': the size of a section is negative or too large; such calls are computed"
says null "uncached sum: a section that isn't empty is NULL
'sum': a section that isn't empty is NULL; such calls are computed"
says large "sum: never seen: no result of 'sum' is stored
sum: never seen; the only entry differs in v[:n]: some of its 100 elements"
says library 'uncached apply: a function pointer leads out of this program'
says seldom 'uncached seldom: when is false'

# The program's own output is what it is; without the mode nothing is said.
./b plain 2>stderr.txt
[ ! -s stderr.txt ] || fail "something was said"
