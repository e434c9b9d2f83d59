#include "tests/support/scripted_server.h"

#include "tests/support/check.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "tests/support/scripted_replies.h"

enum {
    BYTES_MAX = 64 * 1024 * 1024,
    HEADER_BYTES = 5,
    PROTOCOL_3_0 = 196608,
};

static void must(bool has_gone_in)
{
    if (!has_gone_in)
        memory_exhausted();
}

/* The first is the one that explains the others. */
PRINTF_LIKE(2, 3)
static void complain(struct scripted_server *server, const char *format, ...)
{
    va_list arguments;

    if (server->fault[0])
        return;
    va_start(arguments, format);
    vsnprintf(server->fault, sizeof(server->fault), format, arguments);
    va_end(arguments);
}

static uint32_t get_number(const unsigned char *at, size_t length)
{
    uint32_t value = 0;

    for (size_t i = 0; i < length; i++)
        value = value << 8 | at[i];
    return value;
}

/* A client that has gone away hears nothing: the tests of that see it at the client. */
static void send_bytes(struct scripted_server *server, const void *data, size_t length)
{
    if (server->client >= 0 && send(server->client, data, length, MSG_NOSIGNAL) != (ssize_t)length)
        scripted_server_hang_up(server);
}

static void send_all(struct scripted_server *server, struct buffer *out)
{
    if (out->length)
        send_bytes(server, out->data, out->length);
    buffer_free(out);
}

static void send_reply(struct scripted_server *server, const struct reply *reply)
{
    struct buffer out;
    struct buffer nothing = {0};

    buffer_init(&out, BYTES_MAX);
    switch (reply->kind) {
    case REPLY_READY:
        reply_ready(&out);
        break;
    case REPLY_ROWS:
        reply_columns(&out, reply->text);
        reply_rows(&out, reply->text);
        reply_tag(&out, "SELECT");
        break;
    case REPLY_NO_ROWS:
        reply_columns(&out, reply->text);
        reply_tag(&out, "SELECT 0");
        break;
    case REPLY_TAG:
        if (server->is_extended)
            reply_message(&out, 'n', &nothing);
        reply_tag(&out, reply->text);
        break;
    case REPLY_HUNDRED_TAGS:
        for (int i = 0; i < 100; i++)
            reply_tag(&out, "SET");
        break;
    case REPLY_COPY_IN:
    case REPLY_COPY_SOME:
        server->is_copying = true;
        reply_copy(&out, 'G');
        break;
    case REPLY_COPY_OUT:
        reply_copy(&out, 'H');
        break;
    case REPLY_ERROR:
        reply_fields(&out, 'E', reply->text);
        break;
    case REPLY_NOTICE:
        reply_fields(&out, 'N', reply->text);
        break;
    case REPLY_RAW:
        must(buffer_append_text(&out, reply->text));
        break;
    case REPLY_CLOSE:
        scripted_server_hang_up(server);
        break;
    case REPLY_SILENCE:
        break;
    }
    send_all(server, &out);
}

/* As far as it goes: a COPY waits for its data, silence for ever. */
static void go_on(struct scripted_server *server)
{
    while (server->reply && !server->is_copying) {
        const struct reply *reply = server->reply++;

        if (reply->kind == REPLY_READY || reply->kind == REPLY_CLOSE
            || reply->kind == REPLY_SILENCE)
            server->reply = NULL;
        send_reply(server, reply);
    }
}

static void answer(struct scripted_server *server)
{
    const struct exchange *exchange = &server->script[server->exchange];
    const char *sql = buffer_text(&server->sql);

    if (!sql)
        memory_exhausted();
    if (server->reply)
        complain(server, "\"%s\" comes before the answer is over", sql);
    else if (!exchange->expects)
        complain(server, "nothing is expected after the script, not \"%s\"", sql);
    else if (!strstr(sql, exchange->expects))
        complain(server, "expected \"%s\", not \"%s\"", exchange->expects, sql);
    if (server->fault[0]) {
        scripted_server_hang_up(server);
        return;
    }
    server->exchange++;
    server->reply = exchange->replies;
    if (server->is_extended)
        send_bytes(server,
                   "1\0\0\0\4"
                   "2\0\0\0\4",
                   10);
    go_on(server);
}

