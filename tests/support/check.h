#ifndef COOP_TESTS_CHECK_H
#define COOP_TESTS_CHECK_H

/* cmocka needs these before it, in this order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/compiler.h"

/** A test whose name is a sentence of its own and whose state is one row of a case table. */
static inline struct CMUnitTest test_row(const char *name, CMUnitTestFunction function, void *row)
{
    return (struct CMUnitTest){.name = name, .test_func = function, .initial_state = row};
}

#endif
