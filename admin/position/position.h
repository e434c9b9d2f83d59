#ifndef COOP_ADMIN_POSITION_H
#define COOP_ADMIN_POSITION_H

#include "admin/verb.h"

/* What coop-admin position does; one function a sub-verb, with the operands after its name. */

/** show [TOPIC] */
MUST_USE bool position_show(const struct admin_settings *settings, PGconn *connection,
                            const struct operands *operands, struct error *err);

/** set TOPIC PARTITION OFFSET */
MUST_USE bool position_set(const struct admin_settings *settings, PGconn *connection,
                           const struct operands *operands, struct error *err);

/** new-generation TOPIC */
MUST_USE bool position_new_generation(const struct admin_settings *settings, PGconn *connection,
                                      const struct operands *operands, struct error *err);

#endif
