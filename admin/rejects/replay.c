#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/rejects/original.h"
#include "admin/rejects/replay_search.h"
#include "common/base/stop.h"
#include "common/postgres/query.h"

struct replay {
    struct rejects_call *call;
    struct publisher *publisher;
    int64_t published;
    int64_t found;
    int64_t left;
    char failure[128]; /* Why Kafka did not take one; "" where it took all. */
};

/* Steps 2 and 3. */
static bool publish_page(struct replay *replay, struct replay_page *page, struct error *err)
{
    for (size_t i = 0; i < page->count; i++) {
        if (page->rows[i].state == REPLAY_OPEN && !original_check(page, &page->rows[i], err))
            return false;
    }
    if (!replay_page_begin(page, err))
        return false;
    for (size_t i = 0; i < page->count; i++) {
        if (page->rows[i].state == REPLAY_OPEN
            && !original_publish(page, &page->rows[i], replay->publisher, err))
            return false;
    }
    if (!publisher_wait(replay->publisher, err))
        return false;
    for (size_t i = 0; i < page->count; i++) {
        struct replay_row *row = &page->rows[i];

        if (row->state != REPLAY_OPEN)
            continue;
        if (row->answer.is_published)
            row->state = REPLAY_PUBLISHED;
        else
            snprintf(replay->failure, sizeof(replay->failure), "%s", row->answer.failure);
    }
    return true;
}

static void tell_page(struct replay *replay, const struct replay_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct replay_row *row = &page->rows[i];

        if (row->state != REPLAY_PUBLISHED) {
            replay->left++;
            continue;
        }
        printf("replayed %" PRId64 " %s -> %s/%" PRId32 "/%" PRId64 "%s\n", row->reject_id,
               row->place, page->topic, row->to_partition, row->answer.offset,
               row->was_found ? ", by an earlier run" : "");
        if (row->was_found)
            replay->found++;
        else
            replay->published++;
    }
}

static void tell_dry_run(struct replay *replay, const struct replay_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct replay_row *row = &page->rows[i];

        if (row->state == REPLAY_LEFT) {
            replay->left++;
            continue;
        }
        printf("would replay %" PRId64 " %s -> %s/%" PRId32 "%s\n", row->reject_id, row->place,
               page->topic, row->to_partition,
               row->state == REPLAY_BEGUN ? ", unless an earlier run has done it" : "");
        replay->published++;
    }
}

static bool dry_run_page(struct replay *replay, struct replay_page *page, struct error *err)
{
    for (size_t i = 0; i < page->count; i++) {
        if (!original_check(page, &page->rows[i], err))
            return false;
    }
    tell_dry_run(replay, page);
    return true;
}

static bool replay_one_page(struct replay *replay, struct replay_page *page, struct error *err)
{
    if (!replay_search(page, err) || !publish_page(replay, page, err)
        || !replay_page_note(page, err))
        return false;
    tell_page(replay, page);
    return true;
}

static bool replay_topic(struct replay *replay, const char *topic, struct error *err)
{
    struct replay_page page = {.call = replay->call, .topic = topic};
    bool is_dry_run = replay->call->settings->rejects.is_dry_run;
    size_t count = 0;
    bool ok = true;

    page.log = topic_log_open(&replay->call->settings->kafka, topic, err);
    if (!page.log)
        return false;
    selection_rewind(replay->call->selection, topic);
    do {
        ok = replay_page_read(&page, err)
             && (is_dry_run ? dry_run_page(replay, &page, err)
                            : replay_one_page(replay, &page, err));
        count = page.count;
        /* No answer may come when the rows are gone. */
        if (!ok) {
            publisher_close(replay->publisher);
            replay->publisher = NULL;
        }
        replay_page_clear(&page);
    } while (ok && count > 0 && !stop_requested());
    topic_log_close(page.log);
    return ok;
}

/* What failed in Kafka was begun: the next run looks whether it is there after all. */
static bool tell_summary(const struct replay *replay, struct error *err)
{
    bool is_dry_run = replay->call->settings->rejects.is_dry_run;

    fprintf(stderr, "%s=%" PRId64 " found=%" PRId64 " left=%" PRId64 "\n",
            is_dry_run ? "to_replay" : "replayed", replay->published, replay->found, replay->left);
    if (replay->failure[0])
        return error_set(err, ERROR_UNAVAILABLE,
                         "Kafka has not taken every message: %s; run the same again, nothing is "
                         "published twice",
                         replay->failure);
    return true;
}

bool rejects_replay(struct rejects_call *call, struct error *err)
{
    struct replay replay = {.call = call};
    PGresult *topics =
        rejects_tell_settled(call, "replayed", err) ? selection_topics(call->selection, err) : NULL;
    bool ok = topics != NULL;

    if (ok && PQntuples(topics) > 0 && !call->settings->rejects.is_dry_run) {
        replay.publisher = publisher_open(&call->settings->kafka, err);
        ok = replay.publisher != NULL;
    }
    for (int i = 0; ok && i < PQntuples(topics) && !stop_requested(); i++)
        ok = replay_topic(&replay, PQgetvalue(topics, i, 0), err);
    ok = ok && tell_summary(&replay, err);
    publisher_close(replay.publisher);
    PQclear(topics);
    return ok;
}
