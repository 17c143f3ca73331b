/* trap.h - faults of memory while a file is read through a map.
 *
 * LMDB believes its pages. One flipped bit in the database can lead it outside
 * the file (SIGBUS), outside the map (SIGSEGV), or into one of its assertions;
 * none of these may end the user's program. memo__trap runs a function and comes
 * back from there, as by longjmp: whatever the function held stays held.
 *
 * The handlers are installed once, before the first trap. A fault outside of a
 * trap goes to whoever handled the signal before, and otherwise does what it
 * always did. A program that installs handlers of its own later has no traps. In a
 * thread that blocks these signals at its first trap, each trap unblocks them. */
#ifndef MEMO_BASE_TRAP_H
#define MEMO_BASE_TRAP_H

/* What fn(arg) returns, or MEMO_EDAMAGED after a fault. Not to be nested. About
 * 10 ns. */
int memo__trap(int (*fn)(void *arg), void *arg);

/* As after a fault; returns if no trap is set on this thread. */
void memo__trap_spring(void);

#endif
