#ifndef COOP_TESTS_FAKE_HTTP_H
#define COOP_TESTS_FAKE_HTTP_H

#include <stdbool.h>

/*
 * What a program takes in place of monitor/http.c and base/stop.c: nobody listens, and no signal
 * comes but when a test says so.
 */

struct http;

/** To be given to whoever wants one. */
struct http *fake_http(void);

/** What the last beat has said; "ready" where it had nothing to say. */
const char *fake_http_readiness(void);

/** The page that was published last; "" for none since the last call of fake_http(). */
const char *fake_http_page(void);

/** How many pages were published since then. */
int fake_http_pages(void);

/** Has a signal come? */
void fake_stop(bool is_requested);

#endif
