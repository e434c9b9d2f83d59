/* Any bytes as a schema: refused, or its canonical form is a schema of the same fingerprint. */
#include <stdlib.h>
#include <string.h>

#include "common/avro/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err;
    struct schema *schema = schema_parse((const char *)data, size, &err);

    if (!schema)
        return 0;
    struct schema *canonical = schema_parse(schema->canonical, strlen(schema->canonical), &err);
    if (!canonical || memcmp(canonical->fingerprint, schema->fingerprint, FINGERPRINT_BYTES) != 0)
        abort();
    plan_free(plan_compile(schema, NULL, 0, &err));
    schema_free(canonical);
    schema_free(schema);
    return 0;
}