/* "sql <- 'a', 'b'": parameters in text form, after the statement's and the formats' places. */
static void take_parameters(struct scripted_server *server, const unsigned char *at)
{
    struct buffer *sql = &server->sql;

    at += strlen((const char *)at) + 1;
    at += strlen((const char *)at) + 1;
    at += 2 + 2 * get_number(at, 2);
    uint32_t count = get_number(at, 2);
    at += 2;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t length = get_number(at, 4);

        must(buffer_append_text(sql, i ? ", '" : " <- '") && buffer_append(sql, at + 4, length)
             && buffer_append_text(sql, "'"));
        at += 4 + length;
    }
}

static void take_query(struct scripted_server *server, const char *sql, bool is_extended)
{
    server->is_extended = is_extended;
    buffer_clear(&server->sql);
    must(buffer_append_text(&server->sql, sql));
}

/* What is left of a COPY that has been refused goes nowhere, as in PostgreSQL. */
static void take_data(struct scripted_server *server, char type, const unsigned char *body,
                      size_t length)
{
    if (!server->is_copying)
        return;
    bool takes_all = server->reply[-1].kind == REPLY_COPY_IN;
    if (type == 'f') {
        complain(server, "the client has given a COPY up: %s", (const char *)body);
        return;
    }
    if (type == 'd') {
        if (server->copy_count < COPIES_TAKEN_MAX)
            must(buffer_append(&server->copies[server->copy_count], body, length));
        if (takes_all)
            return;
    }
    server->is_copying = false;
    if (takes_all) {
        struct buffer out;

        buffer_init(&out, BYTES_MAX);
        server->copy_count++;
        reply_tag(&out, "COPY 0");
        send_all(server, &out);
    }
    go_on(server);
}

static void take_message(struct scripted_server *server, char type, const unsigned char *body,
                         size_t length)
{
    switch (type) {
    case 'Q':
        take_query(server, (const char *)body, false);
        answer(server);
        break;
    case 'P': /* The name of the statement comes before it. */
        take_query(server, (const char *)body + strlen((const char *)body) + 1, true);
        break;
    case 'B':
        take_parameters(server, body);
        break;
    case 'S':
        answer(server);
        break;
    case 'D':
    case 'E':
        break;
    case 'd':
    case 'c':
    case 'f':
        take_data(server, type, body, length);
        break;
    case 'X':
        scripted_server_hang_up(server);
        break;
    default:
        complain(server, "a message of type \"%c\"", type);
        break;
    }
}

static void greet(struct scripted_server *server)
{
    const struct greeting *greeting = &server->greeting;
    struct buffer out;

    server->is_started = true;
    buffer_init(&out, BYTES_MAX);
    if (greeting->refusal)
        reply_fields(&out, 'E', greeting->refusal);
    else if (!greeting->is_silent)
        reply_greeting(&out, greeting->version ? greeting->version : "15.0",
                       greeting->encoding ? greeting->encoding : "UTF8");
    send_all(server, &out);
    if (greeting->refusal)
        scripted_server_hang_up(server);
}

static void take_startup(struct scripted_server *server, const char *at)
{
    if (get_number((const unsigned char *)at, 4) != PROTOCOL_3_0)
        complain(server, "another protocol than 3.0");
    buffer_clear(&server->startup);
    for (at += 4; *at;) {
        const char *value = at + strlen(at) + 1;

        must(buffer_append_format(&server->startup, "%s=%s ", at, value));
        at = value + strlen(value) + 1;
    }
    greet(server);
}

/* The startup message alone has no type before its length. */
static void take_messages(struct scripted_server *server)
{
    size_t done = 0;

    while (server->client >= 0) {
        size_t header = server->is_started ? HEADER_BYTES : HEADER_BYTES - 1;
        const unsigned char *at = server->input.data + done;
        size_t there = server->input.length - done;

        if (there < header)
            break;
        size_t length = get_number(at + header - 4, 4) - 4;
        if (there < header + length)
            break;
        if (server->is_started)
            take_message(server, (char)at[0], at + header, length);
        else
            take_startup(server, (const char *)at + header);
        done += header + length;
    }
    if (server->client < 0)
        return;
    server->input.length -= done;
    if (server->input.length)
        memmove(server->input.data, server->input.data + done, server->input.length);
}

static void welcome(struct scripted_server *server)
{
    int client = accept(server->listener, NULL, NULL);

    if (client < 0)
        return;
    scripted_server_hang_up(server);
    server->client = client;
    server->connections++;
}

