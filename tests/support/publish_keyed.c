/*
 * publish_keyed BROKERS TOPIC SCHEMA N: publishes N events of tests/data/bench/event_log.avsc in
 * Avro, the same for the same number, in turn to the topic's 8 partitions, lz4. Their ids look
 * random, as the key of a table that many write into does. For benchmarks: past the
 * producers and their checks. SCHEMA is the file; only its fingerprint is taken from it.
 */
#include <inttypes.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/avro/frame.h"
#include "common/avro/schema.h"

enum {
    PARTITIONS = 8,
    STAGES = 6,
    NOTES = 4096,
    NOTE_BYTES_MAX = 128,
    VALUE_BYTES_MAX = 512,
    POLL_EVERY = 4096,
    FLUSH_MS = 120000,
};

static const uint64_t since_ms = 1767225600000; /* 2026-01-01T00:00:00Z */
static const char *const sources[] = {"outreach-desk", "agreements", "training-portal"};
static const char *const channels[] = {"email",   "phone",   "web-form",
                                       "on-site", "partner", "letter"};
static const char *const places[][2] = {
    {"CA", "Ontario"},  {"CA", "Quebec"},      {"CA", "Alberta"},   {"CA", "British Columbia"},
    {"CA", "Manitoba"}, {"CA", "Nova Scotia"}, {"US", "Minnesota"}, {"FR", "Bretagne"},
    {"DE", "Sachsen"},  {"AR", "Cordoba"},
};
static const char *const currencies[] = {"CAD", "USD", "EUR", "ARS"};
static const char *const words[] = {
    "meeting", "call",   "agreed",  "follow",  "up",     "letter", "signed", "training",
    "session", "venue",  "booked",  "pending", "review", "by",     "the",    "regional",
    "office",  "second", "contact", "after",   "summer", "new",    "person", "in",
    "charge",  "asks",   "for",     "dates",   "and",    "costs",
};
static char notes[NOTES][NOTE_BYTES_MAX];

/* The last step of SplitMix64: a number that looks random for every number. */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

/* Words up to 70 to 93 bytes, the last one going beyond. */
static void make_notes(void)
{
    uint64_t n = 0;

    for (size_t i = 0; i < NOTES; i++) {
        size_t length = 0;

        while (length < 70 + mix(n++) % 24) {
            const char *word = words[mix(n++) % (sizeof(words) / sizeof(words[0]))];

            length += (size_t)snprintf(notes[i] + length, NOTE_BYTES_MAX - length, "%s ", word);
        }
        notes[i][length - 1] = '\0';
    }
}

static uint8_t *put_long(uint8_t *at, int64_t value)
{
    uint64_t rest = (uint64_t)value << 1 ^ (uint64_t)(value >> 63);

    for (; rest >= 0x80; rest >>= 7)
        *at++ = (uint8_t)(rest | 0x80);
    *at++ = (uint8_t)rest;
    return at;
}

static uint8_t *put_text(uint8_t *at, const char *text)
{
    size_t length = strlen(text);

    at = put_long(at, (int64_t)length);
    memcpy(at, text, length);
    return at + length;
}

/* Version 4, as far as the form goes. */
static uint8_t *put_id(uint8_t *at, uint64_t high, uint64_t low)
{
    static const char digits[] = "0123456789abcdef";

    high = (high & ~(uint64_t)0xf000) | 0x4000;
    low = (low & ~((uint64_t)0xc000 << 48)) | (uint64_t)0x8000 << 48;
    at = put_long(at, 36);
    for (int i = 0; i < 32; i++) {
        uint64_t half = i < 16 ? high : low;

        if (i == 8 || i == 12 || i == 16 || i == 20)
            *at++ = '-';
        *at++ = (uint8_t)digits[half >> (60 - i % 16 * 4) & 0xf];
    }
    return at;
}

/* Not negative: two's complement, highest byte first, no byte more than it needs. */
static uint8_t *put_decimal(uint8_t *at, uint64_t unscaled)
{
    int bytes = 1;

    while (unscaled >> (8 * bytes - 1))
        bytes++;
    at = put_long(at, bytes);
    while (bytes-- > 0)
        *at++ = (uint8_t)(unscaled >> (8 * bytes));
    return at;
}

