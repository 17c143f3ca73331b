// flags: -O1 -ffp-contract=off -lm
// warnings: yes
// Calls within calls, strings made in order, printf and appends that consume results.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma concurrent
static unsigned scramble(unsigned x)
{
    for (int i = 0; i < 25; i++)
        x = (x ^ x >> 13) * 2654435761u + 1;
    return x;
}

#pragma concurrent
static double weight(unsigned x, double by)
{
    return (x % 1000) * by / 3;
}

#pragma concurrent
static int digit(int n)
{
    /* the n-th digit of 1/97 */
    int r = 1, d = 0;
    for (int i = 0; i <= n; i++) {
        r *= 10;
        d = r / 97;
        r %= 97;
    }
    return d;
}

struct word {
    char text[24];
    int n;
};

#pragma concurrent
static struct word name(int i)
{
    struct word w;
    memset(&w, 0, sizeof w);
    w.n = snprintf(w.text, sizeof w.text, "%x-%d", scramble((unsigned)i), i);
    return w;
}

struct list {
    double *at;
    size_t n, room;
};

static void add(struct list *l, double v)
{
    if (l->n == l->room) {
        l->room = l->room ? 2 * l->room : 4;
        l->at = realloc(l->at, l->room * sizeof *l->at);
    }
    l->at[l->n++] = v;
}

static char *append(char *to, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    to += vsprintf(to, format, ap);
    va_end(ap);
    return to;
}

#pragma synchronized
static void work(int n, double *y, struct list *l)
{
    char line[2000], *p = line;
    char digits[101] = "";
    for (int i = 0; i < n; i++) {
        y[i] = weight(scramble((unsigned)i), 0.5) + weight((unsigned)i, 2);
        add(l, weight(scramble((unsigned)(i * i)), 1));
        if (i % 10 == 0)
            printf("%d: %u %d\n", i, scramble((unsigned)i), digit(i));
    }
    for (int i = 0; i < 100; i++)
        digits[i] = (char)('0' + digit(i));
    puts(digits);
    for (int i = 0; i < 40; i++) {
        struct word w = name(i);
        p = append(p, "%s%s", w.text, i % 8 == 7 ? "\n" : " ");
    }
    fputs(line, stdout);
}

#pragma synchronized
static unsigned chain(unsigned x, int n)
{
    unsigned sum = 0;
    for (int i = 0; i < n; i++) {
        x = scramble(x);
        sum += x >> 8;
    }
    return sum;
}

#pragma synchronized
static int compare(int n, const char *what)
{
    int better = 0, equal = 0;
    for (int i = 0; i < n; i++) {
        unsigned a = scramble((unsigned)i), b = scramble((unsigned)(n - i));
        if (a > b)
            better++;
        else if (a == b)
            equal++;
        switch (a % 4) {
        case 0:
            better += 10;
            break;
        case 1:
            equal += 100;
            /* fall through */
        default:
            better -= 1;
        }
    }
    return printf("%s: %d %d\n", what, better, equal);
}

int main(void)
{
    static double y[60];
    struct list l = {NULL, 0, 0};
    double s = 0;
    work(60, y, &l);
    for (int i = 0; i < 60; i++)
        s += y[i] * i;
    printf("%.17g %.17g %zu\n", s, l.at[59], l.n);
    printf("%u\n", chain(1, 50));
    printf("%d\n", compare(100, "compared"));
    free(l.at);
    return 0;
}
