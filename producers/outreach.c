#include "producers/run.h"

/* campaign_id|recipient.org_id, or campaign_id|#batch_id (#- without one) for a group. */
static bool append_key(const json_t *event, struct buffer *key)
{
    const json_t *recipient = json_object_get(event, "recipient");

    if (!key_append_field(key, event, "campaign_id") || !buffer_append_byte(key, '|'))
        return false;
    if (json_is_object(recipient))
        return key_append_field(key, recipient, "org_id");
    if (json_is_string(json_object_get(event, "batch_id")))
        return buffer_append_byte(key, '#') && key_append_field(key, event, "batch_id");
    return buffer_append_text(key, "#-");
}

int main(int argc, char **argv)
{
    static const struct event_type outreach = {
        .program = "coop-outreach",
        .word = "outreach",
        .topic = "coop.outreach.v1",
        .schema_file = "outreach_event.avsc",
        .append_key = append_key,
    };

    return run_producer(&outreach, argc, argv);
}
