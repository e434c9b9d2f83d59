#ifndef COOP_TESTS_SIMULATION_POSTGRES_STORE_H
#define COOP_TESTS_SIMULATION_POSTGRES_STORE_H

#include "tests/simulation/kafka/broker.h"

/*
 * What PostgreSQL has committed. Everything carries the number of its commit and nothing is
 * changed in place, so that a standby that lacks the last commits is the same with its end cut
 * off.
 */

enum { STREAMS_MAX = 24 };

/** A row of ingest.position, as one commit has left it. */
struct position_version {
    int64_t commit;
    int64_t next_offset;
    int64_t epoch;
    int64_t published_us; /**< -1: null. */
    int backend_pid;
    int life; /**< The process that claimed it last; 0: an operator. */
};

struct position {
    struct stream *stream;
    int32_t partition;
    struct position_version *versions;
    size_t count; /**< 0: there is no such row. */
    size_t capacity;
    struct backend *locked_by; /**< In a transaction. */
};

/** A row of ingest.stream. */
struct stream {
    int16_t id;
    size_t topic;
    size_t table;
    int generation;
    int incarnation; /**< Of the topic, when it was entered. */
    int64_t commit;
    struct position positions[PARTITIONS_MAX];
};

enum kept_as { KEPT_STORED, KEPT_DUPLICATE, KEPT_REJECT };

/** What has become of a message. */
struct kept {
    int64_t commit;
    enum kept_as as;
    struct sim_message *message;
    struct stream *stream;
    int life; /**< The process that has stored it. */
};

struct store {
    struct world *world;
    int64_t commit; /**< Number of the last one. */
    int64_t safe;   /**< No standby lacks this one: something rests on it. */
    struct stream *streams[STREAMS_MAX];
    size_t stream_count;
    struct kept *kept;
    size_t kept_count;
    size_t kept_capacity;
    int32_t *stored_as; /**< By event: place in `kept` of its row in table sim.event; -1: none. */
    size_t event_capacity;
    int64_t folded;
};

struct store *store_new(struct world *world);

/** The newest stream of a topic. */
struct stream *store_stream_of(const struct store *store, size_t topic);
struct stream *store_stream(const struct store *store, int16_t id);
struct stream *store_add_stream(struct store *store, size_t topic);

/** The one that a session claims: the newest of those up to a number, else the first. */
struct stream *store_stream_known(const struct store *store, size_t topic, size_t newest);

/** As last committed; NULL: there is none. */
static inline const struct position_version *position_now(const struct position *position)
{
    return position->count ? &position->versions[position->count - 1] : NULL;
}

/** As a commit, counted back from the last, has left it: retention may rest on it. */
int64_t position_at(const struct position *position, int64_t commit);

void position_set(struct store *store, struct position *position, struct position_version version);

/** Keeps what has become of a message; twice is a fault. */
void store_keep(struct store *store, struct stream *stream, struct sim_message *message,
                enum kept_as as, int life);

/** Place of the row with that id in table sim.event; -1: none. */
int32_t store_event(const struct store *store, int32_t event);

/** Everything after that commit is lost. */
void store_cut(struct store *store, int64_t commit);

#endif
