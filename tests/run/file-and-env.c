// env: SCALE=3
// stats: cold calls=4 miss=3 hit=1
/* The content of a file and the value of a variable are in the key. */
#include <stdio.h>
#include <stdlib.h>

#pragma memo file(path) env("SCALE")
int scaled(const char *path)
{
    FILE *f = fopen(path, "r");
    int n = -1;
    if (f) {
        if (fscanf(f, "%d", &n) != 1)
            n = -2;
        fclose(f);
    }
    const char *s = getenv("SCALE");
    return n * (s ? atoi(s) : 1);
}

static void put(int n)
{
    FILE *f = fopen("number.txt", "w");
    fprintf(f, "%d\n", n);
    fclose(f);
}

int main(void)
{
    put(4);
    printf("%d\n", scaled("number.txt"));
    put(5);
    printf("%d\n", scaled("number.txt"));
    put(4);
    printf("%d\n", scaled("number.txt"));
    remove("number.txt");
    printf("%d\n", scaled("number.txt"));
    return 0;
}
