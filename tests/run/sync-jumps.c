// warnings: yes
// stats: late tasks>=150
/* break, continue, goto, return and switch mean what they mean in C. */
#include <stdio.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i * 747796405u + 1;
    for (int k = 0; k < 300; k++)
        h = h * 747796405u + 2891336453u;
    return (int)(h >> 28);
}

#pragma synchronized
static int first_above(int *v, int n, int limit)
{
    for (int i = 0; i < n; i++) {
        v[i] = f(i);
        if (v[i] > limit)
            return i; /* all that is pending is there */
        if (i == n - 2)
            break;
    }
    return -f(limit);
}

#pragma synchronized
static int returns(int *v, int n)
{
    v[0] = f(1);
    if (n == 0)
        return v[0];
    v[1] = f(2);
    if (n == 1)
        return f(3) + f(4);
    int sum = 0;
    for (int i = 0; i < n; i++) {
        sum += f(i);
        if (i == 5)
            return sum;
        if (i == 4 && n == 3)
            return -1;
    }
    return sum + v[1];
}

#pragma synchronized
static void nothing_returned(int *v, int n)
{
    for (int i = 0;; i++) {
        v[i] = f(i);
        if (i + 1 == n)
            return;
    }
}

#pragma synchronized
static int labels(int *v, int n)
{
    int i = 0, rounds = 0;
again:
    v[i] = f(i + rounds);
    if (++i < n)
        goto again;
    if (rounds++ < 2) {
        i = rounds;
        goto again;
    }
    for (i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            v[j] += f(i * j);
            if (v[j] > 60 && i > 1)
                goto done;
        }
done:
    v[n - 1] = f(77);
    if (rounds > 100)
        goto again;
    return i;
}

#pragma synchronized
static int into_a_loop(int *v, int n, int start)
{
    int i = 0;
    if (start)
        goto inside;
    while (i < n) {
        v[i] = f(i);
    inside:
        v[i] += f(i + 5);
        i++;
    }
    return i;
}

/* Duff's device. */
#pragma synchronized
static void device(int *to, int count)
{
    int n = (count + 3) / 4, i = 0;
    switch (count % 4) {
    case 0:
        do {
            to[i] = f(i), i++;
        case 3:
            to[i] = f(i * 2);
            i++;
        case 2:
            to[i++] = f(7);
        case 1:
            to[i] = f(i * 3);
            i++;
        } while (--n > 0);
    }
}

#pragma synchronized
static int selected(int *v, int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++) {
        switch (i % 5) {
        case 0:
            v[i] = f(i);
            continue;
        case 1:
            sum += f(i);
            break;
        case 2:
            if (i > 7) {
                sum -= f(i);
                break;
            }
            /* fall through */
        case 3: {
            int w = f(i + 1);
            sum += w;
            goto next;
        }
        default:
            v[i] = sum; /* known by now */
        }
        v[i] += f(i + 2);
    next:;
    }
    return sum;
}

#ifdef __GNUC__
#pragma synchronized
static int computed(int *v, int n)
{
    static void *const table[] = {&&one, &&two, &&stop};
    int i = 0;
    goto *table[0];
one:
    v[i] = f(i);
    i++;
    goto *table[i < n ? 1 : 2];
two:
    v[i] = f(i) * 2;
    i++;
    goto *table[i < n ? 0 : 2];
stop:
    return i + v[0];
}
#endif

static void show(const char *name, int result, int *v, int n)
{
    printf("%s %d:", name, result);
    for (int i = 0; i < n; i++) {
        printf(" %d", v[i]);
        v[i] = 0;
    }
    printf("\n");
}

int main(void)
{
    int v[20] = {0};
    for (int limit = 0; limit < 17; limit += 4)
        show("first above", first_above(v, 16, limit), v, 16);
    for (int n = 0; n < 9; n += n ? 2 : 1)
        show("returns", returns(v, n), v, 9);
    nothing_returned(v, 9);
    show("nothing returned", 0, v, 9);
    show("labels", labels(v, 8), v, 8);
    show("into a loop", into_a_loop(v, 8, 0), v, 8);
    show("into a loop", into_a_loop(v, 8, 1), v, 8);
    for (int n = 1; n < 12; n++) {
        device(v, n);
        show("device", n, v, 12);
    }
    show("selected", selected(v, 18), v, 18);
#ifdef __GNUC__
    show("computed", computed(v, 9), v, 9);
#endif
    return 0;
}
