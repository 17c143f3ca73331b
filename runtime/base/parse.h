/* parse.h - sizes and durations as people write them. */
#ifndef MEMO_BASE_PARSE_H
#define MEMO_BASE_PARSE_H

#include <stdint.h>

/* "5G", "256M", "64K", "1T", "1.5GiB", "4096", "10 MB": powers of 1024, any
 * case, "B" or "iB" may follow. "500ms", "30s", "10m", "2h", "7d", "1w", "20us",
 * "5ns", "1.5h"; a bare number is not a duration, except "0". 0 or
 * MEMO_EINVALID for anything else, overflow and negative numbers included. */
int memo__parse_size(const char *text, uint64_t *bytes);
int memo__parse_duration(const char *text, uint64_t *ns);

#endif
