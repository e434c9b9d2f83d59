#ifndef COOP_CONSUMERS_PIPELINE_H
#define COOP_CONSUMERS_PIPELINE_H

#include "consumers/kafka/source.h"
#include "consumers/monitor/listener.h"
#include "consumers/postgres/folds.h"
#include "consumers/postgres/lane.h"
#include "consumers/route.h"
#include "consumers/settings.h"

/**
 * Takes messages from the source and writes them through settings->lanes lanes until a signal comes
 * or, with --until-end, until everything is stored that was there at the start, and folded. `folds`
 * and `listener` may be NULL. Everything is borrowed.
 *
 * @return false with the error that makes going on useless.
 */
MUST_USE bool pipeline_run(const struct consumer_settings *settings, struct routes *routes,
                           struct source *source, struct lane *const *lanes, struct folds *folds,
                           struct listener *listener, struct error *err);

#endif
