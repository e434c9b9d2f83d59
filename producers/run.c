#include "producers/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/avro/json_memory.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/stop.h"
#include "common/base/streams.h"
#include "producers/input/lines.h"
#include "producers/publish/publisher.h"
#include "producers/settings.h"
#include "producers/show.h"

struct run {
    const struct event_type *type;
    const struct producer_settings *settings;
    char *const *inputs;
    size_t input_count;
    struct event_reader *reader;
    struct publisher *publisher; /* NULL while lines are only checked. */
    struct event event;
    FILE *rejects;
    int64_t rejected;
    int64_t corrections; /* Retracted. */
    bool is_stopped;     /* By a bad line or by a signal: nothing more is read. */
};

/* What a line held is foreign: a terminal shall not obey it. */
static void drop_control_characters(char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
    }
}

static void report(const struct lines *lines, struct fault *fault)
{
    drop_control_characters(fault->field);
    drop_control_characters(fault->message);
    if (fault->field[0])
        fprintf(stderr, "%s:%" PRId64 ": field \"%s\": %s\n", lines->name, lines->number,
                fault->field, fault->message);
    else
        fprintf(stderr, "%s:%" PRId64 ": %s\n", lines->name, lines->number, fault->message);
}

static bool keep_reject(struct run *run, const struct lines *lines, struct error *err)
{
    if (!run->rejects)
        return true;
    if (fwrite(lines->line.data, 1, lines->line.length, run->rejects) != lines->line.length
        || fputc('\n', run->rejects) == EOF)
        return error_set(err, ERROR_IO, "could not write \"%s\": %s", run->settings->rejects,
                         strerror(errno));
    return true;
}

/* A file is checked whole, so that all its bad lines are told; a stream ends at the first. */
static bool take_line(struct run *run, const struct lines *lines, bool is_checking,
                      struct error *err)
{
    struct fault fault = {.field = ""};
    bool ok = lines->is_too_long
                  ? fault_set_field(&fault, "", "the line has more than %d bytes", LINE_BYTES_MAX)
                  : event_read(run->reader, (const char *)lines->line.data, lines->line.length,
                               &run->event, &fault);

    if (ok && run->event.retracts_correction && (run->publisher || run->settings->is_dry_run))
        run->corrections++;
    if (ok)
        return !run->publisher || publisher_send(run->publisher, &run->event, lines->number, err);
    run->rejected++;
    report(lines, &fault);
    if (!is_checking && run->settings->on_error == ON_ERROR_STOP)
        run->is_stopped = true;
    return keep_reject(run, lines, err);
}

/* Returns how long we may then wait for input: acknowledgements want to be fetched. */
static int serve_publisher(struct run *run)
{
    enum { SERVE_MS = 100 };

    if (!run->publisher)
        return -1;
    bool has_more = publisher_serve(run->publisher);
    if (publisher_has_failed(run->publisher))
        run->is_stopped = true;
    return has_more ? SERVE_MS : -1;
}

static bool take_input(struct run *run, const char *name, bool is_checking, struct error *err)
{
    struct lines lines;
    enum lines_outcome outcome = LINES_IDLE;
    bool ok = true;

    if (!lines_open(&lines, name, err))
        return false;
    while (ok && (outcome == LINES_LINE || outcome == LINES_IDLE)) {
        lines.wait_ms = serve_publisher(run);
        if (run->is_stopped)
            break;
        outcome = lines_next(&lines, err);
        if (outcome == LINES_LINE)
            ok = take_line(run, &lines, is_checking, err);
    }
    if (outcome == LINES_STOPPED)
        run->is_stopped = true;
    lines_close(&lines);
    return ok && outcome != LINES_FAILED;
}

/* With --on-error stop nothing is sent before every file is known to be good. */
static bool check_inputs(struct run *run, bool with_streams, struct error *err)
{
    for (size_t i = 0; i < run->input_count && !run->is_stopped; i++) {
        bool is_left_out = !with_streams && lines_is_stream(run->inputs[i]);

        if (!is_left_out && !take_input(run, run->inputs[i], true, err))
            return false;
    }
    return true;
}

static bool take_inputs(struct run *run, struct error *err)
{
    for (size_t i = 0; i < run->input_count && !run->is_stopped; i++) {
        if (!take_input(run, run->inputs[i], false, err))
            return false;
    }
    return true;
}

static bool publish(struct run *run, struct error *err)
{
    const struct producer_settings *settings = run->settings;
    struct publisher_settings publishing = {
        .kafka = &settings->kafka,
        .program = run->type->program,
        .topic = settings->topic ? settings->topic : run->type->topic,
        .type = run->type->topic,
        .delivery_timeout_s = settings->delivery_timeout_s,
        .receipts_path = settings->receipts,
    };
    struct error finish_err;

    run->publisher = publisher_new(&publishing, err);
    if (!run->publisher)
        return false;
    bool ok = take_inputs(run, err);
    /* What was handed over is waited for, whatever has happened since. */
    if (!publisher_finish(run->publisher, &finish_err)) {
        /* The same cause is told once, with how many events it concerns. */
        if (ok || finish_err.kind == err->kind)
            *err = finish_err;
        else
            log_error("%s", finish_err.message);
        ok = false;
    }
    return ok;
}

