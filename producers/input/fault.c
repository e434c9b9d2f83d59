#include "producers/input/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static size_t append(struct field_path *path, const char *text)
{
    size_t before = path->length;
    size_t room = sizeof(path->text) - 1 - before;
    size_t length = strlen(text);

    if (length > room)
        length = room;
    memcpy(path->text + before, text, length);
    path->length += length;
    path->text[path->length] = '\0';
    return before;
}

size_t field_path_enter(struct field_path *path, const char *name)
{
    size_t before = path->length;

    if (before)
        append(path, ".");
    append(path, name);
    return before;
}

size_t field_path_enter_item(struct field_path *path, size_t index)
{
    char text[32];

    snprintf(text, sizeof(text), "[%zu]", index);
    return append(path, text);
}

void field_path_leave(struct field_path *path, size_t length_before)
{
    path->length = length_before;
    path->text[length_before] = '\0';
}

PRINTF_LIKE(3, 0)
static void set(struct fault *fault, const char *field, const char *format, va_list arguments)
{
    snprintf(fault->field, sizeof(fault->field), "%s", field);
    vsnprintf(fault->message, sizeof(fault->message), format, arguments);
}

bool fault_set(struct fault *fault, const struct field_path *path, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    set(fault, path->text, format, arguments);
    va_end(arguments);
    return false;
}

bool fault_set_field(struct fault *fault, const char *field, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    set(fault, field, format, arguments);
    va_end(arguments);
    return false;
}
