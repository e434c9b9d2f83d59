#ifndef COOP_BASE_STREAMS_H
#define COOP_BASE_STREAMS_H

#include "common/base/error.h"

/* Standard input, output and error as whoever started us has left them: closed, full, fine. */

/**
 * Fills the numbers of closed standard streams, so that no socket or file of ours takes one
 * and then receives what is meant for the user. Using such a stream still fails, with EBADF.
 * The first thing a main does.
 */
void streams_open(void);

/** ERROR_IO where something that was printed has not got out: a full disk, a closed stream. */
MUST_USE bool streams_finish(struct error *err);

#endif
