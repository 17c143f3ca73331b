/* schedule.c - see schedule.h. Whole numbers only: the user's floating-point flags are none of
 * ours. */
#include "checkpoint/schedule.h"

#include <time.h>

#include "base/clock.h"

#define MS ((uint64_t)1000000)
#define LEAST_NS (20 * MS) /* between two saves, or two looks, of every(n%) */
#define MOST_NS (1000 * MS)
#define MILLION 1000000u
#define FIRST_NS (MS / 2)     /* what a save costs that was never made, and */
#define FIRST_NS_PER_KB 1500u /* for its bytes: copy, checksum, write */
#define STEP_NS (2 * MS)      /* without a thread the loop looks at the clock so often */

static uint64_t spent; /* __atomic */

uint64_t memo__ck_spent(void)
{
    return __atomic_load_n(&spent, __ATOMIC_RELAXED);
}

void memo__ck_spend(uint64_t ns)
{
    __atomic_fetch_add(&spent, ns, __ATOMIC_RELAXED);
}

static uint64_t process_cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void memo__ck_schedule_init(struct memo__ck_schedule *s, char unit, uint64_t every, uint64_t now_ns)
{
    *s = (struct memo__ck_schedule){.unit = unit, .every = every, .look_ns = UINT64_MAX};
    if (unit == 's') {
        s->look_ns = now_ns + every < now_ns ? UINT64_MAX : now_ns + every;
    } else if (unit == '%') {
        s->look_ns = now_ns + LEAST_NS;
    }
}

static uint64_t cost_of(const struct memo__ck_schedule *s, uint64_t bytes)
{
    if (s->cost_ns == 0)
        return FIRST_NS + bytes / 1024 * FIRST_NS_PER_KB;
    if (bytes > s->bytes) /* it grows */
        return s->cost_ns + (bytes - s->bytes) / 1024 * FIRST_NS_PER_KB;
    return s->cost_ns;
}

/* CPU time that the process is to have used before `cost` more may be spent. */
static uint64_t needed_ns(const struct memo__ck_schedule *s, uint64_t cost)
{
    uint64_t here = (s->spent_ns + cost) * MILLION / s->every + s->entry_cpu_ns;
    uint64_t all = (memo__ck_spent() + cost) * MILLION / s->every;

    return here > all ? here : all;
}

/* The first look is the start: a system call less in short loops. */
static void know_cpu(struct memo__ck_schedule *s, uint64_t now_ns)
{
    if (s->seen_ns != 0)
        return;
    s->entry_cpu_ns = s->seen_cpu_ns = process_cpu_ns();
    s->seen_ns = now_ns;
}

static bool is_affordable(struct memo__ck_schedule *s, uint64_t bytes, uint64_t now_ns)
{
    uint64_t cpu, needed, wall, used, wait;

    know_cpu(s, now_ns);
    cpu = process_cpu_ns();
    needed = needed_ns(s, cost_of(s, bytes));
    wall = now_ns - s->seen_ns;
    used = cpu - s->seen_cpu_ns;

    if (cpu >= needed && now_ns >= s->ended_ns + 4 * s->wall_ns)
        return true;
    /* The rate of before tells when to look again; a thread more and it is too late, no harm. */
    wait = cpu >= needed ? 0 : needed - cpu;
    if (wall > MS && used > wall)
        wait = wait / ((used + wall - 1) / wall);
    if (now_ns + wait < s->ended_ns + 4 * s->wall_ns)
        wait = s->ended_ns + 4 * s->wall_ns - now_ns;
    s->look_ns = now_ns + (wait < LEAST_NS ? LEAST_NS : wait > MOST_NS ? MOST_NS : wait);
    s->seen_ns = now_ns;
    s->seen_cpu_ns = cpu;
    return false;
}

bool memo__ck_schedule_look(struct memo__ck_schedule *s, uint64_t now_ns)
{
    if (now_ns < s->look_ns)
        return false;
    if (s->unit == '%' && !is_affordable(s, s->bytes, now_ns))
        return false;
    s->look_ns = UINT64_MAX;
    return true;
}

bool memo__ck_schedule_allows(struct memo__ck_schedule *s, uint64_t bytes, uint64_t now_ns)
{
    return s->unit != '%' || is_affordable(s, bytes, now_ns);
}

void memo__ck_schedule_taken(struct memo__ck_schedule *s, uint64_t now_ns)
{
    s->look_ns = UINT64_MAX;
    if (s->unit == 's')
        s->look_ns = now_ns + s->every < now_ns ? UINT64_MAX : now_ns + s->every;
}

void memo__ck_schedule_done(struct memo__ck_schedule *s, uint64_t bytes, uint64_t cpu_ns,
                            uint64_t wall_ns, uint64_t now_ns)
{
    s->spent_ns += cpu_ns;
    s->cost_ns = cpu_ns > 0 ? cpu_ns : 1;
    s->bytes = bytes;
    s->wall_ns = wall_ns;
    s->ended_ns = now_ns;
    if (s->unit == '%') {
        know_cpu(s, now_ns);
        s->seen_ns = now_ns;
        s->seen_cpu_ns = process_cpu_ns();
        s->look_ns = now_ns + LEAST_NS;
    }
}

uint64_t memo__ck_schedule_step(const struct memo__ck_schedule *s, uint64_t n, uint64_t ns,
                                uint64_t now_ns)
{
    uint64_t goal = STEP_NS, step;

    if (s->look_ns > now_ns && s->look_ns - now_ns < goal)
        goal = s->look_ns - now_ns;
    if (ns == 0 || n == 0)
        return 1;
    step = ns / n == 0 ? n * 2 : goal / (ns / n);
    return step < 1 ? 1 : step > n * 8 + 8 ? n * 8 + 8 : step; /* iterations may get slower */
}
