#ifndef COOP_AVRO_RENDER_SCALAR_H
#define COOP_AVRO_RENDER_SCALAR_H

#include "common/avro/cell.h"
#include "common/avro/schema.h"
#include "common/base/buffer.h"

/* JSON text of single values; false where the buffer is full. */

/** A string in quotes; the text is UTF-8 without U+0000. */
MUST_USE bool render_string(struct buffer *out, const uint8_t *text, size_t length);

/** A scalar as scalar_read() gave it for `node`. */
MUST_USE bool render_scalar(struct buffer *out, const struct schema_node *node,
                            const struct cell *cell);

#endif
