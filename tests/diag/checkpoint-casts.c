// Shapes with casts: which type is meant must be known.
#include <stdlib.h>

struct cell {
    struct cell *next;
    int n;
};
typedef struct other {
    struct other *next;
    int n;
} other;

struct cell *any;

void known(void *state, int n)
{
#pragma checkpoint save(*(struct cell *)state)
    for (int i = 0; i < n; i++)
        ((struct cell *)state)->n += i;
}

void of_numbers(void *state, int n)
{
#pragma checkpoint save(((unsigned char *)state)[:n])
    for (int i = 0; i < n; i++)
        ((char *)state)[i] += (char)i;
}

void bump(void *state);

void unknown(void *state, int n)
{
#pragma checkpoint save(*(other *)state) // expected-error {{whether there are pointers in '*(other *)state' can't be told: the type of the cast isn't known here}} expected-note {{declare a pointer of that type in front of the loop, and write the shape with that}}
    for (int i = 0; i < n; i++)
        bump(state);
}

void random_numbers(void *state, int n)
{
#pragma checkpoint rng(*(other *)state)
    for (int i = 0; i < n; i++)
        bump(state);
}
