#ifndef COOP_ADMIN_DOCTOR_H
#define COOP_ADMIN_DOCTOR_H

#include "admin/verb.h"

/* coop-admin doctor looks at one thing after the other and tells a line of each. */

enum verdict {
    VERDICT_OK,
    VERDICT_WARN, /**< It works, and somebody should know. */
    VERDICT_FAIL, /**< Something does not work, or is about to be lost. */
    VERDICT_COUNT,
};

struct doctor {
    const struct admin_settings *settings; /**< Borrowed. */
    int told[VERDICT_COUNT];
};

/** Prints a line: the verdict, what it is about, and in words how it is or what to do. */
PRINTF_LIKE(4, 5)
void doctor_tell(struct doctor *doctor, enum verdict verdict, const char *what, const char *format,
                 ...);

/** Broker, topics, retention, access: what Kafka grants to these settings. */
void doctor_look_at_kafka(struct doctor *doctor);

/** Server, durability, migrations, roles, rights, clock, rejects, reports. */
void doctor_look_at_database(struct doctor *doctor);

#endif
