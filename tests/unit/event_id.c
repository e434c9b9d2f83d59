/* The 25 vectors of golden/event_ids.tsv: type, form, line, bytes hashed, target, event_id. */
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/event_types.h"

static void every_vector_gives_its_id(void **state)
{
    FILE *file = fopen(TEST_DATA "/golden/event_ids.tsv", "r");
    struct error err = {0};
    struct event event;
    char *line = NULL;
    size_t size = 0;
    int vectors = 0;

    (void)state;
    assert_non_null(file);
    event_init(&event);
    while (getline(&line, &size, file) != -1) {
        char *rest = NULL;
        char *number = strtok_r(line, "\t\n", &rest);

        if (!number || number[0] == '#')
            continue;
        const char *type = strtok_r(NULL, "\t\n", &rest);
        strtok_r(NULL, "\t\n", &rest);
        const char *input = strtok_r(NULL, "\t\n", &rest);
        strtok_r(NULL, "\t\n", &rest);
        strtok_r(NULL, "\t\n", &rest);
        const char *id = strtok_r(NULL, "\t\n", &rest);
        struct fault fault = {.field = ""};
        struct event_reader *reader = reader_for(type, &err);

        assert_non_null(reader);
        if (!event_read(reader, input, strlen(input), &event, &fault))
            fail_msg("vector %s: field \"%s\": %s", number, fault.field, fault.message);
        if (strcmp(event.id, id) != 0)
            fail_msg("vector %s: %s, wanted %s", number, event.id, id);
        event_reader_free(reader);
        vectors++;
    }
    assert_int_equal(vectors, 25);
    event_clear(&event);
    free(line);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_vector_gives_its_id)};

    return cmocka_run_group_tests_name("event_id", tests, NULL, NULL);
}
