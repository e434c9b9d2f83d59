#ifndef COOP_ADMIN_REPLAY_SEARCH_H
#define COOP_ADMIN_REPLAY_SEARCH_H

#include "admin/rejects/replay_page.h"

/**
 * Looks in Kafka for the rows that an earlier run has begun: what is there becomes PUBLISHED,
 * what is not becomes OPEN again. A message that may still be on its way is waited for, at
 * most twice PUBLISHER_TIMEOUT_S; a signal ends that with the rows LEFT.
 */
MUST_USE bool replay_search(struct replay_page *page, struct error *err);

#endif
