/* saves.h - clocks for saves.c, out of its sight: they are no part of the loop's state. */
#ifndef TESTS_BENCH_SAVES_H
#define TESTS_BENCH_SAVES_H

#include <stddef.h>

void mark_top(void); /* first in an iteration */
void mark_bottom(
    void); /* last in it; sleeps until the last save is on the disk, then takes the time */
void mark_end(void); /* ends the process at once, as kill -9 would */

#endif
