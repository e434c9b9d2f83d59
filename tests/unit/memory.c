#include "tests/support/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/buffer.h"
#include "common/base/log.h"
#include "common/base/memory.h"

/* ASan would end the program itself at what is too much for it; like this it returns NULL. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

/* More than any system has, and too many for the compiler to see. */
static volatile size_t too_much = SIZE_MAX / 4;

static void new_too_large(void)
{
    memory_new(too_much, 2);
}

static void new_too_many(void)
{
    memory_new(too_much, 8);
}

static void resized_too_large(void)
{
    memory_resize(memory_new(10, 1), too_much, 2);
}

static void resized_too_many(void)
{
    memory_resize(NULL, too_much, 8);
}

static void buffer_too_large(void)
{
    struct buffer buffer;

    buffer_init(&buffer, SIZE_MAX);
    if (!buffer_reserve(&buffer, too_much))
        _exit(1);
}

static void errno_says_so(void)
{
    errno = ENOMEM;
    memory_check_errno();
}

static struct ending {
    const char *name;
    void (*ask)(void);
} endings[] = {
    {"a new run of bytes that is too large", new_too_large},
    {"more items than can be counted in bytes", new_too_many},
    {"a run of bytes that grows too large", resized_too_large},
    {"a run of items that grows beyond what can be counted", resized_too_many},
    {"a buffer below its limit that there is no memory for", buffer_too_large},
    {"a call of the C library that had no memory", errno_says_so},
};

/* What a child process writes on standard error; its exit code in *code, -1 for a signal. */
static void run(void (*ask)(void), char *out, size_t size, int *code)
{
    int ends[2];
    int status = 0;
    size_t length = 0;
    ssize_t got = 0;

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        log_open("coop-outreach", LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
        ask();
        _exit(0);
    }
    close(ends[1]);
    while ((got = read(ends[0], out + length, size - 1 - length)) > 0)
        length += (size_t)got;
    out[length] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The last line: ASan warns before it. */
static void ends_in_one_line_and_exit_70(void **state)
{
    static const char words[] = " coop-outreach error: out of memory\n";
    const struct ending *ending = *state;
    char text[16 * 1024];
    int code;

    run(ending->ask, text, sizeof(text), &code);
    const char *found = strstr(text, words);
    assert_non_null(found);
    assert_string_equal(found, words);
    assert_int_equal(code, 70);
}

static void what_is_there_is_given(void **state)
{
    (void)state;
    char *copy = memory_copy_text("Islamabad");
    assert_string_equal(copy, "Islamabad");
    free(copy);
    copy = memory_copy_part("Islamabad", 5);
    assert_string_equal(copy, "Islam");
    copy = memory_resize(copy, 2000, 3);
    assert_string_equal(copy, "Islam");
    free(copy);
    int *numbers = memory_new(3, sizeof(*numbers));
    assert_int_equal(numbers[0] | numbers[1] | numbers[2], 0);
    free(numbers);
    errno = EIO;
    memory_check_errno();
}

static void nothing_is_no_want_of_memory(void **state)
{
    (void)state;
    void *none = memory_new(0, 8);
    assert_non_null(none);
    none = memory_resize(none, 0, 8);
    assert_non_null(none);
    free(none);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LENGTH(endings) + 2] = {
        cmocka_unit_test(what_is_there_is_given),
        cmocka_unit_test(nothing_is_no_want_of_memory),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(endings); i++)
        tests[2 + i] = test_row(endings[i].name, ends_in_one_line_and_exit_70, &endings[i]);
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
