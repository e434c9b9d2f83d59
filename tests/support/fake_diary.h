#ifndef COOP_TESTS_FAKE_DIARY_H
#define COOP_TESTS_FAKE_DIARY_H

#include "common/base/compiler.h"

/*
 * What the fakes have seen, a line each, and what the log has said: a test compares the story with
 * the one that it expects. One diary a process.
 */

/** Begins an empty one, and has the log written into it: "warning: ...". Debug lines are left out.
 */
void diary_open(void);

/** Each line of level debug goes there from now on; NULL: nowhere. */
void diary_divert_debug(void (*take)(const char *message));

/** Adds a line. */
PRINTF_LIKE(1, 2) void diary_note(const char *format, ...);

/** Forgets all lines. */
void diary_clear(void);

/** How many lines contain these words. */
int diary_count(const char *words);

/** Fails the test where the diary is not these lines; then forgets them. */
#define diary_expect(expected) diary_compare(expected, __FILE__, __LINE__)
void diary_compare(const char *expected, const char *file, int line);

#endif