static void print_summary(const struct run *run, int64_t started_ms)
{
    static const struct publisher_counts none;
    const struct publisher_counts *counts =
        run->publisher ? publisher_counts(run->publisher) : &none;

    fprintf(stderr,
            "published=%" PRId64 " acknowledged=%" PRId64 " rejected=%" PRId64
            " spooled=0 seconds=%.1f\n",
            counts->published, counts->acknowledged, run->rejected,
            (double)(clock_steady_ms() - started_ms) / 1000);
}

static bool open_rejects(struct run *run, struct error *err)
{
    if (!run->settings->rejects)
        return true;
    run->rejects = fopen(run->settings->rejects, "w");
    if (!run->rejects)
        return error_set(err, ERROR_IO, "could not open \"%s\": %s", run->settings->rejects,
                         strerror(errno));
    /* Told on standard error, a bad line of a stream is soon looked for in the file. */
    setvbuf(run->rejects, NULL, _IOLBF, 0);
    return true;
}

static bool close_rejects(struct run *run, struct error *err)
{
    if (run->rejects && fclose(run->rejects) != 0)
        return error_set(err, ERROR_IO, "could not write \"%s\": %s", run->settings->rejects,
                         strerror(errno));
    return true;
}

static bool check_and_publish(struct run *run, struct error *err)
{
    if (run->settings->is_dry_run)
        return check_inputs(run, true, err);
    if (run->settings->on_error == ON_ERROR_STOP && !check_inputs(run, false, err))
        return false;
    return run->rejected || run->is_stopped || publish(run, err);
}

static bool run_inputs(const struct event_type *type, const struct producer_settings *settings,
                       char *const *inputs, size_t input_count, struct error *err)
{
    static char *const standard_input[] = {(char *)"-"};
    struct event_reader_settings reading = {.type = type,
                                            .schemas = settings->schemas,
                                            .source = settings->source,
                                            .allows_unnamed = settings->allows_unnamed,
                                            .retraction_reason = settings->reason};
    struct run run = {.type = type,
                      .settings = settings,
                      .inputs = input_count ? inputs : standard_input,
                      .input_count = input_count ? input_count : 1};
    int64_t started_ms = clock_steady_ms();
    struct error close_err;

    event_init(&run.event);
    run.reader = event_reader_new(&reading, err);
    bool ok = run.reader && open_rejects(&run, err) && check_and_publish(&run, err);
    if (!close_rejects(&run, &close_err) && ok) {
        *err = close_err;
        ok = false;
    }
    if (run.corrections)
        log_warning("%" PRId64 " of the events are corrections: what those had replaced does not "
                    "come back by itself; send it again under a new id",
                    run.corrections);
    if (run.reader)
        print_summary(&run, started_ms);
    if (ok && run.rejected)
        ok = error_set(err, ERROR_DATA, "%" PRId64 " bad lines, see above%s", run.rejected,
                       run.publisher ? "" : "; nothing was published");
    publisher_free(run.publisher);
    event_clear(&run.event);
    event_reader_free(run.reader);
    return ok;
}

bool key_append_field(struct buffer *key, const json_t *record, const char *field)
{
    const char *text = json_string_value(json_object_get(record, field));

    return text && buffer_append_text(key, text);
}

static bool show_or_run(const struct event_type *type, const struct producer_settings *settings,
                        char *const *operands, size_t count, struct error *err)
{
    size_t taken = settings->shows_template ? 0 : settings->shows_codes ? 1 : count;

    if (!producer_settings_check(settings, err))
        return false;
    if (count > taken)
        return error_set(err, ERROR_USAGE, "unexpected word \"%s\"; try --help", operands[taken]);
    if (settings->shows_template)
        return show_template(type, settings, err);
    if (settings->shows_codes)
        return show_codes(type, settings, count ? operands[0] : NULL, err);
    return stop_on_signals(err) && run_inputs(type, settings, operands, count, err);
}

int run_producer(const struct event_type *type, int argc, char **argv)
{
    const struct program program = {
        .name = type->program,
        .usage = "[options] [FILE...]",
        .summary = "publishes events to Kafka, one JSON object a line, and waits until every\n"
                   "one is acknowledged. Without FILE, or for -, standard input is read.",
        .groups = producer_option_groups,
        .epilogue =
            "--codes prints a FIELD and a symbol a line; with a FIELD, such as --codes "
            "stage or\n--codes initiator.org_type, the symbols alone. --retract publishes a "
            "RETRACT for each event\nof the lines, which are read as when they were "
            "published: with the same --source and\n--allow-unnamed. Run twice, it "
            "changes nothing.",
    };
    struct producer_settings settings = {0};
    struct error err = {0};
    int first_operand = argc;

    streams_open();
    json_memory_open();
    enum options_outcome outcome =
        options_read(&program, argc, argv, &settings, &first_operand, &err);
    bool ok = outcome != OPTIONS_FAILED;

    log_open(type->program, (enum log_level)settings.log.level,
             (enum log_format)settings.log.format);
    if (outcome == OPTIONS_RUN)
        ok = show_or_run(type, &settings, argv + first_operand, (size_t)(argc - first_operand),
                         &err);
    if (!ok)
        log_error("%s", err.message);
    options_clear(&program, &settings);
    return error_exit_code(ok ? ERROR_NONE : err.kind);
}
