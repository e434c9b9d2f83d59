/* What answers over HTTP while the loop beats, and while it does not. */
#include "tests/support/check.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "consumers/monitor/http.h"

enum { LONGER_THAN_HEALTHY_S = 32 };

static char answer[4096];

/* The whole answer to a request is in `answer`. */
static void ask(const struct http *http, const char *request)
{
    const char *port = strrchr(http_address(http), ':') + 1;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    size_t length = 0;
    ssize_t got;

    assert_return_code(connect(descriptor, (struct sockaddr *)&address, sizeof(address)), 0);
    /* What is too long is cut off at the other end. */
    (void)!send(descriptor, request, strlen(request), MSG_NOSIGNAL);
    while ((got = read(descriptor, answer + length, sizeof(answer) - 1 - length)) > 0)
        length += (size_t)got;
    answer[length] = '\0';
    close(descriptor);
}

static void ask_for(const struct http *http, const char *path)
{
    char request[256];

    snprintf(request, sizeof(request), "GET %s HTTP/1.0\r\n\r\n", path);
    ask(http, request);
}

static void assert_answer(const char *status, const char *words)
{
    assert_non_null(strstr(answer, status));
    assert_non_null(strstr(answer, words));
}

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
        cmocka_unit_test(a_loop_that_does_not_turn_is_not_healthy),
        cmocka_unit_test(the_page_is_the_last_one_published),
        cmocka_unit_test(nonsense_is_refused_and_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
