#ifndef COOP_CONSUMERS_FOLD_H
#define COOP_CONSUMERS_FOLD_H

#include <poll.h>
#include <stdint.h>

#include "common/base/error.h"

/*
 * Has the database fold what is stored into schema state, through a connection of its own that
 * never waits: state.fold(), again and again while there is something to fold. Several may do
 * so, in this process or another: the database sees to it that no part is folded by two at once.
 *
 * The caller polls fold_poll() and calls fold_turn().
 */
struct fold;

/** `conninfo` is borrowed. NULL without memory. */
struct fold *fold_new(const char *conninfo);

/** Closes the connection; a fold under way is rolled back, and done again by the next. */
void fold_free(struct fold *fold);

/** So many messages were stored, or none and a position has moved. */
void fold_note(struct fold *fold, int64_t messages);

/** All that was noted is folded, and whatever else was stored before. */
bool fold_is_complete(const struct fold *fold);

/** By how many messages the reports are behind what is stored, as far as we know: what our last
 * fold has left and what we have stored since. -1: nothing is known. */
int64_t fold_behind(const struct fold *fold);

/** What to poll for, and until when (clock_steady_ms()); false: nothing to poll. */
bool fold_poll(const struct fold *fold, struct pollfd *out, int64_t *deadline_ms);

/**
 * Goes on with what is under way.
 *
 * @return false with the words of PostgreSQL, which refused; it is tried again all the same.
 */
bool fold_turn(struct fold *fold, int64_t now_ms, struct error *err);

#endif
