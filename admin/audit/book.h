#ifndef COOP_AUDIT_BOOK_H
#define COOP_AUDIT_BOOK_H

#include "admin/audit/row_stream.h"
#include "common/rows/table.h"

/*
 * What the database says of the messages of one partition: events, duplicates and rejects,
 * each in the order of its offsets, all from one snapshot.
 */

enum book_kind { BOOK_EVENTS, BOOK_DUPLICATES, BOOK_REJECTS, BOOK_KINDS };

/* Fields of a row; that of 0 is the offset. An event's columns follow those below. */
enum event_field { EVENT_KEY = 1, EVENT_PUBLISHED, EVENT_SCHEMA, EVENT_AVRO, EVENT_COLUMNS };
enum duplicate_field {
    DUPLICATE_EVENT_ID = 1,
    DUPLICATE_SAME,
    DUPLICATE_PUBLISHED,
    DUPLICATE_AVRO,
    DUPLICATE_IS_STORED, /**< Is the event that it repeats there? */
    DUPLICATE_STORED_AVRO,
    DUPLICATE_COLUMNS, /**< Of that event, where the table keeps no body. */
};
enum reject_field {
    REJECT_PUBLISHED = 1,
    REJECT_IS_REPLAYED,
    REJECT_KEY,
    REJECT_BYTES, /**< Of the whole value; */
    REJECT_SHA256,
    REJECT_KEPT_BYTES, /**< … and of what is kept of it. */
    REJECT_KEPT_SHA256,
    REJECT_FIELDS,
};

struct book {
    PGconn *connections[BOOK_KINDS]; /**< The first takes questions between the partitions. */
    struct row_stream streams[BOOK_KINDS];
};

/** Connects and takes the snapshot. Close *out in any case. */
MUST_USE bool book_open(struct book *book, const char *conninfo, struct error *err);
void book_close(struct book *book);

/** Turns to a partition: the first row of each kind is in hand. */
MUST_USE bool book_turn(struct book *book, const struct table *table, int stream_id,
                        int32_t partition, struct error *err);

#endif
