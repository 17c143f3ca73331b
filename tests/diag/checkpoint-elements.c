/* A shape of one element of an array says nothing of what the others lead to. */
#include <stdlib.h>

struct series {
    int n;
    double *values;
};
struct counter {
    int n;
};
struct block {
    int n;
    double values[];
};

double **rows;
struct series all[3];

void rows_of_a_table(int n)
{
#pragma checkpoint save(rows[0][:n]) // expected-note {{save the pointers with what they lead to, as in 'save(row[:n], row[0][:n * m])': each save sees where they lead then; or write a shape for each element by its number; or copy all of them in functions that 'state(get, set)' names, with 'skip(rows)'}}
    for (int i = 0; i < n; i++)
        rows[i][0] += i; // expected-error {{the loop follows 'rows[i]', and the clauses cover what single elements lead to, not what all do}}
}

static void add(struct series *s, int x)
{
    s->values[0] += x; // expected-error {{the loop follows 's->values', and the clauses cover what single elements lead to, not what all do}}
}

void members(int n)
{
#pragma checkpoint save(all[0].values[:all[0].n], all[1].values[:all[1].n]) // expected-note {{save the pointers with what they lead to}}
    for (int i = 0; i < n; i++)
        add(&all[i % 3], i); // expected-note {{'members' calls 'add' here}}
}

int objects(int n)
{
    struct counter *counters[2] = {calloc(1, sizeof **counters), calloc(1, sizeof **counters)};
    int k = n % 2;
#pragma checkpoint save(*counters[0]) // expected-note {{save the pointers with what they lead to}}
    for (int i = 0; i < n; i++)
        counters[k]->n++; // expected-error {{the loop follows 'counters[k]', and the clauses cover what single elements lead to, not what all do}}
    return counters[0]->n;
}

int all_of_them(int n)
{
    struct counter *counters[2] = {calloc(1, sizeof **counters), calloc(1, sizeof **counters)};
#pragma checkpoint save(*counters[0], *counters[1])
    for (int i = 0; i < n; i++)
        counters[i % 2]->n++;
    return counters[0]->n;
}

int that_one(int k, int n)
{
    struct counter *counters[2] = {calloc(1, sizeof **counters), calloc(1, sizeof **counters)};
#pragma checkpoint save(*counters[k])
    for (int i = 0; i < n; i++)
        counters[k]->n++;
    return counters[0]->n;
}

/* What lies behind the end of the type isn't part of the object. */
void flexible(struct block *b, int n)
{
#pragma checkpoint save(*b) // expected-note {{write e.g. 'save(b->values[:count])'}}
    for (int i = 0; i < n; i++)
        b->values[i % 3] += i; // expected-error {{the loop changes memory behind 'b->values' that no clause covers}}
}

void flexible_and_saved(struct block *b, int n)
{
#pragma checkpoint save(*b, b->values[:b->n])
    for (int i = 0; i < n; i++)
        b->values[i % 3] += i;
}

/* A callee's names aren't those that clauses can use. */
struct context {
    struct counter *counter;
};
static int look(struct context *c)
{
    struct counter *it = c->counter;
    return it->n; // expected-error {{the loop reads memory behind}}
}

int in_a_callee(struct counter *counter, int n)
{
    struct context context = {counter};
    int s = 0;
#pragma checkpoint // expected-note {{write 'match(*context.counter)' if it must be the same}}
    for (int i = 0; i < n; i++)
        s += look(&context); // expected-note {{'in_a_callee' calls 'look' here}}
    return s;
}

double *table; /* other units give it memory */
void of_another_unit(int n)
{
#pragma checkpoint // expected-note {{write e.g. 'save(table[:count])'}}
    for (int i = 0; i < n; i++)
        table[i] = i; // expected-error {{the loop changes memory behind 'table' that no clause covers}}
}

/* Links of a list that the loop only reads. */
static struct chain {
    struct chain *next;
    int n;
} *head;

void push(int n)
{
    while (n-- > 0) {
        struct chain *c = malloc(sizeof *c);
        c->next = head;
        c->n = n;
        head = c;
    }
}

int along(int n)
{
    int s = 0;
#pragma checkpoint match(*head) // expected-note {{with 'skip(head)'}}
    for (int i = 0; i < n; i++)
        for (struct chain *c = head; c; c = c->next)
            s += c->n; // expected-error {{the loop reads memory behind 'c' that no clause covers}}
    return s;
}

int along_a_local_list(int n)
{
    struct chain *list = NULL;
    int s = 0;
    while (n-- > 0) {
        struct chain *c = malloc(sizeof *c);
        c->next = list;
        c->n = n;
        list = c;
    }
#pragma checkpoint match(*list) // expected-note {{with 'skip(list)'}}
    for (int i = 0; i < 9; i++)
        for (struct chain *c = list; c; c = c->next) // expected-error {{the loop follows 'c->next', and the clauses cover what single elements lead to, not what all do}}
            s += c->n;
    return s;
}

/* What an initializer puts into a flexible array. */
static struct tail {
    int n;
    int more[];
} tail = {3, {1, 2, 3}};
int behind_the_end(int n)
{
#pragma checkpoint // expected-note {{'tail' ends in a flexible array: take its memory from malloc, and name it in 'save'}}
    for (int i = 0; i < n; i++)
        tail.more[i % 3] += i; // expected-error {{the size of 'tail.more[i % 3]', which belongs to the loop's state, is unknown here}}
    return tail.n;
}
