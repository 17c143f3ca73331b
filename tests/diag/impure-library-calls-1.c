// Calls of the C library and of POSIX that a memoized function must not make.
#define _GNU_SOURCE
#include <dirent.h>
#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>

static int counter;

#pragma memo
int uses_setlocale(int n)
{
    setlocale(LC_ALL, ""); // expected-error {{'uses_setlocale' uses the locale: it calls 'setlocale'}}
    return n;
}

#pragma memo
int uses_localeconv(int n)
{
    return n + localeconv()->decimal_point[0]; // expected-error {{'uses_localeconv' uses the locale: it calls 'localeconv'}}
}

#pragma memo
int uses_uselocale(int n)
{
    uselocale(newlocale(LC_ALL_MASK, "C", 0)); // expected-error {{'uses_uselocale' uses files: it calls 'newlocale'}} expected-error {{'uses_uselocale' uses the locale: it calls 'newlocale'}} expected-error {{'uses_uselocale' uses the locale: it calls 'uselocale'}}
    return n;
}

#pragma memo
int uses_nl_langinfo(int n)
{
    return nl_langinfo(RADIXCHAR)[0] + n; // expected-error {{'uses_nl_langinfo' uses the locale: it calls 'nl_langinfo'}}
}

#pragma memo inout(s[:n])
int uses_strtok(char *s, int n)
{
    return strtok(s, ",") != NULL; // expected-error {{'uses_strtok' uses hidden state: it calls 'strtok'}}
}

#pragma memo
int uses_getenv(int n)
{
    const char *e = getenv("X"); // expected-error {{'uses_getenv' uses the environment: it calls 'getenv'}}
    return e ? n : 0;
}

#pragma memo
int uses_secure_getenv(int n)
{
    const char *e = secure_getenv("X"); // expected-error {{'uses_secure_getenv' uses the environment: it calls 'secure_getenv'}}
    return e ? n : 0;
}

#pragma memo
int uses_setenv(int n)
{
    setenv("A", "b", 1); // expected-error {{'uses_setenv' uses the environment: it calls 'setenv'}}
    return n;
}

#pragma memo
int uses_time(int n)
{
    return n + (int)time(0); // expected-error {{'uses_time' depends on time: it calls 'time'}}
}

#pragma memo
int uses_clock(int n)
{
    return n + (int)clock(); // expected-error {{'uses_clock' depends on time: it calls 'clock'}}
}

#pragma memo
int uses_gtod(int n)
{
    struct timeval t;
    gettimeofday(&t, 0); // expected-error {{'uses_gtod' depends on time: it calls 'gettimeofday'}}
    return n + t.tv_usec;
}

#pragma memo
int uses_clock_gettime(int n)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t); // expected-error {{'uses_clock_gettime' depends on time: it calls 'clock_gettime'}}
    return n + t.tv_nsec;
}

#pragma memo
int uses_timespec_get(int n)
{
    struct timespec t;
    timespec_get(&t, TIME_UTC); // expected-error {{'uses_timespec_get' depends on time: it calls 'timespec_get'}}
    return n + t.tv_nsec;
}

#pragma memo
int uses_localtime(time_t t)
{
    return localtime(&t)->tm_hour; // expected-error {{'uses_localtime' uses the environment: it calls 'localtime'}} expected-error {{'uses_localtime' uses hidden state: it calls 'localtime'}}
}

#pragma memo
int uses_localtime_r(time_t t)
{
    struct tm m;
    localtime_r(&t, &m); // expected-error {{'uses_localtime_r' uses the environment: it calls 'localtime_r'}}
    return m.tm_hour;
}

#pragma memo
int uses_gmtime(time_t t)
{
    return gmtime(&t)->tm_hour; // expected-error {{'uses_gmtime' uses hidden state: it calls 'gmtime'}}
}

#pragma memo
long uses_mktime(int y)
{
    struct tm m = {.tm_year = y};
    return mktime(&m); // expected-error {{'uses_mktime' uses the environment: it calls 'mktime'}}
}

#pragma memo
int uses_strftime(int y)
{
    struct tm m = {.tm_year = y};
    char b[40];
    return (int)strftime(b, 40, "%Z", &m); // expected-error {{'uses_strftime' uses the environment: it calls 'strftime'}}
}

#pragma memo
int uses_ctime(time_t y)
{
    return ctime(&y)[0]; // expected-error {{'uses_ctime' uses the environment: it calls 'ctime'}} expected-error {{'uses_ctime' uses hidden state: it calls 'ctime'}}
}

