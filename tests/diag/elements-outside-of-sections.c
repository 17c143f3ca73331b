/* ---- certain ---- */

#pragma memo in(v[:n]) // expected-note {{neither in the key nor in the result}}
int one_behind(const int *v, int n)
{
    return v[0] + v[n]; // expected-warning {{'one_behind' uses 'v[n]', which is outside of 'v[:n]'}}
}

#pragma memo in(v[:4])
int constant(const int *v, int n)
{
    return n > 3 ? v[4] : v[3]; // expected-warning {{uses 'v[4]'}}
}

#pragma memo in(v[:n])
int through_the_end(const int *v, int n)
{
    int sum = 0;
    for (int i = 0; i <= n; i++)
        sum += v[i]; // expected-warning {{uses 'v[n]'}} expected-note {{where 'i' is 'n'}}
    return sum;
}

#pragma memo in(v[:n])
int neighbours(const int *v, int n)
{
    int rising = 0;
    for (int i = 0; i < n; i++)
        rising += v[i] < v[i + 1]; // expected-warning {{uses 'v[n]'}}
    for (int i = 0; i < n; i++)
        rising += v[i] > v[i - 1]; // expected-warning {{uses 'v[-1]'}}
    return rising;
}

#pragma memo out(v[:n])
void downwards(int *v, int n)
{
    for (int i = n; i >= 0; i--)
        v[i] = i; // expected-warning {{uses 'v[n]'}}
}

#pragma memo in(v[1:n])
int from_one_on(const int *v, int n)
{
    return *(v + n + 1) + v[0] + v[n]; // expected-warning 2 {{outside of 'v[1:n]'}}
}

#define WIDTH 8

#pragma memo in(row[:2 * n + WIDTH])
int products(const int *row, int n)
{
    return row[n * 2 + 8]; // expected-warning {{uses 'row[2 * n + 8]'}}
}

/* ---- inside, or not certain ---- */

#pragma memo in(v[:n + 1])
int fenced(const int *v, int n)
{
    int sum = 0;
    for (int i = 0; i <= n; i++)
        sum += v[i];
    return sum;
}

#pragma memo in(v[:n])
int under_conditions(const int *v, int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++) {
        if (i + 1 < n)
            sum += v[i + 1];
        sum += i > 0 && v[i - 1] > 0;
        sum += i ? v[i - 1] : 0;
    }
    for (int i = 0; i <= n; i++) {
        if (i == n)
            break;
        sum += v[i];
    }
    return sum;
}

#pragma memo in(v[:n])
int triangle(const int *v, int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++)
            sum += v[i + 1] * v[j];
    return sum;
}

#pragma memo in(v[:n])
int moved(const int *v, int n)
{
    const int *end = &v[n];
    int sum = 0;
    for (; v < end; v++)
        sum += v[0];
    n--;
    return sum;
}

#pragma memo in(v[:n])
int shortened(const int *v, int n)
{
    int whole = n--;
    return v[n] + whole;
}

#pragma memo in(v[:n]) inout(v[n:1])
void two_sections(int *v, int n)
{
    for (int i = 0; i < n; i++)
        v[n] += v[i];
}

#pragma memo in(v[:n * m])
int table(const int *v, int n, int m)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            sum += v[i * m + j];
    return sum;
}
