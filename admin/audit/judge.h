#ifndef COOP_AUDIT_JUDGE_H
#define COOP_AUDIT_JUDGE_H

#include "admin/audit/book.h"
#include "admin/known_schemas.h"
#include "common/kafka/message.h"

/* Does the database say of each message what is so? One line on standard error where not. */

struct audit_counts {
    int64_t records; /**< stored + duplicates + rejects + missing. */
    int64_t stored;
    int64_t duplicates;
    int64_t rejects;
    int64_t expired; /**< Rows of messages that the log holds no more. */
    int64_t missing; /**< Messages of which the database knows nothing. */
    int64_t extra;   /**< Rows of messages that there are not. */
    int64_t altered; /**< Rows that do not say what the message says. */
};

struct judge {
    const struct known_schemas *schemas; /**< Borrowed, as all of these are. */
    const struct table *table;
    const char *topic;
    struct audit_counts *counts;
    struct plan **plans; /**< One a schema; NULL until needed, or where it does not fit. */
    bool *is_planned;
    struct decoded decoded;
    struct buffer scratch;
    char words[256]; /**< What is wrong with the row in hand. */
};

/** Clear *out in any case. */
void judge_init(struct judge *out, const struct known_schemas *schemas, const struct table *table,
                const char *topic, struct audit_counts *counts);
void judge_clear(struct judge *judge);

/** Judges a message, and every row before it; the log begins at `log_start`. */
MUST_USE bool judge_message(struct judge *judge, struct book *book, const struct message *message,
                            int64_t log_start, struct error *err);

/** Judges the rows of a partition that are left when there are no more messages. */
MUST_USE bool judge_rest(struct judge *judge, struct book *book, int32_t partition,
                         int64_t log_start, struct error *err);

#endif
