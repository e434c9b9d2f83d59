#ifndef COOP_ADMIN_REJECTS_H
#define COOP_ADMIN_REJECTS_H

#include "admin/rejects/selection.h"
#include "admin/verb.h"

/*
 * The sub-verbs of `coop-admin rejects`. Each is given a connection that may do what it does
 * and the rejects it is about.
 */

struct rejects_call {
    const struct admin_settings *settings;
    PGconn *connection;
    struct selection *selection;
    const char *by;     /**< Who asks. */
    bool is_incomplete; /**< Something that was asked for could not be done, and was told. */
};

/** One line for each reject of the selection, or one JSON document; never what is in it. */
MUST_USE bool rejects_list(struct rejects_call *call, struct error *err);

/** All that is known of the rejects named, with their bytes. */
MUST_USE bool rejects_show(struct rejects_call *call, struct error *err);

/** Publishes the original messages again, each of them once whatever happens. */
MUST_USE bool rejects_replay(struct rejects_call *call, struct error *err);

/** Settles the selection for good, without publishing anything. */
MUST_USE bool rejects_discard(struct rejects_call *call, struct error *err);

/**
 * Says of the rejects named that are settled already by whom and why, and leaves the open ones
 * in the selection. Where one is not `wanted`, replayed or discarded, the call is incomplete.
 */
MUST_USE bool rejects_tell_settled(struct rejects_call *call, const char *wanted,
                                   struct error *err);

#endif
