#ifndef COOP_CONSUMERS_LANE_BATCH_PART_H
#define COOP_CONSUMERS_LANE_BATCH_PART_H

#include "consumers/lane/batch.h"
#include "consumers/postgres/request.h"

/*
 * The part of a batch that one transaction writes: all of it the fast way, ever smaller ones
 * where the sieve looks for a row that PostgreSQL refuses for no known reason.
 */
struct part {
    struct batch *batch;           /**< Borrowed; NULL where only positions move. */
    size_t first;                  /**< Its first entry, */
    size_t end;                    /**< and the one after its last. */
    size_t row_count;              /**< Entries that are rows, */
    size_t reject_count;           /**< and that are rejects. */
    struct partition **partitions; /**< Whose positions move; owned, as are `advances`. */
    struct advance *advances;      /**< How they move, by stream and partition. */
    size_t advance_count;
    size_t capacity; /**< Of both lists. */
};

void part_free(struct part *part);

/** Sets the part, and how the positions of its partitions move. */
void part_set(struct part *part, struct batch *batch, size_t first, size_t end);

/** No rows at all: positions move to where Kafka has told that the log ends. */
void part_set_ends(struct part *part, struct partition *const *partitions, size_t count);

/** Nothing moves; the partitions are asked about. */
void part_set_question(struct part *part, struct partition *const *partitions, size_t count);

/** It reaches to the end of its batch. */
bool part_is_last(const struct part *part);

/** Where its rows lie in batch->rows; only while no row has become a reject. */
struct span part_rows(const struct part *part);

/** The same as a copy, without those that have. */
void part_copy_rows(const struct part *part, struct buffer *out);

/** Rows for the sieve's table of messages: place from 1, stream, partition, offset, timestamp. */
void part_copy_messages(const struct part *part, struct buffer *out);

/** The entry of the `place`th row, from 1. */
struct batch_entry *part_row(const struct part *part, size_t place);

/** A row becomes a reject, which is taken over; places after it move up by one. */
void part_reject(struct part *part, struct batch_entry *entry, struct reject *reject);

/** The transaction is committed: the positions have moved. */
void part_stored(const struct part *part);

#endif
