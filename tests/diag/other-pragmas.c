/* The clauses of the other pragmas are parsed and compared, too. */
static int state;
int compute(int n);

int a(int n)
{
    int sum = 0;
#pragma checkpoint every(0 iterations) // expected-error {{'0 iterations' is out of range; allowed: whole numbers from 1 on}}
    for (int i = 0; i < n; i++)
        sum += compute(i);
#pragma checkpoint every(101%) // expected-error {{'101%' is out of range; allowed: above 0% and up to 100%}}
    for (int i = 0; i < n; i++)
        sum += compute(i);
#pragma checkpoint every(n iterations) // expected-error {{'every' takes a constant: a duration, a number of iterations or a share of the time}} expected-note {{write e.g. 'every(30s)', 'every(1000 iterations)' or 'every(1%)'}}
    for (int i = 0; i < n; i++)
        sum += compute(i);
#pragma checkpoint file() // expected-error {{'file' needs an argument}} expected-note {{write 'file(stream)'}}
    for (int i = 0; i < n; i++)
        sum += compute(i);
#pragma checkpoint on(TERM, NOTHING) // expected-error {{'NOTHING' is not a signal}} expected-note {{it can be 'TERM', 'INT', 'USR1' and so on}}
    for (int i = 0; i < n; i++)
        sum += compute(i);
#pragma checkpoint save(sum) skip(sum) // expected-error {{'sum' stands in both 'save' and 'skip'}}
    for (int i = 0; i < n; i++)
        sum += compute(i);
#pragma checkpoint state(state) // expected-error {{'state' takes two functions}}
    for (int i = 0; i < n; i++)
        sum += compute(i);
#pragma checkpoint rng(state, sum) // expected-error {{'rng' takes one generator}}
    for (int i = 0; i < n; i++)
        sum += compute(i);
#pragma checkpoint rng(random) rng(random) // expected-error {{clause 'rng' is given twice}} expected-note {{first given here}}
    for (int i = 0; i < n; i++)
        sum += compute(i);
#pragma checkpoint now keep // expected-error {{'now' stands alone}}
    return sum;
}

int b(int n, int *p, int *q)
{
    int sum = p[0] + q[0];
#pragma synchronized noalias(p) // expected-error {{'noalias' takes two pointers or more}}
    for (int i = 0; i < n; i++)
        sum += compute(i);
#pragma synchronized threads(1, 2) // expected-error {{'threads' takes one expression}}
    for (int i = 0; i < n; i++)
        sum += compute(i);
#pragma synchronized treads(1) // expected-error {{unknown clause 'treads' in '#pragma synchronized'}} expected-note {{did you mean 'threads'?}}
    for (int i = 0; i < n; i++) {
        sum += compute(i);
#pragma synchronized wait threads(2) // expected-error {{'wait' stands alone}}
    }
    return sum;
}

#pragma concurrent tier(disk) // expected-error {{'tier' is not a clause of '#pragma concurrent'}} expected-note {{it is one of '#pragma memo'}}
int c(int n);
