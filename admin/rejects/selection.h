#ifndef COOP_ADMIN_REJECTS_SELECTION_H
#define COOP_ADMIN_REJECTS_SELECTION_H

#include <libpq-fe.h>

#include "admin/rejects/settings.h"
#include "common/base/buffer.h"
#include "common/base/error.h"

/*
 * The rejects that a verb is about, by filters or by name, read page by page in the order of
 * their numbers. It ends at the newest there was at the start: a replay makes new ones.
 */
enum { SELECTION_PARAMETERS = 9 };

struct selection {
    PGconn *connection; /**< Borrowed. */
    const char *parameters[SELECTION_PARAMETERS];
    struct buffer reasons;
    struct buffer ids;
    char last[32];  /**< Number of the newest at the start. */
    char after[32]; /**< Number of the last one read. */
    char rows[32];
    int64_t left; /**< Still to be read; INT64_MAX for no limit. */
    bool is_by_name;
};

/** What a query of selection_page() needs behind its columns; r and s are its tables. */
#define SELECTION_FROM " from ingest.reject as r join ingest.stream as s using (stream_id) "
#define SELECTION_WHERE                                                                            \
    " where ($1::text is null or r.reason = any (string_to_array($1, E'\\n')))"                    \
    " and ($2::text is null or s.topic = $2)"                                                      \
    " and ($3::timestamptz is null or r.rejected_at >= $3)"                                        \
    " and ($4::timestamptz is null or r.rejected_at < $4)"                                         \
    " and ($5::text is null or r.state = $5)"                                                      \
    " and ($6::bigint[] is null or r.reject_id = any ($6))"                                        \
    " and r.reject_id <= $7::bigint and r.reject_id > $8::bigint"                                  \
    " order by r.reject_id limit $9::bigint"

/**
 * From filters, or from names: numbers and TOPIC/PARTITION/OFFSET. `settings` are borrowed.
 * Clear *out in any case.
 *
 * @return false with ERROR_USAGE for a time that is none or a name that is none, ERROR_DATA
 *         where there is no reject of that name.
 */
MUST_USE bool selection_init(struct selection *out, PGconn *connection,
                             const struct rejects_settings *settings, char *const *names,
                             int name_count, struct error *err);
void selection_clear(struct selection *selection);

/**
 * The topics of the selection in their order, one a row. From then on the selection ends at
 * what the limit leaves, whatever topic is read first. NULL on failure; the caller owns it.
 */
PGresult *selection_topics(struct selection *selection, struct error *err);

/** From the first one on again; of one topic where it is not NULL (borrowed). */
void selection_rewind(struct selection *selection, const char *topic);

/** Of those that are open only; of all, with false. */
void selection_only_open(struct selection *selection, bool is_so);

/**
 * The next rows, at most `rows`: none at the end, NULL on failure. `sql` is made with the
 * macros above and has the reject's number in its first column. The caller owns the result.
 */
PGresult *selection_page(struct selection *selection, const char *sql, int rows, struct error *err);

#endif