/* The body of the n-th event, whose key goes to `org`; to its end. */
static uint8_t *put_event(uint8_t *at, uint64_t n, char *org, size_t org_size)
{
    char campaign[32];
    uint64_t h = mix(n);
    uint64_t g = mix(n ^ 0xabcdef12345U);
    int64_t occurred_ms = (int64_t)(since_ms + n * 20);

    snprintf(campaign, sizeof(campaign), "cmp-2026-%04d", (int)((h >> 16) % 400));
    snprintf(org, org_size, "org-%08d", (int)((g >> 16) % 50000));
    at = put_id(at, h, g);
    at = put_text(at, sources[g % 3]);
    at = put_long(at, occurred_ms);
    at = put_long(at, occurred_ms + (int64_t)(g % 5000));
    at = put_long(at, (int64_t)((h >> 8) % STAGES));
    at = put_text(at, channels[(g >> 8) % 6]);
    at = put_text(at, campaign);
    at = put_text(at, org);
    at = put_long(at, (int64_t)((h >> 24) % 250));
    at = put_text(at, places[h % 10][0]);
    at = put_text(at, places[h % 10][1]);
    at = put_decimal(at, (h >> 32) % 90000 * 100 + (h >> 20) % 100);
    at = put_text(at, currencies[(g >> 24) % 4]);
    return put_text(at, notes[(g >> 32) % NOTES]);
}

static rd_kafka_t *open_client(const char *brokers)
{
    static const char *const settings[][2] = {
        {"compression.type", "lz4"},
        {"linger.ms", "20"},
        {"enable.idempotence", "true"},
        {"queue.buffering.max.messages", "200000"},
    };
    char reason[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, NULL, 0);
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
        rd_kafka_conf_set(conf, settings[i][0], settings[i][1], NULL, 0);
    return rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
}

/* Waits where librdkafka holds as many as it may. */
static bool publish(rd_kafka_t *client, rd_kafka_topic_t *topic, uint64_t n, const uint8_t *value,
                    size_t length, const char *key)
{
    while (rd_kafka_produce(topic, (int32_t)(n % PARTITIONS), RD_KAFKA_MSG_F_COPY, (void *)value,
                            length, key, strlen(key), NULL)
           != 0) {
        if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            return false;
        rd_kafka_poll(client, 100);
    }
    if (n % POLL_EVERY == 0)
        rd_kafka_poll(client, 0);
    return true;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    uint8_t value[VALUE_BYTES_MAX];
    char key[32];
    uint64_t bytes = 0;
    uint64_t count = argc == 5 ? strtoull(argv[4], NULL, 10) : 0;
    bool ok = true;

    if (count == 0) {
        fprintf(stderr, "usage: publish_keyed BROKERS TOPIC SCHEMA N\n");
        return 64;
    }
    struct schema *schema = schema_load(argv[3], &err);
    if (!schema) {
        fprintf(stderr, "publish_keyed: %s\n", err.message);
        return 78;
    }
    frame_write_head(schema->fingerprint, value);
    schema_free(schema);
    make_notes();

    rd_kafka_t *client = open_client(argv[1]);
    rd_kafka_topic_t *topic = client ? rd_kafka_topic_new(client, argv[2], NULL) : NULL;
    if (!topic)
        return 70;
    for (uint64_t n = 0; ok && n < count; n++) {
        const uint8_t *end = put_event(value + FRAME_SINGLE_OBJECT_BYTES, n, key, sizeof(key));

        bytes += (uint64_t)(end - value);
        ok = publish(client, topic, n, value, (size_t)(end - value), key);
    }
    ok = rd_kafka_flush(client, FLUSH_MS) == RD_KAFKA_RESP_ERR_NO_ERROR && ok;
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(client);
    printf("%" PRIu64 " events of %.1f bytes\n", count, (double)bytes / (double)count);
    return ok ? 0 : 1;
}
