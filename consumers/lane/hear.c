#include "consumers/lane/inside.h"

#include "common/base/log.h"
#include "consumers/postgres/sqlstate.h"

static struct lane_counts *counts_of_batch(struct lane *lane)
{
    return &lane->counts[batch_topic(lane->part.batch)];
}

/* The part is committed; how many messages that were. */
static int64_t note_stored(struct lane *lane, int64_t repeats, int64_t now_ms)
{
    const struct part *part = &lane->part;

    part_stored(part);
    if (!part->batch)
        return 0;
    struct lane_counts *counts = counts_of_batch(lane);
    counts->stored += (int64_t)part->row_count - repeats;
    counts->duplicates += repeats;
    counts->rejects += (int64_t)part->reject_count;
    if (part_is_last(part))
        counters_note_commit(&lane->counters, part->batch->count, now_ms - lane->sent_ms);
    return (int64_t)(part->end - part->first);
}

/* Where only rejects are left of the part there is nothing to sort. */
static void sort_or_keep(struct lane *lane, int64_t now_ms)
{
    if (lane->part.row_count) {
        lane_ask_sort(lane, now_ms);
        return;
    }
    lane_move(lane, LANE_DONE, now_ms);
    lane_ask_keep(lane, now_ms);
}

static enum lane_news written(struct lane *lane, const struct answer *answer, int64_t now_ms,
                              int64_t *stored)
{
    *stored = note_stored(lane, answer->repeats, now_ms);
    if (lane->part.row_count)
        sieve_note_success(&lane->sieve);
    batches_clear_outgoing(&lane->batches);
    lane_move(lane, LANE_DONE, now_ms);
    return LANE_HAS_STORED;
}

/* One part is stored; the next begins where it ended and reaches to the batch's end. */
static enum lane_news kept(struct lane *lane, const struct answer *answer, int64_t now_ms,
                           int64_t *stored)
{
    struct batch *batch = lane->part.batch;

    *stored = note_stored(lane, answer->repeats, now_ms);
    if (part_is_last(&lane->part)) {
        batches_clear_outgoing(&lane->batches);
        lane_move(lane, LANE_DONE, now_ms);
    } else {
        part_set(&lane->part, batch, lane->part.end, batch->count);
        lane_move(lane, LANE_PART_DONE, now_ms);
        sort_or_keep(lane, now_ms);
    }
    return LANE_HAS_STORED;
}

/* It has happened all the same, and counts; but nothing here is ours any more. */
static enum lane_news finished_for_others(struct lane *lane, const struct answer *answer,
                                          int64_t now_ms, int64_t *stored)
{
    bool has_stored = lane->asked == REQUEST_WRITE || lane->asked == REQUEST_KEEP;

    if (has_stored)
        *stored = note_stored(lane, answer->repeats, now_ms);
    batches_clear_outgoing(&lane->batches);
    lane_move(lane, LANE_DONE, now_ms);
    return has_stored ? LANE_HAS_STORED : LANE_NEWS;
}

static enum lane_news answered(struct lane *lane, const struct answer *answer, int64_t now_ms,
                               int64_t *stored, struct error *err)
{
    switch (lane->state) {
    case LANE_CLAIMING:
        lane_move(lane, LANE_DONE, now_ms);
        return lane_take_claims(lane, answer, err) ? LANE_NEWS : LANE_HAS_FAILED;
    case LANE_ENDING_HOLDER:
        lane_move(lane, LANE_DONE, now_ms);
        lane_ask_claim(lane, REQUEST_CLAIM, now_ms);
        return LANE_NEWS;
    case LANE_WRITING:
    case LANE_SKIPPING:
        return written(lane, answer, now_ms, stored);
    case LANE_PREPARING:
        lane_move(lane, LANE_DONE, now_ms);
        sort_or_keep(lane, now_ms);
        return LANE_NEWS;
    case LANE_SORTING:
        sieve_reject_broken(&lane->part, answer->broken, answer->broken_count);
        lane_move(lane, LANE_DONE, now_ms);
        lane_ask_keep(lane, now_ms);
        return LANE_NEWS;
    case LANE_KEEPING:
        return kept(lane, answer, now_ms, stored);
    case LANE_FINISHING:
        return finished_for_others(lane, answer, now_ms, stored);
    default:
        lane_move(lane, LANE_DONE, now_ms);
        return LANE_NEWS;
    }
}

