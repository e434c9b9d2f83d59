#include "producers/input/times.h"

#include <string.h>

#include "producers/input/civil_time.h"
#include "producers/input/fill_scalar.h"

static const char *read_text(const json_t *event, const char *field, struct fault *fault)
{
    const json_t *json = json_object_get(event, field);
    const char *text = json_string_value(json);

    if (!text)
        fault_set_field(fault, field, "is %s and must be a time such as 2022-06-20T10:00:00+05:00",
                        fill_type_name(json));
    return text;
}

static bool read_recorded(const json_t *event, int64_t *recorded_us, struct fault *fault)
{
    int64_t days;
    enum period period;
    const char *text = read_text(event, "recorded_at", fault);

    if (!text)
        return false;
    const char *reason = civil_instant_read(text, recorded_us);
    if (reason && !civil_period_read(text, &days, &period))
        reason = "is a period, and the moment of recording is always known exactly";
    return !reason || fault_set_field(fault, "recorded_at", "\"%.60s\" %s", text, reason);
}

/* Which of the two complaints helps: what has a T or a blank was meant as an instant. */
static bool read_occurred(const json_t *event, int64_t *occurred_us, bool *is_period,
                          struct fault *fault)
{
    int64_t days;
    enum period period;
    const char *text = read_text(event, "occurred_at", fault);

    if (!text)
        return false;
    const char *reason = civil_period_read(text, &days, &period);
    *is_period = reason == NULL;
    if (*is_period)
        *occurred_us = civil_end_of_day(days);
    else if (strpbrk(text, "Tt: "))
        reason = civil_instant_read(text, occurred_us);
    return !reason || fault_set_field(fault, "occurred_at", "\"%.60s\" %s", text, reason);
}

bool times_read(const json_t *event, bool is_correction, int64_t *occurred_us, int64_t *recorded_us,
                struct fault *fault)
{
    bool is_period;

    if (!json_object_get(event, "occurred_at"))
        return fault_set_field(fault, "occurred_at", "is missing");
    if (!read_occurred(event, occurred_us, &is_period, fault))
        return false;
    if (!json_object_get(event, "recorded_at")) {
        if (is_correction)
            return fault_set_field(fault, "recorded_at",
                                   "is missing: of several corrections the one recorded last "
                                   "rules");
        *recorded_us = *occurred_us;
        return true;
    }
    if (!read_recorded(event, recorded_us, fault))
        return false;
    if (is_period && *recorded_us < *occurred_us)
        *occurred_us = *recorded_us;
    return true;
}
