/*
 * Worlds, one a seed: the pipeline, unchanged, on a clock, a Kafka and a PostgreSQL that are in
 * memory and go wrong in every way that chance thinks of. README.md here tells more.
 */
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/log.h"
#include "tests/simulation/simulate.h"
#include "tests/simulation/tables.h"

enum { SEEDS = 3000, EXIT_WRONG_USAGE = 64 };

struct choice {
    uint64_t first;
    uint64_t count;
    bool has_story;
    bool is_twice;
    bool is_retold; /* Only the end of the story, of one seed that ends the process. */
};

static struct choice choice = {.first = 1, .count = SEEDS};
static uint64_t seed_now;
static char *program;

static const char usage[] =
    "Usage: simulation [--seeds N] [--from S] [--story] [--twice]\n"
    "\n"
    "Lives through the worlds of seeds S (1) to S+N-1 (N: 3000). Ends with `ok:` and what has\n"
    "happened in them, or with the first seed that fails, what is wrong and the end of its story.\n"
    "--story tells all of it; --twice lives through each world twice and compares the two.\n";

/* An assertion or a sanitizer ends the process: it is lived through again, to tell the story. */
static void retell(void)
{
    char seed[32];
    char *const words[] = {program, (char *)"--seeds",  (char *)"1", (char *)"--from",
                           seed,    (char *)"--retell", NULL};

    if (choice.is_retold) {
        story_print_tail();
        printf("simulation: seed %" PRIu64 " fails: the process was ended, see above\n", seed_now);
        fflush(stdout);
        _exit(1);
    }
    if (choice.has_story)
        _exit(1);
    snprintf(seed, sizeof(seed), "%" PRIu64, seed_now);
    fflush(stdout);
    execv("/proc/self/exe", words);
    _exit(1);
}

static void on_signal(int number)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, number);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    retell();
}

/* What the sanitizers call before they end the process; not there without them. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void catch_ends(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigaction(SIGABRT, &action, NULL);
    if (__sanitizer_set_death_callback) {
        __sanitizer_set_death_callback(retell);
    } else {
        sigaction(SIGSEGV, &action, NULL);
        sigaction(SIGBUS, &action, NULL);
        sigaction(SIGFPE, &action, NULL);
    }
}

static uint64_t number_of(const char *text)
{
    char *end;
    uint64_t number = strtoull(text, &end, 10);

    if (end == text || *end) {
        fprintf(stderr, "simulation: \"%s\" is no number; try --help\n", text);
        exit(EXIT_WRONG_USAGE);
    }
    return number;
}

static void read_words(int argc, char **argv)
{
    static const struct option options[] = {
        {"seeds", required_argument, NULL, 'n'},
        {"from", required_argument, NULL, 'f'},
        {"story", no_argument, NULL, 's'},
        {"twice", no_argument, NULL, 't'},
        {"retell", no_argument, NULL, 'r'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int letter;

    while ((letter = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (letter) {
        case 'n':
            choice.count = number_of(optarg);
            break;
        case 'f':
            choice.first = number_of(optarg);
            break;
        case 's':
            choice.has_story = true;
            break;
        case 't':
            choice.is_twice = true;
            break;
        case 'r':
            choice.is_retold = true;
            break;
        case 'h':
            fputs(usage, stdout);
            exit(0);
        default:
            exit(EXIT_WRONG_USAGE);
        }
    }
}

/* What is told must not hang on whether it is told. */
static void be_told(struct world *world, bool is_told)
{
    world->is_telling = is_told;
    log_open("coop-consumer", is_told ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR, LOG_FORMAT_TEXT);
}

static int fail(struct world *world, uint64_t seed)
{
    char failure[sizeof(world->failure)];

    memcpy(failure, world->failure, sizeof(failure));
    if (!choice.has_story && !choice.is_retold) {
        story_open(false);
        be_told(world, true);
        simulate(world, seed);
    }
    story_print_tail();
    printf("simulation: seed %" PRIu64 " fails: %s\n", seed, failure);
    if (strcmp(failure, world->failure) != 0)
        printf("simulation: and it does not do so again: %s\n",
               world->has_failed ? world->failure : "nothing is wrong then");
    printf("again: tests/simulation/run --seeds 1 --from %" PRIu64 " --story\n", seed);
    return 1;
}

static bool live_again(struct world *world, uint64_t seed)
{
    int64_t counts[COUNT_KINDS];
    uint64_t chance = world->chance[0];
    int64_t now_us = world->now_us;

    memcpy(counts, world->counts, sizeof(counts));
    simulate(world, seed);
    if (chance == world->chance[0] && now_us == world->now_us
        && memcmp(counts, world->counts, sizeof(counts)) == 0)
        return true;
    printf("simulation: seed %" PRIu64 " is not the same a second time\n", seed);
    return false;
}

static void print_sums(const int64_t *sums)
{
    const char *comma = "";

    printf("ok: %" PRIu64 " seeds from %" PRIu64 ": ", choice.count, choice.first);
    for (size_t i = 0; i < COUNT_KINDS; i++, comma = ", ")
        printf("%s%" PRId64 " %s", comma, sums[i], count_names[i]);
    puts("");
}

int main(int argc, char **argv)
{
    struct world world = {0};
    int64_t sums[COUNT_KINDS] = {0};
    int code = 0;

    program = argv[0];
    read_words(argc, argv);
    catch_ends();
    story_open(choice.has_story);
    be_told(&world, choice.has_story || choice.is_retold);
    for (uint64_t i = 0; i < choice.count && code == 0; i++) {
        seed_now = choice.first + i;
        simulate(&world, seed_now);
        if (world.has_failed)
            code = fail(&world, seed_now);
        else if (choice.is_twice && !live_again(&world, seed_now))
            code = 1;
        for (size_t kind = 0; kind < COUNT_KINDS; kind++)
            sums[kind] += world.counts[kind];
    }
    if (code == 0)
        print_sums(sums);
    world_free(&world);
    tables_free();
    return code;
}
