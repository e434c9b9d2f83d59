#ifndef COOP_TESTS_ASK_HTTP_H
#define COOP_TESTS_ASK_HTTP_H

#include "consumers/monitor/http.h"

/** Sends a request; the whole answer is kept. */
void ask(const struct http *http, const char *request);

/** The same for GET of a path. */
void ask_for(const struct http *http, const char *path);

/** The last answer has these words in it. */
void assert_answer(const char *status, const char *words);

#endif
