#ifndef COOP_ADMIN_STATUS_PRINT_H
#define COOP_ADMIN_STATUS_PRINT_H

#include "admin/status/measure.h"

/** A table for people. */
void status_print_text(const struct status *status);

/** One document for programs; its form is in docs/operations.md. ERROR_IO. */
MUST_USE bool status_print_json(const struct status *status, struct error *err);

#endif
