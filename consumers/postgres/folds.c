#include "consumers/postgres/folds.h"

void folds_init(struct folds *folds, struct session *const sessions[FOLDS_MAX])
{
    *folds = (struct folds){0};
    for (size_t i = 0; i < FOLDS_MAX; i++) {
        if (sessions[i])
            folds->each[folds->count++] = fold_new(sessions[i]);
    }
}

void folds_free(struct folds *folds)
{
    for (size_t i = 0; i < folds->count; i++)
        fold_free(folds->each[i]);
    *folds = (struct folds){0};
}

void folds_note(struct folds *folds, int64_t messages)
{
    for (size_t i = 0; i < folds->count; i++)
        fold_note(folds->each[i], messages);
}

bool folds_are_complete(const struct folds *folds)
{
    for (size_t i = 0; i < folds->count; i++) {
        if (!fold_is_complete(folds->each[i]))
            return false;
    }
    return true;
}

bool folds_behind(const struct folds *folds, int64_t *behind)
{
    bool is_known = false;

    *behind = 0;
    for (size_t i = 0; i < folds->count; i++) {
        int64_t own;

        if (!fold_behind(folds->each[i], &own))
            continue;
        *behind = own > *behind ? own : *behind;
        is_known = true;
    }
    return is_known;
}

size_t folds_poll(const struct folds *folds, struct pollfd *out, int64_t *until_ms)
{
    size_t count = 0;

    for (size_t i = 0; i < folds->count; i++)
        count += fold_poll(folds->each[i], &out[count], until_ms);
    return count;
}

bool folds_turn(struct folds *folds, int64_t now_ms, struct error *err)
{
    bool ok = true;

    for (size_t i = 0; i < folds->count; i++)
        ok = fold_turn(folds->each[i], now_ms, err) && ok;
    return ok;
}
