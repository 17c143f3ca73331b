/* libclang_versions.h - a test that runs its cases once with each libclang that is installed.
 * A process holds one libclang, so each version has a process of its own. */
#ifndef LIBCLANG_VERSIONS_H
#define LIBCLANG_VERSIONS_H

#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__ /* the leak checker falls over what an unloaded libclang leaves */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}
#endif

static const char *libclang; /* "19"; NULL: the one that is found */

static bool run_version(const char *version, int (*run_all)(void))
{
    pid_t child = fork();
    if (child == 0) {
        libclang = version;
        exit(run_all());
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

/* Whether run_all() was 0 with all of them. */
static bool run_versions(int (*run_all)(void))
{
    bool ok = true, found = false;
    for (int v = 14; v < 40; v++) {
        char pattern[64], version[16];
        glob_t g;
        snprintf(pattern, sizeof pattern, "/usr/lib/llvm-%d/lib/libclang[.-]*so*", v);
        snprintf(version, sizeof version, "%d", v);
        if (glob(pattern, 0, NULL, &g) != 0)
            continue;
        globfree(&g);
        found = true;
        ok &= run_version(version, run_all);
    }
    return found ? ok : run_version(NULL, run_all);
}

#endif
