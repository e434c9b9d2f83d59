#ifndef COOP_TESTS_SIMULATION_POSTGRES_BACKEND_INSIDE_H
#define COOP_TESTS_SIMULATION_POSTGRES_BACKEND_INSIDE_H

#include "tests/simulation/postgres/server.h"

/* What a transaction is made of, for its own files: backend.c goes from step to step, locks.c
 * waits, writes.c writes, commit.c makes it so. */

/** Takes its part in the server. */
struct backend *backend_begin(struct server *server);

/** Ends it, and what is under way. */
void backend_end(struct backend *backend);

void backend_go_on(struct backend *backend);
/** Goes on after so long. */
void backend_plan(struct backend *backend, int64_t delay_us);
void backend_release(struct backend *backend);

/** A stage of a transaction; BLOCKED: it waits, and does the same again afterwards. */
enum progress_made { STEP_DONE, STEP_BLOCKED, STEP_REFUSED };

enum progress_made transaction_lock(struct backend *backend);
enum progress_made transaction_write(struct backend *backend);
void transaction_commit(struct backend *backend);

enum progress_made backend_wait_for(struct backend *backend, struct backend *holder);
enum progress_made backend_refuse(struct backend *backend, const char *sqlstate, const char *schema,
                                  const char *constraint, const char *words);

#endif
