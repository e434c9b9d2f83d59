#ifndef COOP_ADMIN_REPLAY_PAGE_H
#define COOP_ADMIN_REPLAY_PAGE_H

#include "admin/kafka/publisher.h"
#include "admin/kafka/topic_log.h"
#include "admin/rejects/rejects.h"
#include "common/base/hash.h"

/*
 * Some rejects of one topic on their way through a replay. The order is what makes it once:
 *
 *   1. what an earlier run has begun is looked for in Kafka (replay_search.h);
 *   2. the rest is entered in ingest.replay, with the end of its partition, and committed;
 *   3. it is published, and every acknowledgement waited for;
 *   4. that is noted, and the rejects become replayed, in one transaction.
 */

/** The header by which a message says what it is a replay of: TOPIC/PARTITION/OFFSET. */
#define REPLAY_HEADER "coop_replay_of"

enum replay_state {
    REPLAY_OPEN,      /**< To be published. */
    REPLAY_BEGUN,     /**< An earlier run has begun it; whether it was published is not known. */
    REPLAY_PUBLISHED, /**< See `answer`. */
    REPLAY_LEFT,      /**< Cannot be replayed, and was told. */
};

struct replay_row {
    int64_t reject_id;
    enum replay_state state;
    bool was_found;  /**< Published by an earlier run. */
    bool is_cut;     /**< Not all of its value was kept. */
    char place[300]; /**< Where it was refused: TOPIC/PARTITION/OFFSET. */
    int32_t partition;
    int64_t offset;
    bool has_value;
    uint8_t sha256[SHA256_BYTES]; /**< Of the value; zeros for none. */
    int32_t to_partition;
    int64_t from_offset; /**< End of that partition when it was begun. */
    int64_t wait_s;      /**< REPLAY_BEGUN: it may be on its way for so long; 0 for no more. */
    struct publisher_answer answer;
};

struct replay_page {
    struct rejects_call *call;
    const char *topic;
    struct topic_log *log;
    struct replay_row *rows;
    size_t count;
};

/**
 * Reads the next rejects of the topic; a count of 0 at the end. Clear *page in any case; the
 * other members are the caller's.
 */
MUST_USE bool replay_page_read(struct replay_page *page, struct error *err);
void replay_page_clear(struct replay_page *page);

/** Says that a reject is left as it is, and why. Always true: the others go on. */
bool replay_leave(struct replay_page *page, struct replay_row *row, const char *why);

/** Steps 2 and 4. */
MUST_USE bool replay_page_begin(struct replay_page *page, struct error *err);
MUST_USE bool replay_page_note(struct replay_page *page, struct error *err);

#endif
