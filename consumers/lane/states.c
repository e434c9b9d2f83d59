#include "consumers/lane/states.h"

#include "common/base/compiler.h"

#define STATE(name) LANE_##name
#define EVENT(name) LANE_##name

/* clang-format off */
const struct lane_transition lane_transitions[] = {
    {STATE(AWAY),           EVENT(CONNECTED),   STATE(UNCLAIMED),      "connected: claim before anything is written"},
    {STATE(AWAY),           EVENT(LOST),        STATE(AWAY),           "PostgreSQL is away"},
    {STATE(AWAY),           EVENT(GIVEN),       STATE(AWAY),           "to be claimed once PostgreSQL is there"},
    {STATE(AWAY),           EVENT(TAKEN_BACK),  STATE(AWAY),           "nothing is left to claim"},
    {STATE(UNCLAIMED),      EVENT(CLAIM),       STATE(CLAIMING),       "claiming"},
    {STATE(UNCLAIMED),      EVENT(LOST),        STATE(AWAY),           "PostgreSQL is away"},
    {STATE(UNCLAIMED),      EVENT(GIVEN),       STATE(UNCLAIMED),      "to be claimed"},
    {STATE(UNCLAIMED),      EVENT(TAKEN_BACK),  STATE(UNCLAIMED),      "nothing is left to claim"},
    {STATE(CLAIMING),       EVENT(DONE),        STATE(READY),          "partitions are claimed"},
    {STATE(CLAIMING),       EVENT(LOCKED),      STATE(ENDING_HOLDER),  "a holder does not answer: ending it"},
    {STATE(CLAIMING),       EVENT(REFUSED),     STATE(READY),          "the claim is refused"},
    {STATE(CLAIMING),       EVENT(LOST),        STATE(AWAY),           "PostgreSQL is away"},
    {STATE(CLAIMING),       EVENT(TAKEN_BACK),  STATE(FINISHING),      "the group has taken back what is being claimed"},
    {STATE(ENDING_HOLDER),  EVENT(DONE),        STATE(CLAIMING),       "claiming again"},
    {STATE(ENDING_HOLDER),  EVENT(REFUSED),     STATE(READY),          "the holder cannot be ended"},
    {STATE(ENDING_HOLDER),  EVENT(LOST),        STATE(AWAY),           "PostgreSQL is away"},
    {STATE(ENDING_HOLDER),  EVENT(TAKEN_BACK),  STATE(FINISHING),      "the group has taken back what is being claimed"},
    {STATE(READY),          EVENT(CLAIM),       STATE(CLAIMING),       "claiming again: what stands still may be mended"},
    {STATE(READY),          EVENT(WRITE),       STATE(WRITING),        "writing a batch"},
    {STATE(READY),          EVENT(SIFT),        STATE(PREPARING),      "a batch goes to the sieve at once"},
    {STATE(READY),          EVENT(SKIP),        STATE(SKIPPING),       "moving over what is no message"},
    {STATE(READY),          EVENT(CONFIRM),     STATE(CONFIRMING),     "asking whether all is still ours"},
    {STATE(READY),          EVENT(LOST),        STATE(AWAY),           "PostgreSQL is away"},
    {STATE(READY),          EVENT(TAKEN_BACK),  STATE(UNCLAIMED),      "the group has taken everything back"},
    {STATE(WRITING),        EVENT(DONE),        STATE(READY),          "batch is stored"},
    {STATE(WRITING),        EVENT(ROW),         STATE(PREPARING),      "a row is refused: to the sieve"},
    {STATE(WRITING),        EVENT(FENCED),      STATE(UNCLAIMED),      "another consumer has claimed a partition"},
    {STATE(WRITING),        EVENT(REFUSED),     STATE(READY),          "the batch is refused"},
    {STATE(WRITING),        EVENT(LOST),        STATE(AWAY),           "PostgreSQL is away"},
    {STATE(WRITING),        EVENT(TAKEN_BACK),  STATE(FINISHING),      "the group has taken back what is being written"},
    {STATE(PREPARING),      EVENT(DONE),        STATE(SORTING),        "the sieve is ready"},
    {STATE(PREPARING),      EVENT(REFUSED),     STATE(READY),          "the sieve is refused"},
    {STATE(PREPARING),      EVENT(LOST),        STATE(AWAY),           "PostgreSQL is away"},
    {STATE(PREPARING),      EVENT(TAKEN_BACK),  STATE(FINISHING),      "the group has taken back what is being sifted"},
    {STATE(SORTING),        EVENT(DONE),        STATE(KEEPING),        "the rows are sorted"},
    {STATE(SORTING),        EVENT(ROW),         STATE(SORTING),        "a row is refused: a smaller part"},
    {STATE(SORTING),        EVENT(REFUSED),     STATE(READY),          "the batch is refused"},
    {STATE(SORTING),        EVENT(LOST),        STATE(AWAY),           "PostgreSQL is away"},
    {STATE(SORTING),        EVENT(TAKEN_BACK),  STATE(FINISHING),      "the group has taken back what is being sifted"},
    {STATE(KEEPING),        EVENT(DONE),        STATE(READY),          "batch is stored"},
    {STATE(KEEPING),        EVENT(PART_DONE),   STATE(SORTING),        "the part is stored: the next one"},
    {STATE(KEEPING),        EVENT(ROW),         STATE(SORTING),        "a row is refused: a smaller part"},
    {STATE(KEEPING),        EVENT(FENCED),      STATE(UNCLAIMED),      "another consumer has claimed a partition"},
    {STATE(KEEPING),        EVENT(REFUSED),     STATE(READY),          "the batch is refused"},
    {STATE(KEEPING),        EVENT(LOST),        STATE(AWAY),           "PostgreSQL is away"},
    {STATE(KEEPING),        EVENT(TAKEN_BACK),  STATE(FINISHING),      "the group has taken back what is being sifted"},
    {STATE(SKIPPING),       EVENT(DONE),        STATE(READY),          "positions have moved"},
    {STATE(SKIPPING),       EVENT(FENCED),      STATE(UNCLAIMED),      "another consumer has claimed a partition"},
    {STATE(SKIPPING),       EVENT(REFUSED),     STATE(READY),          "the step is refused"},
    {STATE(SKIPPING),       EVENT(LOST),        STATE(AWAY),           "PostgreSQL is away"},
    {STATE(SKIPPING),       EVENT(TAKEN_BACK),  STATE(FINISHING),      "the group has taken back what is being moved"},
    {STATE(CONFIRMING),     EVENT(DONE),        STATE(READY),          "all is still ours"},
    {STATE(CONFIRMING),     EVENT(FENCED),      STATE(UNCLAIMED),      "another consumer has claimed a partition"},
    {STATE(CONFIRMING),     EVENT(REFUSED),     STATE(READY),          "the question is refused"},
    {STATE(CONFIRMING),     EVENT(LOST),        STATE(AWAY),           "PostgreSQL is away"},
    {STATE(CONFIRMING),     EVENT(TAKEN_BACK),  STATE(FINISHING),      "the group has taken back what is asked about"},
    {STATE(FINISHING),      EVENT(DONE),        STATE(UNCLAIMED),      "what was under way has happened"},
    {STATE(FINISHING),      EVENT(REFUSED),     STATE(UNCLAIMED),      "what was under way is refused: others do it now"},
    {STATE(FINISHING),      EVENT(LOST),        STATE(AWAY),           "PostgreSQL is away"},
    {STATE(FINISHING),      EVENT(GIVEN),       STATE(FINISHING),      "to be claimed after what is under way"},
    {STATE(FINISHING),      EVENT(TAKEN_BACK),  STATE(FINISHING),      "nothing is left to claim"},
};
/* clang-format on */

