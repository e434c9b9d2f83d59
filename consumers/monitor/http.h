#ifndef COOP_CONSUMERS_MONITOR_HTTP_H
#define COOP_CONSUMERS_MONITOR_HTTP_H

#include <stdint.h>

#include "common/base/buffer.h"
#include "common/base/error.h"

/*
 * Answers on HTTP, from a thread of its own, while the consumer's loop does its work:
 *
 *   /metrics  what the loop has published last, in Prometheus' text format
 *   /healthz  200 while the loop turns, whatever the database does; else 503
 *   /readyz   200 while partitions are ours and being written; else 503 and why
 */
struct http;

enum { METRICS_BYTES_MAX = 4 * 1024 * 1024 };

/**
 * Begins to answer at HOST:PORT, [ADDRESS]:PORT or :PORT (every address); port 0 takes a free one.
 *
 * @return NULL with ERROR_USAGE for another form, ERROR_UNAVAILABLE where the port is taken.
 */
struct http *http_new(const char *address, struct error *err);

/** Waits for answers under way. */
void http_free(struct http *http);

/** HOST:PORT as it was given, with the port that was taken. */
const char *http_address(const struct http *http);

/** The loop turns. `unready` (static) says why it is not ready; NULL: it is. */
void http_beat(struct http *http, const char *unready);

/** The new text of /metrics, copied. */
void http_publish(struct http *http, const struct buffer *text);

#endif
