#include "consumers/lane/sieve.h"

#include <string.h>

enum { FIRST_RUN = 2, LONGEST_RUN = 64 };

void sieve_note_refusal(struct sieve *sieve)
{
    sieve->run = sieve->run ? sieve->run * 2 : FIRST_RUN;
    if (sieve->run > LONGEST_RUN)
        sieve->run = LONGEST_RUN;
    sieve->left = sieve->run;
}

void sieve_note_success(struct sieve *sieve)
{
    sieve->run = 0;
}

bool sieve_takes(struct sieve *sieve)
{
    if (sieve->left == 0)
        return false;
    sieve->left--;
    return true;
}

void sieve_reject_broken(struct part *part, const struct broken_row *broken, size_t count)
{
    /* They come from the last to the first, so that no place moves before its turn. */
    for (size_t i = 0; i < count; i++) {
        const char *reason = broken[i].reason;
        struct batch_entry *entry = part_row(part, broken[i].place);

        assert(entry);
        part_reject(part, entry,
                    reject_new(reason, "breaks the rule \"%s\" of table %s", reason,
                               part->batch->shape->table->name));
    }
}

/* Of a part of one row that PostgreSQL refuses, its words are all that is known. */
static void reject_single_row(struct part *part, const struct refusal *refusal)
{
    struct reject *reject = reject_new("REFUSED", "%s", refusal->words);

    memcpy(reject->sqlstate, refusal->err.sqlstate, sizeof(reject->sqlstate));
    part_reject(part, part_row(part, 1), reject);
}

void sieve_narrow(struct part *part, const struct refusal *refusal)
{
    if (part->row_count == 1)
        reject_single_row(part, refusal);
    else
        part_set(part, part->batch, part->first, part->first + (part->end - part->first) / 2);
}