static void lose(struct lane *lane, const char *sqlstate, int64_t now_ms)
{
    counters_note_retry(&lane->counters, sqlstate);
    /* What the group has taken back is not written again; all else is, once it is claimed. */
    if (lane->state == LANE_FINISHING)
        batches_clear_outgoing(&lane->batches);
    lane_move(lane, LANE_LOST, now_ms);
}

/*
 * Somebody else has claimed what we were about to write. All that is read goes, since what
 * comes after the lost batch must not be stored without it. Then the position decides.
 */
static enum lane_news fenced(struct lane *lane, int64_t now_ms)
{
    batches_drop(&lane->batches);
    for (size_t i = 0; i < lane->count; i++)
        partition_move(lane->partitions[i], PARTITION_DROPPED);
    lane_move(lane, LANE_FENCED, now_ms);
    return LANE_IS_FENCED;
}

/* A row is refused: from the fast way to the sieve, in the sieve to a smaller part. */
static enum lane_news sift(struct lane *lane, const struct refusal *refusal, int64_t now_ms)
{
    if (lane->state == LANE_WRITING) {
        sieve_note_refusal(&lane->sieve);
        counts_of_batch(lane)->sieved++;
        lane_move(lane, LANE_ROW, now_ms);
        lane_ask_prepare(lane, now_ms);
    } else {
        sieve_narrow(&lane->part, refusal);
        lane_move(lane, LANE_ROW, now_ms);
        sort_or_keep(lane, now_ms);
    }
    return LANE_NEWS;
}

static enum lane_news lose_for_now(struct lane *lane, const struct refusal *refusal, int64_t now_ms)
{
    session_lose(lane->parts.session, now_ms);
    lose(lane, refusal->err.sqlstate, now_ms);
    return LANE_NEWS;
}

static enum sqlstate_class classify(const struct lane *lane, const struct refusal *refusal)
{
    const struct batch *batch = lane->batches.outgoing;
    const char *position_constraint =
        batch && batch->shape ? batch->shape->table->position_constraint : "";

    return sqlstate_classify(refusal->err.sqlstate, refusal->schema, refusal->constraint,
                             position_constraint);
}

/* May this request be refused for a row of its own? */
static bool is_sifting(const struct lane *lane)
{
    return lane->state == LANE_WRITING || lane->state == LANE_SORTING
           || lane->state == LANE_KEEPING;
}

static enum lane_news refused(struct lane *lane, const struct refusal *refusal, int64_t now_ms,
                              struct error *err)
{
    enum sqlstate_class class = classify(lane, refusal);

    *err = refusal->err;
    if (lane->state == LANE_CLAIMING && sqlstate_is_lock_timeout(refusal->err.sqlstate)) {
        log_warning("the holder of a partition does not let go of it: ending its backend");
        lane_move(lane, LANE_LOCKED, now_ms);
        lane_ask_claim(lane, REQUEST_END_HOLDERS, now_ms);
        return LANE_NEWS;
    }
    if (class == SQLSTATE_OUTAGE)
        return lose_for_now(lane, refusal, now_ms);
    if (lane->state == LANE_FINISHING) {
        batches_clear_outgoing(&lane->batches);
        lane_move(lane, LANE_REFUSED, now_ms);
        return LANE_NEWS;
    }
    if (class == SQLSTATE_FENCED && lane_transition_find(lane->state, LANE_FENCED))
        return fenced(lane, now_ms);
    if (class == SQLSTATE_ROW && is_sifting(lane) && lane->part.row_count > 0)
        return sift(lane, refusal, now_ms);
    if (class == SQLSTATE_ALARM)
        error_context(err, "a message is stored already, its position was moved back by hand");
    return LANE_IS_REFUSED;
}

enum lane_news lane_hear(struct lane *lane, int64_t now_ms, int64_t *stored, struct error *err)
{
    struct session *session = lane->parts.session;

    switch (session_turn(session, now_ms)) {
    case SESSION_CONNECTED:
        lane_move(lane, LANE_CONNECTED, now_ms);
        return LANE_NEWS;
    case SESSION_ANSWERED:
        return answered(lane, &session->answer, now_ms, stored, err);
    case SESSION_REFUSED:
        return refused(lane, &session->answer.refusal, now_ms, err);
    case SESSION_LOST:
        lose(lane, session->answer.refusal.err.sqlstate, now_ms);
        return LANE_NEWS;
    case SESSION_NOTHING:
        break;
    }
    return LANE_NOTHING_NEW;
}
