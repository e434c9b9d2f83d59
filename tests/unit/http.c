/* What answers over HTTP. That a loop which does not turn is not healthy is seen in
 * tests/component/http.c. */
#include "tests/support/check.h"

#include <string.h>

#include "tests/support/ask_http.h"

static void it_is_ready_when_the_loop_says_so(void **state)
{
    struct error err;
    struct http *http = http_new("127.0.0.1:0", &err);

    (void)state;
    assert_non_null(http);
    ask_for(http, "/readyz");
    assert_answer("503", "starting\n");
    http_beat(http, "claiming partitions");
    ask_for(http, "/readyz");
    assert_answer("503", "claiming partitions\n");
    http_beat(http, NULL);
    ask_for(http, "/readyz");
    assert_answer("200", "ok\n");
    http_free(http);
}

static void whoever_is_lost_is_told_what_there_is(void **state)
{
    struct error err;
    struct http *http = http_new("127.0.0.1:0", &err);

    (void)state;
    assert_non_null(http);
    ask_for(http, "/");
    assert_answer("200", "/metrics\n/healthz\n/readyz\n");
    ask_for(http, "/elsewhere");
    assert_answer("404", "not here; there is:");
    http_free(http);
}

static void an_address_that_cannot_be_listened_at_is_refused(void **state)
{
    struct error err;
    struct http *http = http_new("127.0.0.1:0", &err);

    (void)state;
    assert_non_null(http);
    assert_null(http_new(http_address(http), &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_non_null(strstr(err.message, "does another consumer listen there?"));
    assert_null(http_new("nowhere", &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_null(http_new("127.0.0.1:no-port", &err));
    assert_true(err.kind == ERROR_UNAVAILABLE || err.kind == ERROR_USAGE);
    http_free(http);
}

static void the_page_is_the_last_one_published(void **state)
{
    struct error err;
    struct http *http = http_new("127.0.0.1:0", &err);
    struct buffer page;

    (void)state;
    assert_non_null(http);
    buffer_init(&page, 1024);
    ask_for(http, "/metrics");
    assert_answer("200", "Content-Length: 0");
    assert_true(buffer_append_text(&page, "coop_one 1\n"));
    http_publish(http, &page);
    buffer_clear(&page);
    assert_true(buffer_append_text(&page, "coop_two 2\n"));
    http_publish(http, &page);
    ask_for(http, "/metrics");
    assert_answer("200", "\r\n\r\ncoop_two 2\n");
    buffer_free(&page);
    http_free(http);
}

static void nonsense_is_refused_and_does_no_harm(void **state)
{
    struct error err;
    struct http *http = http_new("127.0.0.1:0", &err);
    static char long_path[64 * 1024];

    (void)state;
    assert_non_null(http);
    ask(http, "\x16\x03\x01 nonsense\r\n\r\n");
    memset(long_path, 'a', sizeof(long_path) - 1);
    memcpy(long_path, "GET /", 5);
    ask(http, long_path);
    ask(http, "DELETE /metrics HTTP/1.0\r\n\r\n");
    assert_answer("405", "only GET and HEAD");
    ask_for(http, "/healthz");
    assert_answer("200", "ok\n");
    http_free(http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_ready_when_the_loop_says_so),
        cmocka_unit_test(whoever_is_lost_is_told_what_there_is),
        cmocka_unit_test(an_address_that_cannot_be_listened_at_is_refused),
        cmocka_unit_test(the_page_is_the_last_one_published),
        cmocka_unit_test(nonsense_is_refused_and_does_no_harm),
    };

    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
