#include "tests/support/check.h"

#include "tests/support/fake_http.h"

#include <string.h>

#include "common/base/stop.h"
#include "consumers/monitor/http.h"

static char page[64 * 1024];
static int pages;
static const char *readiness;
static int some_http;
static bool is_stop_requested;

struct http *fake_http(void)
{
    page[0] = '\0';
    pages = 0;
    readiness = "nobody has beaten";
    return (struct http *)&some_http;
}

const char *fake_http_readiness(void)
{
    return readiness;
}

const char *fake_http_page(void)
{
    return page;
}

int fake_http_pages(void)
{
    return pages;
}

void fake_stop(bool is_requested)
{
    is_stop_requested = is_requested;
}

void http_beat(struct http *http, const char *unready)
{
    assert_ptr_equal(http, &some_http);
    readiness = unready ? unready : "ready";
}

void http_publish(struct http *http, const struct buffer *text)
{
    assert_ptr_equal(http, &some_http);
    assert_true(text->length < sizeof(page));
    memcpy(page, text->data, text->length);
    page[text->length] = '\0';
    pages++;
}

bool stop_requested(void)
{
    return is_stop_requested;
}

int stop_descriptor(void)
{
    return 99;
}
