/*
 * The consumer of librdkafka against its mock cluster. Who joins a group waits three seconds
 * there: the tests that read share one consumer.
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
#include "consumers/kafka/consumer.h"

enum { MESSAGES = 4000, WAIT_MS = 10000, LANES = 2 };
enum { TOPIC_A, TOPIC_B, TOPICS };

static char *topics[TOPICS] = {"a", "b"};
static char *properties[] = {"heartbeat.interval.ms=50", "session.timeout.ms=3500",
                             "fetch.wait.max.ms=5",      "fetch.error.backoff.ms=5",
                             "reconnect.backoff.ms=20",  "reconnect.backoff.max.ms=50"};

static struct cluster {
    rd_kafka_t *owner;
    rd_kafka_mock_cluster_t *mock;
    struct kafka_settings settings;
    struct source *source;
} cluster;

static struct {
    int warnings;
    char last[256];
} lines;

static void take_line(enum log_level level, const char *message)
{
    if (level == LOG_LEVEL_DEBUG)
        return;
    lines.warnings += level == LOG_LEVEL_WARNING;
    snprintf(lines.last, sizeof(lines.last), "%s", message);
}

static rd_kafka_t *new_client(rd_kafka_type_t type, const char *group)
{
    char reason[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    rd_kafka_conf_set(conf, "log_level", "0", reason, sizeof(reason));
    if (cluster.settings.brokers)
        rd_kafka_conf_set(conf, "bootstrap.servers", cluster.settings.brokers, reason,
                          sizeof(reason));
    if (group)
        rd_kafka_conf_set(conf, "group.id", group, reason, sizeof(reason));
    rd_kafka_t *client = rd_kafka_new(type, conf, reason, sizeof(reason));
    if (!client)
        fail_msg("%s", reason);
    return client;
}

static void publish(rd_kafka_t *producer, const char *topic, int32_t partition, int count)
{
    for (int i = 0; i < count; i++) {
        char value[32];

        snprintf(value, sizeof(value), "%s/%d@%d", topic, (int)partition, i);
        const rd_kafka_vu_t arguments[] = {
            {.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = topic},
            {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = partition},
            {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {.ptr = value, .size = strlen(value)}},
            {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY}};
        assert_null(rd_kafka_produceva(producer, arguments, ARRAY_LENGTH(arguments)));
    }
}

static struct consumer_kind kind_of(const char *group)
{
    return (struct consumer_kind){.settings = &cluster.settings,
                                  .group = group,
                                  .topics = topics,
                                  .topic_count = TOPICS,
                                  .lane_count = LANES};
}

static void turn_once(struct source *source)
{
    struct pollfd descriptor = source_poll_group(source);

    poll(&descriptor, 1, 5);
}

/* Long enough for the mock cluster to answer something. */
static void rest(void)
{
    poll(NULL, 0, 5);
}

static enum group_news wait_for_group(struct source *source)
{
    struct error err = {0};
    int64_t until_ms = clock_steady_ms() + WAIT_MS;

    while (clock_steady_ms() < until_ms) {
        enum group_news news = source_group(source, &err);

        if (news == GROUP_FAILED)
            fail_msg("%s", err.message);
        if (news != GROUP_NOTHING)
            return news;
        turn_once(source);
    }
    return GROUP_NOTHING;
}

