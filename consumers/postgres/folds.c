#include "consumers/postgres/folds.h"

#include <stdlib.h>

struct folds *folds_new(const char *conninfo)
{
    struct folds *folds = calloc(1, sizeof(*folds));

    for (size_t i = 0; folds && i < FOLDS; i++) {
        folds->each[i] = fold_new(conninfo);
        if (!folds->each[i]) {
            folds_free(folds);
            return NULL;
        }
    }
    return folds;
}

void folds_free(struct folds *folds)
{
    for (size_t i = 0; folds && i < FOLDS; i++)
        fold_free(folds->each[i]);
    free(folds);
}

void folds_note(struct folds *folds, int64_t messages)
{
    for (size_t i = 0; folds && i < FOLDS; i++)
        fold_note(folds->each[i], messages);
}

bool folds_are_complete(const struct folds *folds)
{
    for (size_t i = 0; folds && i < FOLDS; i++) {
        if (!fold_is_complete(folds->each[i]))
            return false;
    }
    return true;
}

int64_t folds_behind(const struct folds *folds)
{
    int64_t behind = -1;

    for (size_t i = 0; folds && i < FOLDS; i++) {
        int64_t known = fold_behind(folds->each[i]);

        behind = known > behind ? known : behind;
    }
    return behind;
}

size_t folds_poll(const struct folds *folds, struct pollfd *out, int64_t *deadline_ms)
{
    size_t count = 0;

    *deadline_ms = INT64_MAX;
    for (size_t i = 0; folds && i < FOLDS; i++) {
        int64_t own_ms;

        if (fold_poll(folds->each[i], &out[count], &own_ms))
            count++;
        *deadline_ms = own_ms < *deadline_ms ? own_ms : *deadline_ms;
    }
    return count;
}

bool folds_turn(struct folds *folds, int64_t now_ms, struct error *err)
{
    bool ok = true;

    for (size_t i = 0; folds && i < FOLDS; i++)
        ok = fold_turn(folds->each[i], now_ms, err) && ok;
    return ok;
}
