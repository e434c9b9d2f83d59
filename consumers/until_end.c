#include "consumers/until_end.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/memory.h"

enum { ASK_EVERY_MS = 500 };

bool until_end_init(struct until_end *until_end, struct session *session, struct source *source,
                    struct partitions *partitions, struct error *err)
{
    *until_end = (struct until_end){.session = session, .state = UNTIL_END_AWAY};
    for (size_t topic = 0; topic < partitions->routes->count; topic++) {
        size_t count = source_partition_count(source, topic);

        until_end->targets = memory_resize(until_end->targets, until_end->count + count,
                                           sizeof(*until_end->targets));
        for (size_t number = 0; number < count; number++) {
            int64_t start;
            int64_t end;

            if (!source_log_range(source, topic, (int32_t)number, &start, &end, err))
                return false;
            until_end->targets[until_end->count++] =
                (struct target){.partition = partitions_get(partitions, topic, (int32_t)number),
                                .offset = end > start ? end : 0};
        }
    }
    return true;
}

void until_end_free(struct until_end *until_end)
{
    session_free(until_end->session);
    free(until_end->targets);
    *until_end = (struct until_end){0};
}

static bool is_reached(const struct target *target)
{
    const struct partition *partition = target->partition;

    return target->offset == 0
           || (partition->state == PARTITION_READING && partition->position >= target->offset);
}

static bool is_stored(const struct answer *answer, const struct target *target)
{
    const struct partition *partition = target->partition;

    for (size_t i = 0; i < answer->position_count; i++) {
        const struct stored_position *stored = &answer->positions[i];

        if (stored->partition == partition->number
            && strcmp(stored->topic, partition->route->topic) == 0
            && strcmp(stored->table, partition->route->table_name) == 0)
            return stored->position >= target->offset;
    }
    return false;
}

static bool have_others_stored(const struct until_end *until_end)
{
    for (size_t i = 0; i < until_end->count; i++) {
        const struct target *target = &until_end->targets[i];

        if (target->partition->state == PARTITION_FREE && !is_reached(target)
            && !is_stored(&until_end->session->answer, target))
            return false;
    }
    return true;
}

/* True: PostgreSQL has just told that others have stored all that is theirs. */
static bool ask_about_others(struct until_end *until_end, int64_t now_ms)
{
    struct session *session = until_end->session;
    bool have_stored = false;

    switch (session_turn(session, now_ms)) {
    case SESSION_CONNECTED:
        until_end->state = UNTIL_END_IDLE;
        until_end->ask_at_ms = now_ms;
        break;
    case SESSION_ANSWERED:
        have_stored = have_others_stored(until_end);
        until_end->state = UNTIL_END_IDLE;
        until_end->ask_at_ms = now_ms + ASK_EVERY_MS;
        break;
    case SESSION_REFUSED:
        log_warning("%s", session->answer.refusal.err.message);
        session_lose(session, now_ms);
        until_end->state = UNTIL_END_AWAY;
        break;
    case SESSION_LOST:
        until_end->state = UNTIL_END_AWAY;
        break;
    case SESSION_NOTHING:
        break;
    }
    if (until_end->state == UNTIL_END_IDLE && now_ms >= until_end->ask_at_ms) {
        session_ask(session, &(struct request){.kind = REQUEST_POSITIONS}, now_ms);
        until_end->state = UNTIL_END_ASKED;
    }
    return have_stored;
}

enum until_end_answer until_end_turn(struct until_end *until_end, bool is_ours_done, int64_t now_ms,
                                     struct error *err)
{
    size_t held = 0;
    size_t others = 0;

    until_end->others = 0;
    if (!is_ours_done)
        return UNTIL_END_NOT_YET;
    for (size_t i = 0; i < until_end->count; i++) {
        const struct target *target = &until_end->targets[i];

        if (target->partition->state == PARTITION_HELD)
            held++;
        else if (!is_reached(target) && target->partition->state != PARTITION_FREE)
            return UNTIL_END_NOT_YET;
        else if (!is_reached(target))
            others++;
    }
    until_end->others = others;
    if (others && !ask_about_others(until_end, now_ms))
        return UNTIL_END_NOT_YET;
    if (held == 0)
        return UNTIL_END_REACHED;
    error_set(err, ERROR_CONFIGURATION, "%zu partitions stand still, see above", held);
    return UNTIL_END_HELD;
}

bool until_end_poll(const struct until_end *until_end, struct pollfd *out, int64_t *until_ms)
{
    if (until_end->others == 0)
        return false;
    if (until_end->state == UNTIL_END_IDLE)
        clock_no_later(until_ms, until_end->ask_at_ms);
    return session_poll(until_end->session, out, until_ms);
}
