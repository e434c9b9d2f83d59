#ifndef COOP_TESTS_SCRIPTED_SERVER_H
#define COOP_TESTS_SCRIPTED_SERVER_H

#include <pthread.h>

#include "common/base/buffer.h"

/*
 * A server that speaks as much of PostgreSQL's protocol 3.0 as libpq needs ("Frontend/Backend
 * Protocol" in the manual) and answers by a script, on a Unix socket in a folder of its own.
 *
 * It does something only in scripted_server_turn(), which never waits: a test decides what comes
 * before what. For code that waits for its answers it can run in a thread of its own.
 */

enum reply_kind {
    REPLY_READY,   /* The end of an answer: ReadyForQuery. */
    REPLY_ROWS,    /* "a|b\n\\N|d": a line a row; \N is null. */
    REPLY_NO_ROWS, /* Of as many columns as the text has. */
    REPLY_TAG,     /* "INSERT 0 5" */
    REPLY_HUNDRED_TAGS,
    REPLY_COPY_IN,   /* Takes all that the client sends, and says COPY 0. */
    REPLY_COPY_SOME, /* Takes the first piece; what comes after the next replies goes nowhere. */
    REPLY_COPY_OUT,
    REPLY_ERROR,  /* "C22P02|Mwords|sevent": fields as the protocol numbers them. */
    REPLY_NOTICE, /* The same. */
    REPLY_RAW,    /* Bytes as they are. */
    REPLY_CLOSE,
    REPLY_SILENCE,
};

struct reply {
    enum reply_kind kind;
    const char *text;
};

#define REPLY(kind, text)                                                                          \
    {                                                                                              \
        kind, text                                                                                 \
    }
#define ROWS(text) REPLY(REPLY_ROWS, text)
#define NO_ROWS(columns) REPLY(REPLY_NO_ROWS, columns)
#define TAG(text) REPLY(REPLY_TAG, text)
#define HUNDRED_TAGS REPLY(REPLY_HUNDRED_TAGS, NULL)
#define COPY_IN REPLY(REPLY_COPY_IN, NULL)
#define COPY_SOME REPLY(REPLY_COPY_SOME, NULL)
#define COPY_OUT REPLY(REPLY_COPY_OUT, NULL)
#define REFUSAL(fields) REPLY(REPLY_ERROR, fields)
#define NOTICE(fields) REPLY(REPLY_NOTICE, fields)
#define RAW(bytes) REPLY(REPLY_RAW, bytes)
#define CLOSE REPLY(REPLY_CLOSE, NULL)
#define SILENCE REPLY(REPLY_SILENCE, NULL)

enum { REPLIES_MAX = 8, COPIES_TAKEN_MAX = 4 };

/* A query that the next one must be, and its answer. */
struct exchange {
    const char *expects; /* Part of its SQL, or of what its parameters make of it: "… <- 'a', 'b'".
                            NULL ends the script. */
    struct reply replies[REPLIES_MAX + 1];
};

/* What it says to whoever connects; NULL: as a PostgreSQL 15 does in UTF-8. */
struct greeting {
    const char *version;
    const char *encoding; /* Of the server; "": it does not say. */
    const char *refusal;  /* The fields of an error instead. */
    bool is_silent;
};

struct scripted_server {
    const struct exchange *script;
    struct greeting greeting;
    char folder[64];
    char path[96];
    char conninfo[128];
    int listener;
    int client; /* -1: nobody is connected. */
    bool is_started;
    bool is_extended; /* The query came as Parse, Bind and so on. */
    bool is_copying;
    const struct reply *reply; /* The next of the answer under way; NULL: none is. */
    size_t exchange;           /* The next of the script. */
    size_t connections;        /* So many have come. */
    struct buffer startup;     /* Parameters of the last, "name=value " each. */
    struct buffer input;
    struct buffer sql; /* The last query. */
    struct buffer copies[COPIES_TAKEN_MAX];
    size_t copy_count;
    char fault[512]; /* The first thing that was not in the script; "" for none. */
    bool has_thread;
    pthread_t thread;
    int wake[2];
};

/* Listens. Script and greeting (NULL: a usual one) are borrowed. */
struct scripted_server *scripted_server_new(const struct exchange *script,
                                            const struct greeting *greeting);
void scripted_server_free(struct scripted_server *server);

/* Takes what has come, and answers. */
void scripted_server_turn(struct scripted_server *server);

/* Does so by itself from now on, until scripted_server_check(). */
void scripted_server_run(struct scripted_server *server);

/* Says so of its own accord: fields of an error. */
void scripted_server_say(struct scripted_server *server, const char *fields);

/* Closes the connection to whoever is connected. */
void scripted_server_hang_up(struct scripted_server *server);

/* Listens no more: whoever comes is refused. */
void scripted_server_go_away(struct scripted_server *server);

/* Fails the test unless everything went as scripted, to the end. */
void scripted_server_check(struct scripted_server *server);

#endif
