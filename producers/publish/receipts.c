#include "producers/publish/receipts.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/avro/temporal.h"

FILE *receipts_open(const char *path, struct error *err)
{
    FILE *file = fopen(path, "a");

    if (!file)
        error_set(err, ERROR_IO, "could not open the receipts \"%s\": %s", path, strerror(errno));
    return file;
}

bool receipts_write(FILE *file, const struct receipt *receipt)
{
    char timestamp[TEMPORAL_TEXT_BYTES];

    /* Ids and names of topics hold nothing that JSON would escape. */
    temporal_timestamp_text(receipt->timestamp_ms * 1000, true, timestamp);
    return fprintf(file,
                   "{\"event_id\": \"%s\", \"topic\": \"%s\", \"partition\": %" PRId32
                   ", \"offset\": %" PRId64 ", \"timestamp\": \"%s\", \"line\": %" PRId64 "}\n",
                   receipt->event_id, receipt->topic, receipt->partition, receipt->offset,
                   timestamp, receipt->line)
           > 0;
}

bool receipts_close(FILE *file, const char *path, int write_errno, struct error *err)
{
    if (fclose(file) != 0 && !write_errno)
        write_errno = errno;
    return !write_errno
           || error_set(err, ERROR_IO,
                        "could not write the receipts \"%s\": %s; the events themselves are "
                        "published",
                        path, strerror(write_errno));
}
