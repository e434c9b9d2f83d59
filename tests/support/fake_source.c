#include "tests/support/check.h"

#include "tests/support/fake_source.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/base/clock.h"
#include "tests/support/fake_diary.h"

static struct fake_source *of(const struct source *source)
{
    return (struct fake_source *)(uintptr_t)source;
}

static void free_source(struct source *source)
{
    (void)source;
    diary_note("kafka: closed");
}

static size_t partition_count(const struct source *source, size_t topic)
{
    return of(source)->partition_counts[topic];
}

static enum group_news group(struct source *source, struct error *err)
{
    struct fake_source *self = of(source);

    if (self->news_next == self->news_count)
        return GROUP_NOTHING;
    enum group_news news = self->news[self->news_next++].news;
    if (news == GROUP_FAILED)
        error_set(err, ERROR_NOT_AUTHORISED, "the group does not let us in");
    return news;
}

static const struct place *given(const struct source *source, size_t *count)
{
    const struct fake_group_news *news = &of(source)->news[of(source)->news_next - 1];

    *count = news->count;
    return news->places;
}

static void note_places(const char *what, const struct place *places, size_t count)
{
    char line[1024];
    size_t length = 0;

    for (size_t i = 0; i < count; i++)
        length +=
            (size_t)snprintf(line + length, sizeof(line) - length, " %s/%" PRId32 "@%" PRId64,
                             fake_topic(places[i].topic), places[i].partition, places[i].offset);
    diary_note("kafka: %s%s", what, line);
}

static bool read(struct source *source, const struct place *places, size_t count, struct error *err)
{
    struct fake_source *self = of(source);

    note_places("read", places, count);
    if (self->refuses_read)
        return error_set(err, ERROR_UNAVAILABLE, "the source does not begin to read");
    for (size_t i = 0; i < count; i++) {
        struct fake_log *log = &self->logs[places[i].topic][places[i].partition];

        log->is_read = true;
        log->lane = places[i].lane;
        log->next = 0;
        while (log->next < log->count && log->records[log->next].message.offset < places[i].offset)
            log->next++;
    }
    return true;
}

/* What is held is thrown away all the same; that it is no longer fetched, the source's own test
 * shows. */
static bool halt(struct source *source, const struct place *places, size_t count, struct error *err)
{
    (void)source;
    (void)places;
    (void)count;
    (void)err;
    return true;
}

static void stop(struct source *source)
{
    diary_note("kafka: stop");
    for (size_t topic = 0; topic < FAKE_TOPICS; topic++) {
        for (size_t i = 0; i < FAKE_PARTITIONS; i++)
            of(source)->logs[topic][i].is_read = false;
    }
}

/* The first log of a lane that has something to tell. */
static struct fake_log *ready_log(struct fake_source *self, size_t lane)
{
    for (size_t topic = 0; topic < FAKE_TOPICS; topic++) {
        for (size_t i = 0; i < FAKE_PARTITIONS; i++) {
            struct fake_log *log = &self->logs[topic][i];

            if (log->is_read && log->lane == lane && log->next < log->count)
                return log;
        }
    }
    return NULL;
}

static enum feed_news peek(struct source *source, size_t lane, struct message *message,
                           struct error *err)
{
    struct fake_source *self = of(source);
    struct fake_log *log = ready_log(self, lane);
    bool has_extra = self->extra_next < self->extra_count;

    if (!has_extra && !log)
        return FEED_NOTHING;
    const struct fake_record *record =
        has_extra ? &self->extras[self->extra_next] : &log->records[log->next];
    *message = record->message;
    if (record->news == FEED_FAILED)
        error_set(err, ERROR_NOT_AUTHORISED, "the source cannot go on");
    return record->news;
}

static void take(struct source *source, size_t lane)
{
    struct fake_source *self = of(source);

    self->taken++;
    if (self->extra_next == self->extra_count)
        ready_log(self, lane)->next++;
    else if (!self->extras_again)
        self->extra_next++;
}

static bool log_range(struct source *source, size_t topic, int32_t partition, int64_t *start,
                      int64_t *end, struct error *err)
{
    const struct fake_source *self = of(source);

    if (self->is_away)
        return error_set(err, ERROR_UNAVAILABLE, "the brokers do not answer");
    *start = self->logs[topic][partition].start;
    *end = self->logs[topic][partition].end;
    return true;
}

static int64_t log_end(const struct source *source, size_t topic, int32_t partition)
{
    return of(source)->logs[topic][partition].told_end;
}

static void commit(struct source *source, const struct place *places, size_t count)
{
    (void)source;
    note_places("commit", places, count);
}

static struct pollfd poll_group(const struct source *source)
{
    (void)source;
    return (struct pollfd){.fd = 40, .events = POLLIN};
}

static struct pollfd poll_feed(const struct source *source, size_t lane, int64_t now_ms,
                               int64_t *until_ms)
{
    if (ready_log(of(source), lane))
        *until_ms = now_ms;
    return (struct pollfd){.fd = 50 + (int)lane, .events = POLLIN};
}

static void tend(struct source *source, int64_t now_ms, int64_t *until_ms)
{
    if (of(source)->tend_in_ms)
        clock_no_later(until_ms, now_ms + of(source)->tend_in_ms);
}

static const struct source_operations operations = {.free = free_source,
                                                    .partition_count = partition_count,
                                                    .group = group,
                                                    .given = given,
                                                    .read = read,
                                                    .halt = halt,
                                                    .stop = stop,
                                                    .peek = peek,
                                                    .take = take,
                                                    .log_range = log_range,
                                                    .log_end = log_end,
                                                    .commit = commit,
                                                    .poll_group = poll_group,
                                                    .poll_feed = poll_feed,
                                                    .tend = tend};

void fake_source_init(struct fake_source *source)
{
    *source =
        (struct fake_source){.source = {.operations = &operations}, .partition_counts = {2, 2}};
}

static void add(struct fake_source *source, enum feed_news news, const struct message *message)
{
    struct fake_log *log = &source->logs[message->topic][message->partition];

    assert_true(log->count < FAKE_RECORDS);
    log->records[log->count++] = (struct fake_record){news, *message};
    if (news == FEED_MESSAGE && log->end <= message->offset)
        log->end = message->offset + 1;
}

void fake_source_add(struct fake_source *source, const struct message *message)
{
    add(source, FEED_MESSAGE, message);
}

void fake_source_add_news(struct fake_source *source, enum feed_news news, size_t topic,
                          int32_t partition, int64_t offset)
{
    add(source, news, &(struct message){.topic = topic, .partition = partition, .offset = offset});
}

void fake_source_add_extra(struct fake_source *source, enum feed_news news,
                           const struct message *message)
{
    source->extras[source->extra_count++] = (struct fake_record){news, *message};
}

void fake_source_give(struct fake_source *source, size_t of_a, size_t of_b)
{
    struct fake_group_news *news = &source->news[source->news_count++];

    *news = (struct fake_group_news){.news = GROUP_GIVEN};
    /* In no order: whoever takes them must bring them into one. */
    for (size_t i = of_b; i-- > 0;)
        news->places[news->count++] = (struct place){.topic = FAKE_B, .partition = (int32_t)i};
    for (size_t i = of_a; i-- > 0;)
        news->places[news->count++] = (struct place){.topic = FAKE_A, .partition = (int32_t)i};
}

void fake_source_tell(struct fake_source *source, enum group_news news)
{
    source->news[source->news_count++] = (struct fake_group_news){.news = news};
}
