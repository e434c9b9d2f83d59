#ifndef COOP_AVRO_SCALAR_H
#define COOP_AVRO_SCALAR_H

#include "common/avro/cell.h"
#include "common/avro/reader.h"
#include "common/avro/schema.h"

/** Everything but records, arrays, maps and unions. */
bool scalar_is(const struct schema_node *node);

/**
 * Reads one scalar and checks what its logical type promises: the years 1 to 9999, 24 hours
 * a day, the decimal's precision, the form of a UUID.
 *
 * Dates come as days and instants as microseconds since 1970, whatever unit the schema has,
 * but for timestamp-nanos, which stays in nanoseconds. null gives CELL_NULL.
 *
 * @return false on a fault; see reader->reason.
 */
MUST_USE bool scalar_read(struct reader *reader, const struct schema_node *node, struct cell *out);

#endif
