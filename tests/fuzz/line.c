/* Any bytes as a line of input: refused with words, or an event with an id and a value. */
#include <stdlib.h>

#include "tests/support/event_types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct event_reader *readers[3];
static struct event event;

/* avro-c's values lie where LeakSanitizer does not look: it would call them lost. */
static void free_readers(void)
{
    for (size_t i = 0; i < 3; i++)
        event_reader_free(readers[i]);
    event_clear(&event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const words[] = {"outreach", "agreement", "training"};
    struct error err;

    for (size_t i = 0; i < 3; i++) {
        struct fault fault = {.field = ""};

        if (!readers[i]) {
            readers[i] = reader_for(words[i], &err);
            if (i == 0) {
                event_init(&event);
                atexit(free_readers);
            }
        }
        if (!readers[i])
            abort();
        bool is_good = event_read(readers[i], (const char *)data, size, &event, &fault);
        if (is_good ? !event.id[0] || !event.value.length : !fault.message[0])
            abort();
    }
    return 0;
}
