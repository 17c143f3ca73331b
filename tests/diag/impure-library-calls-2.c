// Calls of the C library and of POSIX that a memoized function must not make.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <fenv.h>
#include <malloc.h>
#include <math.h>
#include <pthread.h>
#include <pwd.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <syslog.h>
#include <unistd.h>

static int counter;
static char buf[64];

#pragma memo
double uses_fesetround(double x)
{
    fesetround(FE_UPWARD); // expected-error {{'uses_fesetround' changes the floating-point environment: it calls 'fesetround'}}
    return x / 3;
}

#pragma memo
double uses_feraiseexcept(double x)
{
    feraiseexcept(FE_INVALID); // expected-error {{'uses_feraiseexcept' changes the floating-point environment: it calls 'feraiseexcept'}}
    return x / 3;
}

#pragma memo
int uses_fetestexcept(double x)
{
    return fetestexcept(FE_ALL_EXCEPT) + (x > 0); // expected-error {{'uses_fetestexcept' uses hidden state: it calls 'fetestexcept'}}
}

#pragma memo
int uses_feclearexcept(double x)
{
    feclearexcept(FE_ALL_EXCEPT); // expected-error {{'uses_feclearexcept' changes the floating-point environment: it calls 'feclearexcept'}}
    return x > 0;
}

#pragma memo
int uses_feenableexcept(double x)
{
    feenableexcept(FE_INVALID); // expected-error {{'uses_feenableexcept' changes the floating-point environment: it calls 'feenableexcept'}}
    return x > 0;
}

#pragma memo
int uses_dlopen(int n)
{
    void *l = dlopen("libm.so.6", RTLD_NOW); // expected-error {{'uses_dlopen' uses files: it calls 'dlopen'}} expected-error {{'uses_dlopen' uses hidden state: it calls 'dlopen'}}
    double (*s)(double) = dlsym(l, "sin"); // expected-error {{'uses_dlopen' uses hidden state: it calls 'dlsym'}}
    return (int)s(n);
}

typedef int MPI_Comm;
int MPI_Comm_rank(MPI_Comm c, int *rank);
#pragma memo
int uses_mpi(int n)
{
    int r;
    MPI_Comm_rank(0, &r); // expected-error {{'uses_mpi' acts on processes or signals: it calls 'MPI_Comm_rank'}}
    return r + n;
}

int MPI_Send(const void *b, int c, int t, int d, int tag, int comm);
#pragma memo
int uses_mpi_send(int n)
{
    MPI_Send(&n, 1, 0, 0, 0, 0); // expected-error {{'uses_mpi_send' acts on processes or signals: it calls 'MPI_Send'}}
    return n;
}

int MPI_Allreduce(const void *a, void *b, int c, int t, int o, int comm);
#pragma memo
double uses_mpi_allreduce(double x)
{
    double y;
    MPI_Allreduce(&x, &y, 1, 0, 0, 0); // expected-error {{'uses_mpi_allreduce' acts on processes or signals: it calls 'MPI_Allreduce'}}
    return y;
}

static void dbg_uses_printf_helper(int n)
{
    fprintf(stderr, "%d\n", n); // expected-error {{'uses_printf_helper' writes output: it calls 'fprintf'}}
}
#pragma memo
int uses_printf_helper(int n)
{
    if (n < 0)
        dbg_uses_printf_helper(n);
    return n;
}

#pragma memo
int uses_perror(int n)
{
    perror("x"); // expected-error {{'uses_perror' writes output: it calls 'perror'}}
    return n;
}

#pragma memo
int uses_syslog(int n)
{
    syslog(3, "x"); // expected-error {{'uses_syslog' writes output: it calls 'syslog'}}
    return n;
}

#pragma memo
int uses_putchar_unlocked(int n)
{
    return putchar_unlocked(n); // expected-error {{'uses_putchar_unlocked' writes output: it calls 'putchar_unlocked'}}
}

#pragma memo
int uses_fputs_stdout(const char *s)
{
    return fputs(s, stdout); // expected-error {{'uses_fputs_stdout' writes output: it calls 'fputs'}}
}

#pragma memo
int uses_write(int n)
{
    return (int)write(1, "x", 1); // expected-error {{'uses_write' writes output: it calls 'write'}}
}

