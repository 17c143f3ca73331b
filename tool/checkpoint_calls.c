/* checkpoint_calls.c - see checkpoint_calls.h. */
#include "checkpoint_calls.h"

#include <string.h>

#include "libcalls.h"

/* Names stand between blanks. */
struct group {
    enum checkpoint_call_kind kind;
    const char *what;
    const char *names;
};
static const struct group groups[] = {
    {CALL_PRINTS, NULL, " printf vprintf puts putchar putwchar wprintf vwprintf "},
    {CALL_SCANS, NULL, " scanf vscanf gets getchar getwchar "},
    {CALL_WRITES, NULL, " fputs fputc putc putw fwrite fputws fputwc putwc "},
    {CALL_WRITES_TO, NULL, " fprintf vfprintf fwprintf vfwprintf fclose "},
    {CALL_READS, NULL,
     " fgets fgetc getc getw fread getline getdelim fgetws fgetwc getwc ungetc ungetwc "},
    {CALL_READS_FROM, NULL,
     " fscanf vfscanf fwscanf fseek fseeko fseeko64 ftell ftello ftello64 rewind fgetpos fsetpos "},
    {CALL_DESCRIPTOR, NULL,
     " write pwrite pwrite64 writev read pread pread64 readv lseek lseek64 ftruncate ftruncate64 "
     "dprintf vdprintf sendfile copy_file_range "},
    {CALL_OPENS, NULL, " open open64 openat openat64 creat creat64 dup mkstemp mkostemp "},
    {CALL_DIRECTORY, NULL, " readdir readdir64 readdir_r rewinddir seekdir "},
    {CALL_RANDOM, NULL, " rand srand random srandom initstate setstate "},
    {CALL_RAND48, NULL, " drand48 lrand48 mrand48 srand48 seed48 lcong48 "},
    {CALL_STATE, "keeps hidden state",
     " strtok getopt getopt_long getopt_long_only hcreate hdestroy hsearch iconv dlopen dlclose "
     "getpwent setpwent getgrent setgrent openlog closelog "},
    {CALL_STATE, "gives other numbers in each run",
     " arc4random arc4random_uniform arc4random_buf getrandom getentropy "},
    {CALL_STATE, "changes the locale", " setlocale uselocale textdomain bindtextdomain "},
    {CALL_STATE, "changes the environment", " setenv unsetenv putenv clearenv "},
    {CALL_STATE, "changes the floating-point environment",
     " fesetround fesetenv feupdateenv feholdexcept fesetmode feenableexcept fedisableexcept "
     "__builtin_ia32_ldmxcsr "},
    {CALL_STATE, "changes the working directory", " chdir fchdir chroot "},
    {CALL_STATE, "changes the mode of new files", " umask "},
    {CALL_STATE, "changes what signals do",
     " signal bsd_signal sigset sigaction sigprocmask pthread_sigmask sigaltstack siginterrupt "},
    {CALL_STATE, "sets a timer",
     " alarm ualarm setitimer timer_create timer_settime timer_delete "},
    {CALL_STATE, "registers a function for the end of the program",
     " atexit on_exit at_quick_exit pthread_atfork "},
    {CALL_STATE, "locks a file", " flock lockf "},
    {CALL_STATE, "uses processes",
     " fork vfork posix_spawn posix_spawnp daemon wait waitpid waitid wait3 wait4 pipe pipe2 "
     "shmget shmat shmdt shmctl semget semop msgget msgsnd msgrcv setpgid setsid "},
    {CALL_STATE, "uses sockets",
     " socket socketpair bind listen accept accept4 connect send sendto sendmsg recv recvfrom "
     "recvmsg shutdown setsockopt "},
    {CALL_AGAIN, NULL,
     " system popen unlink unlinkat remove rename renameat renameat2 mkdir mkdirat rmdir link "
     "linkat "
     "symlink symlinkat mkfifo mkfifoat mknod mknodat shm_unlink "},
    {CALL_ENVIRONMENT, NULL, " getenv secure_getenv "},
};

/* fprintf for __builtin_fprintf, __fprintf_chk, fprintf_unlocked; in buffer, of n bytes. */
static const char *plain_name(const char *name, char *buffer, size_t n)
{
    static const char *const prefixes[] = {"__builtin___", "__builtin_", "__isoc99_", "__isoc23_",
                                           "_IO_"};
    static const char *const suffixes[] = {"_unlocked", "_chk"};
    if (!strcmp(name, "__builtin_ia32_ldmxcsr"))
        return name;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (!strncmp(name, prefixes[i], strlen(prefixes[i]))) {
            name += strlen(prefixes[i]);
            break;
        }
    size_t len = strlen(name);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        size_t m = strlen(suffixes[i]), from = !strncmp(name, "__", 2) ? 2 : 0;
        if (len <= m + from || len >= n || strcmp(name + len - m, suffixes[i]) != 0)
            continue;
        memcpy(buffer, name + from, len - m - from);
        buffer[len - m - from] = '\0';
        return buffer;
    }
    return name;
}

static bool has_word(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = words; n && (p = strstr(p, word)); p += n)
        if (p[-1] == ' ' && p[n] == ' ')
            return true;
    return false;
}

/* Some of <pthread.h> is harmless in a loop that no other thread knows of. */
static bool uses_threads(const char *name)
{
    static const char harmless[] =
        " flockfile ftrylockfile funlockfile pthread_self pthread_testcancel pthread_once "
        "pthread_getspecific pthread_setspecific pthread_key_create pthread_setname_np "
        "pthread_setaffinity_np pthread_getaffinity_np sched_yield sched_getcpu sched_setaffinity "
        "sched_getaffinity thrd_current thrd_yield call_once tss_create tss_get tss_set ";
    const struct libcall *c = libcall_find(name);
    return c && c->effects & 1u << EFFECT_THREAD && !has_word(harmless, name);
}

struct checkpoint_call checkpoint_call(const char *name)
{
    char buffer[64];
    name = plain_name(name, buffer, sizeof buffer);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (has_word(groups[i].names, name))
            return (struct checkpoint_call){groups[i].kind, groups[i].what};
    if (uses_threads(name))
        return (struct checkpoint_call){CALL_STATE, "uses threads"};
    return (struct checkpoint_call){CALL_IS_FREE, NULL};
}

bool checkpoint_call_is_stream(enum checkpoint_call_kind kind)
{
    return kind >= CALL_PRINTS && kind <= CALL_READS_FROM;
}