#pragma memo
int uses_rand(int n)
{
    return n + rand(); // expected-error {{'uses_rand' uses the state of a random number generator: it calls 'rand'}}
}

#pragma memo
int uses_random(int n)
{
    return n + random(); // expected-error {{'uses_random' uses the state of a random number generator: it calls 'random'}}
}

#pragma memo
double uses_drand48(int n)
{
    return n + drand48(); // expected-error {{'uses_drand48' uses the state of a random number generator: it calls 'drand48'}}
}

#pragma memo
int uses_srand(int n)
{
    srand(n); // expected-error {{'uses_srand' uses the state of a random number generator: it calls 'srand'}}
    return n;
}

#pragma memo
int uses_getrandom(int n)
{
    int r;
    getrandom(&r, sizeof r, 0); // expected-error {{'uses_getrandom' uses the state of a random number generator: it calls 'getrandom'}}
    return n + r;
}

#pragma memo
int uses_getentropy(int n)
{
    int r;
    getentropy(&r, sizeof r); // expected-error {{'uses_getentropy' uses the state of a random number generator: it calls 'getentropy'}}
    return n + r;
}

#pragma memo
int uses_fopen(int n)
{
    FILE *p = fopen("/x", "r"); // expected-error {{'uses_fopen' uses files: it calls 'fopen'}}
    int c = p ? fgetc(p) : n; // expected-error {{'uses_fopen' reads input: it calls 'fgetc'}}
    if (p)
        fclose(p); // expected-error {{'uses_fopen' writes output: it calls 'fclose'}} expected-error {{'uses_fopen' uses files: it calls 'fclose'}}
    return c;
}

#pragma memo ignore(p)
int uses_fread_param(FILE *p)
{
    int c;
    return fread(&c, 4, 1, p) ? c : 0; // expected-error {{'uses_fread_param' reads input: it calls 'fread'}}
}

#pragma memo
int uses_getchar(int n)
{
    return n + getchar(); // expected-error {{'uses_getchar' reads input: it calls 'getchar'}}
}

#pragma memo
int uses_read(int fd)
{
    char c;
    return read(fd, &c, 1) == 1 ? c : 0; // expected-error {{'uses_read' reads input: it calls 'read'}}
}

#pragma memo
long uses_stat(const char *p)
{
    struct stat s;
    return stat(p, &s) ? 0 : (long)s.st_size; // expected-error {{'uses_stat' uses files: it calls 'stat'}}
}

#pragma memo
int uses_access(const char *p)
{
    return access(p, R_OK); // expected-error {{'uses_access' uses files: it calls 'access'}}
}

#pragma memo
int uses_opendir(const char *p)
{
    DIR *d = opendir(p); // expected-error {{'uses_opendir' uses files: it calls 'opendir'}}
    int n = 0;
    while (d && readdir(d)) // expected-error {{'uses_opendir' uses files: it calls 'readdir'}}
        n++;
    if (d)
        closedir(d); // expected-error {{'uses_opendir' uses files: it calls 'closedir'}}
    return n;
}

#pragma memo
int uses_getcwd(int n)
{
    char b[100];
    return getcwd(b, 100) ? b[0] : n; // expected-error {{'uses_getcwd' uses files: it calls 'getcwd'}}
}

#pragma memo
int uses_realpath(const char *p)
{
    char *r = realpath(p, NULL); // expected-error {{'uses_realpath' uses files: it calls 'realpath'}}
    int c = r ? r[0] : 0;
    free(r);
    return c;
}

#pragma memo
int uses_isatty(int n)
{
    return isatty(n); // expected-error {{'uses_isatty' uses files: it calls 'isatty'}}
}

#pragma memo
int uses_getpid(int n)
{
    return n + getpid(); // expected-error {{'uses_getpid' acts on processes or signals: it calls 'getpid'}}
}

#pragma memo
int uses_getuid(int n)
{
    return n + getuid(); // expected-error {{'uses_getuid' acts on processes or signals: it calls 'getuid'}}
}

#pragma memo
int uses_gethostname(int n)
{
    char b[99];
    gethostname(b, 99); // expected-error {{'uses_gethostname' uses hidden state: it calls 'gethostname'}}
    return n + b[0];
}