#pragma memo
int uses_system(int n)
{
    return system("true") + n; // expected-error {{'uses_system' writes output: it calls 'system'}} expected-error {{'uses_system' acts on processes or signals: it calls 'system'}}
}

#pragma memo
int uses_fork(int n)
{
    return fork() + n; // expected-error {{'uses_fork' acts on processes or signals: it calls 'fork'}}
}

static void *th_uses_pthread_create(void *p)
{
    counter++; // expected-error {{'uses_pthread_create' writes global 'counter'}}
    return p;
}
#pragma memo
int uses_pthread_create(int n)
{
    pthread_t t;
    pthread_create(&t, 0, th_uses_pthread_create, 0); // expected-error {{'uses_pthread_create' depends on threads: it calls 'pthread_create'}}
    pthread_join(t, 0); // expected-error {{'uses_pthread_create' depends on threads: it calls 'pthread_join'}}
    return n;
}

static pthread_mutex_t mu_uses_mutex = PTHREAD_MUTEX_INITIALIZER;
#pragma memo
int uses_mutex(int n)
{
    pthread_mutex_lock(&mu_uses_mutex); // expected-error {{'uses_mutex' depends on threads: it calls 'pthread_mutex_lock'}} expected-error {{'uses_mutex' reads global 'mu_uses_mutex', which can't be in the key: it holds pointers}} expected-error {{'uses_mutex' writes global 'mu_uses_mutex'}}
    pthread_mutex_unlock(&mu_uses_mutex); // expected-error {{'uses_mutex' depends on threads: it calls 'pthread_mutex_unlock'}}
    return n;
}

static pthread_once_t on_uses_pthread_once = PTHREAD_ONCE_INIT;
static void in__uses_pthread_once(void)
{
    counter = 1; // expected-error {{'uses_pthread_once' writes global 'counter'}}
}
#pragma memo
int uses_pthread_once(int n)
{
    pthread_once(&on_uses_pthread_once, in__uses_pthread_once); // expected-error {{'uses_pthread_once' depends on threads: it calls 'pthread_once'}} expected-error {{'uses_pthread_once' writes global 'on_uses_pthread_once'}}
    return n + counter;
}

static pthread_key_t k__uses_pthread_getspecific;
#pragma memo
int uses_pthread_getspecific(int n)
{
    return pthread_getspecific(k__uses_pthread_getspecific) ? n : 0; // expected-error {{'uses_pthread_getspecific' uses hidden state: it calls 'pthread_getspecific'}} expected-error {{'uses_pthread_getspecific' depends on threads: it calls 'pthread_getspecific'}}
}

#pragma memo
int uses_hsearch(const char *s)
{
    ENTRY e = {(char *)s, 0};
    return hsearch(e, FIND) != 0; // expected-error {{'uses_hsearch' uses hidden state: it calls 'hsearch'}}
}

#pragma memo
int uses_mmap(int fd)
{
    char *p = mmap(0, 100, PROT_READ, MAP_PRIVATE, fd, 0); // expected-error {{'uses_mmap' uses files: it calls 'mmap'}}
    int c = p[0];
    munmap(p, 100); // expected-error {{'uses_mmap' acts on processes or signals: it calls 'munmap'}}
    return c;
}

#pragma memo
int uses_socket(int n)
{
    int s = socket(AF_INET, SOCK_STREAM, 0); // expected-error {{'uses_socket' uses files: it calls 'socket'}}
    char b;
    recv(s, &b, 1, 0); // expected-error {{'uses_socket' reads input: it calls 'recv'}}
    close(s); // expected-error {{'uses_socket' uses files: it calls 'close'}}
    return b + n;
}

#pragma memo
double uses_lgamma_signgam(double x)
{
    return lgamma(x) * signgam; // expected-error {{'uses_lgamma_signgam' uses hidden state: it calls 'lgamma'}}
}

#pragma memo
int uses_getpwnam(const char *s)
{
    struct passwd *p = getpwnam(s); // expected-error {{'uses_getpwnam' uses files: it calls 'getpwnam'}} expected-error {{'uses_getpwnam' uses hidden state: it calls 'getpwnam'}}
    return p ? (int)p->pw_uid : 0;
}

#pragma memo
int uses_strerror(int n)
{
    return strerror(n)[0]; // expected-error {{'uses_strerror' uses hidden state: it calls 'strerror'}}
}

