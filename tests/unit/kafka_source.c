/*
 * The source against librdkafka's mock cluster, in the same process: what need not wait for a group
 * to form. tests/component/consumer.c has the rest.
 */
#include "tests/support/check.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/memory.h"
#include "common/kafka/client.h"
#include "consumers/kafka/conf.h"
#include "consumers/kafka/inside.h"

enum { MESSAGES = 50, WAIT_MS = 10000 };

static char *topics[] = {"a", "b"};
static char *properties[] = {"fetch.wait.max.ms=5"};
static char topic_value[] = "value";
static const struct place places[] = {{.topic = 0, .lane = 0}, {.topic = 1, .lane = 1}};

static struct {
    rd_kafka_t *producer;
    rd_kafka_mock_cluster_t *mock;
    struct kafka_settings settings;
    struct consumer consumer;
    struct source *source;
} cluster;

static void ignore_line(enum log_level level, const char *message)
{
    (void)level;
    (void)message;
}

static struct consumer_kind kind_of(size_t lane_count)
{
    return (struct consumer_kind){.settings = &cluster.settings,
                                  .group = "g",
                                  .topics = topics,
                                  .topic_count = ARRAY_LENGTH(topics),
                                  .lane_count = lane_count};
}

static void publish(const char *topic)
{
    for (int i = 0; i < MESSAGES; i++) {
        const rd_kafka_vu_t arguments[] = {
            {.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = topic},
            {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = 0},
            {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {.ptr = topic_value, .size = 5}},
            {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY}};
        assert_null(rd_kafka_produceva(cluster.producer, arguments, ARRAY_LENGTH(arguments)));
    }
}

/* As consumer_new() makes it, but for the group. */
static void make_consumer(void)
{
    static const struct source_operations operations = {.free = NULL,
                                                        .partition_count = consumer_partition_count,
                                                        .group = consumer_hear_group,
                                                        .given = consumer_given,
                                                        .read = consumer_read,
                                                        .halt = consumer_halt,
                                                        .stop = consumer_stop,
                                                        .peek = consumer_peek,
                                                        .take = consumer_take,
                                                        .log_range = consumer_log_range,
                                                        .log_end = consumer_log_end,
                                                        .commit = consumer_commit};
    struct consumer *self = &cluster.consumer;
    struct error err = {0};

    *self = (struct consumer){.source = {.operations = &operations},
                              .kind = kind_of(2),
                              .last_topic = ARRAY_LENGTH(topics)};
    topics_init(&self->topics, topics, ARRAY_LENGTH(topics));
    self->client = kafka_client_new(RD_KAFKA_CONSUMER, consumer_conf_new(&self->kind, &err), &err);
    rd_kafka_poll_set_consumer(self->client);
    if (!wake_open(&self->group, rd_kafka_queue_get_consumer(self->client), &err)
        || !readings_init(&self->readings, self->client, &self->topics, 2, &err)
        || !topics_look_up(&self->topics, self->client, &cluster.settings, &err))
        fail_msg("%s", err.message);
    cluster.source = &self->source;
}

