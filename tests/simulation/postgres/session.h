#ifndef COOP_TESTS_SIMULATION_POSTGRES_SESSION_H
#define COOP_TESTS_SIMULATION_POSTGRES_SESSION_H

#include "consumers/postgres/session.h"
#include "tests/simulation/postgres/server.h"

/*
 * A consumer's connection to the server of this world, as postgres/libpq_session.c is to a real
 * one: it connects again and again, waits for answers only so long, and everything between the two
 * ends takes its time, comes late or never.
 */

struct sim_session;
struct consumer;

enum session_kind_number { SESSION_OF_LANE, SESSION_OF_FOLD, SESSION_OF_POSITIONS };

/** `place` among the consumer's sessions; `number` of its lane or fold. */
struct sim_session *session_new(struct consumer *consumer, enum session_kind_number kind,
                                size_t place, size_t number);

/** As the pipeline wants it. */
struct session *session_base(struct sim_session *session);

/** Its process was killed: the system closes its sockets, or it is gone with its machine. */
void session_die(struct sim_session *session);

/** Its end, its server's or what is between breaks. */
void session_cut(struct sim_session *session);

/** For poll(): has it something to tell? */
bool session_is_ready(const struct sim_session *session);

/* From the server. */

void session_hear(struct sim_session *session, struct backend *backend,
                  const struct outcome *outcome);

/** It wants the data of COPY now. */
void session_hear_copy(struct sim_session *session, struct backend *backend);

/** The backend ends, and says why. */
void session_break(struct sim_session *session, struct backend *backend, const char *sqlstate,
                   const char *words);

#endif
