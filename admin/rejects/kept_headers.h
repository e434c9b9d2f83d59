#ifndef COOP_ADMIN_KEPT_HEADERS_H
#define COOP_ADMIN_KEPT_HEADERS_H

#include <jansson.h>

#include "admin/kafka/publisher.h"

/* The headers of a message as ingest.reject keeps them: [name, value in hex or null]. */

struct kept_headers {
    struct publisher_header *items; /**< In their order; with room for one more. */
    size_t count;
    unsigned char *bytes; /**< What the items point into. */
};

/** Clear *out in any case. ERROR_DATA where the list is none of ours. */
MUST_USE bool kept_headers_read(const json_t *list, struct kept_headers *out, struct error *err);
void kept_headers_clear(struct kept_headers *headers);

#endif
