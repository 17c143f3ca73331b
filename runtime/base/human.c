/* human.c - see human.h. */
#include "base/human.h"

#include <inttypes.h>
#include <stdio.h>

struct memo__text memo__duration_text(uint64_t ns)
{
    static const struct {
        double ns;
        int digits;
        const char *unit;
    } units[] = {{3600e9, 1, "h"}, {60e9, 1, "min"}, {1e9, 2, "s"}, {1e6, 1, "ms"}, {1e3, 1, "us"}};
    struct memo__text text;
    unsigned i;

    for (i = 0; i < sizeof units / sizeof units[0]; i++)
        if ((double)ns >= units[i].ns) {
            snprintf(text.s, sizeof text.s, "%.*f %s", units[i].digits, (double)ns / units[i].ns,
                     units[i].unit);
            return text;
        }
    snprintf(text.s, sizeof text.s, "%" PRIu64 " ns", ns);
    return text;
}

struct memo__text memo__size_text(uint64_t bytes)
{
    static const char prefixes[] = "KMGTPE";
    struct memo__text text;
    double value = (double)bytes;
    int i = -1;

    while (value >= 1024 && i < 5) {
        value /= 1024;
        i++;
    }
    if (i < 0)
        snprintf(text.s, sizeof text.s, "%" PRIu64 " B", bytes);
    else
        snprintf(text.s, sizeof text.s, "%.1f %ciB", value, prefixes[i]);
    return text;
}
