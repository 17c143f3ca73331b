/* The clauses of `#pragma checkpoint`: names, types, and what doesn't go together. */
#include <stdio.h>
#include <stdlib.h>

struct opaque;
struct kind {
    size_t size;
};
struct generator {
    const struct kind *kind;
    void *state;
};
struct node {
    struct node *next;
    int value : 7, level;
};
struct series {
    double *values, *cache;
    size_t count;
    double inner[3];
};
struct opaque *known(void);
int work(int i);
size_t get(void *buf, size_t capacity);
void set(const void *buf, size_t len);
int get_wrong(void *buf, size_t capacity); // expected-note {{'get_wrong' is declared here}}
void set_wrong(void *buf, size_t len); // expected-note {{'set_wrong' is declared here}}
static int total;
static volatile int changing;

int names(int n, double *p, struct series *s, const double *limits) // expected-note 2 {{'names' is declared here}}
{
    int count = 0;
#pragma checkpoint save(p[:cuont]) // expected-error {{'cuont' is neither a variable in sight here nor a global}} expected-note {{did you mean 'count'?}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(s->value[:n]) // expected-error {{no member 'value' in 'struct series'}} expected-note {{did you mean 'values'?}}
    while (count < n)
        count += work(count);
#pragma checkpoint skip(totla) // expected-error {{'totla' is neither}} expected-note {{did you mean 'total'?}}
    while (count < n)
        count += work(count);
#pragma checkpoint trust(wrok) // expected-error {{'wrok' is no function in sight}} expected-note {{did you mean 'work'?}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(later[:n]) match(inner[:3]) // expected-error {{'later' is neither}} expected-error {{'inner' is neither}}
    for (int i = 0; i < n; i++) {
        double inner[3];
        count += work(i) + (int)inner[0];
    }
    int later = 0;
#pragma checkpoint save(p[:count++]) // expected-error {{an expression in a clause must have no side effects}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(p[:work(n)]) // expected-error {{a clause can't call 'work': it may have side effects}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(p[:changing]) // expected-error {{must have no side effects}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(p[:i]) skip(i) match(limits[:i]) // expected-error {{'i' is declared by the loop: what is matched must be there before it}}
    for (int i = 0; i < n; i++) // expected-note {{declare it in front of the loop}}
        p[i] = limits[work(i)];
    return count + later;
}

int shapes(int n, double *p, double **rows, struct series *s, struct node *list)
{
    double grid[4][4] = {{0}}, *q = p;
    struct opaque *hidden = known();
    struct node *cursor = list;
    int count = 0;
#pragma checkpoint save(rows[:n][:n]) // expected-error {{the rows of 'rows[:n][:n]' are separate blocks of memory}} expected-note {{allocate them as one block, or save them by 'state(get, set)'}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(q) // expected-error {{'q' is a pointer; write '*q' or 'q[:n]' for what it points to}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(p[:]) // expected-error {{section 'p[:]' needs a count}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(n[:3]) // expected-error {{type 'int' is neither a pointer nor an array}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(*hidden) // expected-error {{'*hidden' has the incomplete type 'struct opaque'}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(list->value) // expected-error {{'list->value' is a bit-field}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(string(p)) // expected-error {{type 'double *' is no string}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(code(work)) // expected-error {{'code' can only stand in 'match'}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(known()[:3]) // expected-error {{a clause can't call 'known': it may have side effects}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(p[0:n], s->values[:s->count], grid, cursor->level) skip(s->cache, grid)  // expected-error {{'grid' stands in both 'save' and 'skip'}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(q[:n]) // expected-error {{the loop's own initialization sets 'q', and isn't carried out where a saved state is gone on from}}
    for (q = p; q < p + n; q++) // expected-note {{name the array that it points into, or set it in front of the loop}}
        *q = work(count);
#pragma checkpoint save(cursor->level) // expected-error {{the loop's own initialization sets 'cursor'}}
    for (struct node *cursor = list; cursor; cursor = cursor->next) // expected-note {{name the array}}
        cursor->level = work(count);
#pragma checkpoint save(s->values[:s->count]) // expected-error {{initialization sets 's->values'}}
    for (s->values = p; count < n; count++) // expected-note {{name the array}}
        s->values[count] = work(count);
#pragma checkpoint save(p[:n]) save(s->values[:s->count]) // expected-error {{clause 'save' is given twice}} expected-note {{first given here}}
    for (q = p; q < p + n; q++)
        *q = work(count);
#pragma checkpoint save(p[:n], s->values[:s->count], list->next, i) match(string("text"), code(work)) // expected-error {{'string("text")' doesn't start from a variable}}
    for (int i = 0; i < n; i++)
        count += work(i);
    return count;
}

