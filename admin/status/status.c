#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "admin/kafka/cluster.h"
#include "admin/status/print.h"
#include "admin/verb.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/stop.h"

#define AT(member) offsetof(struct admin_settings, member)

enum { EXIT_BEHIND = 1, REDRAW_MS = 2000, ASK_AGAIN_MS = 500 };

struct watcher {
    const struct admin_settings *settings;
    rd_kafka_t *client;
    PGconn *connection;
};

/* What this verb cannot tell is 69, whatever the cause: a supervisor asks only that. */
static bool cannot_tell(struct error *err)
{
    if (err->kind != ERROR_CONFIGURATION && err->kind != ERROR_NOT_AUTHORISED)
        err->kind = ERROR_UNAVAILABLE;
    return false;
}

/* Connections outlast a round, and are made anew after a failure. */
static bool measure(struct watcher *watcher, struct status *status, struct error *err)
{
    const struct admin_settings *settings = watcher->settings;

    *status = (struct status){0};
    if (!watcher->client)
        watcher->client = cluster_client_new(&settings->kafka, err);
    if (watcher->client && !watcher->connection)
        watcher->connection = admin_connect(settings->database, err);
    return (watcher->connection
            && status_measure(watcher->client, &settings->kafka, watcher->connection, status, err))
           || cannot_tell(err);
}

static void watcher_close(struct watcher *watcher)
{
    PQfinish(watcher->connection);
    if (watcher->client)
        rd_kafka_destroy(watcher->client);
    watcher->connection = NULL;
    watcher->client = NULL;
}

static bool is_behind(const struct status *status)
{
    return status->lag > 0 || status->unfolded > 0;
}

static bool print(const struct status *status, bool is_json, struct error *err)
{
    if (!is_json)
        status_print_text(status);
    else if (!status_print_json(status, err))
        return false;
    if (!status->beyond[0])
        return true;
    return error_set(err, ERROR_UNAVAILABLE,
                     "%s: the position lies beyond the end of the log: the topic was made anew, "
                     "or has lost its end",
                     status->beyond);
}

/* False once a signal has come. */
static bool sleep_ms(int milliseconds)
{
    struct pollfd stop = {.fd = stop_descriptor(), .events = POLLIN};

    return poll(&stop, 1, milliseconds) == 0 && !stop_requested();
}

/* Draws it again until a signal comes. What cannot be told now may be told the next time. */
static bool watch(struct watcher *watcher, struct error *err)
{
    const char *top = isatty(STDOUT_FILENO) ? "\033[H\033[2J" : "";

    if (!stop_on_signals(err))
        return false;
    do {
        struct status status;
        struct error reason = {0};
        bool ok = measure(watcher, &status, &reason);

        printf("%s", top);
        if (!ok || !print(&status, false, &reason)) {
            log_warning("%s", reason.message);
            watcher_close(watcher);
        }
        status_clear(&status);
        if (fflush(stdout) != 0)
            return error_set(err, ERROR_IO, "could not write to standard output");
    } while (sleep_ms(REDRAW_MS));
    return true;
}

/* Asks until it has caught up, or the time is over; then prints what it is. */
static bool report(struct watcher *watcher, int *exit_code, struct error *err)
{
    const struct admin_settings *settings = watcher->settings;
    int64_t deadline_ms = clock_steady_ms() + 1000 * settings->wait_s;
    struct status status;
    bool ok = measure(watcher, &status, err);

    while ((!ok || is_behind(&status)) && clock_steady_ms() < deadline_ms
           && err->kind != ERROR_NOT_AUTHORISED) {
        status_clear(&status);
        if (!ok)
            watcher_close(watcher);
        poll(NULL, 0, ASK_AGAIN_MS);
        ok = measure(watcher, &status, err);
    }
    *exit_code = is_behind(&status) ? EXIT_BEHIND : 0;
    ok = ok && print(&status, settings->is_json, err);
    status_clear(&status);
    return ok;
}

static bool run(const struct admin_settings *settings, const struct operands *operands,
                int *exit_code, struct error *err)
{
    struct watcher watcher = {.settings = settings};

    if (!operands_are_none(operands, err))
        return false;
    if (settings->is_watching && (settings->is_json || settings->wait_s > 0))
        return error_set(err, ERROR_USAGE,
                         "--watch goes with neither --json nor --wait; try --help");
    bool ok = settings->is_watching ? watch(&watcher, err) : report(&watcher, exit_code, err);
    watcher_close(&watcher);
    return ok;
}

static const struct option_row rows[] = {
    {.name = "json",
     .type = OPTION_SWITCH,
     .offset = AT(is_json),
     .help = "one JSON document instead of a table"},
    {.name = "watch",
     .type = OPTION_SWITCH,
     .offset = AT(is_watching),
     .help = "draw it again every 2 s until Ctrl-C"},
    {.name = "wait",
     .type = OPTION_NUMBER,
     .argument = "SECONDS",
     .initial = "0",
     .offset = AT(wait_s),
     .minimum = 0,
     .maximum = 86400,
     .help = "until it has caught up, at most so long"},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Output", rows, 0},
    {"Database", admin_database_rows, 0},
    {"Kafka", kafka_option_rows, AT(kafka)},
    {"Words", log_option_rows, AT(log)},
    {NULL, NULL, 0},
};

const struct verb status_verb = {
    .name = "status",
    .program =
        {.name = "coop-admin status",
         .usage = "[options]",
         .summary =
             "says how far the consumer is, and the reports.\n"
             "Exit 0 when it has caught up, 1 when it is behind, 69 when that cannot be told.",
         .groups = groups},
    .run = run,
};
