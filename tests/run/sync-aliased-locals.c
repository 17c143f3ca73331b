// flags: -ffp-contract=off
// warnings: yes
/* Local pointers to local objects: what deferred statements read through them, or by name while
 * a pointer changes it. */
#include <stdio.h>

#pragma concurrent
static int g(int i)
{
    return i * 7 % 13;
}

#pragma synchronized
static int into_an_array(int n)
{
    int arr[4] = {0}, *h = arr + 2, s = 0;
    for (int i = 0; i < n; i++) {
        int v = g(i);
        s += v * *h;
        arr[2] = i;
    }
    return s;
}

#pragma synchronized
static int ring(int n)
{
    int buf[16] = {0}, *head = buf, *tail = buf, s = 0;
    for (int it = 0; it < n; it++) {
        int v = g(it);
        s += v * *tail;
        *head++ = it;
        if (head == buf + 16)
            head = buf;
        if (it % 3 == 0 && ++tail == buf + 16)
            tail = buf;
    }
    return s;
}

#pragma synchronized
static void by_name_and_by_pointer(int n)
{
    int y = 1, *p = &y;
    for (int i = 0; i < n; i++) {
        int v = g(i);
        if (v > 3) {
            *p += v;
            printf("%d ", y);
        }
    }
    printf("%d\n", y);
}

#pragma synchronized
static void window(int n)
{
    double w[8] = {1, 2, 3, 4, 5, 6, 7, 8}, *win = w + 2, s = 0;
    for (int i = 0; i < n; i++) {
        int v = g(i);
        s += v * win[(i & 3) - 1];
        for (int j = 0; j < 7; j++)
            w[j] = w[j + 1];
        w[7] = i;
    }
    printf("%g\n", s);
}

#pragma synchronized
static void a_line(int n)
{
    char line[32] = "a-a", *p = line;
    for (int i = 0; i < n; i++) {
        int v = g(i);
        line[0]++;
        printf("%s %d\n", p, v);
        line[2] = (char)('a' + i);
    }
}

#pragma synchronized
static void a_place(int n)
{
    int a[8] = {0}, k = 0, *pk = &k;
    for (int i = 0; i < n; i++) {
        int v = g(i);
        a[*pk] += v;
        k = (k + 1) % 8;
    }
    for (int i = 0; i < 8; i++)
        printf("%d ", a[i]);
    printf("\n");
}

#pragma synchronized
static int outer_object(int n)
{
    int s = 0;
    for (int i = 0; i < n; i++) {
        int v = g(i);
        extern int counter;
        s += counter + v;
        counter++;
    }
    return s;
}
int counter = 5;

int main(void)
{
    printf("%d %d\n", into_an_array(30), ring(50));
    by_name_and_by_pointer(9);
    window(20);
    a_line(5);
    a_place(30);
    printf("%d\n", outer_object(9));
    return 0;
}
