#ifndef COOP_TESTS_SIMULATION_CONSUMER_H
#define COOP_TESTS_SIMULATION_CONSUMER_H

#include "consumers/pipeline.h"
#include "tests/simulation/kafka/feed.h"
#include "tests/simulation/postgres/session.h"

/*
 * Up to four processes, each with the real pipeline in it: started, stopped and continued, killed
 * between any two calls of its neighbours, and started again by a supervisor.
 */

enum { CONSUMERS_MAX = 4, LANES_DRAWN_MAX = 3, SESSIONS_MAX = LANES_DRAWN_MAX + FOLDS_MAX + 1 };

/** Numbers of descriptors; each consumer has its own. */
enum { DESCRIPTOR_GROUP = 1000, DESCRIPTOR_FEED = 1100, DESCRIPTOR_SESSION = 1200 };

enum { DESCRIPTORS_MAX = SESSIONS_MAX + LANES_DRAWN_MAX + 2 };

struct consumer_clock {
    struct clock clock; /**< First: the pipeline knows only this. */
    struct consumer *consumer;
};

struct consumer {
    struct world *world;
    int number; /**< From 1; the supervisor's name for it. */
    int life;   /**< Of all the processes of this world, the how many-th. */
    char owner[32];
    struct consumer_clock clock;
    struct consumer_settings settings;
    struct sim_source *feed;
    struct sim_session *sessions[SESSIONS_MAX];
    size_t session_count;
    struct pipeline *pipeline; /**< NULL: no process. */
    int64_t turn_number;       /**< Only the turn that is planned last takes place. */
    int64_t ahead_us;          /**< Its own time, where a call has made it wait; else before. */
    int64_t calls_left;        /**< Until it is killed; -1: nobody means to. */
    int64_t paused_until_us;
    int64_t pause_calls; /**< So many calls on it is stopped within its turn; 0: not, */
    int64_t pause_us;    /**< for so long. */
    bool is_in_turn;
    bool is_killed;  /**< Within a turn: its neighbours hear nothing more of it. */
    bool is_drained; /**< By a signal. */
    bool is_done;    /**< It has ended by itself. */
    bool is_last;    /**< No other is started in its place. */
    int64_t drained_us;
    bool is_idle; /**< It waits in poll(). */
    int64_t until_us;
    int descriptors[DESCRIPTORS_MAX];
    size_t descriptor_count;
    int64_t idle_turns; /**< One after the other, without a wait. */
};

struct consumers {
    struct consumer items[CONSUMERS_MAX];
    size_t count;
    int lives;
};

struct consumers *consumers_new(struct world *world);

/** All begin, each in its time. */
void consumers_begin(struct consumers *consumers);

/** A process begins. */
void consumer_start(struct consumer *consumer, bool is_until_end);

/** kill -9, kill -STOP for so long, kill -TERM. */
void consumer_kill(struct consumer *consumer);
void consumer_pause(struct consumer *consumer, int64_t for_us);
void consumer_drain(struct consumer *consumer);

/** Nobody means to kill it any more, and if it is stopped, it goes on. */
void consumer_heal(struct consumer *consumer);

/** At the end of a world: gives back what the processes have. */
void consumers_free(struct consumers *consumers);

static inline bool consumer_is_running(const struct consumer *consumer)
{
    return consumer->pipeline || consumer->is_in_turn;
}

bool consumer_is_paused(const struct consumer *consumer);

/* For its source and sessions. */

/** One of its neighbours is called; false: it is killed here and does nothing any more. */
bool consumer_calls(struct consumer *consumer);

/** Its own time, microseconds. */
int64_t consumer_now_us(const struct consumer *consumer);

/** A call has made it wait; for long, so that the world goes on meanwhile. */
void consumer_waits(struct consumer *consumer, int64_t for_us);
void consumer_waits_long(struct consumer *consumer, int64_t for_us);

/** There are news at a descriptor: it turns if it waits for it. */
void consumer_wake(struct consumer *consumer, int descriptor);

#endif
