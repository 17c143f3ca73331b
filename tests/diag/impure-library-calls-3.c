// Calls of the C library and of POSIX that a memoized function must not make.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <byteswap.h>
#include <dlfcn.h>
#include <err.h>
#include <error.h>
#include <execinfo.h>
#include <fcntl.h>
#include <fenv.h>
#include <ftw.h>
#include <getopt.h>
#include <glob.h>
#include <iconv.h>
#include <netdb.h>
#include <poll.h>
#include <search.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>

static char buf[64];

#pragma memo
int uses_nanosleep(int n)
{
    struct timespec t = {0, n};
    return nanosleep(&t, 0); // expected-error {{'uses_nanosleep' depends on time: it calls 'nanosleep'}}
}

#pragma memo
double uses_difftime_ok_strptime(const char *s)
{
    struct tm m = {0};
    strptime(s, "%Y", &m);
    return difftime(mktime(&m), 0); // expected-error {{'uses_difftime_ok_strptime' uses the environment: it calls 'mktime'}}
}

#pragma memo
int uses_initstate(int n)
{
    static char st_uses_initstate[64];
    initstate(n, st_uses_initstate, 64); // expected-error {{'uses_initstate' uses the state of a random number generator: it calls 'initstate'}} expected-error {{'uses_initstate' writes static 'st_uses_initstate'}}
    return random(); // expected-error {{'uses_initstate' uses the state of a random number generator: it calls 'random'}}
}

#pragma memo
int uses_gethostbyname(const char *h)
{
    return gethostbyname(h) != 0; // expected-error {{'uses_gethostbyname' reads input: it calls 'gethostbyname'}} expected-error {{'uses_gethostbyname' uses files: it calls 'gethostbyname'}} expected-error {{'uses_gethostbyname' uses hidden state: it calls 'gethostbyname'}}
}

#pragma memo
int uses_getaddrinfo(const char *h)
{
    struct addrinfo *a;
    int r = getaddrinfo(h, 0, 0, &a); // expected-error {{'uses_getaddrinfo' reads input: it calls 'getaddrinfo'}} expected-error {{'uses_getaddrinfo' uses files: it calls 'getaddrinfo'}}
    if (!r)
        freeaddrinfo(a);
    return r;
}

#pragma memo
int uses_select(int fd)
{
    fd_set s;
    FD_ZERO(&s);
    FD_SET(fd, &s);
    return select(fd + 1, &s, 0, 0, 0); // expected-error {{'uses_select' reads input: it calls 'select'}}
}

#pragma memo
int uses_poll(int fd)
{
    struct pollfd p = {fd, POLLIN, 0};
    return poll(&p, 1, 0); // expected-error {{'uses_poll' reads input: it calls 'poll'}}
}

#pragma memo
int uses_ioctl(int fd)
{
    int n;
    ioctl(fd, FIONREAD, &n); // expected-error {{'uses_ioctl' uses files: it calls 'ioctl'}}
    return n;
}

#pragma memo
int uses_shm(int k)
{
    int *p = shmat(k, 0, 0); // expected-error {{'uses_shm' acts on processes or signals: it calls 'shmat'}}
    return *p;
}

static sem_t sm_uses_sem;
#pragma memo
int uses_sem(int n)
{
    sem_wait(&sm_uses_sem); // expected-error {{'uses_sem' depends on threads: it calls 'sem_wait'}} expected-error {{'uses_sem' writes global 'sm_uses_sem'}}
    sem_post(&sm_uses_sem); // expected-error {{'uses_sem' depends on threads: it calls 'sem_post'}}
    return n;
}

#pragma memo
int uses_fegetenv(double x)
{
    fenv_t e;
    fegetenv(&e); // expected-error {{'uses_fegetenv' uses hidden state: it calls 'fegetenv'}}
    return x > 0;
}

#pragma memo
unsigned long uses_getauxval(int n)
{
    return getauxval(AT_HWCAP) + n; // expected-error {{'uses_getauxval' uses hidden state: it calls 'getauxval'}}
}

#pragma memo
int uses_get_nprocs(int n)
{
    return get_nprocs() + n; // expected-error {{'uses_get_nprocs' uses hidden state: it calls 'get_nprocs'}}
}

#pragma memo
int uses_getpagesize(int n)
{
    return getpagesize() + n; // expected-error {{'uses_getpagesize' uses hidden state: it calls 'getpagesize'}}
}

#pragma memo
int uses_getlogin(int n)
{
    char *p = getlogin(); // expected-error {{'uses_getlogin' uses hidden state: it calls 'getlogin'}} expected-error {{'uses_getlogin' acts on processes or signals: it calls 'getlogin'}}
    return p ? p[0] : n;
}

