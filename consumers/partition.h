#ifndef COOP_CONSUMERS_PARTITION_H
#define COOP_CONSUMERS_PARTITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct route;

/* Where a partition stands with us. */
enum partition_state {
    PARTITION_IDLE,     /**< Not ours. */
    PARTITION_CLAIMING, /**< The group has given it to us; the database does not know yet. */
    PARTITION_CHECKING, /**< Claimed; the record before the position is being compared. */
    PARTITION_READING,
    PARTITION_HELD, /**< Stands still until an operator has acted; said in the log. */
};

struct partition {
    const struct route *route; /**< Borrowed. */
    int32_t number;
    int16_t stream_id; /**< The topic's generation that was claimed; see ingest.stream. */
    enum partition_state state;
    int64_t position;          /**< First offset not yet stored; as PostgreSQL has it. */
    int64_t next_offset;       /**< First offset not yet put into a batch. */
    int64_t epoch;             /**< What the last claim gave; goes with every advance. */
    int64_t log_start;         /**< First offset of the log when it was claimed, */
    int64_t log_end;           /**< and the one after its last. */
    bool has_last_published;   /**< The record before the position has a timestamp to compare. */
    int64_t last_published_us; /**< Kafka's timestamp of the record before the position. */
    int64_t end_offset;        /**< Kafka has told that everything before it was read; -1. */
    int64_t target_offset;     /**< --until-end: the end of the log when we started. */
    /* Used while a batch is written. */
    int64_t written_offset; /**< The position once this write is committed. */
    int64_t written_published_us;
    bool is_in_window;
};

/** The lane that a partition is pinned to: the same for as long as there are as many lanes. */
size_t partition_lane(const struct partition *partition, size_t lane_count);

#endif
