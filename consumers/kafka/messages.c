#include "consumers/kafka/inside.h"

#include "common/base/log.h"
#include "common/kafka/client.h"

static bool begin(struct readings *readings, struct error *err)
{
    rd_kafka_resp_err_t code = readings_begin(readings);

    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, kafka_error_kind(code), "could not begin to read: %s",
                         rd_kafka_err2str(code));
    return true;
}

bool consumer_read(struct source *source, const struct place *places, size_t count,
                   struct error *err)
{
    struct readings *readings = &consumer_of(source)->readings;

    for (size_t i = 0; i < count; i++)
        *readings_get(readings, places[i].topic, places[i].partition) =
            (struct reading){.is_read = true, .lane = places[i].lane, .next = places[i].offset};
    return begin(readings, err);
}

bool consumer_halt(struct source *source, const struct place *places, size_t count,
                   struct error *err)
{
    struct readings *readings = &consumer_of(source)->readings;
    bool has_changed = false;

    for (size_t i = 0; i < count; i++) {
        struct reading *reading = readings_get(readings, places[i].topic, places[i].partition);

        has_changed = has_changed || reading->is_read;
        reading->is_read = false;
    }
    return !has_changed || begin(readings, err);
}

static void tell_return(struct consumer *self)
{
    if (self->is_away)
        log_info("Kafka is back");
    self->is_away = false;
}

/* The rest mends itself, such as a broker that is away. */
bool consumer_can_go_on(struct consumer *self, const rd_kafka_message_t *handle, struct error *err)
{
    char reason[512];

    if (handle->err == RD_KAFKA_RESP_ERR__FATAL) {
        rd_kafka_fatal_error(self->client, reason, sizeof(reason));
        return error_set(err, ERROR_UNAVAILABLE, "Kafka client: %s", reason);
    }
    if (kafka_error_kind(handle->err) == ERROR_NOT_AUTHORISED)
        return error_set(err, ERROR_NOT_AUTHORISED,
                         "Kafka refuses us: %s; grant this user to read the topics and the group "
                         "of --group",
                         rd_kafka_err2str(handle->err));
    log_debug("Kafka: %s", rd_kafka_message_errstr(handle));
    return true;
}

/* The message with its topic's place: mostly that of the one before. */
static void describe(struct consumer *self, rd_kafka_message_t *handle, struct message *message)
{
    *message = message_of(handle);
    if (handle->rkt != self->last_handle) {
        self->last_handle = handle->rkt;
        self->last_topic = topics_find(&self->topics, rd_kafka_topic_name(handle->rkt));
    }
    message->topic = self->last_topic;
}

enum feed_news consumer_peek(struct source *source, size_t lane, struct message *message,
                             struct error *err)
{
    struct consumer *self = consumer_of(source);
    struct feed *feed = &self->readings.feeds[lane];
    rd_kafka_message_t *handle;

    while ((handle = feed_peek(feed))) {
        if (handle->rkt)
            describe(self, handle, message);
        if (handle->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            return FEED_MESSAGE;
        if (handle->rkt && handle->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            return FEED_END;
        if (handle->rkt && handle->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
            return FEED_OUT_OF_RANGE;
        bool is_well = consumer_can_go_on(self, handle, err);
        feed_take(feed);
        rd_kafka_message_destroy(handle);
        if (!is_well)
            return FEED_FAILED;
    }
    return FEED_NOTHING;
}

void consumer_take(struct source *source, size_t lane)
{
    struct consumer *self = consumer_of(source);
    rd_kafka_message_t *handle = feed_peek(&self->readings.feeds[lane]);
    struct message message;

    describe(self, handle, &message);
    feed_take(&self->readings.feeds[lane]);
    struct reading *reading = readings_get(&self->readings, message.topic, message.partition);
    if (handle->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        reading->next = message.offset + 1;
        tell_return(self);
        return;
    }
    if (handle->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        tell_return(self);
    else
        reading->is_read = false;
    rd_kafka_message_destroy(handle);
}