const size_t lane_transition_count = ARRAY_LENGTH(lane_transitions);

const char *lane_state_name(enum lane_state state)
{
    static const char *const names[] = {
        [LANE_AWAY] = "away",
        [LANE_UNCLAIMED] = "unclaimed",
        [LANE_CLAIMING] = "claiming",
        [LANE_ENDING_HOLDER] = "ending holder",
        [LANE_READY] = "ready",
        [LANE_WRITING] = "writing",
        [LANE_PREPARING] = "preparing",
        [LANE_SORTING] = "sorting",
        [LANE_KEEPING] = "keeping",
        [LANE_SKIPPING] = "skipping",
        [LANE_CONFIRMING] = "confirming",
        [LANE_FINISHING] = "finishing",
    };
    static_assert(ARRAY_LENGTH(names) == LANE_FINISHING + 1, "every state needs a name");

    return names[state];
}

const char *lane_event_name(enum lane_event event)
{
    static const char *const names[] = {
        [LANE_CONNECTED] = "connected", [LANE_LOST] = "lost",
        [LANE_GIVEN] = "given",         [LANE_TAKEN_BACK] = "taken back",
        [LANE_CLAIM] = "claim",         [LANE_WRITE] = "write",
        [LANE_SIFT] = "sift",           [LANE_SKIP] = "skip",
        [LANE_CONFIRM] = "confirm",     [LANE_DONE] = "done",
        [LANE_PART_DONE] = "part done", [LANE_ROW] = "row",
        [LANE_LOCKED] = "locked",       [LANE_FENCED] = "fenced",
        [LANE_REFUSED] = "refused",
    };
    static_assert(ARRAY_LENGTH(names) == LANE_REFUSED + 1, "every event needs a name");

    return names[event];
}

const struct lane_transition *lane_transition_find(enum lane_state from, enum lane_event event)
{
    for (size_t i = 0; i < lane_transition_count; i++) {
        if (lane_transitions[i].from == from && lane_transitions[i].event == event)
            return &lane_transitions[i];
    }
    return NULL;
}
