#ifndef COOP_BASE_ERROR_H
#define COOP_BASE_ERROR_H

#include <stdbool.h>

#include "common/base/compiler.h"

/*
 * An error says what to do about it, in words that main() can print as they are.
 *
 * A function that can fail returns bool and takes `struct error *err` last. It writes to
 * `err` on failure only, in the style of PostgreSQL's messages: lower case, no final stop,
 * the reason after a colon. Context is put before it on the way up; only mains and the
 * consumer's pipeline print.
 */

enum error_kind {
    ERROR_NONE,
    ERROR_USAGE,          /**< Wrong option or operand: exit 64. */
    ERROR_DATA,           /**< Some input is invalid: exit 65. */
    ERROR_NO_INPUT,       /**< An input file is missing or unreadable: exit 66. */
    ERROR_UNAVAILABLE,    /**< Broker or database is away; trying again may help: exit 69. */
    ERROR_INTERNAL,       /**< A fault of ours, or no memory: exit 70. */
    ERROR_IO,             /**< Reading or writing failed: exit 74. */
    ERROR_NOT_AUTHORISED, /**< The broker or the database refuses us: exit 77. */
    ERROR_CONFIGURATION,  /**< Settings, schemas or tables do not fit together: exit 78. */
};

struct error {
    enum error_kind kind;
    char message[1024]; /**< No newline, no final full stop; cut if longer. */
    char sqlstate[6];   /**< What PostgreSQL calls it; "" where PostgreSQL has not spoken. */
};

/** Records a failure, without an SQLSTATE. Always false, so that a caller can return it. */
PRINTF_LIKE(3, 4)
bool error_set(struct error *err, enum error_kind kind, const char *format, ...);

/** Puts "context: " before the message on its way up; all else stays. Always false. */
PRINTF_LIKE(2, 3)
bool error_context(struct error *err, const char *format, ...);

/** The exit code of sysexits(3) that tells a supervisor whether a restart can help. */
int error_exit_code(enum error_kind kind);

#endif
