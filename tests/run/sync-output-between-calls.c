// warnings: yes
// stats: late tasks>=40
/* What is printed at once between calls comes out in the serial order, to each
 * stream, and so does what is read. */
#include <stdio.h>
#include <unistd.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i + 77;
    for (int k = 0; k < 2000; k++)
        h = h * 22695477u + 1u;
    return (int)(h >> 25);
}
#pragma concurrent
static int printed(const char *text, int i) /* serial: it writes the text itself */
{
    printf("%s %d\n", text, i);
    return i * 2;
}

#pragma synchronized
static void mixed(int n)
{
    int x, v[8];
    for (int i = 0; i < n; i++) {
        printf("start %d\n", i);
        x = f(i);
        printf("%d\n", x);
    }
    for (int i = 0; i < n; i++) {
        printf("a%d ", i);
        v[i] = f(i);
        printf("b%d ", i);
    }
    printf("\n");
    for (int i = 0; i < n; i++) {
        v[i] += f(i);
        if (i % 3 == 2)
            printf("so far %d\n", v[i - 1]);
    }
    for (int i = 0; i < n; i++) {
        fflush(stdout);
        dprintf(1, "unbuffered %d: ", i);
        dprintf(1, "%d\n", f(i));
    }
}

#pragma synchronized
static void serial_calls(int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++) {
        sum += f(i);
        sum += printed("call", i);
    }
    printf("%d\n", sum);
}

#pragma synchronized
static int stops(FILE *file)
{
    int c, n = 0, sum = 0;
    while ((c = fgetc(file)) != EOF) {
        sum = sum * 7 % 9973 + f(c);
        n++;
        if (c == '!')
            printf("at %d\n", n);
    }
    fprintf(file, "%d %d\n", n, f(n));
    return sum;
}

int main(void)
{
    mixed(7);
    serial_calls(4);
    FILE *file = fopen("text", "w+");
    if (!file)
        return 1;
    fputs("a few words! and more!\n", file);
    rewind(file);
    printf("%d\n", stops(file));
    fclose(file);
    return 0;
}