int blocks(int n, double *p, struct series *s, double *const fixed)
{
    double grid[4] = {0};
    int count = 0;
#pragma checkpoint alloc(grid[:4]) // expected-error {{'grid' is an array, which nobody allocates}} expected-note {{'save' alone does for arrays}}
    while (count < n)
        count += work(count);
#pragma checkpoint alloc(p[1:n]) // expected-error {{'alloc' takes a pointer to allocated memory, with the number of its elements}} expected-note {{write 'alloc(p[:n])', p being what 'malloc' returned}}
    while (count < n)
        count += work(count);
#pragma checkpoint alloc(*p) // expected-error {{'alloc' takes a pointer}} expected-note {{write 'alloc}}
    while (count < n)
        count += work(count);
#pragma checkpoint alloc((p + 1)[:n]) // expected-error {{'alloc' takes a pointer}} expected-note {{write 'alloc}}
    while (count < n)
        count += work(count);
#pragma checkpoint alloc(fixed[:n]) // expected-error {{'fixed' is const: it can't be made to point to memory of another size}}
    while (count < n)
        count += work(count);
#pragma checkpoint alloc(p[:n]) skip(p) // expected-error {{'p[:n]' stands in both 'alloc' and 'skip'}}
    while (count < n)
        count += work(count);
#pragma checkpoint save(p[:n]) alloc(p[:2 * n], s->values[:s->count])
    while (count < n)
        count += work(count);
    return count;
}

int generators(int n, struct generator *r, struct generator both[2], const struct opaque *hidden)
{
    int count = 0;
    const char *text = "";
    struct generator own = *r, *all[2] = {r, r};
    unsigned short x[3] = {0};
#pragma checkpoint rng(*r) // expected-error {{'*r' holds the pointer 'kind': its bytes aren't all of the generator's state}} expected-note {{name the memory that holds the state, as in 'rng(r->state[:n])', or write 'state(get, set)'}}
    while (count < n)
        count += work(count);
#pragma checkpoint rng(own) // expected-error {{'own' holds the pointer 'kind'}} expected-note {{name the memory}}
    while (count < n)
        count += work(count);
#pragma checkpoint rng(r) // expected-error {{'r' is a pointer; write '*r' or 'r[:n]'}}
    while (count < n)
        count += work(count);
#pragma checkpoint rng(*hidden) // expected-error {{incomplete type}}
    while (count < n)
        count += work(count);
#pragma checkpoint rng(both[:2].kind) // expected-error {{only further sections can follow an array section}}
    while (count < n)
        count += work(count);
#pragma checkpoint rng(all[:2]) // expected-error {{'all[:2]' is made of pointers}} expected-note {{name the memory}}
    while (count < n)
        count += work(count);
#pragma checkpoint rng(string(text)) // expected-error {{'rng' takes objects and sections of memory, not 'string(text)'}}
    while (count < n)
        count += work(count);
#pragma checkpoint rng(x) rng(rand48) rng(r->state[:r->kind->size]) rng(own.state[:own.kind->size])
    while (count < n)
        count += work(count);
    return count;
}

int calls(int n)
{
    return fputs("", stdout) + n;
}

int functions(int n)
{
    int count = 0;
#pragma checkpoint state(get_wrong, set_wrong) // expected-error {{'get_wrong' is of type 'int (void *, unsigned long)'; 'state' takes 'size_t get(void *, size_t)' here}} expected-error {{'set_wrong' is of type 'void (void *, unsigned long)'; 'state' takes 'void set(const void *, size_t)' here}}
    while (count < n)
        count += work(count);
#pragma checkpoint state(gets_, count) // expected-error {{'gets_' is no function in sight}} expected-error {{'count' is no function in sight}} expected-note {{did you mean 'get'?}}
    while (count < n)
        count += work(count);
#pragma checkpoint state(get, set) trust(work, fputs)
    while (count < n)
        count += work(count);
    return count;
}

int streams(int n, FILE *log, FILE **all, int fd)
{
    int count = 0;
#pragma checkpoint file(fd) // expected-error {{'fd' is no stream}} expected-note {{name a variable of type FILE *, as in 'file(log)'}}
    while (count < n)
        count += work(count);
#pragma checkpoint file("out.txt") // expected-error {{is no stream}} expected-note {{name a variable}}
    while (count < n)
        count += work(count);
#pragma checkpoint file(log, all[n - 1], stdout, fd ? log : stdin) on(TERM, SIGUSR1)
    while (count < n)
        count += work(count);
#pragma checkpoint on(KILL, SIGSTOP) // expected-error {{'KILL' can't be caught}} expected-error {{'SIGSTOP' can't be caught}}
    while (count < n)
        count += work(count);
#pragma checkpoint on(SEGV) // expected-error {{'SEGV' comes from a fault, and the loop can't go on behind it}}
    while (count < n)
        count += work(count);
#pragma checkpoint name("first") // expected-note {{first given here}}
    while (count < n)
        count += work(count);
#pragma checkpoint name("first") // expected-error {{another loop has the name 'first', too}}
    while (count < n)
        count += work(count);
    return count;
}

#define SIZE(n) (2 * (n))
int variable_arrays(int n, int m)
{
    int count = 0, size = n;
    double a[n], b[SIZE(size)][3], c[size], fine[m]; // expected-note {{'a' declared here}} expected-note {{'b' declared here}} expected-note 2 {{keep its size in a variable that the loop doesn't change}}
#pragma checkpoint
    while (count < n) {
        a[0] = fine[count] = work(count);
        b[0][0] = work(count++);
        n--;           // expected-error {{the loop changes 'n', which says how large 'a' is}}
        size = work(3); // expected-error {{the loop changes 'size', which says how large 'b' is}}
    }
    return (int)c[0];
}
