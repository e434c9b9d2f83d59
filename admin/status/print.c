#include "admin/status/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/verb.h"

void status_print_text(const struct status *status)
{
    const json_t *partitions = status->partitions;
    const json_t *totals = status->totals;
    const char *source;
    json_t *ids;

    printf("%-24s %9s %12s %12s %12s %12s\n", "topic", "partition", "end", "position", "lag",
           "newest_age_s");
    for (size_t i = 0; i < json_array_size(partitions); i++) {
        const json_t *line = json_array_get(partitions, i);
        char *position = json_dumps(json_object_get(line, "position"), JSON_ENCODE_ANY);
        char *age = json_dumps(json_object_get(line, "newest_event_age_seconds"), JSON_ENCODE_ANY);

        printf("%-24s %9lld %12lld %12s %12lld %12s\n",
               json_string_value(json_object_get(line, "topic")),
               (long long)json_integer_value(json_object_get(line, "partition")),
               (long long)json_integer_value(json_object_get(line, "end")),
               position && strcmp(position, "null") != 0 ? position : "-",
               (long long)json_integer_value(json_object_get(line, "lag")),
               age && strcmp(age, "null") != 0 ? age : "-");
        free(position);
        free(age);
    }
    printf("stored=%lld duplicates=%lld rejects_open=%lld unfolded=%lld\n",
           (long long)json_integer_value(json_object_get(totals, "stored")),
           (long long)json_integer_value(json_object_get(totals, "duplicates")),
           (long long)json_integer_value(json_object_get(totals, "rejects_open")),
           (long long)json_integer_value(json_object_get(totals, "unfolded")));
    json_object_foreach(json_object_get(totals, "ids_with_other_content"), source, ids)
        printf("%s has used %lld ids again with other content\n", source,
               (long long)json_integer_value(ids));
}

bool status_print_json(const struct status *status, struct error *err)
{
    json_t *document = json_pack("{s:O, s:O, s:I}", "partitions", status->partitions, "totals",
                                 status->totals, "lag", (json_int_t)status->lag);
    bool ok = admin_print_json(document, err);

    json_decref(document);
    return ok;
}
