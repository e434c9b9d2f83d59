#include "consumers/plan/registry.h"

#include <stdlib.h>
#include <string.h>

#include "common/avro/folder.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/postgres/query.h"

enum { HEX_PREFIX = 2 };

bool registry_check_server(PGconn *connection, struct error *err)
{
    if (!query_check_server(connection, err))
        return false;

    PGresult *result = query_ask(
        connection, "select to_regprocedure('ingest.new_generation(text)') is null", 0, NULL, err);
    if (!result)
        return false;
    bool is_missing = PQgetvalue(result, 0, 0)[0] == 't';
    PQclear(result);
    if (is_missing)
        return error_set(err, ERROR_CONFIGURATION,
                         "the database \"%s\" is not prepared: run coop-admin migrate",
                         PQdb(connection));
    return true;
}

static bool check_known_texts(PGconn *connection, const struct schema *schema,
                              const char *fingerprint, struct error *err)
{
    PGresult *result = query_ask(
        connection, "select text from ingest.schema where fingerprint = $1", 1, &fingerprint, err);
    bool ok = result != NULL;

    for (int row = 0; ok && row < PQntuples(result); row++) {
        struct schema *known =
            schema_parse(PQgetvalue(result, row, 0), (size_t)PQgetlength(result, row, 0), err);

        ok = known != NULL;
        if (ok && !schema_means_the_same(known, schema))
            ok = error_set(err, ERROR_CONFIGURATION,
                           "ingest.schema knows this fingerprint with other logical types or "
                           "defaults: a published schema is never edited; give the change a new "
                           "field or a new name");
        schema_free(known);
    }
    PQclear(result);
    return ok;
}

bool registry_enter_schema(PGconn *connection, const struct schema *schema, int32_t *schema_id,
                           struct error *err)
{
    char fingerprint[HEX_PREFIX + 2 * FINGERPRINT_BYTES + 1] = "\\x";
    char sha256[HEX_PREFIX + 2 * SHA256_BYTES + 1] = "\\x";

    hex_format(schema->fingerprint, FINGERPRINT_BYTES, fingerprint + HEX_PREFIX);
    hex_format(schema->sha256, SHA256_BYTES, sha256 + HEX_PREFIX);
    if (!check_known_texts(connection, schema, fingerprint, err))
        return false;

    const char *name = schema->root->name ? schema->root->name : "";
    const char *const parameters[] = {name, fingerprint, sha256, schema->text};
    PGresult *result =
        query_ask(connection, "select ingest.schema_of($1, $2, $3, $4)", 4, parameters, err);
    if (!result)
        return false;
    *schema_id = (int32_t)strtol(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return true;
}

bool registry_enter_stream(PGconn *connection, const char *topic, const char *table,
                           char **record_name, struct error *err)
{
    const char *const parameters[] = {topic, table};
    PGresult *result = query_ask(connection, "select record_name from ingest.stream_of($1, $2)", 2,
                                 parameters, err);

    if (!result)
        return false;
    *record_name = PQgetisnull(result, 0, 0) ? NULL : memory_copy_text(PQgetvalue(result, 0, 0));
    PQclear(result);
    return true;
}
