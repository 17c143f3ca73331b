/* openmp.h - the OpenMP runtime of the program, libgomp or libomp.
 *
 * Called by its GOMP_ entry points, which both have, rather than with pragmas: what
 * this library is compiled with then doesn't decide which of them a program is linked
 * with, and libmemocc.so can do without. In libmemocc.a the references are ordinary
 * ones, so that a program with synchronized code, and no other, needs one of the two;
 * in libmemocc.so they are weak, and the libraries with synchronized code need it
 * (memo_task_abi.h).
 *
 * The functions may be called on any thread, those of a team included. */
#ifndef MEMO_TASK_OPENMP_H
#define MEMO_TASK_OPENMP_H

#include <stdbool.h>
#include <stddef.h>

/* Is there one? The other functions need it. */
bool memo__openmp_is_there(void);

/* Carry out fn(data) on up to n threads, this one among them; returns when all have. */
void memo__openmp_parallel(void (*fn)(void *), void *data, unsigned n);

/* Let some thread of the team carry out fn(data), perhaps this one and at once. */
void memo__openmp_task(void (*fn)(void *), void *data);

/* Wait for the tasks that this thread, or the task it carries out, has made. */
void memo__openmp_taskwait(void);

/* How many threads a region would get here by default (OMP_NUM_THREADS), how many the
 * process may have (OMP_THREAD_LIMIT), how many this team has, and this one's number. */
int memo__openmp_max_threads(void);
int memo__openmp_thread_limit(void);
int memo__openmp_num_threads(void);
int memo__openmp_thread_num(void);

/* Inside a region with more than one thread? */
bool memo__openmp_in_parallel(void);

/* Before the first region: stacks of its threads have `size` bytes at least, where the
 * runtime doesn't take the C library's default. Later it may have no effect. */
void memo__openmp_set_stack(size_t size);

/* Can a child of fork open regions? libgomp's can't, if its parent had one. */
bool memo__openmp_survives_fork(void);

/* What stacks of its threads have, or 0 where it can't be asked. */
size_t memo__openmp_stack(void);

#endif
