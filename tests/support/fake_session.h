#ifndef COOP_TESTS_FAKE_SESSION_H
#define COOP_TESTS_FAKE_SESSION_H

#include "consumers/postgres/session.h"
#include "tests/support/fake_source.h"

/*
 * A session that tells what a test makes it tell, in that order, each as soon as it can be told.
 * What it is asked goes into the diary:
 *
 *   lane 0: claim sim.a/0 sim.b/0
 *   lane 0: write sim.a/0 17->20 e3; rows 0@17 0@18; rejects 0@19 NOT_FRAMED
 *
 * and what happens, into a small database.
 */

/** What PostgreSQL knows of a partition. A stream's number is 1 + topic + 10 * generation. */
struct fake_position {
    int64_t position;
    int64_t epoch;
    int64_t last_published_us;
    int generation;
};

struct fake_database {
    struct fake_position positions[FAKE_TOPICS][FAKE_PARTITIONS];
    int64_t repeats; /**< What the next answers tell. */
    int64_t folded;
    int64_t behind;
};

/** Nothing is stored or claimed, and no timestamp is known. */
void fake_database_init(struct fake_database *database);

/** A partition was claimed once, and is stored up to there; -1: of no known timestamp. */
void fake_database_store(struct fake_database *database, size_t topic, int32_t partition,
                         int64_t position, int64_t last_published_us);

struct fake_news;

struct fake_session {
    struct session session;
    const char *name; /**< In the diary. */
    struct fake_database *database;
    bool is_willing; /**< It connects and answers by itself, where nothing else is to be told. */
    bool is_connected;
    bool is_asked;
    struct request request; /**< What it was asked last, */
    uint32_t request_sum;   /**< and what was lent to it. */
    struct fake_news *news;
    size_t news_count;
    size_t news_next;
    struct claimed claimed[FAKE_TOPICS * FAKE_PARTITIONS];
    struct stored_position stored[FAKE_TOPICS * FAKE_PARTITIONS];
    struct broken_row broken[8];
    size_t broken_count; /**< What the next answer to a SORT tells. */
};

/** The owner frees it as any session. */
struct fake_session *fake_session_new(const char *name, struct fake_database *database);

void fake_session_connects(struct fake_session *session);

/** What it is asked happens, and it says so. */
void fake_session_answers(struct fake_session *session);

/** As soon as it is asked. */
void fake_session_refuses(struct fake_session *session, const char *sqlstate);
void fake_session_refuses_for(struct fake_session *session, const char *sqlstate,
                              const char *schema, const char *constraint);

/** The connection is lost while nothing is under way, or while something is. */
void fake_session_loses_idle(struct fake_session *session);
void fake_session_loses(struct fake_session *session, const char *sqlstate);

/** What it is asked happens, but the connection is lost before it says so. */
void fake_session_loses_commit(struct fake_session *session);

/** The next SORT finds that row broken, counted from 1; call it for the last one first. */
void fake_session_finds_broken(struct fake_session *session, size_t place, const char *reason);

#endif
