#ifndef COOP_CONSUMERS_LANE_REJECTS_H
#define COOP_CONSUMERS_LANE_REJECTS_H

#include "consumers/lane/batch_part.h"

/** Appends the rejects of a part as rows for COPY ingest.reject. */
void rejects_copy(const struct part *part, struct buffer *out);

#endif