#pragma memo
int uses_tmpnam(int n)
{
    char b[L_tmpnam];
    tmpnam(b); // expected-error {{'uses_tmpnam' uses files: it calls 'tmpnam'}} expected-error {{'uses_tmpnam' uses hidden state: it calls 'tmpnam'}}
    return b[5] + n;
}

#pragma memo
int uses_mkstemp(int n)
{
    char b[] = "/tmp/xXXXXXX";
    int fd = mkstemp(b); // expected-error {{'uses_mkstemp' uses files: it calls 'mkstemp'}}
    close(fd); // expected-error {{'uses_mkstemp' uses files: it calls 'close'}}
    return b[7] + n;
}

#pragma memo
int uses_date(int n)
{
    return __DATE__[0] + __TIME__[7] + n; // expected-error {{'uses_date' contains the date of compilation: it calls '__DATE__'}} expected-error {{'uses_date' contains the date of compilation: it calls '__TIME__'}}
}

static const char *stamp_uses_date_helper(void)
{
    return "built " __DATE__; // expected-error {{'uses_date_helper' contains the date of compilation: it calls '__DATE__'}}
}
#pragma memo
int uses_date_helper(int n)
{
    return stamp_uses_date_helper()[n];
}

#define STAMP_uses_date_macro "v1 " __TIME__
#pragma memo
int uses_date_macro(int n)
{
    return STAMP_uses_date_macro[n]; // expected-error {{'uses_date_macro' contains the date of compilation: it calls '__TIME__'}}
}

static const char stamp__uses_date_global_const[] = __TIME__; // expected-error {{'uses_date_global_const' contains the date of compilation: it calls '__TIME__'}}
#pragma memo
int uses_date_global_const(int n)
{
    return stamp__uses_date_global_const[n];
}

static int odd_uses_mutual_write(int n);
static int even_uses_mutual_write(int n)
{
    return n ? odd_uses_mutual_write(n - 1) : 1;
}
static int odd_uses_mutual_write(int n)
{
    if (!n) {
        puts("o"); // expected-error {{'uses_mutual_write' writes output: it calls 'puts'}}
        return 0;
    }
    return even_uses_mutual_write(n - 1);
}
#pragma memo
int uses_mutual_write(int n)
{
    return even_uses_mutual_write(n);
}

#pragma memo
long uses_getline(int n)
{
    char *l = 0;
    size_t c = 0;
    long r = getline(&l, &c, stdin); // expected-error {{'uses_getline' reads input: it calls 'getline'}}
    free(l);
    return r + n;
}

#pragma memo
int uses_popen(const char *s)
{
    FILE *p = popen(s, "r"); // expected-error {{'uses_popen' acts on processes or signals: it calls 'popen'}}
    int c = fgetc(p); // expected-error {{'uses_popen' reads input: it calls 'fgetc'}}
    pclose(p); // expected-error {{'uses_popen' acts on processes or signals: it calls 'pclose'}}
    return c;
}

#pragma memo
int uses_fmemopen_write(int n)
{
    FILE *p = fmemopen(buf, 64, "w"); // expected-error {{'uses_fmemopen_write' uses files: it calls 'fmemopen'}} expected-error {{'uses_fmemopen_write' writes global 'buf'}}
    fputc(n, p); // expected-error {{'uses_fmemopen_write' writes output: it calls 'fputc'}}
    fclose(p); // expected-error {{'uses_fmemopen_write' writes output: it calls 'fclose'}} expected-error {{'uses_fmemopen_write' uses files: it calls 'fclose'}}
    return n;
}

static char *mp_uses_open_memstream_global;
static size_t ml_uses_open_memstream_global;
#pragma memo
int uses_open_memstream_global(int n)
{
    FILE *p = open_memstream(&mp_uses_open_memstream_global, &ml_uses_open_memstream_global); // expected-error {{'uses_open_memstream_global' uses files: it calls 'open_memstream'}} expected-error {{'uses_open_memstream_global' reads global 'mp_uses_open_memstream_global', which can't be in the key: it holds pointers}} expected-error {{'uses_open_memstream_global' writes global 'mp_uses_open_memstream_global'}}
    fprintf(p, "%d", n); // expected-error {{'uses_open_memstream_global' writes output: it calls 'fprintf'}}
    fclose(p); // expected-error {{'uses_open_memstream_global' writes output: it calls 'fclose'}} expected-error {{'uses_open_memstream_global' uses files: it calls 'fclose'}}
    return n;
}

