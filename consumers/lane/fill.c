#include "consumers/lane/inside.h"

enum { MESSAGES_A_TURN = 1000 };

/* True: the message is taken, into a batch or out of the way. */
static bool take_message(struct lane *lane, struct partition *partition, struct message *message,
                         int64_t now_ms)
{
    if (!partition_accepts(partition, message)) {
        source_take(lane->parts.source, lane->parts.number);
        message_free(message);
        return true;
    }
    if (!batches_add(&lane->batches, partition, message, now_ms))
        return false;
    source_take(lane->parts.source, lane->parts.number);
    return true;
}

/* In UNCLAIMED the time says when to claim everything: that is not put off. */
static bool stop_reading(struct lane *lane, int64_t now_ms, struct error *err)
{
    if (lane->state != LANE_UNCLAIMED)
        lane->claim_at_ms = now_ms + LANE_HELD_AGAIN_MS;
    return lane_halt(lane, err);
}

bool lane_fill(struct lane *lane, int64_t now_ms, struct error *err)
{
    struct source *source = lane->parts.source;
    size_t number = lane->parts.number;

    for (int i = 0; i < MESSAGES_A_TURN && !batches_are_full(&lane->batches); i++) {
        struct message message;
        enum feed_news news = source_peek(source, number, &message, err);

        if (news == FEED_NOTHING || news == FEED_FAILED)
            return news == FEED_NOTHING;
        struct partition *partition =
            partitions_get(lane->parts.partitions, message.topic, message.partition);
        enum partition_state before = partition->state;

        if (news == FEED_MESSAGE) {
            if (!take_message(lane, partition, &message, now_ms))
                return true;
        } else {
            if (news == FEED_END)
                partition_note_end(partition, message.offset);
            else if (partition_is_read(partition))
                partition_hold(partition, "the position lies outside the log");
            source_take(source, number);
        }
        if (partition->state == PARTITION_HELD && before != PARTITION_HELD
            && !stop_reading(lane, now_ms, err))
            return false;
    }
    return true;
}
