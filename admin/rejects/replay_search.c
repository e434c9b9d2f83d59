#include "admin/rejects/replay_search.h"

#include <inttypes.h>
#include <poll.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/stop.h"

/* Ours by its header; anybody may write that, so the bytes must be the same, too. */
static bool is_replay_of(const struct message *message, const struct replay_row *row)
{
    uint8_t sha256[SHA256_BYTES];
    size_t length;
    const void *place = topic_log_header(message, REPLAY_HEADER, &length);

    if (row->state != REPLAY_BEGUN || row->to_partition != message->partition
        || message->offset < row->from_offset || !place || length != strlen(row->place)
        || memcmp(place, row->place, length) != 0 || row->has_value != (message->value != NULL))
        return false;
    if (!row->has_value)
        return true;
    hash_sha256(message->value, message->value_length, sha256);
    return memcmp(sha256, row->sha256, sizeof(sha256)) == 0;
}

static void match(struct replay_page *page, const struct message *message)
{
    for (size_t i = 0; i < page->count; i++) {
        struct replay_row *row = &page->rows[i];

        if (!is_replay_of(message, row))
            continue;
        row->state = REPLAY_PUBLISHED;
        row->was_found = true;
        row->answer.offset = message->offset;
        row->answer.published_us = message->published_us;
        return;
    }
}

static bool read_partition(struct replay_page *page, int32_t partition, int64_t from, int64_t end,
                           struct error *err)
{
    enum topic_log_news news = TOPIC_LOG_MESSAGE;
    struct message message = {0};
    size_t length;

    if (!topic_log_seek(page->log, partition, from, end, err))
        return false;
    while ((news = topic_log_next(page->log, &message, err)) == TOPIC_LOG_MESSAGE) {
        if (topic_log_header(&message, REPLAY_HEADER, &length))
            match(page, &message);
        message_free(&message);
    }
    return news == TOPIC_LOG_END;
}

/* From the earliest of the rows that were begun in a partition to its end. */
static bool search_partition(struct replay_page *page, int32_t partition, struct error *err)
{
    int64_t from = INT64_MAX;
    int64_t start;
    int64_t end;

    for (size_t i = 0; i < page->count; i++) {
        const struct replay_row *row = &page->rows[i];

        if (row->state == REPLAY_BEGUN && row->to_partition == partition && row->from_offset < from)
            from = row->from_offset;
    }
    if (from == INT64_MAX)
        return true;
    if (!topic_log_range(page->log, partition, &start, &end, err))
        return false;
    for (size_t i = 0; i < page->count; i++) {
        struct replay_row *row = &page->rows[i];

        if (row->state == REPLAY_BEGUN && row->to_partition == partition
            && row->from_offset < start)
            replay_leave(
                page, row,
                "a replay of it was begun, and the log has lost the place where it would "
                "be found; look whether its event is stored, then discard it by its number");
    }
    return read_partition(page, partition, from < start ? start : from, end, err);
}

static bool search_once(struct replay_page *page, struct error *err)
{
    for (size_t i = 0; i < topic_log_partition_count(page->log); i++) {
        if (!search_partition(page, (int32_t)i, err))
            return false;
    }
    return true;
}

static int64_t longest_wait_s(const struct replay_page *page)
{
    int64_t wait_s = 0;

    for (size_t i = 0; i < page->count; i++) {
        const struct replay_row *row = &page->rows[i];

        if (row->state == REPLAY_BEGUN && row->wait_s > wait_s)
            wait_s = row->wait_s;
    }
    return wait_s;
}

/* False where a signal has ended it. */
static bool wait_for(int64_t wait_s)
{
    struct pollfd stop = {.fd = stop_descriptor(), .events = POLLIN};

    log_info("what an earlier replay has begun may still be on its way: waiting %" PRId64
             " s before it is published again",
             wait_s);
    return poll(&stop, 1, (int)wait_s * 1000) == 0;
}

bool replay_search(struct replay_page *page, struct error *err)
{
    if (!search_once(page, err))
        return false;
    int64_t wait_s = longest_wait_s(page);
    bool has_waited = wait_s == 0 || wait_for(wait_s);
    if (wait_s && has_waited && !search_once(page, err))
        return false;
    for (size_t i = 0; i < page->count; i++) {
        struct replay_row *row = &page->rows[i];

        if (row->state != REPLAY_BEGUN)
            continue;
        if (has_waited)
            row->state = REPLAY_OPEN;
        else
            replay_leave(page, row, "interrupted before it was known whether it was published");
    }
    return true;
}
