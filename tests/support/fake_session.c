#include "tests/support/check.h"

#include "tests/support/fake_session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "tests/support/fake_diary.h"
#include "tests/support/fake_request.h"

enum { NEWS_MAX = 32 };

struct fake_news {
    enum session_news news;
    bool is_after_asking; /* Told once something is under way. */
    bool has_happened;    /* LOST: what was under way, all the same. */
    struct refusal refusal;
};

static struct fake_session *of(const struct session *session)
{
    return (struct fake_session *)(uintptr_t)session;
}

static void free_session(struct session *session)
{
    diary_note("%s: closed", of(session)->name);
    free(of(session)->news);
    free(session);
}

static void ask(struct session *session, const struct request *request, int64_t now_ms)
{
    struct fake_session *self = of(session);

    (void)now_ms;
    assert_true(self->is_connected);
    assert_false(self->is_asked);
    self->is_asked = true;
    self->request = *request;
    self->request_sum = fake_request_sum(request);
    fake_request_note(self->name, request);
}

static size_t topic_named(const char *name)
{
    size_t topic = 0;

    while (strcmp(fake_topic(topic), name) != 0)
        topic++;
    return topic;
}

static void answer_claim(struct fake_session *self)
{
    struct answer *answer = &self->session.answer;

    /* In no order: each tells its place. */
    for (size_t i = self->request.claim_count; i-- > 0;) {
        const struct claim *claim = &self->request.claims[i];
        size_t topic = topic_named(claim->topic);
        struct fake_position *position = &self->database->positions[topic][claim->partition];

        if (position->epoch++ == 0)
            position->position = claim->log_start;
        self->claimed[answer->claimed_count++] =
            (struct claimed){.place = i,
                             .stream_id = (int16_t)(1 + (int)topic + 10 * position->generation),
                             .position = position->position,
                             .epoch = position->epoch,
                             .last_published_us = position->last_published_us};
    }
    answer->claimed = self->claimed;
}

/* A position that is not where the request believes it to be is a fault: CT001 is scripted. */
static void move_positions(struct fake_session *self)
{
    for (size_t i = 0; i < self->request.advance_count; i++) {
        const struct advance *advance = &self->request.advances[i];
        struct fake_position *position =
            &self->database->positions[(advance->stream_id - 1) % 10][advance->partition];

        assert_int_equal((advance->stream_id - 1) / 10, position->generation);
        assert_int_equal(advance->epoch, position->epoch);
        assert_int_equal(advance->old_offset, position->position);
        assert_true(advance->new_offset > advance->old_offset);
        position->position = advance->new_offset;
        position->last_published_us = advance->published_us;
    }
}

static void answer_positions(struct fake_session *self)
{
    static const char *const tables[] = {"event.a", "event.b"};
    size_t count = 0;

    for (size_t topic = 0; topic < FAKE_TOPICS; topic++) {
        for (int32_t i = 0; i < FAKE_PARTITIONS; i++)
            self->stored[count++] =
                (struct stored_position){.topic = fake_topic(topic),
                                         .table = tables[topic],
                                         .partition = i,
                                         .position = self->database->positions[topic][i].position};
    }
    self->session.answer.positions = self->stored;
    self->session.answer.position_count = count;
}

static void happen(struct fake_session *self)
{
    struct answer *answer = &self->session.answer;

    *answer = (struct answer){.repeats = 0};
    switch (self->request.kind) {
    case REQUEST_CLAIM:
        answer_claim(self);
        break;
    case REQUEST_WRITE:
    case REQUEST_KEEP:
        move_positions(self);
        answer->repeats = self->database->repeats;
        self->database->repeats = 0;
        break;
    case REQUEST_SORT:
        answer->broken = self->broken;
        answer->broken_count = self->broken_count;
        self->broken_count = 0;
        break;
    case REQUEST_FOLD:
        answer->folded = self->database->folded;
        answer->behind = self->database->behind;
        break;
    case REQUEST_POSITIONS:
        answer_positions(self);
        break;
    case REQUEST_END_HOLDERS:
    case REQUEST_CONFIRM:
    case REQUEST_PREPARE:
        break;
    }
}

static enum session_news tell(struct fake_session *self, const struct fake_news *next)
{
    if (self->is_asked)
        assert_int_equal(fake_request_sum(&self->request), self->request_sum);
    if (next->news == SESSION_ANSWERED || next->has_happened)
        happen(self);
    if (next->news == SESSION_REFUSED || next->news == SESSION_LOST)
        self->session.answer.refusal = next->refusal;
    self->is_connected = next->news != SESSION_LOST;
    self->is_asked = false;
    return next->news;
}

