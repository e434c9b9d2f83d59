#include "consumers/postgres/fold.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/base/log.h"
#include "common/base/memory.h"
#include "consumers/postgres/sqlstate.h"

enum {
    REFUSED_AGAIN_MS = 30000,
    OTHERS_AGAIN_MS = 100, /* While somebody else folds. */
    IDLE_AGAIN_MS = 5000,  /* For what a consumer has stored that did not live to fold it. */
    FEW = 10000,           /* Events: so many are worth the next fold at once. */
    REST_MS_MAX = 200,
};

enum fold_state {
    FOLD_AWAY,     /* Not connected to PostgreSQL. */
    FOLD_COMPLETE, /* Everything is folded; it looks again when its time has come. */
    FOLD_BEHIND,   /* Something is left, and not for us now; it tries when its time has come. */
    FOLD_REFUSED,  /* PostgreSQL refuses; it tries when its time has come, whatever is stored. */
    FOLD_DUE,      /* Something is to be folded, once it has rested. */
    FOLD_FOLDING,
};

struct fold {
    struct session *session;
    enum fold_state state;
    int64_t begin_at_ms;   /* COMPLETE, BEHIND, REFUSED: when it begins by itself. */
    int64_t rest_until_ms; /* Not before then, however much is due. */
    int64_t begun_ms;
    bool is_known;     /* A fold has told what it has left. */
    int64_t behind;    /* What it has left. */
    int64_t noted;     /* Stored since the last fold began; positions that moved count, too. */
    int64_t messages;  /* Of these, messages. */
    int64_t in_flight; /* Messages stored before it, and folded when it succeeds. */
};

struct fold *fold_new(struct session *session)
{
    struct fold *fold = memory_new(1, sizeof(*fold));

    *fold = (struct fold){.session = session, .state = FOLD_AWAY};
    return fold;
}

void fold_free(struct fold *fold)
{
    if (!fold)
        return;
    session_free(fold->session);
    free(fold);
}

void fold_note(struct fold *fold, int64_t messages)
{
    fold->messages += messages;
    fold->noted++;
    if (fold->state == FOLD_COMPLETE || fold->state == FOLD_BEHIND)
        fold->state = FOLD_DUE;
}

bool fold_is_complete(const struct fold *fold)
{
    return fold->state == FOLD_COMPLETE;
}

bool fold_behind(const struct fold *fold, int64_t *behind)
{
    int64_t unfolded = fold->messages + fold->in_flight;

    *behind = fold->behind + unfolded;
    return fold->is_known || unfolded > 0;
}

/* Nothing is under way; what was noted in the meantime comes first. */
static void rest(struct fold *fold, enum fold_state state, int64_t begin_at_ms)
{
    fold->state = fold->noted ? FOLD_DUE : state;
    fold->begin_at_ms = begin_at_ms;
}

static bool is_waiting(const struct fold *fold)
{
    return fold->state == FOLD_COMPLETE || fold->state == FOLD_BEHIND
           || fold->state == FOLD_REFUSED;
}

static void begin_when_due(struct fold *fold, int64_t now_ms)
{
    bool is_due = fold->state == FOLD_DUE || (is_waiting(fold) && now_ms >= fold->begin_at_ms);

    if (!is_due || now_ms < fold->rest_until_ms)
        return;
    fold->state = FOLD_FOLDING;
    fold->begun_ms = now_ms;
    fold->in_flight += fold->messages;
    fold->messages = 0;
    fold->noted = 0;
    session_ask(fold->session, &(struct request){.kind = REQUEST_FOLD}, now_ms);
}

/*
 * A fold of few events costs little less than one of many: it rests as long as it worked, so that
 * the folds together take no more than half of the processors from those who store.
 */
static void take_answer(struct fold *fold, const struct answer *answer, int64_t now_ms)
{
    int64_t worked_ms = now_ms - fold->begun_ms;
    int64_t rest_ms = worked_ms < REST_MS_MAX ? worked_ms : REST_MS_MAX;

    log_debug("fold: events=%" PRId64 " behind=%" PRId64, answer->folded, answer->behind);
    fold->is_known = true;
    fold->behind = answer->behind;
    fold->in_flight = 0;
    fold->rest_until_ms = answer->folded < FEW ? now_ms + rest_ms : now_ms;
    if (answer->behind == 0)
        rest(fold, FOLD_COMPLETE, now_ms + IDLE_AGAIN_MS);
    else
        rest(fold, FOLD_BEHIND, answer->folded > 0 ? now_ms : now_ms + OTHERS_AGAIN_MS);
}

static bool take_refusal(struct fold *fold, const struct refusal *refusal, int64_t now_ms,
                         struct error *err)
{
    *err = refusal->err;
    if (sqlstate_classify(refusal->err.sqlstate, "", "", "") == SQLSTATE_OUTAGE) {
        log_warning("the reports stand still: %s; trying again", err->message);
        session_lose(fold->session, now_ms);
        fold->state = FOLD_AWAY;
        return true;
    }
    fold->state = FOLD_REFUSED;
    fold->begin_at_ms = now_ms + REFUSED_AGAIN_MS;
    return error_context(err, "the reports stand still (coop-admin rebuild makes them again)");
}

bool fold_turn(struct fold *fold, int64_t now_ms, struct error *err)
{
    const struct answer *answer = &fold->session->answer;

    switch (session_turn(fold->session, now_ms)) {
    case SESSION_CONNECTED:
        rest(fold, FOLD_BEHIND, now_ms);
        break;
    case SESSION_ANSWERED:
        take_answer(fold, answer, now_ms);
        break;
    case SESSION_REFUSED:
        return take_refusal(fold, &answer->refusal, now_ms, err);
    case SESSION_LOST:
        fold->state = FOLD_AWAY;
        break;
    case SESSION_NOTHING:
        break;
    }
    begin_when_due(fold, now_ms);
    return true;
}

bool fold_poll(const struct fold *fold, struct pollfd *out, int64_t *until_ms)
{
    int64_t begin_ms = fold->rest_until_ms;

    if (is_waiting(fold) && fold->begin_at_ms > begin_ms)
        begin_ms = fold->begin_at_ms;
    if ((fold->state == FOLD_DUE || is_waiting(fold)) && begin_ms < *until_ms)
        *until_ms = begin_ms;
    return session_poll(fold->session, out, until_ms);
}
