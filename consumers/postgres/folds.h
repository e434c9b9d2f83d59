#ifndef COOP_CONSUMERS_FOLDS_H
#define COOP_CONSUMERS_FOLDS_H

#include "consumers/postgres/fold.h"

enum { FOLDS = 2 }; /**< As many as state.fold() has parts: more would find nothing free. */

/** Two folds side by side; which of them takes which part, the database decides. */
struct folds {
    struct fold *each[FOLDS];
};

/** `conninfo` is borrowed. NULL without memory. */
struct folds *folds_new(const char *conninfo);

/** As fold_free(), of both; NULL is allowed, as in all that follows: nobody here folds. */
void folds_free(struct folds *folds);

/** As fold_note(), to both. */
void folds_note(struct folds *folds, int64_t messages);

/** As fold_is_complete(), of both. */
bool folds_are_complete(const struct folds *folds);

/** As fold_behind(): by as many as the one that knows of more. */
int64_t folds_behind(const struct folds *folds);

/** What to poll for, and until when (clock_steady_ms()), at most FOLDS; gives their number. */
size_t folds_poll(const struct folds *folds, struct pollfd *out, int64_t *deadline_ms);

/** As fold_turn(), of both; of two refusals the words of the last. */
bool folds_turn(struct folds *folds, int64_t now_ms, struct error *err);

#endif
