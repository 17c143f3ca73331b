// Globals that functions change two calls below the loop.
#include "sim.h"

struct account {
    uint64_t id;
    int64_t balance;
    struct {
        unsigned deposits, withdrawals;
    } counts;
};

static struct account accounts[64];
static uint64_t total, last_id;
static int64_t history[1000];
static size_t n_history;
unsigned day = 5;
static const int64_t fees[4] = {1, 3, 5, 7};

static void book(struct account *account, int64_t amount)
{
    account->balance += amount - fees[account->id % 4];
    total += (uint64_t)amount;
    if (amount > 0)
        account->counts.deposits++;
    else
        account->counts.withdrawals++;
}

static void trade(uint64_t x)
{
    size_t from = x % 64, to = x >> 6 & 63;
    int64_t amount = (int64_t)(x >> 40);

    last_id = accounts[to].id;
    book(&accounts[from], -amount);
    book(&accounts[to], amount);
    history[n_history++ % 1000] = amount;
    day += n_history % 7 == 0;
}

int main(void)
{
    for (size_t i = 0; i < 64; i++)
        accounts[i].id = i * i;
    {
        uint64_t price = 17;

#pragma checkpoint every(5 iterations)
        for (int i = 0; i < 400; i++) {
            price = spend(price + (uint64_t)i);
            trade(price);
        }
        print("price", price);
    }
    printf("%u %zu %llu\n", day, n_history, (unsigned long long)last_id);
    print("accounts", DIGEST(accounts));
    print("history", DIGEST(history));
    print("total", total);
    return (int)(total % 100);
}
