#include "consumers/postgres/lane_state.h"

#include <stddef.h>

#include "common/base/compiler.h"

#define STATE(name) LANE_STATE_##name
#define EVENT(name) LANE_EVENT_##name

/* clang-format off */
const struct lane_transition lane_transitions[] = {
    {STATE(CLOSED),     EVENT(DUE),     STATE(CONNECTING), "connecting to PostgreSQL"},
    {STATE(CONNECTING), EVENT(DONE),    STATE(SETTING),    "connected to PostgreSQL"},
    {STATE(CONNECTING), EVENT(OUTAGE),  STATE(CLOSED),     "PostgreSQL is away"},
    {STATE(SETTING),    EVENT(DONE),    STATE(IDLE),       "session is set up"},
    {STATE(SETTING),    EVENT(OUTAGE),  STATE(CLOSED),     "PostgreSQL is away"},
    {STATE(IDLE),       EVENT(OUTAGE),  STATE(CLOSED),     "PostgreSQL is away"},
    {STATE(CLAIMING),   EVENT(DONE),    STATE(IDLE),       "partitions are claimed"},
    {STATE(CLAIMING),   EVENT(LOCKED),  STATE(ENDING),     "a holder does not answer: ending it"},
    {STATE(CLAIMING),   EVENT(OUTAGE),  STATE(CLOSED),     "PostgreSQL is away"},
    {STATE(CLAIMING),   EVENT(REFUSED), STATE(IDLE),       "the claim is refused"},
    {STATE(ENDING),     EVENT(DONE),    STATE(CLAIMING),   "claiming again"},
    {STATE(ENDING),     EVENT(OUTAGE),  STATE(CLOSED),     "PostgreSQL is away"},
    {STATE(ENDING),     EVENT(REFUSED), STATE(IDLE),       "the holder cannot be ended"},
    {STATE(WRITING),    EVENT(DONE),    STATE(IDLE),       "batch is stored"},
    {STATE(WRITING),    EVENT(ROW),     STATE(PREPARING),  "a row is refused: to the sieve"},
    {STATE(WRITING),    EVENT(FENCED),  STATE(IDLE),       "another consumer has claimed a partition"},
    {STATE(WRITING),    EVENT(OUTAGE),  STATE(CLOSED),     "PostgreSQL is away"},
    {STATE(WRITING),    EVENT(REFUSED), STATE(IDLE),       "the batch is refused"},
    {STATE(PREPARING),  EVENT(DONE),    STATE(JUDGING),    "the sieve is ready"},
    {STATE(PREPARING),  EVENT(OUTAGE),  STATE(CLOSED),     "PostgreSQL is away"},
    {STATE(PREPARING),  EVENT(REFUSED), STATE(IDLE),       "the sieve is refused"},
    {STATE(JUDGING),    EVENT(DONE),    STATE(KEEPING),    "the rows are judged"},
    {STATE(JUDGING),    EVENT(ROW),     STATE(JUDGING),    "a row is refused: a smaller window"},
    {STATE(JUDGING),    EVENT(OUTAGE),  STATE(CLOSED),     "PostgreSQL is away"},
    {STATE(JUDGING),    EVENT(REFUSED), STATE(IDLE),       "the batch is refused"},
    {STATE(KEEPING),    EVENT(DONE),    STATE(JUDGING),    "the window is stored: the next one"},
    {STATE(KEEPING),    EVENT(ROW),     STATE(JUDGING),    "a row is refused: a smaller window"},
    {STATE(KEEPING),    EVENT(FENCED),  STATE(IDLE),       "another consumer has claimed a partition"},
    {STATE(KEEPING),    EVENT(OUTAGE),  STATE(CLOSED),     "PostgreSQL is away"},
    {STATE(KEEPING),    EVENT(REFUSED), STATE(IDLE),       "the batch is refused"},
};
/* clang-format on */

const unsigned lane_transition_count = ARRAY_LENGTH(lane_transitions);

const char *lane_state_name(enum lane_state state)
{
    static const char *const names[] = {
        [LANE_STATE_CLOSED] = "closed",     [LANE_STATE_CONNECTING] = "connecting",
        [LANE_STATE_SETTING] = "setting",   [LANE_STATE_IDLE] = "idle",
        [LANE_STATE_CLAIMING] = "claiming", [LANE_STATE_ENDING] = "ending",
        [LANE_STATE_WRITING] = "writing",   [LANE_STATE_PREPARING] = "preparing",
        [LANE_STATE_JUDGING] = "judging",   [LANE_STATE_KEEPING] = "keeping",
    };
    static_assert(ARRAY_LENGTH(names) == LANE_STATE_KEEPING + 1, "every state needs a name");

    return names[state];
}

const char *lane_event_name(enum lane_event event)
{
    static const char *const names[] = {
        [LANE_EVENT_DUE] = "due",         [LANE_EVENT_DONE] = "done",
        [LANE_EVENT_ROW] = "row",         [LANE_EVENT_LOCKED] = "locked",
        [LANE_EVENT_FENCED] = "fenced",   [LANE_EVENT_OUTAGE] = "outage",
        [LANE_EVENT_REFUSED] = "refused",
    };
    static_assert(ARRAY_LENGTH(names) == LANE_EVENT_REFUSED + 1, "every event needs a name");

    return names[event];
}

const struct lane_transition *lane_transition_find(enum lane_state from, enum lane_event event)
{
    for (unsigned i = 0; i < lane_transition_count; i++) {
        if (lane_transitions[i].from == from && lane_transitions[i].event == event)
            return &lane_transitions[i];
    }
    return NULL;
}
