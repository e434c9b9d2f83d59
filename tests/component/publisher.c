/* The publisher against librdkafka's mock cluster, whose brokers stumble when they are told to. */
#include "tests/support/check.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "producers/publish/publisher.h"

enum { EVENTS = 100 };

struct cluster {
    rd_kafka_t *owner;
    rd_kafka_mock_cluster_t *mock;
    struct kafka_settings kafka;
    struct publisher_settings settings;
    struct event event;
};

static int start(void **state)
{
    static struct cluster cluster;
    char reason[256];

    cluster = (struct cluster){0};
    cluster.owner = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), reason, sizeof(reason));
    cluster.mock = rd_kafka_mock_cluster_new(cluster.owner, 1);
    rd_kafka_mock_topic_create(cluster.mock, "tested", 3, 1);
    cluster.kafka.brokers = memory_copy_text(rd_kafka_mock_cluster_bootstraps(cluster.mock));
    cluster.settings = (struct publisher_settings){.kafka = &cluster.kafka,
                                                   .program = "tested",
                                                   .topic = "tested",
                                                   .type = "tested",
                                                   .delivery_timeout_s = 2};
    event_init(&cluster.event);
    snprintf(cluster.event.id, sizeof(cluster.event.id), "018180ea-8b00-8d1e-9c51-3f8e4bd3a0c2");
    snprintf(cluster.event.source, sizeof(cluster.event.source), "pk.gov.test");
    *state = &cluster;
    return buffer_append_text(&cluster.event.key, "key")
                   && buffer_append_text(&cluster.event.value, "value")
               ? 0
               : -1;
}

static int stop(void **state)
{
    struct cluster *cluster = *state;

    event_clear(&cluster->event);
    free(cluster->kafka.brokers);
    rd_kafka_mock_cluster_destroy(cluster->mock);
    rd_kafka_destroy(cluster->owner);
    return 0;
}

static struct publisher *publish_some(struct cluster *cluster, struct error *err)
{
    struct publisher *publisher = publisher_new(&cluster->settings, err);

    if (!publisher)
        fail_msg("%s", err->message);
    for (int i = 0; i < EVENTS; i++)
        assert_true(publisher_send(publisher, &cluster->event, i, err));
    return publisher;
}

static void a_broker_that_stumbles_loses_nothing(void **state)
{
    enum { PRODUCE_REQUEST = 0 };
    struct cluster *cluster = *state;
    struct error err = {0};

    rd_kafka_mock_push_request_errors(cluster->mock, PRODUCE_REQUEST, 2,
                                      RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                                      RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS);
    struct publisher *publisher = publish_some(cluster, &err);
    if (!publisher_finish(publisher, &err))
        fail_msg("%s", err.message);
    assert_int_equal(publisher_counts(publisher)->acknowledged, EVENTS);
    publisher_free(publisher);
}

static void what_is_not_acknowledged_in_time_is_said(void **state)
{
    struct cluster *cluster = *state;
    struct error err = {0};
    struct publisher *publisher = publisher_new(&cluster->settings, &err);

    assert_non_null(publisher);
    rd_kafka_mock_broker_set_down(cluster->mock, 1);
    for (int i = 0; i < EVENTS; i++)
        assert_true(publisher_send(publisher, &cluster->event, i, &err));
    assert_false(publisher_finish(publisher, &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_non_null(strstr(err.message, "100 of 100 events were not acknowledged"));
    assert_int_equal(publisher_counts(publisher)->acknowledged, 0);
    publisher_free(publisher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_broker_that_stumbles_loses_nothing, start, stop),
        cmocka_unit_test_setup_teardown(what_is_not_acknowledged_in_time_is_said, start, stop),
    };

    return cmocka_run_group_tests_name("publisher", tests, NULL, NULL);
}
