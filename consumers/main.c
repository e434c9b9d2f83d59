#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

#include "common/avro/json_memory.h"
#include "common/base/log.h"
#include "common/base/stop.h"
#include "common/base/streams.h"
#include "common/postgres/connection.h"
#include "consumers/kafka/consumer.h"
#include "consumers/monitor/http.h"
#include "consumers/pipeline.h"
#include "consumers/plan/route.h"
#include "consumers/postgres/libpq_session.h"
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
static bool listen_for_questions(const struct consumer_settings *settings, struct http **out,
                                 struct error *err)
{
    const char *address = settings->listen;
    struct error reason;

    if (address ? strcmp(address, "none") == 0 : settings->is_until_end)
        return true;
    *out = http_new(address ? address : DEFAULT_LISTEN, &reason);
    if (*out) {
        log_info("answers http://%s/metrics, /healthz and /readyz", http_address(*out));
        return true;
    }
    if (address) {
        *err = reason;
        return false;
    }
    log_warning("%s; nobody can ask this one", reason.message);
    return true;
}

/* Who claims, as an operator reads it: HOST/PID. */
static void name_owner(char *owner, size_t size)
{
    gethostname(owner, size / 2);
    owner[size / 2 - 1] = '\0';
    size_t length = strlen(owner);
    snprintf(owner + length, size - length, "/%d", (int)getpid());
}

static bool run_pipeline(const struct consumer_settings *settings, const struct routes *routes,
                         struct source *source, struct http *http, struct error *err)
{
    const char *database = settings->database;
    char owner[128];
    struct pipeline_parts parts = {.settings = settings,
                                   .routes = routes,
                                   .owner = owner,
                                   .clock = &system_clock,
                                   .source = source,
                                   .http = http};

    name_owner(owner, sizeof(owner));
    for (int64_t i = 0; i < settings->lanes; i++)
        parts.lanes[i] = libpq_session_new(&lane_session, database);
    for (size_t i = 0; i < FOLDS_MAX && !settings->has_no_fold; i++)
        parts.folds[i] = libpq_session_new(&fold_session, database);
    if (settings->is_until_end)
        parts.positions = libpq_session_new(&positions_session, database);
    log_info("%s %s reads %zu topics from %s", consumer_program.name, COOP_VERSION, routes->count,
             settings->kafka.brokers);
    struct pipeline *pipeline = pipeline_new(&parts, err);
    bool ok = pipeline && pipeline_run(pipeline, err);
    pipeline_free(pipeline);
    return ok;
}

static bool run(const struct consumer_settings *settings, struct error *err)
{
    struct routes routes = {0};
    struct source *source = NULL;
    struct http *http = NULL;
    bool ok = false;

    if (!listen_for_questions(settings, &http, err))
        goto done;
    if (!routes_read(&routes, settings->schemas, &settings->routes, err)
        || !prepare(settings, &routes, err))
        goto done;
    source = consumer_new(&(struct consumer_kind){.settings = &settings->kafka,
                                                  .group = settings->group,
                                                  .topics = routes.topics,
                                                  .topic_count = routes.count,
                                                  .lane_count = (size_t)settings->lanes},
                          err);
    if (source)
        ok = run_pipeline(settings, &routes, source, http, err);
done:
    http_free(http);
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
    json_memory_open();
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
