#include "producers/input/retraction.h"

#include "common/avro/temporal.h"

bool retraction_make(json_t *line, const struct event *event, const char *reason,
                     struct fault *fault)
{
    char recorded_at[TEMPORAL_TEXT_BYTES];

    if (event->action == ACTION_RETRACT)
        return fault_set_field(fault, "action",
                               "is RETRACT: to retract a retraction does nothing; to bring the "
                               "fact back, send it again under a new id");
    temporal_timestamp_text(event->recorded_us, true, recorded_at);
    json_object_del(line, "event_id");
    json_object_set_new(line, "action", json_string("RETRACT"));
    json_object_set_new(line, "supersedes_event_id", json_string(event->id));
    json_object_set_new(line, "recorded_at", json_string(recorded_at));
    json_object_set_new(line, "reason", json_string(reason));
    return true;
}
