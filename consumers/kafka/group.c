#include "consumers/kafka/inside.h"

#include "common/base/log.h"
#include "common/base/memory.h"
#include "common/kafka/client.h"

/* Only notes what is given: the loop hears of it at its turn. */
void consumer_on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t code,
                           rd_kafka_topic_partition_list_t *list, void *opaque)
{
    struct consumer *self = opaque;

    (void)client;
    if (self->is_closing) {
        rd_kafka_assign(self->client, NULL);
        return;
    }
    self->given_count = 0;
    if (code != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        self->rebalance = GROUP_TAKEN_BACK;
        return;
    }
    self->rebalance = GROUP_GIVEN;
    self->given = memory_resize(self->given, (size_t)list->cnt, sizeof(*self->given));
    for (int i = 0; i < list->cnt; i++)
        self->given[self->given_count++] =
            (struct place){.topic = topics_find(&self->topics, list->elems[i].topic),
                           .partition = list->elems[i].partition};
}

void consumer_stop(struct source *source)
{
    readings_stop(&consumer_of(source)->readings, false);
}

/* An operator who reads the log shall see that it is Kafka we wait for. */
static void tell_outage(struct consumer *self)
{
    const char *reason = kafka_take_outage();

    if (!reason || self->is_away)
        return;
    self->is_away = true;
    log_warning("no broker answers: %s; waiting for one", reason);
}

enum group_news consumer_hear_group(struct source *source, struct error *err)
{
    struct consumer *self = consumer_of(source);

    wake_acknowledge(&self->group);
    for (;;) {
        rd_kafka_message_t *handle = rd_kafka_consumer_poll(self->client, 0);
        enum group_news news = self->rebalance;
        bool has_strayed = handle && handle->err == RD_KAFKA_RESP_ERR_NO_ERROR;
        bool is_well = !handle || has_strayed || consumer_can_go_on(self, handle, err);

        if (handle)
            rd_kafka_message_destroy(handle);
        self->rebalance = GROUP_NOTHING;
        if (!is_well)
            return GROUP_FAILED;
        /* Nothing to read yet, but the group need not wait for us until the database is there. */
        if (news == GROUP_GIVEN)
            readings_stop(&self->readings, true);
        if (news != GROUP_NOTHING)
            return news;
        if (!handle) {
            tell_outage(self);
            return GROUP_NOTHING;
        }
        /* A message that has missed its feed would be passed over: all are read again. */
        if (has_strayed && readings_begin(&self->readings) != RD_KAFKA_RESP_ERR_NO_ERROR)
            log_debug("a message has strayed, and reading could not begin again");
    }
}

const struct place *consumer_given(const struct source *source, size_t *count)
{
    const struct consumer *self = consumer_of_const(source);

    *count = self->given_count;
    return self->given;
}
