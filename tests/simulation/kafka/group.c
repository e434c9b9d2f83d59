#include "tests/simulation/kafka/group.h"

#include <inttypes.h>

#include "tests/simulation/kafka/feed.h"

struct group *group_new(struct world *world)
{
    struct group *group = world_keep(world, 1, sizeof(*group));

    group->world = world;
    group->is_range = world_chance(world, 500);
    group->session_us = world_between(world, 3, 45) * SECOND;
    group->heartbeat_us = world_between(world, 1, 3000) * MILLISECOND;
    for (size_t topic = 0; topic < TOPICS_MAX; topic++) {
        for (int32_t i = 0; i < PARTITIONS_MAX; i++)
            group->offsets[topic][i] = -1;
    }
    return group;
}

bool member_has(const struct member *member, size_t topic, int32_t partition)
{
    for (size_t i = 0; i < member->given_count; i++) {
        if (member->given[i].topic == topic && member->given[i].partition == partition)
            return true;
    }
    return false;
}

static int64_t soon(struct group *group)
{
    return group->world->now_us + world_delay(group->world, group->heartbeat_us);
}

static void give(struct member *member, size_t topic, int32_t partition)
{
    member->given[member->given_count++] = (struct place){.topic = topic, .partition = partition};
}

/* Each topic by itself: the first members have one more where it does not come out even. */
static void assign_topic(struct group *group, struct member **present, size_t count, size_t topic)
{
    int32_t partitions = group->world->broker->partition_counts[topic];

    for (int32_t i = 0; i < partitions; i++) {
        size_t place = group->is_range ? (size_t)i * count / (size_t)partitions
                                       : (size_t)world_draw(group->world, (int64_t)count);

        give(present[place], topic, i);
    }
}

static void finish(void *of, int64_t round)
{
    struct group *group = of;
    struct member **present = world_keep(group->world, group->count + 1, sizeof(struct member *));
    size_t count = 0;

    if (!group->is_rebalancing || round != group->round)
        return;
    group->is_rebalancing = false;
    group->round++;
    for (size_t i = 0; i < group->count; i++) {
        group->members[i]->given_count = 0;
        if (group->members[i]->is_in)
            present[count++] = group->members[i];
    }
    if (count == 0)
        return;
    for (size_t topic = 0; topic < group->world->broker->topic_count; topic++)
        assign_topic(group, present, count, topic);
    world_tell(group->world, "group: all is given, to %zu consumers", count);
    for (size_t i = 0; i < count; i++)
        feed_tell_given(present[i]->source, present[i]->given, present[i]->given_count,
                        soon(group));
}

static void finish_when_answered(struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        if (group->members[i]->is_in && group->members[i]->must_answer)
            return;
    }
    world_plan(group->world, soon(group), finish, group, group->round);
}

static void throw_out(struct group *group, struct member *member)
{
    world_count(group->world, COUNT_THROWN_OUT);
    world_tell(group->world, "group: consumer %d does not answer and is thrown out",
               member->consumer);
    member->is_in = false;
    member->must_answer = false;
    member->given_count = 0;
}

static void end_patience(void *of, int64_t round)
{
    struct group *group = of;

    if (!group->is_rebalancing || round != group->round)
        return;
    for (size_t i = 0; i < group->count; i++) {
        if (group->members[i]->is_in && group->members[i]->must_answer)
            throw_out(group, group->members[i]);
    }
    finish_when_answered(group);
}

void group_rebalance(struct group *group)
{
    struct world *world = group->world;

    if (group->is_rebalancing)
        return;
    group->is_rebalancing = true;
    group->round++;
    world_count(world, COUNT_REBALANCES);
    world_tell(world, "group: all is to be given anew");
    for (size_t i = 0; i < group->count; i++) {
        struct member *member = group->members[i];

        /* Who has nothing need not always be told that it is taken. */
        if (!member->is_in || !feed_was_given(member->source)
            || (!feed_has_given(member->source) && world_chance(world, 500)))
            continue;
        member->must_answer = true;
        feed_tell_taken_back(member->source, soon(group));
    }
    world_plan(world, world->now_us + group->session_us, end_patience, group, group->round);
    finish_when_answered(group);
}

/* One more in the middle of a rebalance is given something at its end. */
static void come_in(struct group *group, struct member *member)
{
    member->is_in = true;
    if (group->is_rebalancing)
        finish_when_answered(group);
    else
        group_rebalance(group);
}

struct member *group_join(struct group *group, struct sim_source *source, int consumer)
{
    struct member *member = world_keep(group->world, 1, sizeof(*member));

    member->source = source;
    member->consumer = consumer;
    group->members = world_grow(group->world, group->members, group->count, &group->capacity,
                                sizeof(struct member *));
    group->members[group->count++] = member;
    come_in(group, member);
    return member;
}

static void go_out(struct group *group, struct member *member)
{
    member->is_in = false;
    member->must_answer = false;
    member->given_count = 0;
    if (group->is_rebalancing)
        finish_when_answered(group);
    else
        group_rebalance(group);
}

void group_leave(struct group *group, struct member *member)
{
    if (member->is_in)
        go_out(group, member);
}

void group_answer(struct group *group, struct member *member)
{
    if (member->must_answer) {
        member->must_answer = false;
        member->given_count = 0;
        finish_when_answered(group);
    } else if (!member->is_in) {
        come_in(group, member);
    }
}

static void end_silence(void *of, int64_t silence)
{
    struct member *member = of;

    if (!member->is_in || !feed_is_silent(member->source, silence))
        return;
    struct group *group = feed_world(member->source)->group;
    throw_out(group, member);
    go_out(group, member);
}

void group_note_silence(struct group *group, struct member *member)
{
    world_plan(group->world, group->world->now_us + group->session_us, end_silence, member,
               feed_silence(member->source));
}

static void hear(void *of, int64_t argument)
{
    struct member *member = of;
    struct group *group = feed_world(member->source)->group;

    (void)argument;
    if (member->is_in || feed_is_gone(member->source))
        return;
    /* What it has, it is told to give back, and comes in again with its answer. */
    if (feed_has_given(member->source) || feed_is_told_back(member->source))
        feed_tell_taken_back(member->source, group->world->now_us);
    else
        come_in(group, member);
}

void group_note_return(struct group *group, struct member *member)
{
    if (!member->is_in)
        world_plan(group->world, soon(group), hear, member, 0);
}
