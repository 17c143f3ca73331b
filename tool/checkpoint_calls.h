/* checkpoint_calls.h - what functions of the C library do that a checkpoint doesn't hold by
 * itself: streams, generators, state of the library's and the system's. */
#ifndef MEMOCC_CHECKPOINT_CALLS_H
#define MEMOCC_CHECKPOINT_CALLS_H

#include <stdbool.h>

enum checkpoint_call_kind {
    CALL_IS_FREE,    /* nothing of interest */
    CALL_PRINTS,     /* to stdout */
    CALL_SCANS,      /* from stdin */
    CALL_WRITES,     /* the stream is the last argument */
    CALL_WRITES_TO,  /* the stream is the first argument */
    CALL_READS,      /* as CALL_WRITES */
    CALL_READS_FROM, /* as CALL_WRITES_TO */
    CALL_DESCRIPTOR, /* moves the position of a descriptor: the first argument */
    CALL_OPENS,      /* gives a descriptor */
    CALL_DIRECTORY,  /* moves the position of a DIR: the first argument */
    CALL_RANDOM,     /* the state of rand() and random() */
    CALL_RAND48,
    CALL_STATE,       /* other state */
    CALL_AGAIN,       /* changes files or starts programs, each time that it is carried out */
    CALL_ENVIRONMENT, /* its value is an input */
};
struct checkpoint_call {
    enum checkpoint_call_kind kind;
    const char *what; /* CALL_STATE: the call ... ("keeps hidden state") */
};

/* The forms that check sizes, builtins and the like are seen through. */
struct checkpoint_call checkpoint_call(const char *name);

/* Is it about a stream: PRINTS to READS_FROM? */
bool checkpoint_call_is_stream(enum checkpoint_call_kind kind);

#endif
