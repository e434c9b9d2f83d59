#include "tests/support/scripted_session.h"

#include "tests/support/check.h"

#include <stdio.h>

#include "common/base/log.h"

const struct session_kind tested_session = {.application = "tested",
                                            .settings_sql = "set lock_timeout = '1s';",
                                            .answer_wait_ms = ANSWER_WAIT_MS,
                                            .first_retry_ms = FIRST_RETRY_MS,
                                            .longest_retry_ms = LONGEST_RETRY_MS,
                                            .outages = LOG_LEVEL_WARNING};

struct log_lines log_lines;

static void take_line(enum log_level level, const char *message)
{
    (void)level;
    log_lines.count++;
    snprintf(log_lines.last, sizeof(log_lines.last), "%s", message);
}

struct scripted_session scripted_session(const struct session_kind *kind,
                                         const struct exchange *script)
{
    struct scripted_session both = {.server = scripted_server_new(script, NULL)};

    log_lines = (struct log_lines){0};
    log_divert(take_line);
    both.session = libpq_session_new(kind, both.server->conninfo);
    return both;
}

void scripted_session_end(struct scripted_session *both)
{
    scripted_server_check(both->server);
    session_free(both->session);
    scripted_server_free(both->server);
    log_divert(NULL);
}

enum session_news scripted_session_news(struct scripted_session *both, int64_t now_ms)
{
    for (int i = 0; i < 1000; i++) {
        enum session_news news = session_turn(both->session, now_ms);

        if (news != SESSION_NOTHING)
            return news;
        scripted_server_turn(both->server);
    }
    fail_msg("the session has no news; the server: %s", both->server->fault);
    return SESSION_NOTHING;
}

void scripted_session_connect(struct scripted_session *both, int64_t now_ms)
{
    assert_int_equal(scripted_session_news(both, now_ms), SESSION_CONNECTED);
}

void scripted_session_stays_quiet(struct scripted_session *both, int64_t now_ms)
{
    for (int i = 0; i < 20; i++) {
        assert_int_equal(session_turn(both->session, now_ms), SESSION_NOTHING);
        scripted_server_turn(both->server);
    }
}
