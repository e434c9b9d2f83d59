#ifndef COOP_PRODUCERS_FAULT_H
#define COOP_PRODUCERS_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/compiler.h"

/* What is wrong with a line: the field, as a path such as parties[0].org.country, and why. */
struct fault {
    char field[256]; /**< "" where the line as a whole is wrong. */
    char message[512];
};

/* Where in the event we are; grows and shrinks while the event is walked. */
struct field_path {
    char text[256];
    size_t length;
};

/** Adds ".name", or "name" at the top. Returns what to give to field_path_leave(). */
size_t field_path_enter(struct field_path *path, const char *name);

/** Adds "[index]". */
size_t field_path_enter_item(struct field_path *path, size_t index);

void field_path_leave(struct field_path *path, size_t length_before);

/** Records a fault at the path. Always false. */
PRINTF_LIKE(3, 4)
bool fault_set(struct fault *fault, const struct field_path *path, const char *format, ...);

/** Records a fault of a top-level field, or of the line where `field` is "". Always false. */
PRINTF_LIKE(3, 4)
bool fault_set_field(struct fault *fault, const char *field, const char *format, ...);

#endif
