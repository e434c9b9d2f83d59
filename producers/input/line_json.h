#ifndef COOP_PRODUCERS_LINE_JSON_H
#define COOP_PRODUCERS_LINE_JSON_H

#include <jansson.h>

#include "producers/input/fault.h"

/**
 * Reads a line as one JSON object; a field given twice is a fault that names it.
 *
 * @return A new reference, or NULL with the fault.
 */
json_t *line_json_read(const char *line, size_t length, struct fault *fault);

#endif
