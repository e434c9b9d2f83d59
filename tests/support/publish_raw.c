/*
 * publish_raw BROKERS [FILE [commit|abort]]: publishes messages as they stand, past the
 * producers and their checks; with a third word, as one transaction that ends so.
 * A line is topic, key in hex and value in hex, tab-separated, - for none; further columns and
 * lines that begin with # are passed over. Equal keys go to equal partitions.
 */
#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* In place; NULL for "-". */
static char *from_hex(char *text, size_t *length)
{
    *length = 0;
    if (strcmp(text, "-") == 0)
        return NULL;
    for (; text[2 * *length] && text[2 * *length + 1]; (*length)++)
        text[*length] =
            (char)(hex_digit(text[2 * *length]) << 4 | hex_digit(text[2 * *length + 1]));
    return text;
}

static rd_kafka_t *open_client(const char *brokers, bool is_transaction)
{
    char reason[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, NULL, 0);
    rd_kafka_conf_set(conf, "partitioner", "murmur2_random", NULL, 0);
    rd_kafka_conf_set(conf, "enable.idempotence", "true", NULL, 0);
    /* How large is too large is the broker's to say. */
    rd_kafka_conf_set(conf, "message.max.bytes", "10000000", NULL, 0);
    if (is_transaction)
        rd_kafka_conf_set(conf, "transactional.id", "publish_raw", NULL, 0);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
    if (is_transaction
        && (rd_kafka_init_transactions(client, 30000) || rd_kafka_begin_transaction(client)))
        return NULL;
    return client;
}

static int publish(rd_kafka_t *client, char *line)
{
    char *rest = NULL;
    char *topic = strtok_r(line, "\t\n", &rest);
    char *key = strtok_r(NULL, "\t\n", &rest);
    char *value = strtok_r(NULL, "\t\n", &rest);
    size_t key_length;
    size_t value_length;

    if (!topic || topic[0] == '#' || !key || !value)
        return 0;
    key = from_hex(key, &key_length);
    value = from_hex(value, &value_length);
    rd_kafka_topic_t *handle = rd_kafka_topic_new(client, topic, NULL);
    int code = rd_kafka_produce(handle, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, value,
                                value_length, key, key_length, NULL);
    rd_kafka_topic_destroy(handle);
    rd_kafka_poll(client, 0);
    return code;
}

int main(int argc, char **argv)
{
    char *line = NULL;
    size_t size = 0;
    int failures = 0;
    const char *end = argc > 3 ? argv[3] : NULL;
    rd_kafka_t *client = argc > 1 ? open_client(argv[1], end != NULL) : NULL;
    FILE *file = argc > 2 ? fopen(argv[2], "r") : stdin;

    if (!client || !file) {
        fprintf(stderr, "usage: publish_raw BROKERS [FILE [commit|abort]]\n");
        return 64;
    }
    while (getline(&line, &size, file) != -1)
        failures += publish(client, line) != 0;
    failures += rd_kafka_flush(client, 30000) != 0;
    if (end && strcmp(end, "abort") == 0)
        failures += rd_kafka_abort_transaction(client, 30000) != NULL;
    else if (end)
        failures += rd_kafka_commit_transaction(client, 30000) != NULL;
    free(line);
    rd_kafka_destroy(client);
    return failures ? 1 : 0;
}
