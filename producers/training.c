#include "producers/run.h"

/* programme_id|cohort_id */
static bool append_key(const json_t *event, struct buffer *key)
{
    return key_append_field(key, event, "programme_id") && buffer_append_byte(key, '|')
           && key_append_field(key, event, "cohort_id");
}

int main(int argc, char **argv)
{
    static const struct event_type training = {
        .program = "coop-training",
        .word = "training",
        .topic = "coop.training.v1",
        .schema_file = "training_event.avsc",
        .append_key = append_key,
    };

    return run_producer(&training, argc, argv);
}
