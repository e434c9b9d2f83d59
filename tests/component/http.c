/* What answers over HTTP while the loop beats, and while it does not: that takes half a minute. */
#include "tests/support/check.h"

#include <unistd.h>

#include "tests/support/ask_http.h"

enum { LONGER_THAN_HEALTHY_S = 32 };

static void a_loop_that_does_not_turn_is_not_healthy(void **state)
{
    struct error err;
    struct http *http = http_new("127.0.0.1:0", &err);

    (void)state;
    assert_non_null(http);
    http_beat(http, NULL);
    ask_for(http, "/healthz");
    assert_answer("200", "ok\n");
    sleep(LONGER_THAN_HEALTHY_S);
    ask_for(http, "/healthz");
    assert_answer("503", "the loop has not turned for 3");
    http_beat(http, "claiming partitions");
    ask_for(http, "/healthz");
    assert_answer("200", "ok\n");
    ask_for(http, "/readyz");
    assert_answer("503", "claiming partitions\n");
    http_free(http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loop_that_does_not_turn_is_not_healthy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
