#ifndef COOP_CONSUMERS_LANE_PARTITION_H
#define COOP_CONSUMERS_LANE_PARTITION_H

#include "common/kafka/message.h"
#include "consumers/plan/route.h"

/* Where a partition stands with us. Only partition_move() changes it. */
enum partition_state {
    PARTITION_FREE,     /**< Not ours. */
    PARTITION_CLAIMING, /**< Ours; where it begins is not known yet, or what was read is dropped. */
    PARTITION_CHECKING, /**< Claimed; the record before the position is being compared. */
    PARTITION_READING,  /**< What comes is taken. */
    PARTITION_HELD,     /**< Stands still until an operator has acted; said in the log. */
};

enum partition_event {
    PARTITION_GIVEN,      /**< The group has given it to us. */
    PARTITION_TAKEN_BACK, /**< The group has taken it back. */
    PARTITION_DROPPED,    /**< What was read of it is dropped: to be placed again. */
    PARTITION_PLACED,     /**< Claimed, and there is nothing to compare. */
    PARTITION_DOUBTED,    /**< Claimed; is it still the same topic? */
    PARTITION_COMPARED,   /**< It is. */
    PARTITION_STOPPED,    /**< Only an operator can help. */
};

struct partition_transition {
    enum partition_state from;
    enum partition_event event;
    enum partition_state to;
    const char *words;
};

/** Every transition there is. A diagram of docs/architecture.md is made from it. */
extern const struct partition_transition partition_transitions[];
extern const size_t partition_transition_count;

struct partition {
    const struct route *route; /**< Borrowed. */
    int32_t number;
    enum partition_state state;
    int16_t stream_id;   /**< The topic's generation that was claimed; see ingest.stream. */
    int64_t epoch;       /**< What the last claim gave; goes with every advance. */
    int64_t position;    /**< First offset not yet stored; as PostgreSQL has it. */
    int64_t next_offset; /**< First offset not yet put into a batch. */
    int64_t end_offset;  /**< Kafka has told that everything before it was read. */
    int64_t log_start;   /**< First offset of the log when it was last looked at, */
    int64_t log_end;     /**< and the one after its last. */
    int64_t
        last_published_us; /**< Kafka's timestamp of the record before the position; -1: none. */
};

/** Goes over to the next state. An event that the state does not know is a fault of ours. */
void partition_move(struct partition *partition, enum partition_event event);

/**
 * Decides how a claimed partition goes on from its position: it is read, or compared first, or
 * held where the position is not in the log. What was read of it before must have been dropped.
 */
void partition_place(struct partition *partition);

/** Is it read, from wherever? */
bool partition_is_read(const struct partition *partition);

/** Where to begin to read: at the next offset, or at the record that is to be compared. */
int64_t partition_begin(const struct partition *partition);

/** Should this message be taken? False: pass over it. May hold the partition (see log). */
bool partition_accepts(struct partition *partition, const struct message *message);

/** Kafka says that everything before `offset` was read. */
void partition_note_end(struct partition *partition, int64_t offset);

/** Stops it and says why in the log; it waits for an operator. */
void partition_hold(struct partition *partition, const char *reason);

/** The lane that a partition is pinned to: the same for as long as there are as many lanes. */
size_t partition_lane(size_t topic, int32_t number, size_t lane_count);

/* All partitions that were ever met, by topic and number. */
struct partitions {
    const struct routes *routes;  /**< Borrowed. */
    struct partition ***by_topic; /**< Each on its own, so that it stays where it is. */
    size_t *counts;               /**< So many of each topic. */
};

void partitions_init(struct partitions *partitions, const struct routes *routes);
void partitions_free(struct partitions *partitions);

/** The partition of that number; made where it is new. */
struct partition *partitions_get(struct partitions *partitions, size_t topic, int32_t number);

#endif
