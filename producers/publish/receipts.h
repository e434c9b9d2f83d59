#ifndef COOP_PRODUCERS_RECEIPTS_H
#define COOP_PRODUCERS_RECEIPTS_H

#include <stdint.h>
#include <stdio.h>

#include "common/base/error.h"

/* One JSON line for each acknowledged event: proof, and where to find it. */
struct receipt {
    const char *event_id;
    const char *topic;
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms; /**< Kafka's, since 1970. */
    int64_t line;         /**< Of the input. */
};

/** Opens for appending, so that runs on one file add up. NULL with ERROR_IO. */
FILE *receipts_open(const char *path, struct error *err);

/** False where it cannot be written, with errno. */
MUST_USE bool receipts_write(FILE *file, const struct receipt *receipt);

/** `write_errno`: why writing failed before, 0 where it did not. ERROR_IO for that, too. */
MUST_USE bool receipts_close(FILE *file, const char *path, int write_errno, struct error *err);

#endif
