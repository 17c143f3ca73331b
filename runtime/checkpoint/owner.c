/* owner.c - see owner.h. */
#include "checkpoint/owner.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_STATUS 8192 /* /proc/<pid>/status has some 1500 bytes */

static bool has_kill(const char *status, const char *field)
{
    const char *at = strstr(status, field);
    return at && (strtoull(at + strlen(field), NULL, 16) >> (SIGKILL - 1) & 1);
}

enum thread { THREAD_LIVES, THREAD_ENDED, THREAD_KILLED };

static enum thread look_at(const char *path)
{
    char status[MAX_STATUS];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, status, sizeof status - 1) : -1;
    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return THREAD_ENDED;
    status[n] = '\0';
    const char *state = strstr(status, "\nState:");
    state += state ? strlen("\nState:") : 0;
    while (state && isspace((unsigned char)*state))
        state++;
    if (has_kill(status, "\nSigPnd:") || has_kill(status, "\nShdPnd:") ||
        strstr(status, "\nCoreDumping:\t1"))
        return THREAD_KILLED;
    return state && (*state == 'Z' || *state == 'X') ? THREAD_ENDED : THREAD_LIVES;
}

bool memo__ck_owner_is_dying(pid_t pid)
{
    char path[64];
    bool is_killed = false, lives = false;
    if (pid <= 0)
        return false;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    for (struct dirent *e; tasks && !is_killed && (e = readdir(tasks));) {
        if (!isdigit((unsigned char)*e->d_name))
            continue;
        char status[128];
        snprintf(status, sizeof status, "%s/%.20s/status", path, e->d_name);
        enum thread t = look_at(status);
        is_killed |= t == THREAD_KILLED;
        lives |= t == THREAD_LIVES; /* the first one may have ended before the others */
    }
    if (tasks)
        closedir(tasks);
    return tasks ? is_killed || !lives : false;
}
