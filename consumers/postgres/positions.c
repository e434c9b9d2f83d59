#include "consumers/postgres/positions.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/postgres/connection.h"

static int64_t stored_position(const PGresult *result, const struct partition *partition)
{
    for (int row = 0; row < PQntuples(result); row++) {
        if (strcmp(PQgetvalue(result, row, 0), partition->route->topic) == 0
            && strcmp(PQgetvalue(result, row, 1), partition->route->table_name) == 0
            && strtol(PQgetvalue(result, row, 2), NULL, 10) == partition->number)
            return strtoll(PQgetvalue(result, row, 3), NULL, 10);
    }
    return -1;
}

static bool have_all_reached(const PGresult *result, const struct routes *routes)
{
    for (size_t i = 0; i < routes->count; i++) {
        for (size_t j = 0; j < routes->items[i].partition_count; j++) {
            const struct partition *partition = routes->items[i].partitions[j];

            if (partition->state == PARTITION_IDLE
                && stored_position(result, partition) < partition->target_offset)
                return false;
        }
    }
    return true;
}

bool positions_have_reached_targets(const char *conninfo, const struct routes *routes)
{
    struct error err;
    PGconn *connection = connection_open(conninfo, "coop-consumer", &err);

    if (!connection) {
        log_warning("%s", err.message);
        return false;
    }
    PGresult *result =
        PQexec(connection, "select s.topic, s.event_table, p.kafka_partition, p.next_offset"
                           " from (select distinct on (topic, event_table) * from ingest.stream"
                           " order by topic, event_table, generation desc) as s"
                           " join ingest.position as p using (stream_id)");
    bool ok = PQresultStatus(result) == PGRES_TUPLES_OK && have_all_reached(result, routes);
    PQclear(result);
    PQfinish(connection);
    return ok;
}