static void hear(struct scripted_server *server)
{
    enum { PIECE_BYTES = 64 * 1024 };
    unsigned char *room = buffer_reserve(&server->input, PIECE_BYTES);

    if (!room)
        memory_exhausted();
    ssize_t length = recv(server->client, room, PIECE_BYTES, MSG_DONTWAIT);
    if (length <= 0) {
        scripted_server_hang_up(server);
        return;
    }
    server->input.length += (size_t)length;
    take_messages(server);
}

/* False once it is to stop. */
static bool turn(struct scripted_server *server, int wait_ms)
{
    struct pollfd descriptors[] = {{.fd = server->listener, .events = POLLIN},
                                   {.fd = server->client, .events = POLLIN},
                                   {.fd = server->wake[0], .events = POLLIN}};

    if (poll(descriptors, ARRAY_LENGTH(descriptors), wait_ms) <= 0)
        return true;
    if (descriptors[1].revents)
        hear(server);
    if (descriptors[0].revents)
        welcome(server);
    return !descriptors[2].revents;
}

void scripted_server_turn(struct scripted_server *server)
{
    turn(server, 0);
}

static void *run(void *context)
{
    while (turn(context, -1))
        continue;
    return NULL;
}

void scripted_server_run(struct scripted_server *server)
{
    assert_int_equal(pthread_create(&server->thread, NULL, run, server), 0);
    server->has_thread = true;
}

static void end_thread(struct scripted_server *server)
{
    if (!server->has_thread)
        return;
    assert_int_equal(write(server->wake[1], "", 1), 1);
    pthread_join(server->thread, NULL);
    server->has_thread = false;
}

void scripted_server_say(struct scripted_server *server, const char *fields)
{
    struct buffer out;

    buffer_init(&out, BYTES_MAX);
    reply_fields(&out, 'E', fields);
    send_all(server, &out);
}

void scripted_server_hang_up(struct scripted_server *server)
{
    if (server->client >= 0)
        close(server->client);
    server->client = -1;
    server->is_started = false;
    server->is_copying = false;
    server->reply = NULL;
    server->input.length = 0;
}

void scripted_server_go_away(struct scripted_server *server)
{
    if (server->listener >= 0)
        close(server->listener);
    server->listener = -1;
    unlink(server->path);
}

void scripted_server_check(struct scripted_server *server)
{
    end_thread(server);
    if (server->fault[0])
        fail_msg("%s", server->fault);
    if (server->script[server->exchange].expects)
        fail_msg("nobody has sent \"%s\"", server->script[server->exchange].expects);
}

struct scripted_server *scripted_server_new(const struct exchange *script,
                                            const struct greeting *greeting)
{
    struct scripted_server *server = memory_new(1, sizeof(*server));
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    *server = (struct scripted_server){.script = script, .client = -1};
    if (greeting)
        server->greeting = *greeting;
    buffer_init(&server->startup, BYTES_MAX);
    buffer_init(&server->input, BYTES_MAX);
    buffer_init(&server->sql, BYTES_MAX);
    for (size_t i = 0; i < COPIES_TAKEN_MAX; i++)
        buffer_init(&server->copies[i], BYTES_MAX);
    snprintf(server->folder, sizeof(server->folder), "/tmp/scripted-XXXXXX");
    assert_non_null(mkdtemp(server->folder));
    snprintf(server->path, sizeof(server->path), "%s/.s.PGSQL.5432", server->folder);
    snprintf(server->conninfo, sizeof(server->conninfo),
             "host=%s port=5432 dbname=d user=u sslmode=disable", server->folder);
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", server->path);
    server->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->listener, (const struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(server->listener, 8), 0);
    assert_int_equal(pipe(server->wake), 0);
    return server;
}

void scripted_server_free(struct scripted_server *server)
{
    end_thread(server);
    scripted_server_hang_up(server);
    scripted_server_go_away(server);
    rmdir(server->folder);
    close(server->wake[0]);
    close(server->wake[1]);
    buffer_free(&server->startup);
    buffer_free(&server->input);
    buffer_free(&server->sql);
    for (size_t i = 0; i < COPIES_TAKEN_MAX; i++)
        buffer_free(&server->copies[i]);
    free(server);
}