#pragma memo
int uses_ttyname(int n)
{
    char *p = ttyname(n); // expected-error {{'uses_ttyname' uses files: it calls 'ttyname'}} expected-error {{'uses_ttyname' uses hidden state: it calls 'ttyname'}}
    return p ? p[0] : n;
}

#pragma memo
int uses_backtrace(int n)
{
    void *b[10];
    return backtrace(b, 10) + n; // expected-error {{'uses_backtrace' uses hidden state: it calls 'backtrace'}}
}

#pragma memo
int uses_dladdr(int n)
{
    Dl_info i;
    return dladdr((void *)exit, &i) + n; // expected-error {{'uses_dladdr' uses hidden state: it calls 'dladdr'}}
}

#pragma memo
int uses_iconv_global(int n)
{
    iconv_t c = iconv_open("UTF-8", "LATIN1"); // expected-error {{'uses_iconv_global' uses files: it calls 'iconv_open'}}
    iconv_close(c); // expected-error {{'uses_iconv_global' uses hidden state: it calls 'iconv_close'}}
    return n;
}

#pragma memo
int uses_glob(const char *s)
{
    glob_t g;
    int r = glob(s, 0, 0, &g); // expected-error {{'uses_glob' uses files: it calls 'glob'}}
    return r;
}

static int cb_uses_ftw(const char *p, const struct stat *s, int t)
{
    return 0;
}
#pragma memo
int uses_ftw(const char *s)
{
    return ftw(s, cb_uses_ftw, 3); // expected-error {{'uses_ftw' uses files: it calls 'ftw'}}
}

#pragma memo
int uses_setvbuf(int n)
{
    setbuf(stdout, 0); // expected-error {{'uses_setvbuf' uses hidden state: it calls 'setbuf'}}
    return n;
}

#pragma memo
int uses_remove(const char *s)
{
    return remove(s); // expected-error {{'uses_remove' uses files: it calls 'remove'}}
}

#pragma memo
int uses_rename(const char *s)
{
    return rename(s, "x"); // expected-error {{'uses_rename' uses files: it calls 'rename'}}
}

#pragma memo
int uses_mkdir(const char *s)
{
    return mkdir(s, 0700); // expected-error {{'uses_mkdir' uses files: it calls 'mkdir'}}
}

#pragma memo
int uses_unlink(const char *s)
{
    return unlink(s); // expected-error {{'uses_unlink' uses files: it calls 'unlink'}}
}

#pragma memo
int uses_kill(int n)
{
    return kill(n, 0); // expected-error {{'uses_kill' acts on processes or signals: it calls 'kill'}}
}

#pragma memo
int uses_wait(int n)
{
    int s;
    wait(&s); // expected-error {{'uses_wait' acts on processes or signals: it calls 'wait'}}
    return s + n;
}

#pragma memo
int uses_execv(const char *s)
{
    return execl(s, s, (char *)0); // expected-error {{'uses_execv' acts on processes or signals: it calls 'execl'}}
}

static char e__uses_putenv[] = "A=b";
#pragma memo
int uses_putenv(int n)
{
    return putenv(e__uses_putenv); // expected-error {{'uses_putenv' uses the environment: it calls 'putenv'}}
}

#pragma memo ignore(p)
int uses_clearerr(FILE *p)
{
    clearerr(p); // expected-error {{'uses_clearerr' uses hidden state: it calls 'clearerr'}}
    return 0;
}

#pragma memo
int uses_ungetc(int c)
{
    return ungetc(c, stdin); // expected-error {{'uses_ungetc' reads input: it calls 'ungetc'}}
}

#pragma memo
int uses_fflush(int c)
{
    fflush(NULL); // expected-error {{'uses_fflush' writes output: it calls 'fflush'}}
    return c;
}

#define LOG_uses_puts_unlocked_macro(...) fprintf(stderr, __VA_ARGS__)
#pragma memo
int uses_puts_unlocked_macro(int c)
{
    LOG_uses_puts_unlocked_macro("%d\n", c); // expected-error {{'uses_puts_unlocked_macro' writes output: it calls 'fprintf'}}
    return c;
}

#pragma memo
int uses_warn_err(int n)
{
    warnx("x"); // expected-error {{'uses_warn_err' writes output: it calls 'warnx'}}
    return n;
}

#pragma memo
int uses_error(int n)
{
    error(0, 0, "x"); // expected-error {{'uses_error' writes output: it calls 'error'}}
    return n;
}

#pragma memo
int uses_psignal(int n)
{
    psignal(n, "x"); // expected-error {{'uses_psignal' writes output: it calls 'psignal'}}
    return n;
}

