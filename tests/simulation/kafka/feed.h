#ifndef COOP_TESTS_SIMULATION_KAFKA_FEED_H
#define COOP_TESTS_SIMULATION_KAFKA_FEED_H

#include "consumers/kafka/source.h"
#include "tests/simulation/kafka/group.h"

/*
 * The source of one consumer in this world: what librdkafka and kafka/consumer.c are to a real
 * one. Messages are fetched into bounded queues, one a lane, at times that chance decides.
 */

struct sim_source;
struct consumer;

/** Joins the group. In the world's memory: it outlives its process, as the group's view does. */
struct sim_source *feed_new(struct consumer *consumer);

/** As the pipeline wants it. */
struct source *feed_source(struct sim_source *feed);

struct world *feed_world(const struct sim_source *feed);

/** Its process was killed. */
void feed_die(struct sim_source *feed);

/** The process is stopped, or goes on. */
void feed_note_pause(struct sim_source *feed);
void feed_note_return(struct sim_source *feed);

/** Numbers the times that the process has been stopped; is it so, since that time? */
int64_t feed_silence(const struct sim_source *feed);
bool feed_is_silent(const struct sim_source *feed, int64_t silence);
bool feed_is_gone(const struct sim_source *feed);

/* What the coordinator has to say; it comes at that time, or when the process goes on. */

void feed_tell_given(struct sim_source *feed, const struct place *places, size_t count,
                     int64_t at_us);
void feed_tell_taken_back(struct sim_source *feed, int64_t at_us);

/** Has it ever been given anything? */
bool feed_was_given(const struct sim_source *feed);

/** Has it been given something, as far as it has been told, or is told soon? */
bool feed_has_given(const struct sim_source *feed);

/** Is it told to give back, and has not answered? */
bool feed_is_told_back(const struct sim_source *feed);

/** There is more in a log: those who read it fetch. */
void feeds_note_append(struct world *world, const struct sim_log *log);

/** For poll(): has that descriptor something to tell? */
bool feed_is_ready(const struct sim_source *feed, int descriptor);

#endif
