#ifndef COOP_TESTS_SIMULATION_KAFKA_GROUP_H
#define COOP_TESTS_SIMULATION_KAFKA_GROUP_H

#include "consumers/kafka/source.h"
#include "tests/simulation/kafka/broker.h"

/*
 * The group's coordinator: all give back what they have, then all is given out anew. Whoever does
 * not answer in time is thrown out, and hears so when it asks next: until then it believes that
 * its partitions are its own.
 */

enum { GIVEN_MAX = TOPICS_MAX * PARTITIONS_MAX };

/** A process that has joined, as the coordinator sees it. */
struct member {
    struct sim_source *source;
    int consumer; /**< Its number, for the story. */
    bool is_in;
    bool must_answer; /**< It has not given back yet. */
    struct place given[GIVEN_MAX];
    size_t given_count;
};

struct group {
    struct world *world;
    bool is_range; /**< As Kafka's assignor of that name; else by chance. */
    int64_t session_us;
    int64_t heartbeat_us;
    bool is_rebalancing;
    int64_t round;
    struct member **members; /**< All that ever were. */
    size_t count;
    size_t capacity;
    int64_t offsets[TOPICS_MAX][PARTITIONS_MAX]; /**< For lag displays; -1: none. */
};

struct group *group_new(struct world *world);

/** A new process comes; one that was killed in its place is a member still, for a while. */
struct member *group_join(struct group *group, struct sim_source *source, int consumer);
void group_leave(struct group *group, struct member *member);

/** It has given back what it had. */
void group_answer(struct group *group, struct member *member);

/** Its process does nothing from now on. */
void group_note_silence(struct group *group, struct member *member);

/** Its process goes on: it hears what it has missed. */
void group_note_return(struct group *group, struct member *member);

/** For any reason of the brokers' own. */
void group_rebalance(struct group *group);

/** Is that partition the member's, as the coordinator sees it? */
bool member_has(const struct member *member, size_t topic, int32_t partition);

#endif
