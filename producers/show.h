#ifndef COOP_PRODUCERS_SHOW_H
#define COOP_PRODUCERS_SHOW_H

#include "producers/input/event.h"
#include "producers/settings.h"

/* What a producer can say about its events without publishing any. */

/** --template: a line that this program takes, proved by taking it. */
MUST_USE bool show_template(const struct event_type *type, const struct producer_settings *settings,
                            struct error *err);

/** --codes: the symbols of all fields, or of `field`; see codes.h. */
MUST_USE bool show_codes(const struct event_type *type, const struct producer_settings *settings,
                         const char *field, struct error *err);

#endif
