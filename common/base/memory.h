#ifndef COOP_BASE_MEMORY_H
#define COOP_BASE_MEMORY_H

#include <stddef.h>

/*
 * Memory that is there. Where the system has no more, the program ends with one line on
 * standard error and exit 70: nobody here could do better. What it has not finished is done
 * again at its next run, as after a crash; nothing is lost and nothing counts twice.
 *
 * Functions of libraries that return NULL without memory are answered by memory_exhausted();
 * jansson and avro-c are given memory that is there, see common/avro/json_memory.h.
 */

/** Zeroed memory for `count` items of `size` bytes; never NULL. The caller owns it: free(). */
void *memory_new(size_t count, size_t size);

/** As realloc(), for `count` items of `size` bytes; never NULL. What is added is not zeroed. */
void *memory_resize(void *memory, size_t count, size_t size);

/** A copy of a text; never NULL. The caller owns it: free(). */
char *memory_copy_text(const char *text);

/** A copy of the first `length` bytes of a text, with a NUL behind them; never NULL. */
char *memory_copy_part(const char *text, size_t length);

/** Ends the program: one line, exit 70. */
_Noreturn void memory_exhausted(void);

/**
 * After a call of the C library that has failed, and may have for many reasons: ends the
 * program where errno says that it was memory.
 */
void memory_check_errno(void);

#endif
