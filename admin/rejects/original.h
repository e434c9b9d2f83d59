#ifndef COOP_ADMIN_REJECTS_ORIGINAL_H
#define COOP_ADMIN_REJECTS_ORIGINAL_H

#include "admin/rejects/replay_page.h"

/**
 * Is all of the value there still? Where only its beginning was kept it is looked for in
 * Kafka; a row whose value is gone is LEFT.
 */
MUST_USE bool original_check(struct replay_page *page, struct replay_row *row, struct error *err);

/** Hands the message over as it was, with the header that says what it is a replay of. */
MUST_USE bool original_publish(struct replay_page *page, struct replay_row *row,
                               struct publisher *publisher, struct error *err);

#endif
