/* State that no checkpoint holds is told of, once for each thing; generators are saved. */
#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void finish(void) {}
static void *work(void *p) { return p; }
static void divide(char *text) { strtok(text, ","); } // expected-warning {{calls 'strtok', which keeps hidden state: no checkpoint holds that}}
static volatile sig_atomic_t stop;

void hidden(int n)
{
    char text[4] = "a,b";
#pragma checkpoint // expected-note {{write 'trust(strtok)' if that doesn't matter}} expected-note {{'trust(setlocale)'}} expected-note {{'trust(setenv)'}} expected-note {{'trust(fesetround)'}} expected-note {{'trust(chdir)'}} expected-note {{'trust(umask)'}} expected-note {{'trust(signal)'}} expected-note {{'trust(alarm)'}} expected-note {{'trust(atexit)'}} expected-note {{'trust(getrandom)'}} expected-note {{'trust(fork)'}} expected-note {{'trust(socket)'}} expected-note {{'trust(pthread_create)'}}
    for (int i = 0; i < n; i++) {
        pthread_t t;
        divide(text); // expected-note {{'hidden' calls 'divide' here}}
        strtok(text, ",");
        setlocale(LC_ALL, ""); // expected-warning {{calls 'setlocale', which changes the locale}}
        setenv("a", "b", 1); // expected-warning {{calls 'setenv', which changes the environment}}
        fesetround(FE_UPWARD); // expected-warning {{calls 'fesetround', which changes the floating-point environment}}
        (void)!chdir("/"); // expected-warning {{calls 'chdir', which changes the working directory}}
        umask(0); // expected-warning {{calls 'umask', which changes the mode of new files}}
        signal(SIGUSR1, SIG_IGN); // expected-warning {{calls 'signal', which changes what signals do}}
        alarm(3); // expected-warning {{calls 'alarm', which sets a timer}}
        atexit(finish); // expected-warning {{calls 'atexit', which registers a function}}
        (void)!getrandom(text, 1, 0); // expected-warning {{calls 'getrandom', which gives other numbers in each run}}
        fork(); // expected-warning {{calls 'fork', which uses processes}}
        socket(AF_INET, SOCK_STREAM, 0); // expected-warning {{calls 'socket', which uses sockets}}
        pthread_create(&t, NULL, work, NULL); // expected-warning {{calls 'pthread_create', which uses threads}}
        pthread_join(t, NULL);
        __asm__ volatile("nop"); // expected-warning {{contains inline assembly}}
    }
}

/* Time is outside of what is promised, what is read only isn't changed, and what the user's
 * objects hold is saved as any variable. */
void harmless(int n)
{
    unsigned seed = 3;
    unsigned short x[3] = {1, 2, 3};
    long sum = 0;
#pragma checkpoint
    for (int i = 0; i < n && !stop; i++) {
        srand(3);
        sum += rand() + (long)drand48() + rand_r(&seed) + (long)erand48(x);
        sum += time(NULL) + sysconf(_SC_PAGESIZE);
        __asm__ volatile("" ::: "memory");
        pthread_testcancel();
        free(malloc(3));
    }
}

/* What a run that goes on does again, and inputs that only the loop sees. */
static const char *home(void)
{
    return getenv("HOME"); // expected-warning {{calls 'getenv', whose value isn't matched: a run where it is another one goes on}}
}
void again(int n)
{
    long sum = 0;
#pragma checkpoint // expected-note {{'trust(system)'}} expected-note {{'trust(popen)'}} expected-note {{'trust(unlink)'}} expected-note {{'trust(rename)'}} expected-note {{'trust(remove)'}} expected-note {{'trust(mkdir)'}} expected-note {{'trust(rmdir)'}} expected-note {{write e.g. 'match(string(value))', or 'trust(getenv)'}}
    for (int i = 0; i < n; i++) {
        sum += system("date"); // expected-warning {{calls 'system': what it does is done again by a run that goes on, from the last save on}}
        FILE *p = popen("date", "r"); // expected-warning {{calls 'popen': what it does}}
        sum += fgetc(p);
        pclose(p);
        sum += unlink("a");      // expected-warning {{calls 'unlink'}}
        sum += rename("a", "b"); // expected-warning {{calls 'rename'}}
        sum += remove("a");      // expected-warning {{calls 'remove'}}
        sum += mkdir("a", 0777); // expected-warning {{calls 'mkdir'}}
        sum += rmdir("a");       // expected-warning {{calls 'rmdir'}}
        sum += unlink("c");
        sum += home() != NULL; // expected-note {{'again' calls 'home' here}}
    }
}

void trusted(int n)
{
    char text[4] = "a,b";
#pragma checkpoint trust(divide, umask, system, home)
    for (int i = 0; i < n; i++) {
        divide(text);
        umask(0);
        (void)!system("date");
        text[0] = *home();
    }
}
