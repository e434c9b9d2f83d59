#ifndef COOP_TESTS_SIMULATION_CONSUMER_INSIDE_H
#define COOP_TESTS_SIMULATION_CONSUMER_INSIDE_H

#include "tests/simulation/consumer.h"

/* For the two files of a consumer: consumer.c turns, process.c begins and ends. */

enum { TURN_US = 20 };

/** Whose turn it is: for the lines of its log. */
extern struct consumer *consumer_in_turn;

/** Its clock; the consumer is set beside it. */
extern const struct clock consumer_time;

/** The turn that takes place next; no other does. */
void consumer_plan_turn(struct consumer *consumer, int64_t at_us);

/** Its process is no more; the supervisor starts another in its place. */
void consumer_end(struct consumer *consumer);

#endif
