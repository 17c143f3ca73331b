/* Streams that a checkpointed loop uses: named in `file`, opened and closed within an
 * iteration, or told of. */
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct ctx {
    FILE *log;
    int n;
};
static FILE *global_log;

static void say(FILE *to, int i)
{
    fprintf(to, "%d\n", i); // expected-warning {{writes 'c->log'}} expected-warning {{writes 'global_log'}} expected-warning {{writes 'kept'}} expected-warning {{writes 'other'}}
}
static void say_to(struct ctx *c, int i)
{
    say(c->log, i); // expected-note {{'say_to' calls 'say' here}}
}
static void say_with(FILE *to, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vfprintf(to, format, ap);
    va_end(ap);
}
static void rewrite(int i)
{
    FILE *f = fopen("x", "w+e");
    if (f) {
        fprintf(f, "%d", i);
        fclose(f);
    }
}
static void complain(int i)
{
    FILE *e = stderr;
    fprintf(e, "%d\n", i);
    fprintf(stderr, "x");
    perror("x");
}

void named(FILE *fp, struct ctx *c, int n)
{
    FILE *alias = fp;
#pragma checkpoint file(fp, c->log, stdout)
    for (int i = 0; i < n; i++) {
        char b[3];
        printf("%d", i);
        puts("x");
        putc('x', stdout);
        fprintf(fp, "x");
        say(alias, i);
        say_to(c, i);
        fputs("x", c->log);
        say_with(fp, "%d", i);
        rewrite(i);
        complain(i);
        FILE *scratch = tmpfile();
        say(scratch, i);
        fclose(scratch);
        int fd = open("f", O_RDONLY);
        if (read(fd, b, 2) == 2)
            write(2, b, 1);
        close(fd);
        if (i > 3)
            exit(1);
    }
}

void unnamed(FILE *fp, struct ctx *c, FILE **many, int n)
{
    static FILE *kept;
    FILE *other = fopen("other", "r");
    kept = fopen("kept", "w");
#pragma checkpoint skip(other, kept) // expected-note {{write 'file(stdout)'}} expected-note {{write 'file(fp)'}} expected-note {{write 'file(c->log)'}} expected-note {{write 'file(global_log)'}} expected-note {{write 'file(kept)'}} expected-note {{write 'file(other)'}} expected-note {{write 'file(stdin)'}} expected-note 2 {{in front of the loop, or 'trust(fputs)'}}
    for (int i = 0; i < n; i++) {
        printf("%d", i); // expected-warning {{writes 'stdout', which no 'file' names}}
        puts("x");
        fprintf(fp, "x"); // expected-warning {{writes 'fp'}}
        say_to(c, i);     // expected-note {{'unnamed' calls 'say_to' here}}
        say(global_log, i); // expected-note {{'unnamed' calls 'say' here}}
        say(kept, i);       // expected-note {{'unnamed' calls 'say' here}}
        say(other, i);      // expected-note {{'unnamed' calls 'say' here}}
        fputs("a", many[i]); // expected-warning {{writes 'many'}}
        getchar();           // expected-warning {{reads 'stdin', which no 'file' names}}
        fputs("b", i ? fp : many[0]); // expected-warning {{calls 'fputs' with a stream that can't be traced}}
    }
}

void elsewhere(FILE *to, int i);
void given_away(FILE *fp, FILE *named, int n)
{
    FILE *out = stdout;
#pragma checkpoint file(named) // expected-note {{write 'file(fp)'}} expected-note {{write 'file(out)'}}
    for (int i = 0; i < n; i++) {
        elsewhere(named, i);
        elsewhere(stderr, i);
        elsewhere(fp, i); // expected-warning {{writes 'fp'}}
        elsewhere(out, i); // expected-warning {{writes 'out'}}
    }
}

/* Opened, written and closed in the iteration. */
static void append(const char *mode, int i)
{
    FILE *f = fopen("x", mode);
    if (f) {
        fprintf(f, "%d", i); // expected-warning {{opens 'f' itself and may append to it: a run that goes on writes again}}
        fputs("again", f);
        fclose(f);
    }
}
static int count(const char *mode)
{
    FILE *f = fopen("x", mode);
    int n = fgetc(f);
    fclose(f);
    return n;
}
void opened_in_it(int n, const char *mode, int flags)
{
    int sum = 0;
#pragma checkpoint // expected-note {{so that it starts empty (mode "w"), or write 'trust(fprintf)'}} expected-note {{'trust(fputc)'}} expected-note {{'trust(elsewhere)'}} expected-note {{'trust(write)'}} expected-note {{'trust(dprintf)'}}
    for (int i = 0; i < n; i++) {
        append("w", i); // expected-note {{'opened_in_it' calls 'append' here}}
        sum += count(mode);
        FILE *log = fopen("log", "ab");
        fputc('a', log); // expected-warning {{opens 'log' itself}}
        fputc('a', log);
        fclose(log);
        FILE *other = fopen("other", "a");
        elsewhere(other, i); // expected-warning {{opens 'other' itself}}
        fclose(other);
        FILE *read = fopen("read", "r");
        sum += fgetc(read);
        fclose(read);
        int fd = open("f", O_WRONLY | O_CREAT | O_APPEND, 0666), kept = open("g", flags), empty = open("h", O_WRONLY | O_TRUNC);
        sum += (int)write(fd, "a", 1);    // expected-warning {{opens 'fd' itself}}
        sum += dprintf(kept, "%d", sum);  // expected-warning {{opens 'kept' itself}}
        sum += (int)write(empty, "a", 1);
        close(fd);
        close(kept);
        close(empty);
    }
}

void trusted(FILE *fp, int n)
{
#pragma checkpoint trust(say, puts)
    for (int i = 0; i < n; i++) {
        say(fp, i);
        puts("x");
    }
}

void descriptors(int fd, int n)
{
    char b[8];
    int later = -1;
#pragma checkpoint // expected-note {{a stream that 'file' names, or write 'trust(write)'}} expected-note {{'trust(read)'}} expected-note {{'trust(open)'}} expected-note {{'trust(readdir)'}}
    for (int i = 0; i < n; i++) {
        write(fd, b, 8); // expected-warning {{calls 'write': what is done through descriptors}}
        read(fd, b, 8);  // expected-warning {{calls 'read'}}
        later = open("f", O_RDONLY); // expected-warning {{calls 'open'}}
        close(later);
        DIR *d = opendir(".");
        readdir(d);
        closedir(d);
        readdir((DIR *)b); // expected-warning {{calls 'readdir', which keeps hidden state}}
    }
}

static void next_file(FILE *fp)
{
    freopen("other", "w", fp); // expected-error {{'freopen' gives a stream another file in the checkpointed loop: which one it has isn't saved}}
}

void reopened(int n)
{
    FILE *out = fopen("out", "w");
#pragma checkpoint file(out) // expected-note {{name the streams in 'file'; or write 'trust(freopen)'}}
    for (int i = 0; i < n; i++) {
        FILE *briefly = fopen("a", "r");
        freopen("b", "r", briefly);
        fclose(briefly);
        fprintf(out, "%d", i);
        next_file(out); // expected-note {{'reopened' calls 'next_file' here}}
    }
}
