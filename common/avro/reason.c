#include "common/avro/reason.h"

#include "common/base/compiler.h"

const char *reason_name(enum reason reason)
{
    static const char *const names[] = {
        [REASON_NONE] = "",
        [REASON_NULL_VALUE] = "NULL_VALUE",
        [REASON_OVERSIZE] = "OVERSIZE",
        [REASON_NOT_FRAMED] = "NOT_FRAMED",
        [REASON_UNKNOWN_SCHEMA] = "UNKNOWN_SCHEMA",
        [REASON_WRONG_TYPE] = "WRONG_TYPE",
        [REASON_TRUNCATED] = "TRUNCATED",
        [REASON_ENUM_OUT_OF_RANGE] = "ENUM_OUT_OF_RANGE",
        [REASON_UNION_OUT_OF_RANGE] = "UNION_OUT_OF_RANGE",
        [REASON_INVALID_UTF8] = "INVALID_UTF8",
        [REASON_NUL_BYTE] = "NUL_BYTE",
        [REASON_TOO_LONG] = "TOO_LONG",
        [REASON_BAD_UUID] = "BAD_UUID",
        [REASON_TIME_OUT_OF_RANGE] = "TIME_OUT_OF_RANGE",
        [REASON_DECIMAL_OUT_OF_RANGE] = "DECIMAL_OUT_OF_RANGE",
        [REASON_MALFORMED] = "MALFORMED",
        [REASON_TRAILING_BYTES] = "TRAILING_BYTES",
        [REASON_BAD_KEY] = "BAD_KEY",
    };
    static_assert(ARRAY_LENGTH(names) == REASON_BAD_KEY + 1, "every reason needs a name");

    return names[reason];
}
