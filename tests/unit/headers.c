/* Headers of a message as JSON: the messages are librdkafka's own, never sent. */
#include "tests/support/check.h"

#include <librdkafka/rdkafka.h>
#include <string.h>

#include "consumers/kafka/headers.h"

enum { HEADERS_MAX = 4, NO_VALUE = -1 };

struct headers_case {
    const char *name;
    struct {
        const char *name;
        const char *value;
        ssize_t length; /* NO_VALUE: null. */
    } headers[HEADERS_MAX];
    const char *json;
};

static struct headers_case cases[] = {
    {"one header", {{"traceparent", "00-ab", 5}}, "[[\"traceparent\", \"30302d6162\"]]"},
    {"several, in their order, also of one name",
     {{"b", "1", 1}, {"a", "2", 1}, {"b", "3", 1}},
     "[[\"b\", \"31\"], [\"a\", \"32\"], [\"b\", \"33\"]]"},
    {"a value of no bytes", {{"a", "", 0}}, "[[\"a\", \"\"]]"},
    {"no value", {{"a", NULL, NO_VALUE}}, "[[\"a\", null]]"},
    {"a value with bytes that are no text", {{"a", "\0\xff\n", 3}}, "[[\"a\", \"00ff0a\"]]"},
    {"a name with quotes and line ends", {{"a\"\n", "1", 1}}, "[[\"a\\\"\\n\", \"31\"]]"},
    {"a name that is no UTF-8", {{"a\xff", "1", 1}}, "[[\"\\\\x61ff\", \"31\"]]"},
    {"a name of another script", {{"\xe4\xb8\xad", "1", 1}}, "[[\"\xe4\xb8\xad\", \"31\"]]"},
};

/*
 * A delivery report has the message as it was produced, headers included: it comes at once for
 * a message whose producer is purged.
 */
struct sent {
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    rd_kafka_event_t *event;
    struct message message;
};

static struct sent send_with(const struct headers_case *row)
{
    struct sent sent = {0};
    char reason[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_headers_t *headers = rd_kafka_headers_new(HEADERS_MAX);

    rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_DR);
    rd_kafka_conf_set(conf, "log_level", "0", reason, sizeof(reason)); /* It misses brokers. */
    sent.client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
    assert_non_null(sent.client);
    sent.queue = rd_kafka_queue_get_main(sent.client);
    for (size_t i = 0; row && i < HEADERS_MAX && row->headers[i].name; i++)
        rd_kafka_header_add(headers, row->headers[i].name, -1, row->headers[i].value,
                            row->headers[i].length == NO_VALUE ? 0 : row->headers[i].length);
    const rd_kafka_vu_t arguments[] = {{.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = "t"},
                                       {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers}};
    assert_null(rd_kafka_produceva(sent.client, arguments, row ? 2 : 1));
    if (!row)
        rd_kafka_headers_destroy(headers);
    rd_kafka_purge(sent.client, RD_KAFKA_PURGE_F_QUEUE);
    sent.event = rd_kafka_queue_poll(sent.queue, 5000);
    assert_int_equal(rd_kafka_event_type(sent.event), RD_KAFKA_EVENT_DR);
    sent.message.handle = (rd_kafka_message_t *)rd_kafka_event_message_next(sent.event);
    return sent;
}

static void end(struct sent *sent)
{
    rd_kafka_event_destroy(sent->event);
    rd_kafka_queue_destroy(sent->queue);
    rd_kafka_destroy(sent->client);
}

static void headers_become_json(void **state)
{
    const struct headers_case *row = *state;
    struct sent sent = send_with(row);
    struct buffer out;

    buffer_init(&out, 1024);
    assert_true(headers_append(&sent.message, &out));
    assert_string_equal(buffer_text(&out), row->json);
    buffer_free(&out);
    end(&sent);
}

static void a_message_without_headers_has_an_empty_list(void **state)
{
    struct sent sent = send_with(NULL);
    struct buffer out;

    (void)state;
    buffer_init(&out, 1024);
    assert_true(headers_append(&sent.message, &out));
    assert_true(headers_append(&(struct message){.handle = NULL}, &out));
    assert_string_equal(buffer_text(&out), "[][]");
    buffer_free(&out);
    end(&sent);
}

/* Wherever the room ends, also within a header. */
static void headers_that_do_not_fit_are_told(void **state)
{
    static const struct headers_case row = {
        .headers = {{"a", "12", 2}, {"b", NULL, NO_VALUE}, {"\xff", "1", 1}}};
    static const char json[] = "[[\"a\", \"3132\"], [\"b\", null], [\"\\\\xff\", \"31\"]]";
    struct sent sent = send_with(&row);

    (void)state;
    for (size_t limit = 0; limit < sizeof(json) - 1; limit++) {
        struct buffer out;

        buffer_init(&out, limit);
        assert_false(headers_append(&sent.message, &out));
        buffer_free(&out);
    }
    assert_false(headers_append(&(struct message){.handle = NULL}, &(struct buffer){.limit = 0}));
    end(&sent);
}

int main(void)
{
    enum { OTHERS = 2 };
    struct CMUnitTest tests[OTHERS + ARRAY_LENGTH(cases)] = {
        cmocka_unit_test(a_message_without_headers_has_an_empty_list),
        cmocka_unit_test(headers_that_do_not_fit_are_told),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        tests[OTHERS + i] = test_row(cases[i].name, headers_become_json, &cases[i]);
    return cmocka_run_group_tests_name("headers", tests, NULL, NULL);
}
