/* Where loops with checkpoints may stand, and what can't be one. */
int work(int i);

#pragma checkpoint // expected-error {{'#pragma checkpoint' is not followed by a loop}} expected-note {{it stands before a 'for', 'while' or 'do' loop, inside a function}}
int before_a_declaration;

#pragma checkpoint // expected-error {{is not followed by a loop}} expected-note {{it stands before}}
int before_a_function(int n)
{
    return n;
}

#pragma checkpoint now // expected-error {{'#pragma checkpoint now' stands outside of a loop with '#pragma checkpoint'}}
int statements(int n)
{
    int s = 0, i = 0;
#pragma checkpoint // expected-error {{is not followed by a loop}} expected-note {{it stands before}}
    {
        s++;
    }
#pragma checkpoint // expected-error {{is not followed by a loop}} expected-note {{it stands before}}
    s++;
#pragma checkpoint // expected-error {{is not followed by a loop}} expected-note {{it stands before}}
    if (s)
        while (i < n)
            s += i++;
#pragma checkpoint // expected-note {{annotated here}}
#pragma checkpoint // expected-error {{this loop already has a '#pragma checkpoint'}}
    for (i = 0; i < n; i++)
        s += work(i);
    return s;
#pragma checkpoint // expected-error {{is not followed by a loop}} expected-note {{it stands before}}
}

/* All of these are fine. */
int fine(int n)
{
    int s = 0, i = 0;
    switch (n) {
    case 1:
#pragma checkpoint
        while (i < n)
            s += work(i++);
        break;
    default:
        if (n > 3)
#pragma checkpoint every(3s)
#pragma GCC unroll 2
            for (; i < n; i++)
                s += work(i);
        else
            _Pragma("checkpoint keep") do
            {
                s += work(i);
            } while (i++ < n);
    }
#pragma checkpoint
outer:
    for (int k = 0; k < n; k++) {
#pragma checkpoint
        for (int j = 0; j < k; j++) {
            if (work(j))
                goto outer;
            switch (j) {
            case 1:
                goto inside;
            default:
                s++;
            inside:
                s--;
            }
        }
    }
    return s;
}

#define EACH(i, n) for (int i = 0; i < (n); i++)
#define FOREVER while (1)
#define LOOP for
#define SAVED _Pragma("checkpoint every(1%)")
#define SAVED_EACH(i, n) _Pragma("checkpoint") for (int i = 0; i < (n); i++)
#define FUNCTION(name, n)                                                                          \
    int name(void)                                                                                 \
    {                                                                                              \
        int s = 0;                                                                                 \
        _Pragma("checkpoint") for (int i = 0; i < (n); i++) s += work(i);                          \
        return s;                                                                                  \
    }

int macros(int n)
{
    int s = 0;
#pragma checkpoint // expected-note {{write the loop's 'for (...)', 'while (...)' or 'do', and its end, outside of macros}}
    EACH(i, n) // expected-error {{a macro makes a part of this loop and something else, so that it can't be saved}}
        s += work(i);
#pragma checkpoint // expected-note {{write the loop's}}
    FOREVER { // expected-error {{a macro makes a part of this loop}}
        if (work(s++))
            break;
    }
    SAVED_EACH(i, n) // expected-error {{a macro makes a part of this loop}} expected-note {{write the loop's}}
        s += work(i);
#pragma checkpoint
    LOOP (int i = 0; i < n; i++)
        s += work(i);
    SAVED
    while (s < n)
        s += work(s);
    return s;
}

FUNCTION(by_macro, 10) // expected-error {{'by_macro' is made by a macro as a whole and can't hold a loop with checkpoints}}

int directives(int n)
{
    int s = 0;
#pragma checkpoint // expected-error {{a loop under a directive of OpenMP can't be saved}} expected-note {{annotate a serial loop around it, or move this one into a function of its own}}
#pragma omp parallel for reduction(+ : s)
    for (int i = 0; i < n; i++)
        s += work(i);
#pragma omp simd
#pragma checkpoint // expected-error {{under a directive of OpenMP}} expected-note {{annotate a serial loop}}
    for (int i = 0; i < n; i++)
        s += work(i);
#pragma checkpoint
    while (s < n) {
#pragma omp parallel for reduction(+ : s)
        for (int i = 0; i < n; i++)
            s += work(i);
    }
    return s;
}

int jumps(int n)
{
    int s = 0, i = 0;
    if (n == 7)
        goto middle; // expected-error {{this leads into a loop with checkpoints, past its begin}}
#pragma checkpoint // expected-note 2 {{the loop begins here; let control come to it only from above}}
    while (i < n) {
        i++;
    middle:
        s += work(i);
    }
    switch (n % 4) {
    case 0:
#pragma checkpoint // expected-note 2 {{the loop begins here}}
        do {
            s += work(i++);
        case 3: // expected-error {{this leads into a loop}}
            s += work(i++);
        default: // expected-error {{this leads into a loop}}
            s += work(i++);
        } while (i < n);
    }
    void *where = &&label;
    goto *where; // expected-error 2 {{this leads into a loop}}
#pragma checkpoint // expected-note {{the loop begins here}}
    while (i < n) {
    label:
        i++;
    }
    return s;
}

#define NOW _Pragma("checkpoint now")
#define STEP(x)                                                                                    \
    do {                                                                                           \
        _Pragma("checkpoint now") x++;                                                             \
    } while (0)

int now(int n)
{
    int s = 0;
#pragma checkpoint now // expected-error {{'#pragma checkpoint now' stands outside of a loop}}
    for (int i = 0; i < n; i++) {
#pragma checkpoint now // expected-error {{'#pragma checkpoint now' stands outside of a loop}}
        s += work(i);
    }
#pragma checkpoint
    for (int i = 0; i < n; i++) {
#pragma checkpoint now
        for (int k = 0; k < i; k++) {
            s += work(k);
#pragma checkpoint now
        }
        if (s == 7)
#pragma checkpoint now
            s++;
        else
            NOW;
        switch (s) {
        case 1:
#pragma checkpoint now
            s--;
        }
        s += work(i) +
#pragma checkpoint now // expected-error {{'#pragma checkpoint now' must stand between two statements of a block}}
             work(s);
        STEP(s); // expected-error {{must stand between two statements}}
    }
#pragma checkpoint now // expected-error {{'#pragma checkpoint now' stands outside of a loop}}
    return s;
}

double heads(int n, double *m, double (*rows)[n])
{
    double s = m[0];
#pragma checkpoint // expected-note {{declare it in front of the loop}}
    for (int a[n], i = 0; i < n; i++) { // expected-error {{'a', whose type has a variable size, can't be declared in the head of a loop with checkpoints}}
        a[i] = i;
        s += a[i];
    }
#pragma checkpoint match(rows[0:1][0:n]) // expected-note {{declare it in front}}
    for (double(*p)[n] = rows; s < 10; s++) // expected-error {{'p', whose type has a variable size}}
        s += (*p)[0];
    return s;
}
