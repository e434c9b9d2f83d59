#ifndef COOP_AVRO_FOLDER_H
#define COOP_AVRO_FOLDER_H

#include "common/avro/schema.h"

/* The writer schemas that are known: every *.avsc of a folder, found by fingerprint. */

struct schema_folder {
    struct schema **schemas; /**< In the order of their file names; owned. */
    char **names;            /**< File names, without the folder. */
    size_t count;
};

/**
 * Reads all schemas of a folder. *out is set on failure, too: clear it in any case.
 *
 * @return false with ERROR_CONFIGURATION where the folder cannot be read or holds none, a
 *         file is no schema, or two files with one fingerprint do not mean the same.
 */
MUST_USE bool schema_folder_load(const char *path, struct schema_folder *out, struct error *err);

void schema_folder_clear(struct schema_folder *folder);

/**
 * The fingerprint is blind to logical types and defaults. Do two schemas of the same
 * fingerprint agree on those? Then either reads what the other wrote.
 */
bool schema_means_the_same(const struct schema *one, const struct schema *other);

#endif
