#ifndef COOP_TESTS_SIMULATION_KAFKA_QUEUE_H
#define COOP_TESTS_SIMULATION_KAFKA_QUEUE_H

#include "consumers/kafka/source.h"
#include "tests/simulation/messages.h"

/* What was fetched for a lane and not yet taken: so many, and no more. */

struct queue_item {
    enum feed_news news;
    size_t topic;
    int32_t partition;
    int64_t offset;
    struct sim_message *message; /**< NULL for what is none. */
};

struct queue {
    struct queue_item *items;
    size_t capacity;
    size_t first;
    size_t count;
};

static inline void queue_init(struct queue *queue, struct world *world, size_t capacity)
{
    *queue = (struct queue){.items = world_keep(world, capacity, sizeof(*queue->items)),
                            .capacity = capacity};
}

/** Room for one more; NULL: it is full. */
static inline struct queue_item *queue_push(struct queue *queue)
{
    return queue->count == queue->capacity
               ? NULL
               : &queue->items[(queue->first + queue->count++) % queue->capacity];
}

static inline const struct queue_item *queue_first(const struct queue *queue)
{
    return queue->count ? &queue->items[queue->first] : NULL;
}

static inline void queue_pop(struct queue *queue)
{
    queue->first = (queue->first + 1) % queue->capacity;
    queue->count--;
}

static inline bool queue_is_low(const struct queue *queue)
{
    return queue->count <= queue->capacity / 2;
}

/** Drops what is there of a partition. */
static inline void queue_forget(struct queue *queue, size_t topic, int32_t partition)
{
    size_t kept = 0;

    for (size_t i = 0; i < queue->count; i++) {
        struct queue_item item = queue->items[(queue->first + i) % queue->capacity];

        if (item.topic != topic || item.partition != partition)
            queue->items[(queue->first + kept++) % queue->capacity] = item;
    }
    queue->count = kept;
}

#endif
