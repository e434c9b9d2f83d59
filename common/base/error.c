#include "common/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
    va_list arguments;

    err->kind = kind;
    err->sqlstate[0] = '\0';
    va_start(arguments, format);
    vsnprintf(err->message, sizeof(err->message), format, arguments);
    va_end(arguments);
    return false;
}

bool error_context(struct error *err, const char *format, ...)
{
    char context[sizeof(err->message)];
    char message[sizeof(err->message)];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(context, sizeof(context), format, arguments);
    va_end(arguments);

    memcpy(message, err->message, sizeof(message));
    if (snprintf(err->message, sizeof(err->message), "%s: %s", context, message) < 0)
        err->message[0] = '\0';
    return false;
}

int error_exit_code(enum error_kind kind)
{
    static const int codes[] = {
        [ERROR_NONE] = 0,      [ERROR_USAGE] = 64,          [ERROR_DATA] = 65,
        [ERROR_NO_INPUT] = 66, [ERROR_UNAVAILABLE] = 69,    [ERROR_INTERNAL] = 70,
        [ERROR_IO] = 74,       [ERROR_NOT_AUTHORISED] = 77, [ERROR_CONFIGURATION] = 78,
    };
    static_assert(ARRAY_LENGTH(codes) == ERROR_CONFIGURATION + 1, "every kind needs a code");

    return codes[kind];
}
