#include "producers/publish/trace_context.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"

/* version-trace_id-parent_id-flags, in hexadecimal digits. */
enum { VERSION_DIGITS = 2, TRACE_ID_DIGITS = 32, PARENT_ID_DIGITS = 16, FLAGS_DIGITS = 2 };

/* `count` small hexadecimal digits, not all of them `forbidden`. Moves behind them. */
static bool take_digits(const char **at, size_t count, char forbidden)
{
    static const char digits[] = "0123456789abcdef";
    const char only[2] = {forbidden, '\0'};
    bool ok = strspn(*at, digits) >= count && (!forbidden || strspn(*at, only) < count);

    if (ok)
        *at += count;
    return ok;
}

static bool take_dash(const char **at)
{
    return *(*at)++ == '-';
}

bool trace_context_is_valid(const char *traceparent)
{
    const char *at = traceparent;

    if (!take_digits(&at, VERSION_DIGITS, 'f') || !take_dash(&at)
        || !take_digits(&at, TRACE_ID_DIGITS, '0') || !take_dash(&at)
        || !take_digits(&at, PARENT_ID_DIGITS, '0') || !take_dash(&at)
        || !take_digits(&at, FLAGS_DIGITS, '\0'))
        return false;
    if (*at == '\0')
        return true;
    bool is_first_version = strncmp(traceparent, "00", VERSION_DIGITS) == 0;
    bool is_printable = true;
    for (const char *c = at; *c; c++)
        is_printable = is_printable && *c > 0x20 && *c < 0x7f;
    return !is_first_version && *at == '-' && is_printable;
}

const char *trace_context_from_environment(void)
{
    const char *traceparent = getenv("COOP_TRACEPARENT");

    if (!traceparent || !traceparent[0])
        return NULL;
    if (trace_context_is_valid(traceparent))
        return traceparent;
    log_warning("COOP_TRACEPARENT is no traceparent such as "
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01: the events are published "
                "without one");
    return NULL;
}
