#ifndef COOP_CONSUMERS_POSTGRES_SQLSTATE_H
#define COOP_CONSUMERS_POSTGRES_SQLSTATE_H

#include <stdbool.h>

/* What an error of PostgreSQL means for a batch; one table decides. */

enum sqlstate_class {
    SQLSTATE_OUTAGE, /**< The server is away or busy: wait and repeat. */
    SQLSTATE_FENCED, /**< Another consumer has claimed a partition: claim again. */
    SQLSTATE_ROW,    /**< Some row of the batch is at fault: the sieve finds it. */
    SQLSTATE_ALARM,  /**< A position is stored twice: a fault of ours; hold. */
    SQLSTATE_HOLD,   /**< Rights, tables or settings are wrong: hold, and say what to do. */
};

/**
 * @param sqlstate    Five characters, "" where the connection is lost.
 * @param schema      Schema of the table whose constraint was broken; "" for none.
 * @param constraint  That constraint; "" for none.
 * @param position_constraint  The unique constraint on the Kafka position; "" for none.
 */
enum sqlstate_class sqlstate_classify(const char *sqlstate, const char *schema,
                                      const char *constraint, const char *position_constraint);

/** True where a claim waited too long for the holder of a position (lock_timeout). */
bool sqlstate_is_lock_timeout(const char *sqlstate);

#endif
