#ifndef CHAIN_H
#define CHAIN_H

/*@ top */
#define FACTOR 6
/*@ top? */
#define LOWER(x) ((x) - 3)

typedef int (*step)(int);

/*@ indirect */
extern const int weights[4];
/*@ top */
extern const short offsets[3];
/*@ any */
extern const step steps[2];

/*@ */
int top(int n);
int direct(int n);
int indirect(int n);
int any(int n);
int chosen(int n, int which);
int calls_alone(int n);

int middle(int n);
int low(int n);
int leaf(int n);
int reads_tuning(int n);
int alone(int n);
int apply(step f, int n);
int tuned(int n);

#endif
