/* libcalls.c - the table of libcalls.def behind an open-addressing index that
 * is filled at the first question. */
#include "libcalls.h"

#include <string.h>

#define NONE 0u
#define OUTPUT (1u << EFFECT_OUTPUT)
#define INPUT (1u << EFFECT_INPUT)
#define FILES (1u << EFFECT_FILE)
#define TIME (1u << EFFECT_TIME)
#define RANDOM (1u << EFFECT_RANDOM)
#define ENVIRONMENT (1u << EFFECT_ENVIRONMENT)
#define LOCALE (1u << EFFECT_LOCALE)
#define EXIT (1u << EFFECT_EXIT)
#define LONGJMP (1u << EFFECT_LONGJMP)
#define STATE (1u << EFFECT_STATE)
#define THREAD (1u << EFFECT_THREAD)
#define PROCESS (1u << EFFECT_PROCESS)
#define FENV (1u << EFFECT_FENV_WRITE)
#define ERRNO LIBCALL_ERRNO

/* A function of <math.h> or <complex.h> in its three precisions. */
#define CALL(name, effects, args) {#name, (effects), args},
#define MATH(name, effects, args)                                                                  \
    {#name, (effects), args}, {#name "f", (effects), args}, {#name "l", (effects), args},

static const struct libcall calls[] = {
#include "libcalls.def"
};

#define N_CALLS (sizeof calls / sizeof calls[0])
#define N_SLOTS 4096

_Static_assert(N_CALLS * 2 < N_SLOTS, "the index must stay sparse");
_Static_assert(EFFECT_KINDS < 30, "effects and LIBCALL_ bits share a word");

static unsigned short slots[N_SLOTS]; /* index + 1 */

static size_t hash(const char *s, size_t n)
{
    size_t h = 5381;
    for (size_t i = 0; i < n; i++)
        h = h * 33 ^ (unsigned char)s[i];
    return h ^ h >> 12;
}

static const struct libcall *find(const char *name)
{
    for (size_t i = hash(name, strlen(name)) % N_SLOTS; slots[i]; i = (i + 1) % N_SLOTS)
        if (!strcmp(calls[slots[i] - 1].name, name))
            return &calls[slots[i] - 1];
    return NULL;
}

static void fill(void)
{
    for (size_t k = 0; k < N_CALLS; k++) {
        size_t i = hash(calls[k].name, strlen(calls[k].name)) % N_SLOTS;
        while (slots[i])
            i = (i + 1) % N_SLOTS;
        slots[i] = (unsigned short)(k + 1);
    }
}

const struct libcall *libcall_find(const char *name)
{
    static const char *const prefixes[] = {"__builtin_", "__isoc99_", "__isoc23_"};
    static bool is_filled;
    if (!is_filled) {
        fill();
        is_filled = true;
    }
    const struct libcall *c = find(name);
    for (size_t i = 0; !c && i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
            c = find(name + strlen(prefixes[i]));
    if (!c && !strncmp(name, "__sync_", 7)) { /* __sync_fetch_and_add_4 */
        char stem[64];
        size_t n = strlen(name);
        while (n > 0 && name[n - 1] >= '0' && name[n - 1] <= '9')
            n--;
        if (n > 1 && name[n - 1] == '_' && n < sizeof stem) {
            memcpy(stem, name, n - 1);
            stem[n - 1] = '\0';
            c = find(stem);
        }
    }
    return c;
}

const struct libcall *libcall_find_symbol(const char *symbol)
{
    static const char *const prefixes[] = {"", "__isoc99_", "__isoc23_", "__xpg_", "__"};
    static const char *const suffixes[] = {"", "_chk", "64", "_2", "64_2", "_finite"};
    const struct libcall *c = libcall_find(symbol);
    for (size_t i = 0; !c && i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t from = strlen(prefixes[i]);
        for (size_t k = 0; !c && k < sizeof suffixes / sizeof *suffixes; k++) {
            char stem[64];
            size_t n = strlen(symbol), end = strlen(suffixes[k]);
            if (strncmp(symbol, prefixes[i], from) || n < from + end + 2 ||
                n - from - end >= sizeof stem || strcmp(symbol + n - end, suffixes[k]))
                continue;
            memcpy(stem, symbol + from, n - from - end);
            stem[n - from - end] = '\0';
            c = libcall_find(stem);
        }
    }
    return c;
}

/* Beginnings of names: their families come with _l, _chk, _unlocked and the like. */
static const char *const of_locale[] = {
    "printf",      "fprintf",  "sprintf",   "snprintf",   "vprintf",     "vfprintf",   "vsprintf",
    "vsnprintf",   "asprintf", "vasprintf", "dprintf",    "vdprintf",    "wprintf",    "fwprintf",
    "swprintf",    "vwprintf", "vfwprintf", "vswprintf",  "scanf",       "fscanf",     "sscanf",
    "vscanf",      "vfscanf",  "vsscanf",   "wscanf",     "fwscanf",     "swscanf",    "vswscanf",
    "strtod",      "strtof",   "strtold",   "atof",       "wcsto",       "strto",      "strcoll",
    "strxfrm",     "wcscoll",  "wcsxfrm",   "strcasecmp", "strncasecmp", "strcasestr", "wcscasecmp",
    "wcsncasecmp", "isal",     "isdigit",   "isspace",    "ispunct",     "isupper",    "islower",
    "isprint",     "isgraph",  "iscntrl",   "isxdigit",   "isblank",     "isw",        "toupper",
    "tolower",     "tow",      "wctrans",   "wctype",     "__ctype_",    "mb",         "wcr",
    "wcs",         "wct",      "wcn",       "wcw",        "btowc",       "wctob",      "c16rtomb",
    "c32rtomb",    "regcomp",  "regexec",   "fnmatch",    "glob",        "strfmon",    "strftime",
    "strptime",    "wcsftime", "strerror",  "strsignal",  "rpmatch",     "psignal",    "fgetwc",
    "getwc",       "fputwc",   "putwc",     "ungetwc",    "fgetws",      "fputws",     "wordexp"};

bool libcall_uses_locale(const char *name)
{
    static const char *const prefixes[] = {"__builtin_", "__isoc99_", "__isoc23_", "__"};
    if (!strncmp(name, "__ctype_", 8))
        return true;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (!strncmp(name, prefixes[i], strlen(prefixes[i]))) {
            name += strlen(prefixes[i]);
            break;
        }
    for (size_t i = 0; i < sizeof of_locale / sizeof *of_locale; i++)
        if (!strncmp(name, of_locale[i], strlen(of_locale[i])))
            return true;
    return false;
}

size_t libcall_n_args(const struct libcall *c)
{
    return strcspn(c->args, "=&");
}

enum libcall_use libcall_use(const struct libcall *c, size_t i)
{
    return i < libcall_n_args(c) ? (enum libcall_use)c->args[i] : LIBCALL_NOTHING;
}

int libcall_result(const struct libcall *c)
{
    const char *equals = strchr(c->args, '=');
    return equals ? (unsigned char)equals[1] : LIBCALL_NO_POINTER;
}

bool libcall_copies(const struct libcall *c)
{
    return strchr(c->args, '&') != NULL;
}

const struct libcall *libcall_all(size_t *n)
{
    *n = N_CALLS;
    return calls;
}

bool effects_is_listed(const char *name)
{
    return libcall_find(name) != NULL;
}
