#include "admin/known_schemas.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/postgres/query.h"

bool known_schemas_load(PGconn *connection, struct known_schemas *out, struct error *err)
{
    PGresult *result = query_ask(
        connection, "select schema_id, text from ingest.schema order by schema_id", 0, NULL, err);
    bool ok = result != NULL;
    size_t count = ok ? (size_t)PQntuples(result) : 0;

    *out = (struct known_schemas){.items = memory_new(count, sizeof(*out->items))};
    for (int row = 0; ok && row < (int)count; row++) {
        struct known_schema *known = &out->items[row];

        known->id = (int32_t)strtol(PQgetvalue(result, row, 0), NULL, 10);
        known->schema =
            schema_parse(PQgetvalue(result, row, 1), (size_t)PQgetlength(result, row, 1), err);
        ok = known->schema || error_context(err, "ingest.schema, number %d", known->id);
        if (ok)
            out->count++;
    }
    PQclear(result);
    return ok;
}

void known_schemas_clear(struct known_schemas *schemas)
{
    for (size_t i = 0; i < schemas->count; i++)
        schema_free(schemas->items[i].schema);
    free(schemas->items);
    *schemas = (struct known_schemas){0};
}

size_t known_schemas_find(const struct known_schemas *schemas,
                          const uint8_t fingerprint[FINGERPRINT_BYTES])
{
    for (size_t i = 0; i < schemas->count; i++) {
        if (memcmp(schemas->items[i].schema->fingerprint, fingerprint, FINGERPRINT_BYTES) == 0)
            return i;
    }
    return SIZE_MAX;
}
