#include "producers/run.h"

static bool append_key(const json_t *event, struct buffer *key)
{
    return key_append_field(key, event, "agreement_id");
}

int main(int argc, char **argv)
{
    static const struct event_type agreement = {
        .program = "coop-agreement",
        .word = "agreement",
        .topic = "coop.agreement.v1",
        .schema_file = "agreement_event.avsc",
        .append_key = append_key,
    };

    return run_producer(&agreement, argc, argv);
}
