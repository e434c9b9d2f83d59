#include "producers/publish/headers.h"

#include <string.h>

#include "common/avro/temporal.h"

enum { HEADER_COUNT = 7 };

static void add(rd_kafka_headers_t *headers, const char *name, const char *value)
{
    rd_kafka_header_add(headers, name, -1, value, (ssize_t)strlen(value));
}

rd_kafka_headers_t *headers_new(const struct event *event, const char *type,
                                const char *traceparent)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(HEADER_COUNT);
    char time_text[TEMPORAL_TEXT_BYTES];

    temporal_timestamp_text(event->occurred_us, true, time_text);
    add(headers, "ce_specversion", "1.0");
    add(headers, "ce_id", event->id);
    add(headers, "ce_source", event->source);
    add(headers, "ce_type", type);
    add(headers, "ce_time", time_text);
    add(headers, "content-type", "application/avro");
    if (traceparent)
        add(headers, "traceparent", traceparent);
    return headers;
}
