#ifndef COOP_CONSUMERS_POSTGRES_FOLD_H
#define COOP_CONSUMERS_POSTGRES_FOLD_H

#include "consumers/postgres/session.h"

/*
 * Has the database fold what is stored into schema state, through a session of its own:
 * state.fold(), again and again while there is something to fold. Several may do so, in this
 * process or another: the database sees to it that no part is folded by two at once.
 */
struct fold;

/** Takes the session over. */
struct fold *fold_new(struct session *session);

/** Closes the connection; a fold under way is rolled back, and done again by the next. */
void fold_free(struct fold *fold);

/** So many messages were stored, or none and a position has moved. */
void fold_note(struct fold *fold, int64_t messages);

/** All that was noted is folded, and whatever else was stored before. */
bool fold_is_complete(const struct fold *fold);

/**
 * By how many messages the reports are behind what is stored, as far as we know: what our last
 * fold has left and what we have stored since. False where nothing is known.
 */
MUST_USE bool fold_behind(const struct fold *fold, int64_t *behind);

/** What to wait for, and until when; false: no descriptor. */
bool fold_poll(const struct fold *fold, struct pollfd *out, int64_t *until_ms);

/**
 * Goes on with what is under way.
 *
 * @return false with the words of PostgreSQL, which refused; it is tried again all the same.
 */
bool fold_turn(struct fold *fold, int64_t now_ms, struct error *err);

#endif
