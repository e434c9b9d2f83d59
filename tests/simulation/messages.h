#ifndef COOP_TESTS_SIMULATION_MESSAGES_H
#define COOP_TESTS_SIMULATION_MESSAGES_H

#include "common/base/text.h"
#include "tests/simulation/tables.h"
#include "tests/simulation/world.h"

/* Messages whose fate is known beforehand, with the bytes that make it so. */

enum message_kind {
    MESSAGE_GOOD,     /**< An event: stored, or a duplicate of one of its id. */
    MESSAGE_POISON,   /**< The decoder rejects it. */
    MESSAGE_BROKEN,   /**< It breaks a CHECK of the table. */
    MESSAGE_REFUSED,  /**< The table refuses it for no known reason. */
    MESSAGE_UNCOPIED, /**< Even COPY into the sieve refuses it. */
};

/** In column `code`: what the table refuses, and what COPY does. */
enum { CODE_REFUSED = 777, CODE_UNCOPIED = 888, CODE_LARGEST = 1000 };

/** A longer value is OVERSIZE; events that can be stored have smaller numbers. */
enum { VALUE_BYTES_MAX = 120, EVENTS_MAX = 100000 };

struct sim_message {
    int32_t serial; /**< Its number in this world. */
    enum message_kind kind;
    const char *reason; /**< What its reject must say; NULL for a good one. */
    size_t schema;
    int32_t event; /**< Number of its id. */
    int32_t code;
    size_t topic;
    int32_t partition;
    int incarnation; /**< How often its topic had been made anew. */
    int64_t offset;
    int64_t published_us; /**< -1: without a timestamp. */
    const void *key;
    size_t key_length;
    const void *value;
    size_t value_length;
    int32_t kept; /**< Place in the store of what has become of it; -1: nothing yet. */
};

/** How much of what a world's messages are, per mille. */
struct mixture {
    int64_t repeats;
    int64_t poison;
    int64_t broken;
    int64_t refused;
    int64_t younger; /**< Of the younger schema. */
    int64_t timeless;
};

struct messages {
    struct sim_message **list; /**< By serial. */
    size_t count;
    size_t capacity;
    int32_t event_count;
};

/** A new message, as the mixture wants it; where it lies in the log is set by the caller. */
struct sim_message *messages_make(struct world *world, struct messages *messages,
                                  const struct mixture *mixture, size_t table);

/** The id of an event. */
void event_id_of(int32_t event, uint8_t id[UUID_BYTES]);

const char *message_kind_name(enum message_kind kind);

#endif
