#ifndef COOP_TESTS_SIMULATION_POSTGRES_SESSION_INSIDE_H
#define COOP_TESTS_SIMULATION_POSTGRES_SESSION_INSIDE_H

#include "tests/simulation/consumer.h"
#include "tests/simulation/postgres/session.h"

/* The inside of a session, for its own files: session.c is what the pipeline calls, wire.c what
 * lies between its two ends, and breaks. */

enum session_state { CLOSED, CONNECTING, IDLE, ASKED };

struct sim_session {
    struct session session; /* First: the pipeline knows only this. */
    struct consumer *consumer;
    struct world *world;
    enum session_kind_number kind;
    int descriptor;
    char name[32];
    enum session_state state;
    int64_t connection; /* Numbers the connections: what is of an older one is void. */
    int64_t deadline_ms;
    int64_t retry_ms;
    struct backend *backend; /* NULL where the server knows nothing of us. */
    bool is_up;              /* CONNECTING: it is there. */
    bool is_down;            /* CONNECTING: it is not. */
    bool is_broken;          /* The connection is; we notice at our next turn. */
    bool wants_data;
    bool has_outcome;
    struct outcome outcome;
    const char *broken_sqlstate;
    const char *broken_words;
    struct request asked; /* Its parts are the pipeline's still. */
    struct sim_request *request;
    int64_t cut_at; /* Of the steps of what is asked, where the connection breaks; -1: not. */
};

/** The steps between the ends, for the connection to break at. */
enum cut { CUT_REQUEST, CUT_COPY, CUT_DATA, CUT_ANSWER, CUTS };

/* wire.c */

int64_t wire_us(struct sim_session *self);

/** Plans something for this connection; of none that follows it. */
void wire_plan(struct sim_session *self, int64_t at_us, world_action *action);
bool wire_is_of_old(const struct sim_session *self, int64_t connection);

/** Lets go of the server, which is told, or is not and notices late. */
void wire_let_go(struct sim_session *self, bool is_told);

/** True: the connection breaks at this step of what is asked. */
bool wire_is_cut_at(struct sim_session *self, enum cut cut);

/** A request, or the data of its COPY where that is NULL. */
void wire_send(struct sim_session *self, struct sim_request *request);

/** The server is asked for a connection, and answers before long. */
void wire_connect(struct sim_session *self);

#endif