#pragma memo
int uses_setbuf(int n)
{
    setvbuf(stdout, buf, _IOFBF, 64); // expected-error {{'uses_setbuf' uses hidden state: it calls 'setvbuf'}} expected-error {{'uses_setbuf' writes global 'buf'}}
    return n;
}

#pragma memo
int uses_exit_handler_on(int n)
{
    on_exit(0, 0); // expected-error {{'uses_exit_handler_on' acts on processes or signals: it calls 'on_exit'}}
    return n;
}

#pragma memo
int uses_chdir(const char *s)
{
    return chdir(s); // expected-error {{'uses_chdir' uses files: it calls 'chdir'}} expected-error {{'uses_chdir' acts on processes or signals: it calls 'chdir'}}
}

#pragma memo
int uses_umask(int n)
{
    return umask(n); // expected-error {{'uses_umask' uses files: it calls 'umask'}}
}

#pragma memo
long uses_sbrk(int n)
{
    return (long)sbrk(0) + n; // expected-error {{'uses_sbrk' acts on processes or signals: it calls 'sbrk'}} expected-error {{'uses_sbrk' makes a number of an address, which is another one in each run}}
}

#pragma memo
int uses_mallinfo(int n)
{
    return (int)mallinfo2().arena + n; // expected-error {{'uses_mallinfo' uses hidden state: it calls 'mallinfo2'}}
}

#pragma memo
int uses_cpuid_builtin(int n)
{
    return __builtin_cpu_supports("avx2") + n; // expected-error {{'uses_cpuid_builtin' uses hidden state: it calls '__builtin_cpu_supports'}}
}

#pragma memo
int uses_atexit_cb(int n)
{
    at_quick_exit(abort); // expected-error {{'uses_atexit_cb' acts on processes or signals: it calls 'at_quick_exit'}}
    return n;
}

#pragma memo
int uses_scanf(int n)
{
    int x;
    return scanf("%d", &x) + n; // expected-error {{'uses_scanf' reads input: it calls 'scanf'}}
}

#pragma memo
int uses_getc_stdin(int n)
{
    return getc(stdin) + n; // expected-error {{'uses_getc_stdin' reads input: it calls 'getc'}}
}

#pragma memo
int uses_fgets_stdin(int n)
{
    char b[10];
    return fgets(b, 10, stdin) ? b[0] : n; // expected-error {{'uses_fgets_stdin' reads input: it calls 'fgets'}}
}

#pragma memo ignore(p)
long uses_ftell_param(FILE *p)
{
    return ftell(p); // expected-error {{'uses_ftell_param' uses files: it calls 'ftell'}}
}

#pragma memo ignore(p)
int uses_feof_param(FILE *p)
{
    return feof(p); // expected-error {{'uses_feof_param' reads input: it calls 'feof'}}
}

#pragma memo ignore(p)
int uses_fileno(FILE *p)
{
    return fileno(p); // expected-error {{'uses_fileno' uses hidden state: it calls 'fileno'}}
}

#pragma memo
long uses_lseek(int fd)
{
    return lseek(fd, 0, SEEK_CUR); // expected-error {{'uses_lseek' uses files: it calls 'lseek'}}
}

#pragma memo
int uses_fcntl(int fd)
{
    return fcntl(fd, F_GETFL); // expected-error {{'uses_fcntl' uses files: it calls 'fcntl'}}
}

#pragma memo
int uses_dup(int fd)
{
    return dup(fd); // expected-error {{'uses_dup' uses files: it calls 'dup'}}
}

#pragma memo
int uses_pipe(int n)
{
    int p[2];
    return pipe(p) + n; // expected-error {{'uses_pipe' uses files: it calls 'pipe'}}
}

#pragma memo
long uses_times(int n)
{
    struct tms t;
    return times(&t) + n; // expected-error {{'uses_times' depends on time: it calls 'times'}}
}

#pragma memo
long uses_clock_getres(int n)
{
    struct timespec t;
    clock_getres(CLOCK_REALTIME, &t); // expected-error {{'uses_clock_getres' depends on time: it calls 'clock_getres'}}
    return t.tv_nsec + n;
}