static bool can_be_told(const struct fake_session *self, const struct fake_news *next)
{
    if (next->news == SESSION_CONNECTED)
        return !self->is_connected;
    return self->is_connected && self->is_asked == next->is_after_asking;
}

/* What it tells at the next turn; NULL: nothing. */
static const struct fake_news *next_news(const struct fake_session *self)
{
    static const struct fake_news connected = {.news = SESSION_CONNECTED};
    static const struct fake_news answered = {.news = SESSION_ANSWERED, .is_after_asking = true};

    if (self->news_next < self->news_count && can_be_told(self, &self->news[self->news_next]))
        return &self->news[self->news_next];
    if (self->is_willing && !self->is_connected)
        return &connected;
    return self->is_willing && self->is_asked ? &answered : NULL;
}

static enum session_news turn(struct session *session, int64_t now_ms)
{
    struct fake_session *self = of(session);
    const struct fake_news *next = next_news(self);

    (void)now_ms;
    if (!next)
        return SESSION_NOTHING;
    if (self->news_next < self->news_count && next == &self->news[self->news_next])
        self->news_next++;
    return tell(self, next);
}

static void lose(struct session *session, int64_t now_ms)
{
    (void)now_ms;
    assert_true(of(session)->is_connected);
    assert_false(of(session)->is_asked);
    of(session)->is_connected = false;
    diary_note("%s: gives up the connection", of(session)->name);
}

static bool poll_session(const struct session *session, struct pollfd *out, int64_t *until_ms)
{
    if (next_news(of(session)))
        *until_ms = 0;
    *out = (struct pollfd){.fd = 60, .events = POLLIN};
    return of(session)->is_connected;
}

static const struct session_operations operations = {
    .free = free_session, .ask = ask, .turn = turn, .lose = lose, .poll = poll_session};

struct fake_session *fake_session_new(const char *name, struct fake_database *database)
{
    struct fake_session *session = memory_new(1, sizeof(*session));

    *session = (struct fake_session){.session = {.operations = &operations},
                                     .name = name,
                                     .database = database,
                                     .news = memory_new(NEWS_MAX, sizeof(*session->news))};
    return session;
}

static struct fake_news *add(struct fake_session *session, enum session_news news)
{
    assert_true(session->news_count < NEWS_MAX);
    struct fake_news *added = &session->news[session->news_count++];

    *added = (struct fake_news){.news = news, .is_after_asking = true};
    return added;
}

void fake_session_connects(struct fake_session *session)
{
    add(session, SESSION_CONNECTED);
}

void fake_session_answers(struct fake_session *session)
{
    add(session, SESSION_ANSWERED);
}

static void set_refusal(struct refusal *refusal, const char *sqlstate)
{
    snprintf(refusal->words, sizeof(refusal->words), "words of %s", sqlstate);
    error_set(&refusal->err, ERROR_CONFIGURATION, "PostgreSQL says %s", sqlstate);
    snprintf(refusal->err.sqlstate, sizeof(refusal->err.sqlstate), "%s", sqlstate);
}

void fake_session_refuses(struct fake_session *session, const char *sqlstate)
{
    fake_session_refuses_for(session, sqlstate, "", "");
}

void fake_session_refuses_for(struct fake_session *session, const char *sqlstate,
                              const char *schema, const char *constraint)
{
    struct refusal *refusal = &add(session, SESSION_REFUSED)->refusal;

    set_refusal(refusal, sqlstate);
    snprintf(refusal->schema, sizeof(refusal->schema), "%s", schema);
    snprintf(refusal->constraint, sizeof(refusal->constraint), "%s", constraint);
}

void fake_session_loses_idle(struct fake_session *session)
{
    add(session, SESSION_LOST)->is_after_asking = false;
}

void fake_session_loses(struct fake_session *session, const char *sqlstate)
{
    set_refusal(&add(session, SESSION_LOST)->refusal, sqlstate);
}

void fake_session_loses_commit(struct fake_session *session)
{
    add(session, SESSION_LOST)->has_happened = true;
}

void fake_session_finds_broken(struct fake_session *session, size_t place, const char *reason)
{
    session->broken[session->broken_count++] = (struct broken_row){place, reason};
}

void fake_database_init(struct fake_database *database)
{
    *database = (struct fake_database){0};
    for (size_t topic = 0; topic < FAKE_TOPICS; topic++) {
        for (size_t i = 0; i < FAKE_PARTITIONS; i++)
            database->positions[topic][i].last_published_us = -1;
    }
}

void fake_database_store(struct fake_database *database, size_t topic, int32_t partition,
                         int64_t position, int64_t last_published_us)
{
    database->positions[topic][partition] = (struct fake_position){
        .position = position, .epoch = 1, .last_published_us = last_published_us};
}
