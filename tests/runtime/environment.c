/* Bad settings are reported in one line each, and nothing goes to stdout; the
 * statistics are a table or valid JSON. */
#include "wrap.h"

static long f_body(long x)
{
    return x + 1;
}
MEMO_SCALAR(f, MEMO_SITE_FAST)

static long odd_body(long x)
{
    return x;
}
MEMO_SCALAR(odd, 0)

static int calls(void)
{
    odd_site.m_name = "a \"quoted\" \\ name\n";
    for (long x = 0; x < 3; x++)
        if (f(x) != x + 1 || f(x) != x + 1 || odd(x) != x)
            return 1;
    return 0;
}

static void complains(const char *setting, const char *about)
{
    CHECK_EQ(run_self("calls", "err", setting, NULL), 0);
    if (!strstr(text_of("err"), about)) {
        failures++;
        fprintf(stderr, "%s: '%s' isn't in '%s'\n", setting, about, text_of("err"));
    }
}

int main(int argc, char **argv)
{
    const char *text;

    (void)argv;
    if (argc > 1)
        return calls();
    CHECK_EQ(run_self("calls", "err", NULL), 0);
    CHECK_EQ(strlen(text_of("err")), 0);
    complains("MEMOCC=verify=2", "'verify=2'");
    complains("MEMOCC=verify=", "'verify='");
    complains("MEMOCC=verify=0.5x", "F from 0 to 1");
    complains("MEMOCC=abort", "'abort' belongs to 'verify'");
    complains("MEMOCC=of", "memocc: MEMOCC: this version doesn't know 'of'");
    complains("MEMOCC_VERBOSE=7", "allowed: 0, 1, 2, 3");
    complains("MEMOCC_MEMORY=much", "MEMOCC_MEMORY: 'much'");
    complains("MEMOCC_MAX_SIZE=-1", "MEMOCC_MAX_SIZE");
    complains("MEMOCC_GATE=maybe", "allowed: off, on");
    complains("MEMOCC_STATS=/nowhere/at/all.json", "can't be written");
    CHECK_EQ(
        run_self("calls", "err", "MEMOCC_GATE=off", "MEMOCC_VERBOSE=0", "MEMOCC_MEMORY=1M", NULL),
        0);
    CHECK_EQ(strlen(text_of("err")), 0);
    complains("MEMOCC_STATS=1", "calls     memory       disk     misses");
    complains("MEMOCC_VERBOSE=2", "hit");

    CHECK_EQ(run_self("calls", "err", "MEMOCC_STATS=s.json", "MEMOCC_DIR=other", NULL), 0);
    CHECK_EQ(system("python3 -c 'import json; d = json.load(open(\"s.json\"));"
                    "f = [x for x in d[\"functions\"] if x[\"name\"] == \"f\"][0];"
                    "assert list(d) == [\"functions\", \"concurrent\", \"checkpoints\", "
                    "\"faults\"], d;"
                    "assert list(f) == [\"name\", \"calls\", \"hits\", \"misses\", \"stored\", "
                    "\"seconds_computing\", \"seconds_saved\"], f;"
                    "assert f[\"calls\"] == 6 and f[\"misses\"] == 3, f;"
                    "assert f[\"hits\"] == {\"memory\": 3, \"disk\": 0, \"shared\": 0}, f;"
                    "assert d[\"concurrent\"] == [] and d[\"checkpoints\"] == [];"
                    "assert len(d[\"functions\"]) == 2 and d[\"faults\"][\"corrupt\"] == 0'"),
             0);
    text = text_of("s.json");
    CHECK(strstr(text, "a \\\"quoted\\\" \\\\ name\\u000a") != NULL);
    CHECK(access("other", F_OK) == 0);
    return failures != 0;
}
