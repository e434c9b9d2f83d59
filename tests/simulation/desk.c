#include "tests/simulation/desk.h"

#include "tests/simulation/perils.h"

struct desk *desk_new(struct world *world)
{
    struct desk *desk = world_keep(world, 1, sizeof(*desk));

    desk->world = world;
    desk->every_s_max = world_between(world, 1, 60);
    return desk;
}

static bool is_under_way(const struct desk *desk, size_t topic)
{
    return desk->generation[topic] && desk->generation[topic]->state != BACKEND_GONE;
}

static bool is_stream_current(const struct desk *desk, size_t topic)
{
    return store_stream_of(desk->world->store, topic)->incarnation
           == desk->world->broker->incarnations[topic];
}

bool desk_is_clear(const struct world *world)
{
    for (size_t topic = 0; topic < world->broker->topic_count; topic++) {
        if (!is_stream_current(world->desk, topic))
            return false;
    }
    return true;
}

static void begin_generations(struct desk *desk)
{
    struct server *server = desk->world->server;

    for (size_t topic = 0; topic < desk->world->broker->topic_count; topic++) {
        if (is_stream_current(desk, topic) || is_under_way(desk, topic) || server_is_down(server))
            continue;
        desk->generation[topic] = server_begin_generation(server, topic);
    }
}

static void look(void *of, int64_t argument)
{
    struct desk *desk = of;
    struct world *world = desk->world;
    int64_t longest_s = world->is_healing ? 5 : desk->every_s_max;

    (void)argument;
    for (size_t right = 0; right < RIGHTS; right++) {
        if (world->server->has_lost[right])
            world_tell(world, "the operator: gives the rights back");
        world->server->has_lost[right] = false;
    }
    begin_generations(desk);
    world_plan(world, world->now_us + world_between(world, 1, longest_s) * SECOND, look, desk, 0);
}

void desk_open(struct desk *desk)
{
    world_plan(desk->world, desk->world->now_us + SECOND, look, desk, 0);
}

/*
 * It shows by the record before the position, so there must be one of each partition, in the log
 * still. And no standby may lack what was stored before.
 */
bool desk_may_make_anew(const struct desk *desk, size_t topic)
{
    const struct broker *broker = desk->world->broker;
    const struct stream *stream = store_stream_of(desk->world->store, topic);

    if (!is_stream_current(desk, topic) || is_under_way(desk, topic))
        return false;
    for (int32_t i = 0; i < broker->partition_counts[topic]; i++) {
        const struct position_version *now = position_now(&stream->positions[i]);

        if (!now || now->published_us < 0 || now->next_offset <= broker->logs[topic][i]->start)
            return false;
    }
    return true;
}
