#ifndef COOP_BASE_COMPILER_H
#define COOP_BASE_COMPILER_H

/* Attributes and small macros that the whole project uses. */

#include <assert.h>
#include <stddef.h>

/** The caller must look at the result. */
#define MUST_USE __attribute__((warn_unused_result))

/** Lets the compiler check the arguments of a printf-like function. */
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