#pragma memo
int uses_uname(int n)
{
    struct utsname u;
    uname(&u); // expected-error {{'uses_uname' uses hidden state: it calls 'uname'}}
    return n + u.release[0];
}

#pragma memo
long uses_sysconf(int n)
{
    return sysconf(_SC_NPROCESSORS_ONLN) + n; // expected-error {{'uses_sysconf' uses hidden state: it calls 'sysconf'}}
}

#pragma memo
long uses_getrusage(int n)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r); // expected-error {{'uses_getrusage' depends on time: it calls 'getrusage'}}
    return r.ru_maxrss + n;
}

#pragma memo
long uses_pthread_self(int n)
{
    return (long)pthread_self() + n; // expected-error {{'uses_pthread_self' depends on threads: it calls 'pthread_self'}}
}

#pragma memo
int uses_gettid(int n)
{
    return gettid() + n; // expected-error {{'uses_gettid' acts on processes or signals: it calls 'gettid'}}
}

#pragma memo
long uses_syscall(int n)
{
    return syscall(39) + n; // expected-error {{'uses_syscall' acts on processes or signals: it calls 'syscall'}}
}

#pragma memo
int uses_sched_getcpu(int n)
{
    return sched_getcpu() + n; // expected-error {{'uses_sched_getcpu' depends on threads: it calls 'sched_getcpu'}}
}

int omp_get_thread_num(void);
#pragma memo
int uses_omp_thread_num(int n)
{
    return omp_get_thread_num() + n; // expected-error {{'uses_omp_thread_num' uses hidden state: it calls 'omp_get_thread_num'}}
}

int omp_get_max_threads(void);
#pragma memo
int uses_omp_max_threads(int n)
{
    return omp_get_max_threads() + n; // expected-error {{'uses_omp_max_threads' uses hidden state: it calls 'omp_get_max_threads'}}
}

double omp_get_wtime(void);
#pragma memo
double uses_omp_wtime(int n)
{
    return omp_get_wtime() + n; // expected-error {{'uses_omp_wtime' depends on time: it calls 'omp_get_wtime'}}
}

#pragma memo
uintptr_t uses_return_address(int n)
{
    return (uintptr_t)__builtin_return_address(0) + n; // expected-error {{'uses_return_address' uses hidden state: it calls '__builtin_return_address'}} expected-error {{'uses_return_address' makes a number of an address, which is another one in each run}}
}

#pragma memo
uintptr_t uses_frame_address(int n)
{
    return (uintptr_t)__builtin_frame_address(0) + n; // expected-error {{'uses_frame_address' uses hidden state: it calls '__builtin_frame_address'}} expected-error {{'uses_frame_address' makes a number of an address, which is another one in each run}}
}

static void h_uses_signal(int s)
{
    counter = s;
}
#pragma memo
int uses_signal(int n)
{
    signal(SIGINT, h_uses_signal); // expected-error {{'uses_signal' acts on processes or signals: it calls 'signal'}}
    return n;
}

#pragma memo
int uses_sigaction(int n)
{
    struct sigaction sa = {0};
    sigaction(SIGINT, &sa, 0); // expected-error {{'uses_sigaction' acts on processes or signals: it calls 'sigaction'}}
    return n;
}

#pragma memo
int uses_raise(int n)
{
    raise(SIGUSR1); // expected-error {{'uses_raise' acts on processes or signals: it calls 'raise'}}
    return n;
}

#pragma memo
int uses_alarm(int n)
{
    alarm(n); // expected-error {{'uses_alarm' acts on processes or signals: it calls 'alarm'}}
    return n;
}

#pragma memo
int uses_sleep(int n)
{
    sleep(n); // expected-error {{'uses_sleep' depends on time: it calls 'sleep'}}
    return n;
}

#pragma memo
int uses_usleep(int n)
{
    usleep(n); // expected-error {{'uses_usleep' depends on time: it calls 'usleep'}}
    return n;
}

static void say_uses_va_list_vprintf(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap); // expected-error {{'uses_va_list_vprintf' writes output: it calls 'vfprintf'}}
    va_end(ap);
}
#pragma memo
int uses_va_list_vprintf(int n)
{
    say_uses_va_list_vprintf("%d\n", n);
    return n;
}

static void bye_uses_atexit(void)
{
}
#pragma memo
int uses_atexit(int n)
{
    atexit(bye_uses_atexit); // expected-error {{'uses_atexit' acts on processes or signals: it calls 'atexit'}}
    return n;
}
