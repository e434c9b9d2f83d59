#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/stop.h"
#include "common/base/streams.h"
#include "common/postgres/connection.h"
#include "consumers/kafka/source.h"
#include "consumers/monitor/listener.h"
#include "consumers/pipeline.h"
#include "consumers/postgres/lane.h"
#include "consumers/route.h"
#include "consumers/settings.h"

/* Fits schemas, tables and database together, or says why not, before anything is read. */
static bool prepare(const struct consumer_settings *settings, struct routes *routes,
                    struct error *err)
{
    PGconn *connection = connection_open(settings->database, consumer_program.name, err);
    bool ok = connection && routes_prepare(routes, connection, err);

    PQfinish(connection);
    return ok;
}

/* Where nothing is said, a second consumer on the machine does without. */
static bool listen_for_questions(const struct consumer_settings *settings, struct listener **out,
                                 struct error *err)
{
    const char *address = settings->listen;
    struct error reason;

    if (address ? strcmp(address, "none") == 0 : settings->is_until_end)
        return true;
    *out = listener_new(address ? address : DEFAULT_LISTEN, &reason);
    if (*out) {
        log_info("answers http://%s/metrics, /healthz and /readyz", listener_address(*out));
        return true;
    }
    if (address) {
        *err = reason;
        return false;
    }
    log_warning("%s; nobody can ask this one", reason.message);
    return true;
}

static bool run(const struct consumer_settings *settings, struct error *err)
{
    struct routes routes = {0};
    struct source *source = NULL;
    struct lane *lanes[LANES_MAX] = {NULL};
    struct folds *folds = NULL;
    struct listener *listener = NULL;
    char owner[128];
    bool ok = false;

    gethostname(owner, sizeof(owner) / 2);
    owner[sizeof(owner) / 2 - 1] = '\0';
    size_t length = strlen(owner);
    snprintf(owner + length, sizeof(owner) - length, "/%d", (int)getpid());

    if (!listen_for_questions(settings, &listener, err))
        goto done;
    if (!routes_read(&routes, settings->schemas, &settings->routes, err)
        || !prepare(settings, &routes, err))
        goto done;
    source = source_new(&settings->kafka, settings->group, routes.topics, routes.count, err);
    if (!source)
        goto done;
    for (int64_t i = 0; i < settings->lanes; i++) {
        lanes[i] = lane_new(settings->database, owner, routes.count);
        if (!lanes[i]) {
            error_no_memory(err);
            goto done;
        }
    }
    if (!settings->has_no_fold) {
        folds = folds_new(settings->database);
        if (!folds) {
            error_no_memory(err);
            goto done;
        }
    }
    log_info("%s %s reads %zu topics from %s", consumer_program.name, COOP_VERSION, routes.count,
             settings->kafka.brokers);
    ok = pipeline_run(settings, &routes, source, lanes, folds, listener, err);
done:
    listener_free(listener);
    for (size_t i = 0; i < LANES_MAX; i++)
        lane_free(lanes[i]);
    folds_free(folds);
    source_free(source);
    routes_clear(&routes);
    return ok;
}

/*
 * Buffers of fetched messages come and go by the megabyte. Given back at once, and without
 * an arena for each of librdkafka's threads, they leave a third less resident.
 */
static void keep_memory_small(void)
{
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 64 * 1024);
    mallopt(M_TRIM_THRESHOLD, 64 * 1024);
}

int main(int argc, char **argv)
{
    struct consumer_settings settings = {0};
    struct error err = {0};
    int first_operand = argc;

    streams_open();
    enum options_outcome outcome =
        options_read(&consumer_program, argc, argv, &settings, &first_operand, &err);
    bool ok = outcome != OPTIONS_FAILED;

    keep_memory_small();
    log_open(consumer_program.name, (enum log_level)settings.log.level,
             (enum log_format)settings.log.format);
    if (ok && first_operand < argc)
        ok =
            error_set(&err, ERROR_USAGE, "unexpected word \"%s\"; try --help", argv[first_operand]);
    if (ok && outcome == OPTIONS_RUN)
        ok = stop_on_signals(&err) && run(&settings, &err);
    if (!ok)
        log_error("%s", err.message);
    options_clear(&consumer_program, &settings);
    return error_exit_code(ok ? ERROR_NONE : err.kind);
}
