#ifndef COOP_TESTS_SIMULATION_PERILS_H
#define COOP_TESTS_SIMULATION_PERILS_H

#include "tests/simulation/world.h"

/*
 * What goes wrong in a world, and how often: each world has its own choice of it, so that there
 * are worlds full of one thing, and calm ones.
 */

enum peril {
    PERIL_KILL,
    PERIL_PAUSE,
    PERIL_DRAIN,
    PERIL_START,
    PERIL_REBALANCE,
    PERIL_CUT,
    PERIL_RESTART,
    PERIL_FAILOVER,
    PERIL_BROKER,
    PERIL_RETENTION,
    PERIL_ANEW,
    PERIL_RIGHTS,
    PERIL_JUMP,
    PERIL_WALL,
    PERILS,
};

struct perils {
    struct world *world;
    int64_t until_us; /**< Then the world heals. */
    int64_t every_us;
    int64_t weights[PERILS];
    int64_t weight_sum;
    int64_t network_us;
    int64_t statement_us;
    int64_t fetch_us;
    int64_t cuts;     /**< Per mille of requests, in the midst of which the connection breaks. */
    int64_t stuck;    /**< Per mille of statements. */
    int64_t rests;    /**< Per mille of rows, after which a transaction rests. */
    int64_t refusals; /**< Per mille of transactions. */
    int64_t deaths;   /**< Per mille of processes, at one of their calls. */
    int64_t commits_lost_max;
    bool is_kafka_fatal; /**< Kafka's client ends now and then. */
    bool has_folds;
};

struct perils *perils_new(struct world *world);

/** They begin. */
void perils_begin(struct perils *perils);

/** They end: what is broken is mended, and whoever is stopped goes on. */
void perils_end(struct perils *perils);

#endif