#pragma memo ignore(v)
int uses_getopt_long(int n, char **v)
{
    return getopt_long(n, v, "a", 0, 0); // expected-error {{'uses_getopt_long' writes output: it calls 'getopt_long'}} expected-error {{'uses_getopt_long' uses hidden state: it calls 'getopt_long'}}
}

#pragma memo
int uses_tmpfile(int n)
{
    FILE *p = tmpfile(); // expected-error {{'uses_tmpfile' uses files: it calls 'tmpfile'}}
    int r = p != 0;
    if (p)
        fclose(p); // expected-error {{'uses_tmpfile' writes output: it calls 'fclose'}} expected-error {{'uses_tmpfile' uses files: it calls 'fclose'}}
    return r;
}

#pragma memo
int uses_ctermid(int n)
{
    return ctermid(0)[0]; // expected-error {{'uses_ctermid' uses hidden state: it calls 'ctermid'}}
}

#pragma memo
int uses_ecvt(double n)
{
    int d, s;
    return ecvt(n, 3, &d, &s)[0]; // expected-error {{'uses_ecvt' uses hidden state: it calls 'ecvt'}}
}

#pragma memo
int uses_l64a(long n)
{
    return l64a(n)[0]; // expected-error {{'uses_l64a' uses hidden state: it calls 'l64a'}}
}

#pragma memo
int uses_asctime(int y)
{
    struct tm m = {.tm_year = y};
    return asctime(&m)[0]; // expected-error {{'uses_asctime' uses hidden state: it calls 'asctime'}}
}

#pragma memo
int uses_inet_ntoa(unsigned y)
{
    struct in_addr a = {y};
    return inet_ntoa(a)[0]; // expected-error {{'uses_inet_ntoa' uses hidden state: it calls 'inet_ntoa'}}
}

#pragma memo
int uses_hcreate(int s)
{
    return hcreate(s); // expected-error {{'uses_hcreate' uses hidden state: it calls 'hcreate'}}
}

#pragma memo
int uses_getc_unlocked(int n)
{
    return getc_unlocked(stdin); // expected-error {{'uses_getc_unlocked' reads input: it calls 'getc_unlocked'}}
}

#pragma memo
int uses_sigprocmask(int n)
{
    sigset_t s;
    sigemptyset(&s);
    return sigprocmask(SIG_BLOCK, &s, 0); // expected-error {{'uses_sigprocmask' acts on processes or signals: it calls 'sigprocmask'}}
}

#pragma memo
int uses_setrlimit(int n)
{
    struct rlimit r;
    return getrlimit(RLIMIT_NOFILE, &r) ? n : (int)r.rlim_cur; // expected-error {{'uses_setrlimit' acts on processes or signals: it calls 'getrlimit'}}
}

#pragma memo
int uses_setpriority(int n)
{
    return nice(n); // expected-error {{'uses_setpriority' acts on processes or signals: it calls 'nice'}}
}

#pragma memo in(p[:n])
int uses_mlock(const char *p, int n)
{
    return mlock(p, n); // expected-error {{'uses_mlock' acts on processes or signals: it calls 'mlock'}}
}

#pragma memo inout(p[:n])
int uses_msync(char *p, int n)
{
    return msync(p, n, MS_SYNC); // expected-error {{'uses_msync' uses files: it calls 'msync'}}
}

#pragma memo
int uses_openat(const char *p)
{
    int fd = openat(AT_FDCWD, p, O_RDONLY); // expected-error {{'uses_openat' uses files: it calls 'openat'}}
    close(fd); // expected-error {{'uses_openat' uses files: it calls 'close'}}
    return fd;
}

#pragma memo
int uses_builtin_prefetch_ok(int n)
{
    __builtin___clear_cache(buf, buf + 4); // expected-error {{'uses_builtin_prefetch_ok' uses hidden state: it calls '__builtin___clear_cache'}}
    return n;
}

__attribute__((pure)) int unseen_pure(int);
#pragma memo
int uses_attribute_pure_liar(int n)
{
    return unseen_pure(n) + puts("x"); // expected-error {{'uses_attribute_pure_liar' writes output: it calls 'puts'}}
}

#pragma memo
int uses_in_system_inline(int n)
{
    return bswap_32(n) + putchar('x'); // expected-error {{'uses_in_system_inline' writes output: it calls 'putchar'}}
}

#pragma memo
int uses_stdio_inline_getchar(int n)
{
    return getchar_unlocked() + n; // expected-error {{'uses_stdio_inline_getchar' reads input: it calls 'getchar_unlocked'}}
}