static int start(void **state)
{
    struct consumer_kind kind = kind_of("shared");
    struct error err = {0};

    (void)state;
    log_open("tested", LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
    log_divert(take_line);
    cluster.owner = new_client(RD_KAFKA_PRODUCER, NULL);
    cluster.mock = rd_kafka_mock_cluster_new(cluster.owner, 1);
    rd_kafka_mock_topic_create(cluster.mock, "a", 2, 1);
    rd_kafka_mock_topic_create(cluster.mock, "b", 1, 1);
    cluster.settings.brokers = memory_copy_text(rd_kafka_mock_cluster_bootstraps(cluster.mock));
    cluster.settings.properties =
        (struct text_list){.items = properties, .count = ARRAY_LENGTH(properties)};

    rd_kafka_t *producer = new_client(RD_KAFKA_PRODUCER, NULL);
    publish(producer, "a", 0, MESSAGES);
    publish(producer, "a", 1, MESSAGES);
    publish(producer, "b", 0, MESSAGES);
    assert_int_equal(rd_kafka_flush(producer, WAIT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_destroy(producer);
    cluster.source = consumer_new(&kind, &err);
    if (!cluster.source)
        fail_msg("%s", err.message);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    source_free(cluster.source);
    rd_kafka_mock_cluster_destroy(cluster.mock);
    rd_kafka_destroy(cluster.owner);
    free(cluster.settings.brokers);
    log_divert(NULL);
    return 0;
}

static int stop_reading(void **state)
{
    (void)state;
    source_stop(cluster.source);
    return 0;
}

/* What the lane's feed has; waits for it. */
static enum feed_news wait_for_feed(size_t lane, struct message *message)
{
    struct source *source = cluster.source;
    struct error err = {0};
    int64_t end_ms = clock_steady_ms() + WAIT_MS;

    for (;;) {
        enum feed_news news = source_peek(source, lane, message, &err);
        int64_t now_ms = clock_steady_ms();
        int64_t until_ms = end_ms;

        if (news == FEED_FAILED)
            fail_msg("%s", err.message);
        if (news != FEED_NOTHING || now_ms >= end_ms)
            return news;
        struct pollfd descriptor = source_poll_feed(source, lane, now_ms, &until_ms);
        source_tend(source, now_ms, &until_ms);
        assert_int_equal(source_group(source, &err), GROUP_NOTHING);
        poll(&descriptor, 1, (int)(until_ms - now_ms));
    }
}

static void read_from(const struct place *places, size_t count)
{
    struct error err = {0};

    if (!source_read(cluster.source, places, count, &err))
        fail_msg("%s", err.message);
}

/* Whether a message is that of its offset, whatever was read before. */
static void is_itself(const struct message *message)
{
    char value[32];

    snprintf(value, sizeof(value), "%s/%d@%d", topics[message->topic], (int)message->partition,
             (int)message->offset);
    assert_int_equal(message->value_length, strlen(value));
    assert_memory_equal(message->value, value, strlen(value));
    assert_true(message->published_us > 0);
}

/* One more of the lane's feed: how far each partition is read, and which have ended. */
struct reader {
    int64_t next[TOPICS][2];
    bool has_ended[TOPICS][2];
};

static enum feed_news take_one(struct reader *reader, size_t lane)
{
    struct message message;
    struct message again;
    struct error err;
    enum feed_news news = wait_for_feed(lane, &message);

    assert_in_set(news, ((unsigned long[]){FEED_MESSAGE, FEED_END}), 2);
    assert_int_equal(source_peek(cluster.source, lane, &again, &err), news);
    assert_int_equal(again.offset, message.offset);
    assert_int_equal(message.offset, reader->next[message.topic][message.partition]);
    source_take(cluster.source, lane);
    if (news == FEED_END) {
        reader->has_ended[message.topic][message.partition] = true;
        return news;
    }
    is_itself(&message);
    reader->next[message.topic][message.partition]++;
    message_free(&message);
    return news;
}

static void the_group_gives_every_partition_of_every_topic(void **state)
{
    size_t count = 0;
    bool is_given[TOPICS][2] = {{false}};

    (void)state;
    assert_int_equal(source_partition_count(cluster.source, TOPIC_A), 2);
    assert_int_equal(source_partition_count(cluster.source, TOPIC_B), 1);
    assert_int_equal(wait_for_group(cluster.source), GROUP_GIVEN);
    const struct place *given = source_given(cluster.source, &count);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++)
        is_given[given[i].topic][given[i].partition] = true;
    assert_true(is_given[TOPIC_A][0] && is_given[TOPIC_A][1] && is_given[TOPIC_B][0]);
}

static void each_lane_has_its_partitions_in_the_order_of_their_logs_to_the_end(void **state)
{
    static const struct place places[] = {{.topic = TOPIC_A, .partition = 0, .lane = 0},
                                          {.topic = TOPIC_A, .partition = 1, .lane = 1},
                                          {.topic = TOPIC_B, .partition = 0, .lane = 1}};
    struct reader reader = {0};

    (void)state;
    read_from(places, ARRAY_LENGTH(places));
    while (!reader.has_ended[TOPIC_A][0])
        take_one(&reader, 0);
    assert_int_equal(reader.next[TOPIC_A][1], 0);
    while (!reader.has_ended[TOPIC_A][1] || !reader.has_ended[TOPIC_B][0])
        take_one(&reader, 1);
    assert_int_equal(reader.next[TOPIC_A][0], MESSAGES);
    assert_int_equal(reader.next[TOPIC_A][1], MESSAGES);
    assert_int_equal(reader.next[TOPIC_B][0], MESSAGES);
    assert_int_equal(source_log_end(cluster.source, TOPIC_B, 0), MESSAGES);
}

/* Some are taken, some are fetched and not taken, some are on their way. */
static void reading_one_partition_again_loses_and_repeats_nothing_of_others(void **state)
{
    enum { TIMES = 200 };
    static const struct place places[] = {{.topic = TOPIC_A, .partition = 0, .lane = 0},
                                          {.topic = TOPIC_A, .partition = 1, .lane = 1},
                                          {.topic = TOPIC_B, .partition = 0, .lane = 1}};
    struct reader reader = {0};
    unsigned random = 1;

    (void)state;
    read_from(places, ARRAY_LENGTH(places));
    for (int i = 0; i < TIMES; i++) {
        random = random * 1103515245 + 12345;
        for (unsigned j = 0; j < (random >> 16) % 12; j++)
            take_one(&reader, 0);
        for (unsigned j = 0; j < (random >> 20) % 12; j++)
            take_one(&reader, 1);
        /* At times from where it is, at times from before. */
        int64_t back = i % 3 ? 0 : reader.next[TOPIC_A][0] / 2;
        reader.next[TOPIC_A][0] -= back;
        struct place again = places[0];
        again.offset = reader.next[TOPIC_A][0];
        read_from(&again, 1);
    }
    while (take_one(&reader, 0) != FEED_END)
        continue;
    reader.has_ended[TOPIC_A][1] = reader.has_ended[TOPIC_B][0] = false;
    while (!reader.has_ended[TOPIC_A][1] || !reader.has_ended[TOPIC_B][0])
        take_one(&reader, 1);
    assert_int_equal(reader.next[TOPIC_A][0], MESSAGES);
    assert_int_equal(reader.next[TOPIC_A][1], MESSAGES);
    assert_int_equal(reader.next[TOPIC_B][0], MESSAGES);
}

static void a_partition_moves_to_another_lane(void **state)
{
    struct place place = {.topic = TOPIC_A, .partition = 0, .lane = 0};
    struct reader reader = {0};
    struct message message;
    struct error err;

    (void)state;
    read_from(&place, 1);
    for (int i = 0; i < 10; i++)
        take_one(&reader, 0);
    place.lane = 1;
    place.offset = reader.next[TOPIC_A][0];
    read_from(&place, 1);
    for (int i = 0; i < 1000; i++)
        take_one(&reader, 1);
    assert_int_equal(source_peek(cluster.source, 0, &message, &err), FEED_NOTHING);
}

static void after_a_stop_nothing_comes(void **state)
{
    static const struct place place = {.topic = TOPIC_A, .partition = 0, .lane = 0};
    struct reader reader = {0};
    struct message message;
    struct error err;

    (void)state;
    read_from(&place, 1);
    take_one(&reader, 0);
    source_stop(cluster.source);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(source_peek(cluster.source, 0, &message, &err), FEED_NOTHING);
        rest();
    }
}

/* A and B share the feed; of A only what comes before the halt is seen, and nothing is missing of
 * B. */
static void what_is_halted_comes_no_more_and_others_go_on_where_they_are(void **state)
{
    static const struct place places[] = {{.topic = TOPIC_A, .partition = 0, .lane = 0},
                                          {.topic = TOPIC_B, .partition = 0, .lane = 0}};
    struct reader reader = {0};
    struct error err = {0};

    (void)state;
    read_from(places, ARRAY_LENGTH(places));
    for (int i = 0; i < 20; i++)
        take_one(&reader, 0);
    int64_t halted_at = reader.next[TOPIC_A][0];
    assert_true(source_halt(cluster.source, &places[0], 1, &err));
    while (!reader.has_ended[TOPIC_B][0])
        take_one(&reader, 0);
    assert_int_equal(reader.next[TOPIC_B][0], MESSAGES);
    assert_int_equal(reader.next[TOPIC_A][0], halted_at);
}

static void a_position_outside_of_the_log_is_told_with_its_partition(void **state)
{
    static const struct place places[] = {
        {.topic = TOPIC_A, .partition = 1, .lane = 0, .offset = MESSAGES + 1000},
        {.topic = TOPIC_B, .partition = 0, .lane = 1}};
    struct reader reader = {0};
    struct message message;
    struct error err;

    (void)state;
    read_from(places, ARRAY_LENGTH(places));
    assert_int_equal(wait_for_feed(0, &message), FEED_OUT_OF_RANGE);
    assert_int_equal(message.topic, TOPIC_A);
    assert_int_equal(message.partition, 1);
    source_take(cluster.source, 0);
    take_one(&reader, 1);
    /* It is not read any more, also where others are read again. */
    read_from(&(struct place){.topic = TOPIC_B, .lane = 1, .offset = reader.next[TOPIC_B][0]}, 1);
    for (int i = 0; i < 60; i++) {
        take_one(&reader, 1);
        assert_int_equal(source_peek(cluster.source, 0, &message, &err), FEED_NOTHING);
        rest();
    }
}

static void a_feed_that_has_more_is_to_be_turned_now(void **state)
{
    static const struct place place = {.topic = TOPIC_A, .partition = 0, .lane = 0};
    struct reader reader = {0};
    struct message message;

    (void)state;
    read_from(&place, 1);
    wait_for_feed(0, &message);
    int64_t until_ms = 1000;
    struct pollfd descriptor = source_poll_feed(cluster.source, 0, 5, &until_ms);
    assert_int_equal(until_ms, 5);
    assert_int_equal(descriptor.events, POLLIN);
    while (take_one(&reader, 0) != FEED_END)
        continue;
    until_ms = 1000;
    source_poll_feed(cluster.source, 0, 5, &until_ms);
    assert_int_equal(until_ms, 1000);
}

static void the_ends_of_a_log_are_asked_for(void **state)
{
    int64_t first = -1;
    int64_t end = -1;
    struct error err = {0};

    (void)state;
    assert_true(source_log_range(cluster.source, TOPIC_A, 1, &first, &end, &err));
    assert_int_equal(first, 0);
    assert_int_equal(end, MESSAGES);
    assert_false(source_log_range(cluster.source, TOPIC_A, 99, &first, &end, &err));
    assert_int_equal(err.kind, ERROR_CONFIGURATION);
    assert_ptr_equal(strstr(err.message, "could not ask for the offsets of a/99: "), err.message);
    assert_int_equal(source_log_end(cluster.source, TOPIC_A, 99), 0);
}

static void offsets_are_committed_for_displays(void **state)
{
    static const struct place places[] = {{.topic = TOPIC_A, .partition = 1, .offset = 123},
                                          {.topic = TOPIC_B, .partition = 0, .offset = 7}};
    rd_kafka_t *display = new_client(RD_KAFKA_CONSUMER, "shared");
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(2);
    int64_t until_ms = clock_steady_ms() + WAIT_MS;

    (void)state;
    source_commit(cluster.source, places, ARRAY_LENGTH(places));
    rd_kafka_topic_partition_list_add(list, "a", 1);
    rd_kafka_topic_partition_list_add(list, "b", 0);
    do
        assert_int_equal(rd_kafka_committed(display, list, WAIT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
    while (list->elems[1].offset < 0 && clock_steady_ms() < until_ms);
    assert_int_equal(list->elems[0].offset, 123);
    assert_int_equal(list->elems[1].offset, 7);
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy(display);
}

/* A heartbeat is answered so when somebody joins or leaves. */
static void what_the_group_takes_back_it_gives_anew(void **state)
{
    enum { HEARTBEAT = 12 };
    static const struct place place = {.topic = TOPIC_A, .partition = 0, .lane = 0};
    struct reader reader = {0};
    size_t count = 0;

    (void)state;
    read_from(&place, 1);
    take_one(&reader, 0);
    rd_kafka_mock_push_request_errors(cluster.mock, HEARTBEAT, 1,
                                      RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS);
    assert_int_equal(wait_for_group(cluster.source), GROUP_TAKEN_BACK);
    source_given(cluster.source, &count);
    assert_int_equal(count, 0);
    source_stop(cluster.source);
    assert_int_equal(wait_for_group(cluster.source), GROUP_GIVEN);
    source_given(cluster.source, &count);
    assert_int_equal(count, 3);
    read_from(&(struct place){.offset = 1}, 1);
    take_one(&reader, 0);
}

static void a_group_that_refuses_us_ends_the_consumer(void **state)
{
    enum { FIND_COORDINATOR = 10 };
    struct consumer_kind kind = kind_of("forbidden");
    struct error err = {0};
    enum group_news news = GROUP_NOTHING;

    (void)state;
    rd_kafka_mock_push_request_errors(cluster.mock, FIND_COORDINATOR, 1,
                                      RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED);
    struct source *source = consumer_new(&kind, &err);
    assert_non_null(source);
    for (int i = 0; i < 1000 && news == GROUP_NOTHING; i++) {
        news = source_group(source, &err);
        turn_once(source);
    }
    assert_int_equal(news, GROUP_FAILED);
    assert_int_equal(err.kind, ERROR_NOT_AUTHORISED);
    assert_ptr_equal(strstr(err.message, "Kafka refuses us: "), err.message);
    source_free(source);
}

static void a_topic_that_refuses_us_ends_the_consumer(void **state)
{
    enum { FETCH = 1 };
    static const struct place place = {.topic = TOPIC_A, .partition = 0, .lane = 1};
    struct message message;
    struct error err = {0};
    enum feed_news news = FEED_NOTHING;

    (void)state;
    rd_kafka_mock_push_request_errors(cluster.mock, FETCH, 1,
                                      RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    read_from(&place, 1);
    for (int i = 0; i < 1000 && news == FEED_NOTHING; i++) {
        news = source_peek(cluster.source, 1, &message, &err);
        turn_once(cluster.source);
    }
    assert_int_equal(news, FEED_FAILED);
    assert_int_equal(err.kind, ERROR_NOT_AUTHORISED);
    assert_ptr_equal(strstr(err.message, "Kafka refuses us: "), err.message);
}

static void a_broker_that_is_away_is_told_once_and_so_is_its_return(void **state)
{
    static const struct place place = {.topic = TOPIC_B, .partition = 0, .lane = 0};
    struct reader reader = {0};
    struct error err = {0};
    int64_t until_ms = clock_steady_ms() + WAIT_MS;

    (void)state;
    lines.warnings = 0;
    rd_kafka_mock_broker_set_down(cluster.mock, 1);
    while (lines.warnings == 0 && clock_steady_ms() < until_ms) {
        assert_int_equal(source_group(cluster.source, &err), GROUP_NOTHING);
        turn_once(cluster.source);
    }
    assert_ptr_equal(strstr(lines.last, "no broker answers: "), lines.last);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(source_group(cluster.source, &err), GROUP_NOTHING);
        turn_once(cluster.source);
    }
    assert_int_equal(lines.warnings, 1);
    rd_kafka_mock_broker_set_up(cluster.mock, 1);
    read_from(&place, 1);
    take_one(&reader, 0);
    assert_string_equal(lines.last, "Kafka is back");
}

/* What a consumer is refused for before it joins anything. */
struct refusal_case {
    const char *name;
    char *topic;
    rd_kafka_resp_err_t topic_error;
    char *property;
    enum error_kind kind;
    const char *message;
};

static char long_name[600];

static struct refusal_case refusals[] = {
    {"a topic that is missing", "missing", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, NULL,
     ERROR_CONFIGURATION, "topic \"missing\" cannot be read: "},
    {"a topic that may not be read", "forbidden", RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
     NULL, ERROR_NOT_AUTHORISED, "topic \"forbidden\" cannot be read: "},
    {"a topic of a name that cannot be", long_name, RD_KAFKA_RESP_ERR_NO_ERROR, NULL,
     ERROR_CONFIGURATION, "\"tttttttt"},
    {"a setting that our promises rest on", "a", RD_KAFKA_RESP_ERR_NO_ERROR,
     "enable.auto.commit=true", ERROR_CONFIGURATION, "\"enable.auto.commit\" cannot be changed"},
    {"a setting that there is none of", "a", RD_KAFKA_RESP_ERR_NO_ERROR, "no.such=1",
     ERROR_CONFIGURATION, "librdkafka "},
};

static void a_consumer_is_refused_with_the_reason(void **state)
{
    const struct refusal_case *row = *state;
    char *property = row->property;
    char *topic = row->topic;
    struct kafka_settings settings = {.brokers = cluster.settings.brokers};
    struct consumer_kind kind = {.settings = &settings,
                                 .group = "refused",
                                 .topics = &topic,
                                 .topic_count = 1,
                                 .lane_count = 1};
    struct error err = {0};

    if (property)
        settings.properties = (struct text_list){&property, 1};
    memset(long_name, 't', sizeof(long_name) - 1);
    if (row->topic_error)
        rd_kafka_mock_topic_set_error(cluster.mock, row->topic, row->topic_error);
    assert_null(consumer_new(&kind, &err));
    assert_int_equal(err.kind, row->kind);
    if (strncmp(err.message, row->message, strlen(row->message)) != 0)
        assert_string_equal(err.message, row->message);
}

int main(void)
{
    enum { OTHERS = 14 };
    struct CMUnitTest tests[OTHERS + ARRAY_LENGTH(refusals)] = {
        cmocka_unit_test(the_group_gives_every_partition_of_every_topic),
        cmocka_unit_test_teardown(
            each_lane_has_its_partitions_in_the_order_of_their_logs_to_the_end, stop_reading),
        cmocka_unit_test_teardown(reading_one_partition_again_loses_and_repeats_nothing_of_others,
                                  stop_reading),
        cmocka_unit_test_teardown(a_partition_moves_to_another_lane, stop_reading),
        cmocka_unit_test_teardown(after_a_stop_nothing_comes, stop_reading),
        cmocka_unit_test_teardown(what_is_halted_comes_no_more_and_others_go_on_where_they_are,
                                  stop_reading),
        cmocka_unit_test_teardown(a_position_outside_of_the_log_is_told_with_its_partition,
                                  stop_reading),
        cmocka_unit_test_teardown(a_feed_that_has_more_is_to_be_turned_now, stop_reading),
        cmocka_unit_test(the_ends_of_a_log_are_asked_for),
        cmocka_unit_test(offsets_are_committed_for_displays),
        cmocka_unit_test_teardown(what_the_group_takes_back_it_gives_anew, stop_reading),
        cmocka_unit_test(a_group_that_refuses_us_ends_the_consumer),
        cmocka_unit_test_teardown(a_topic_that_refuses_us_ends_the_consumer, stop_reading),
        cmocka_unit_test_teardown(a_broker_that_is_away_is_told_once_and_so_is_its_return,
                                  stop_reading),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++)
        tests[OTHERS + i] =
            test_row(refusals[i].name, a_consumer_is_refused_with_the_reason, &refusals[i]);
    return cmocka_run_group_tests_name("consumer", tests, start, stop);
}
