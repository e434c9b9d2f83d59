#ifndef COOP_AVRO_RENDER_H
#define COOP_AVRO_RENDER_H

#include "common/avro/reader.h"
#include "common/avro/schema.h"
#include "common/base/buffer.h"

/**
 * Reads one value of any type, checks it as strictly as a column's, and appends it to `out`
 * as JSON text; with `out` NULL it is only checked and passed over.
 *
 * Records stand complete, in the schema's order, dates as "YYYY-MM-DD", instants in RFC 3339,
 * decimals as text with all decimals, bytes in base64, a union of several types as
 * {"type": value} with the branch's name, an optional value as itself or null. JSON has no
 * word for NaN and the infinities: they stand as text.
 *
 * @return false on a fault (see reader->reason), and with REASON_NONE where `out` is full.
 */
MUST_USE bool render_value(struct reader *reader, const struct schema_node *node,
                           struct buffer *out);

/** The name of a branch as Avro's JSON encoding has it: the type, or a named type's name. */
const char *render_branch_name(const struct schema_node *branch);

#endif
