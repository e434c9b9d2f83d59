#ifndef COOP_TESTS_SIMULATION_POSTGRES_SERVER_H
#define COOP_TESTS_SIMULATION_POSTGRES_SERVER_H

#include "tests/simulation/postgres/rows.h"

/*
 * PostgreSQL in memory, with the rules of ingest.claim(), advance(), confirm(), end_holder() and
 * new_generation(): a backend a connection, transactions that lock positions and wait for one
 * another, lock_timeout and statement_timeout, temporary tables of the sieve, COMMITs that nobody
 * hears of. A backend whose client has gone ends what it has received in full.
 */

struct sim_session;
struct server;

/** What a request has come to. */
struct outcome {
    const char *sqlstate; /**< NULL: done, and committed. */
    const char *schema;
    const char *constraint;
    const char *words;
    struct claimed *claimed;
    size_t claimed_count;
    struct broken_row *broken;
    size_t broken_count;
    struct stored_position *positions;
    size_t position_count;
    int64_t repeats;
    int64_t folded;
    int64_t behind;
};

enum backend_state {
    BACKEND_IDLE,
    BACKEND_RUNS,       /**< Something of it is planned. */
    BACKEND_WAITS_LOCK, /**< For `waits_for`. */
    BACKEND_WAITS_DATA, /**< For what the client has still to send. */
    BACKEND_GONE,
};

enum stage { STAGE_LOCKS, STAGE_ROWS, STAGE_COMMIT };

struct backend {
    struct server *server;
    struct sim_session *session; /**< NULL: its client is gone, */
    bool is_alone;               /**< and it has noticed. */
    int pid;
    int life; /**< The process at its other end; 0: an operator. */
    const char *name;
    enum backend_state state;
    enum stage stage;
    size_t newest_stream; /**< Number of the last one that there was when it began. */
    int64_t ticket;       /**< What is planned for an older one is void. */
    struct sim_request *request;
    bool is_late; /**< What is planned is its statement_timeout. */
    size_t step;  /**< Locks or rows that are done. */
    struct position **locked;
    size_t locked_count;
    size_t locked_capacity;
    bool has_streams; /**< The advisory lock on streams: shared; an operator's alone. */
    int32_t *written; /**< Ids written and not committed. */
    size_t written_count;
    size_t written_capacity;
    bool *is_repeat; /**< KEEP: of each row that waits. */
    struct backend *waits_for;
    struct outcome outcome;
    bool is_prepared[TABLES][SCHEMAS];
    const struct shape *sieve_shape;
    struct sim_row *sieve; /**< What waits in the sieve. */
    size_t sieve_count;
};

/** Rights that an operator has taken away, to be mended. */
enum right { RIGHT_WRITE, RIGHT_CLAIM, RIGHT_FOLD, RIGHTS };

struct server {
    struct world *world;
    struct store *store;
    int64_t down_until_us;
    int next_pid;
    struct backend **backends; /**< Those that are not gone. */
    size_t count;
    size_t capacity;
    struct backend **writers; /**< By event: who has written its id and not committed. */
    size_t writer_capacity;
    bool has_lost[RIGHTS];
    struct backend *folder; /**< Who folds. */
};

struct server *server_new(struct world *world);
bool server_is_down(const struct server *server);

struct backend *server_connect(struct server *server, struct sim_session *session, int life,
                               const char *name);

/** The statements of a request have arrived. */
void server_receive(struct backend *backend, struct sim_request *request);

/** And what its COPY needs. */
void server_receive_data(struct backend *backend);

/** The connection is closed: what is not received in full does not happen. */
void server_client_gone(struct backend *backend);

/** pg_terminate_backend(). */
void server_end(struct backend *backend);

/** Down at once, and up again after so long; with a standby that lacks so many commits. */
void server_restart(struct server *server, int64_t for_us);
void server_fail_over(struct server *server, int64_t for_us, int64_t commits);

/** An operator: coop-admin position new-generation. */
struct backend *server_begin_generation(struct server *server, size_t topic);

#endif