static int start(void **state)
{
    char reason[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    (void)state;
    log_divert(ignore_line);
    rd_kafka_conf_set(conf, "test.mock.num.brokers", "1", reason, sizeof(reason));
    rd_kafka_conf_set(conf, "linger.ms", "0", reason, sizeof(reason));
    cluster.producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
    cluster.mock = rd_kafka_handle_mock_cluster(cluster.producer);
    rd_kafka_mock_topic_create(cluster.mock, "a", 1, 1);
    rd_kafka_mock_topic_create(cluster.mock, "b", 1, 1);
    cluster.settings.brokers = memory_copy_text(rd_kafka_mock_cluster_bootstraps(cluster.mock));
    cluster.settings.properties =
        (struct text_list){.items = properties, .count = ARRAY_LENGTH(properties)};
    publish("a");
    publish("b");
    rd_kafka_flush(cluster.producer, WAIT_MS);
    make_consumer();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    readings_clear(&cluster.consumer.readings);
    wake_close(&cluster.consumer.group);
    rd_kafka_destroy_flags(cluster.consumer.client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    topics_free(&cluster.consumer.topics);
    free(cluster.consumer.given);
    rd_kafka_destroy(cluster.producer);
    free(cluster.settings.brokers);
    log_divert(NULL);
    return 0;
}

/* Takes what comes into a feed, up to the end of the log or so many messages; gives their number.
 */
static int take_up_to(size_t lane, int most)
{
    int64_t end_ms = clock_steady_ms() + WAIT_MS;
    struct error err = {0};
    int count = 0;

    while (count < most && clock_steady_ms() < end_ms) {
        struct message message;
        int64_t until_ms = clock_steady_ms() + 10;
        enum feed_news news = source_peek(cluster.source, lane, &message, &err);

        if (news == FEED_NOTHING) {
            struct pollfd wake =
                feed_poll(&cluster.consumer.readings.feeds[lane], clock_steady_ms(), &until_ms);
            system_clock.wait(&system_clock, &wake, 1, until_ms);
            continue;
        }
        assert_in_set(news, ((unsigned long[]){FEED_MESSAGE, FEED_END}), 2);
        source_take(cluster.source, lane);
        if (news == FEED_END)
            break;
        message_free(&message);
        count++;
    }
    return count;
}

static void each_feed_has_its_own_and_an_end(void **state)
{
    struct error err = {0};

    (void)state;
    assert_true(source_read(cluster.source, places, ARRAY_LENGTH(places), &err));
    assert_int_equal(take_up_to(0, MESSAGES + 1), MESSAGES);
    assert_int_equal(take_up_to(1, MESSAGES + 1), MESSAGES);
    assert_int_equal(source_log_end(cluster.source, 0, 0), MESSAGES);
}

static void a_partition_read_again_leaves_the_other_where_it_is(void **state)
{
    struct error err = {0};

    (void)state;
    assert_true(source_read(cluster.source, places, ARRAY_LENGTH(places), &err));
    assert_int_equal(take_up_to(0, 10), 10);
    assert_int_equal(take_up_to(1, 10), 10);
    assert_true(source_read(cluster.source, &places[0], 1, &err));
    assert_int_equal(take_up_to(0, MESSAGES + 1), MESSAGES);
    assert_int_equal(take_up_to(1, MESSAGES + 1), MESSAGES - 10);
}

static void what_is_halted_comes_no_more(void **state)
{
    struct error err = {0};
    struct message message;

    (void)state;
    assert_true(source_read(cluster.source, places, ARRAY_LENGTH(places), &err));
    assert_int_equal(take_up_to(0, 10), 10);
    assert_true(source_halt(cluster.source, &places[0], 1, &err));
    assert_int_equal(take_up_to(1, MESSAGES + 1), MESSAGES);
    assert_int_equal(source_peek(cluster.source, 0, &message, &err), FEED_NOTHING);
    /* Again there is nothing to halt, and nothing is begun again for it. */
    assert_true(source_halt(cluster.source, &places[0], 1, &err));
}

static void the_log_is_asked_for_and_offsets_are_written(void **state)
{
    struct error err = {0};
    int64_t first;
    int64_t end;

    (void)state;
    assert_true(source_log_range(cluster.source, 0, 0, &first, &end, &err));
    assert_int_equal(first, 0);
    assert_int_equal(end, MESSAGES);
    assert_int_equal(source_partition_count(cluster.source, 1), 1);
    source_commit(cluster.source, places, ARRAY_LENGTH(places));
}

static void the_loop_hears_of_the_group_at_its_turn(void **state)
{
    struct consumer *consumer = consumer_of(cluster.source);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    struct error err = {0};
    size_t count;

    (void)state;
    rd_kafka_topic_partition_list_add(list, "b", 0);
    consumer_on_rebalance(consumer->client, RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS, list, consumer);
    assert_int_equal(source_group(cluster.source, &err), GROUP_GIVEN);
    const struct place *given = source_given(cluster.source, &count);
    assert_int_equal(count, 1);
    assert_int_equal(given[0].topic, 1);
    assert_int_equal(source_group(cluster.source, &err), GROUP_NOTHING);
    consumer_on_rebalance(consumer->client, RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS, list, consumer);
    assert_int_equal(source_group(cluster.source, &err), GROUP_TAKEN_BACK);
    source_stop(cluster.source);
    rd_kafka_topic_partition_list_destroy(list);
}

static void assert_kbytes(size_t lane_count, const char *kbytes)
{
    struct consumer_kind kind = kind_of(lane_count);
    char value[32];
    size_t size = sizeof(value);
    struct error err = {0};
    rd_kafka_conf_t *conf = consumer_conf_new(&kind, &err);

    assert_non_null(conf);
    assert_int_equal(rd_kafka_conf_get(conf, "queued.max.messages.kbytes", value, &size),
                     RD_KAFKA_CONF_OK);
    assert_string_equal(value, kbytes);
    rd_kafka_conf_destroy(conf);
}

static void lanes_share_what_may_be_fetched(void **state)
{
    (void)state;
    assert_kbytes(1, "4096");
    assert_kbytes(2, "2048");
    assert_kbytes(16, "512");
}

static void what_the_promises_rest_on_cannot_be_changed(void **state)
{
    static char *forbidden[] = {"enable.auto.commit=true"};
    struct consumer_kind kind = kind_of(1);
    struct kafka_settings settings = cluster.settings;
    struct error err = {0};

    (void)state;
    settings.properties = (struct text_list){.items = forbidden, .count = 1};
    kind.settings = &settings;
    assert_null(consumer_conf_new(&kind, &err));
    assert_int_equal(err.kind, ERROR_CONFIGURATION);
}

static void a_consumer_of_a_topic_that_cannot_be_is_not_made(void **state)
{
    static char name[600];
    static char *impossible[] = {name};
    struct consumer_kind kind = kind_of(2);
    struct error err = {0};

    (void)state;
    memset(name, 't', sizeof(name) - 1);
    kind.topics = impossible;
    kind.topic_count = 1;
    assert_null(consumer_new(&kind, &err));
    assert_int_equal(err.kind, ERROR_CONFIGURATION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_feed_has_its_own_and_an_end),
        cmocka_unit_test(a_partition_read_again_leaves_the_other_where_it_is),
        cmocka_unit_test(what_is_halted_comes_no_more),
        cmocka_unit_test(the_log_is_asked_for_and_offsets_are_written),
        cmocka_unit_test(the_loop_hears_of_the_group_at_its_turn),
        cmocka_unit_test(lanes_share_what_may_be_fetched),
        cmocka_unit_test(what_the_promises_rest_on_cannot_be_changed),
        cmocka_unit_test(a_consumer_of_a_topic_that_cannot_be_is_not_made),
    };

    return cmocka_run_group_tests_name("kafka_source", tests, start, stop);
}
