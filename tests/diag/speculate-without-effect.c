// flags: -Rmemo-sync -Wno-memo-serial
/* Why results that decide are waited for. */
#pragma concurrent
static int f(int i)
{
    return i * i % 7;
}
#pragma concurrent inout(*sum)
static int adds(int i, int *sum)
{
    *sum += i;
    return i * i % 7;
}

#pragma synchronized speculate
int runs_ahead(int n, int *v)
{
    for (int i = 0; i < n; i++) {
        int r = f(i);
        if (r > 5)
            return i;
        v[i] = r;
    }
    return -1;
}

#pragma synchronized speculate // expected-remark {{'speculate' has no effect here: no loop has an 'if' directly in its body that leaves it and is the only jump}}
int two_ways_out(int n)
{
    for (int i = 0; i < n; i++) {
        int r = f(i);
        if (r > 5) // expected-remark {{synchronization event: this reads 'r'}}
            return i;
        if (r < 0)
            break;
    }
    return -1;
}

#pragma synchronized speculate // expected-remark {{'speculate' has no effect here: what the loop does at once might fault, or change memory, if it ran ahead}}
int loads(const int *p, int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++) { // expected-remark {{the life of 'r' ends}}
        int r = f(p[i]);
        if (r > 5) // expected-remark {{synchronization event}}
            break;
        sum += r;
    }
    return sum;
}

#pragma synchronized speculate // expected-remark {{'speculate' has no effect here: what the loop does at once might fault}}
int divides(int n)
{
    int sum = 0;
    for (int i = n; i < 100; i++) { // expected-remark {{the life of 'r' ends}}
        int r = f(100 / i);
        if (r > 5) // expected-remark {{synchronization event}}
            break;
        sum += r;
    }
    return sum;
}

#pragma synchronized speculate // expected-remark {{a call has other effects than its result, or can't be seen}}
int effects(int n, int *seen)
{
    int sum = 0;
    for (int i = 0; i < n; i++) { // expected-remark {{the life of 'r' ends}}
        int r = adds(i, &seen[i]);
        if (r > 5) // expected-remark {{synchronization event}}
            break;
        sum += r;
    }
    return sum;
}

#pragma synchronized speculate // expected-remark {{the condition isn't one of a result that is pending}}
int known(int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++) {
        if (i == 17)
            break;
        sum += f(i);
    }
    return sum;
}

#pragma synchronized speculate // expected-remark {{a call behind the condition uses a result that the condition may rule out}}
int rules_out(int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++) { // expected-remark {{the life of 'r' ends}}
        int r = f(i);
        if (r > 5) // expected-remark {{synchronization event}}
            break;
        sum += f(r);
    }
    return sum;
}
