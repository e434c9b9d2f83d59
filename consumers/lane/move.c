#include "common/base/log.h"
#include "consumers/lane/inside.h"

enum {
    FENCED_AGAIN_MS = 500, /* Time for the group to tell that they are another's. */
    CONFIRM_EVERY_MS = 20000,
};

/* Each state's times are set where it is entered, and nowhere else but where they are put off. */
void lane_move(struct lane *lane, enum lane_event event, int64_t now_ms)
{
    const struct lane_transition *transition = lane_transition_find(lane->state, event);

    assert(transition && "an event that the state does not know");
    log_debug("lane %zu: %s -> %s: %s", lane->parts.number, lane_state_name(transition->from),
              lane_state_name(transition->to), transition->words);
    lane->state = transition->to;
    if (lane->state == LANE_UNCLAIMED) {
        lane->claim_at_ms = event == LANE_FENCED ? now_ms + FENCED_AGAIN_MS : now_ms;
    } else if (lane->state == LANE_READY) {
        lane->confirm_at_ms = now_ms + CONFIRM_EVERY_MS;
        /* Not after each batch: what stands still would wait for as long as others are written. */
        if (transition->from == LANE_CLAIMING || event == LANE_REFUSED)
            lane->claim_at_ms = now_ms + LANE_HELD_AGAIN_MS;
    }
}
