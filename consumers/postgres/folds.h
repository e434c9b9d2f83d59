#ifndef COOP_CONSUMERS_POSTGRES_FOLDS_H
#define COOP_CONSUMERS_POSTGRES_FOLDS_H

#include "consumers/postgres/fold.h"

enum { FOLDS_MAX = 2 }; /**< As many as state.fold() has parts: more would find nothing free. */

/** Folds side by side; which of them takes which part, the database decides. None is allowed. */
struct folds {
    struct fold *each[FOLDS_MAX];
    size_t count;
};

/** One for each session that is not NULL; takes them over. */
void folds_init(struct folds *folds, struct session *const sessions[FOLDS_MAX]);
void folds_free(struct folds *folds);

/** As fold_note(), to all. */
void folds_note(struct folds *folds, int64_t messages);

/** As fold_is_complete(), of all. */
bool folds_are_complete(const struct folds *folds);

/** As fold_behind(): the largest of their answers. */
MUST_USE bool folds_behind(const struct folds *folds, int64_t *behind);

/** What to wait for, at most FOLDS_MAX descriptors; gives their number. */
size_t folds_poll(const struct folds *folds, struct pollfd *out, int64_t *until_ms);

/** As fold_turn(), of all; of two refusals the words of the last. */
bool folds_turn(struct folds *folds, int64_t now_ms, struct error *err);

#endif
