#include "producers/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/streams.h"
#include "producers/input/codes.h"
#include "producers/input/template.h"

static struct event_reader *open_reader(const struct event_type *type,
                                        const struct producer_settings *settings,
                                        struct event_reader_settings *reading, struct error *err)
{
    *reading = (struct event_reader_settings){.type = type, .schemas = settings->schemas};
    return event_reader_new(reading, err);
}

static bool print_line(struct event_reader *reader, struct error *err)
{
    json_t *json = template_new(event_reader_schema(reader));
    char *line = json_dumps(json, 0);
    struct fault fault = {.field = ""};
    struct event event;

    event_init(&event);
    bool ok = event_read(reader, line, strlen(line), &event, &fault);
    if (!ok)
        error_set(err, ERROR_CONFIGURATION, "the schema's example of field \"%s\" is none: %s",
                  fault.field, fault.message);
    else
        printf("%s\n", line);
    event_clear(&event);
    free(line);
    json_decref(json);
    return ok && streams_finish(err);
}

bool show_template(const struct event_type *type, const struct producer_settings *settings,
                   struct error *err)
{
    struct event_reader_settings reading;
    struct event_reader *reader = open_reader(type, settings, &reading, err);
    bool ok = reader && print_line(reader, err);

    event_reader_free(reader);
    return ok;
}

bool show_codes(const struct event_type *type, const struct producer_settings *settings,
                const char *field, struct error *err)
{
    struct event_reader_settings reading;
    struct event_reader *reader = open_reader(type, settings, &reading, err);
    bool ok = reader && codes_print(event_reader_schema(reader), field, stdout, err)
              && streams_finish(err);

    event_reader_free(reader);
    return ok;
}
