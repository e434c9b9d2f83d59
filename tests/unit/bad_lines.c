/* golden/bad-lines: exactly the lines of expected.tsv are refused, each naming its field. */
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "tests/support/event_types.h"

enum { LINES_MAX = 128 };

/* The field that each line must name, by line number; NULL for a good line. */
static void read_expected(const char *type, char *fields[LINES_MAX])
{
    FILE *file = fopen(TEST_DATA "/golden/bad-lines/expected.tsv", "r");
    char *line = NULL;
    size_t size = 0;

    assert_non_null(file);
    while (getline(&line, &size, file) != -1) {
        char *rest = NULL;
        char *name = strtok_r(line, "\t\n", &rest);
        char *number = strtok_r(NULL, "\t\n", &rest);
        char *field = strtok_r(NULL, "\t\n", &rest);

        if (name && field && strncmp(name, type, strlen(type)) == 0)
            fields[strtol(number, NULL, 10)] =
                memory_copy_text(strcmp(field, "-") == 0 ? "" : field);
    }
    free(line);
    fclose(file);
}

static void check_type(void **state)
{
    const char *type = *state;
    char *fields[LINES_MAX] = {NULL};
    char path[512];
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    struct error err = {0};
    struct event event;
    struct event_reader *reader = reader_for(type, &err);

    read_expected(type, fields);
    assert_non_null(reader);
    event_init(&event);
    snprintf(path, sizeof(path), "%s/golden/bad-lines/%s.jsonl", TEST_DATA, type);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (int number = 1; (length = getline(&line, &size, file)) != -1; number++) {
        struct fault fault = {.field = ""};
        size_t end = line[length - 1] == '\n' ? (size_t)length - 1 : (size_t)length;
        bool is_good = event_read(reader, line, end, &event, &fault);

        if (is_good != (fields[number] == NULL))
            fail_msg("%s:%d is %s: %s", type, number, is_good ? "taken" : "refused", fault.message);
        if (!is_good && strcmp(fault.field, fields[number]) != 0)
            fail_msg("%s:%d names \"%s\", not \"%s\"", type, number, fault.field, fields[number]);
        free(fields[number]);
        fields[number] = NULL;
    }
    for (int i = 0; i < LINES_MAX; i++)
        assert_null(fields[i]);
    fclose(file);
    free(line);
    event_clear(&event);
    event_reader_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_row("outreach", check_type, (void *)(uintptr_t) "outreach"),
        test_row("agreement", check_type, (void *)(uintptr_t) "agreement"),
        test_row("training", check_type, (void *)(uintptr_t) "training"),
    };

    return cmocka_run_group_tests_name("bad_lines", tests, NULL, NULL);
}
