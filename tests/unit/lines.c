/* Lines out of pipes and files: whole ones at once, parts not before their end. */
#include "tests/support/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "producers/input/lines.h"

struct pipe_end {
    struct lines lines;
    int writing;
    int reading;
    char name[32];
};

static int open_pipe(void **state)
{
    static struct pipe_end end;
    struct error err;
    int ends[2];

    if (pipe(ends) != 0)
        return -1;
    end.reading = ends[0];
    end.writing = ends[1];
    snprintf(end.name, sizeof(end.name), "/dev/fd/%d", end.reading);
    if (!lines_open(&end.lines, end.name, &err))
        return -1;
    end.lines.wait_ms = 0;
    *state = &end;
    return 0;
}

static int close_pipe(void **state)
{
    struct pipe_end *end = *state;

    lines_close(&end->lines);
    close(end->reading);
    return 0;
}

static void put(struct pipe_end *end, const char *text)
{
    assert_int_equal(write(end->writing, text, strlen(text)), (int)strlen(text));
}

static void expect_outcome(struct pipe_end *end, enum lines_outcome outcome)
{
    struct error err;

    assert_int_equal(lines_next(&end->lines, &err), outcome);
}

static void expect_line(struct pipe_end *end, const char *text)
{
    expect_outcome(end, LINES_LINE);
    assert_int_equal(end->lines.line.length, strlen(text));
    assert_memory_equal(end->lines.line.data, text, strlen(text));
}

static void lines_written_at_once_are_all_read_without_more_input(void **state)
{
    struct pipe_end *end = *state;

    put(end, "one\ntwo\nthree\n");
    expect_line(end, "one");
    expect_line(end, "two");
    expect_line(end, "three");
    expect_outcome(end, LINES_IDLE);
    put(end, "four\n");
    expect_line(end, "four");
    close(end->writing);
    expect_outcome(end, LINES_END);
}

static void an_unfinished_line_waits_for_its_end(void **state)
{
    struct pipe_end *end = *state;

    put(end, "{\"half\":");
    expect_outcome(end, LINES_IDLE);
    expect_outcome(end, LINES_IDLE);
    put(end, " 1}\nrest");
    expect_line(end, "{\"half\": 1}");
    expect_outcome(end, LINES_IDLE);
    close(end->writing);
    expect_line(end, "rest");
    expect_outcome(end, LINES_END);
    assert_int_equal(end->lines.number, 2);
}

static void marks_blanks_and_carriage_returns_are_dropped_and_counted(void **state)
{
    struct pipe_end *end = *state;

    put(end, "\xef\xbb\xbf"
             "one\r\n \t\r\n\n\xef\xbb\xbftwo\r\n");
    close(end->writing);
    expect_line(end, "one");
    assert_int_equal(end->lines.number, 1);
    expect_line(end, "\xef\xbb\xbftwo");
    assert_int_equal(end->lines.number, 4);
    expect_outcome(end, LINES_END);
}

static void a_line_that_is_too_long_is_cut_and_said_and_the_next_one_is_whole(void **state)
{
    char path[] = "/tmp/coop-lines.XXXXXX";
    int file = mkstemp(path);
    size_t size = (size_t)LINE_BYTES_MAX + 10;
    char *text = memory_new(size, 1);
    struct error err;
    struct lines lines;

    (void)state;
    memset(text, 'x', size);
    text[LINE_BYTES_MAX + 1] = '\n';
    assert_int_equal(write(file, text, size), (int)size);
    assert_true(lines_open(&lines, path, &err));
    assert_int_equal(lines_next(&lines, &err), LINES_LINE);
    assert_true(lines.is_too_long);
    assert_int_equal(lines.line.length, LINE_BYTES_MAX);
    assert_int_equal(lines_next(&lines, &err), LINES_LINE);
    assert_false(lines.is_too_long);
    assert_int_equal(lines.line.length, 8);
    assert_int_equal(lines_next(&lines, &err), LINES_END);
    lines_close(&lines);
    assert_false(lines_is_stream(path));
    free(text);
    close(file);
    unlink(path);
}

static void what_can_be_read_once_is_a_stream(void **state)
{
    struct pipe_end *end = *state;

    assert_true(lines_is_stream("-"));
    assert_true(lines_is_stream(end->name));
    assert_true(lines_is_stream("/dev/null"));
    assert_false(lines_is_stream("/tmp"));
    assert_false(lines_is_stream("/no/such/file"));
    close(end->writing);
}

#define ON_PIPE(test) cmocka_unit_test_setup_teardown(test, open_pipe, close_pipe)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_PIPE(lines_written_at_once_are_all_read_without_more_input),
        ON_PIPE(an_unfinished_line_waits_for_its_end),
        ON_PIPE(marks_blanks_and_carriage_returns_are_dropped_and_counted),
        ON_PIPE(what_can_be_read_once_is_a_stream),
        cmocka_unit_test(a_line_that_is_too_long_is_cut_and_said_and_the_next_one_is_whole),
    };

    return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
