#include "consumers/monitor/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/address.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/memory.h"

enum {
    /* A start asks the brokers for every partition's offsets, 5 s each at worst. */
    HEALTHY_FOR_MS = 30000,
    CONNECTIONS_MAX = 16,
    IDLE_CONNECTION_S = 10,
    CONNECTION_BYTES_MAX = 16 * 1024,
};

struct http {
    struct MHD_Daemon *daemon;
    pthread_mutex_t mutex; /* For what follows: the loop writes it, the thread reads it. */
    struct buffer page;
    const char *unready;
    int64_t beat_ms;
    char address[ADDRESS_HOST_BYTES + 16];
};

static const char index_page[] = "coop-consumer " COOP_VERSION "\n/metrics\n/healthz\n/readyz\n";

/* The answer's text is copied: the loop may publish a new one meanwhile. */
static enum MHD_Result answer(struct MHD_Connection *connection, unsigned int status,
                              const char *type, const char *text, size_t length)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(length, (void *)text, MHD_RESPMEM_MUST_COPY);

    if (!response)
        return MHD_NO;
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

PRINTF_LIKE(3, 4)
static enum MHD_Result answer_line(struct MHD_Connection *connection, unsigned int status,
                                   const char *format, ...)
{
    char line[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    return answer(connection, status, "text/plain; charset=utf-8", line, strlen(line));
}

static enum MHD_Result answer_health(struct MHD_Connection *connection, int64_t silent_ms)
{
    if (silent_ms <= HEALTHY_FOR_MS)
        return answer_line(connection, MHD_HTTP_OK, "ok\n");
    return answer_line(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
                       "the loop has not turned for %d s\n", (int)(silent_ms / 1000));
}

static enum MHD_Result answer_path(struct http *http, struct MHD_Connection *connection,
                                   const char *path)
{
    if (strcmp(path, "/healthz") == 0)
        return answer_health(connection, clock_steady_ms() - http->beat_ms);
    if (strcmp(path, "/readyz") == 0)
        return http->unready
                   ? answer_line(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "%s\n", http->unready)
                   : answer_line(connection, MHD_HTTP_OK, "ok\n");
    if (strcmp(path, "/metrics") == 0)
        return answer(connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8",
                      http->page.data ? (const char *)http->page.data : "", http->page.length);
    if (strcmp(path, "/") == 0)
        return answer_line(connection, MHD_HTTP_OK, "%s", index_page);
    return answer_line(connection, MHD_HTTP_NOT_FOUND, "not here; there is:\n%s", index_page);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_length, void **request)
{
    struct http *http = context;
    static char is_begun;

    (void)version;
    (void)upload;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return answer_line(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    /* The first call is for the headers alone; a body is read and thrown away. */
    if (!*request) {
        *request = &is_begun;
        return MHD_YES;
    }
    if (*upload_length) {
        *upload_length = 0;
        return MHD_YES;
    }
    pthread_mutex_lock(&http->mutex);
    enum MHD_Result result = answer_path(http, connection, path);
    pthread_mutex_unlock(&http->mutex);
    return result;
}

static struct MHD_Daemon *start(struct http *http, const struct addrinfo *info)
{
    unsigned int flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO;

    if (info->ai_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(flags, 0, NULL, NULL, handle, http, MHD_OPTION_SOCK_ADDR, info->ai_addr,
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned int)CONNECTIONS_MAX,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)IDLE_CONNECTION_S,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES_MAX,
                            MHD_OPTION_END);
}

static bool listen_at(struct http *http, const char *address, struct error *err)
{
    char host[ADDRESS_HOST_BYTES];
    const char *port = NULL;
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;

    if (!address_split(address, host, &port))
        return error_set(err, ERROR_USAGE,
                         "--listen \"%s\": expected HOST:PORT, such as 127.0.0.1:9464", address);
    int code = getaddrinfo(host[0] ? host : NULL, port, &hints, &found);
    if (code != 0)
        return error_set(err, ERROR_UNAVAILABLE, "--listen %s: %s", address, gai_strerror(code));
    errno = 0;
    http->daemon = start(http, found);
    freeaddrinfo(found);
    if (!http->daemon)
        return error_set(err, ERROR_UNAVAILABLE,
                         "--listen %s: %s; does another consumer listen there?", address,
                         errno ? strerror(errno) : "could not be started");
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT);
    snprintf(http->address, sizeof(http->address), "%.*s:%u",
             (int)(strrchr(address, ':') - address), address, info ? info->port : 0U);
    return true;
}

struct http *http_new(const char *address, struct error *err)
{
    struct http *http = memory_new(1, sizeof(*http));

    pthread_mutex_init(&http->mutex, NULL);
    buffer_init(&http->page, METRICS_BYTES_MAX);
    http->unready = "starting";
    http->beat_ms = clock_steady_ms();
    if (!listen_at(http, address, err)) {
        http_free(http);
        return NULL;
    }
    return http;
}

void http_free(struct http *http)
{
    if (!http)
        return;
    if (http->daemon)
        MHD_stop_daemon(http->daemon);
    buffer_free(&http->page);
    pthread_mutex_destroy(&http->mutex);
    free(http);
}

const char *http_address(const struct http *http)
{
    return http->address;
}

void http_beat(struct http *http, const char *unready)
{
    pthread_mutex_lock(&http->mutex);
    http->beat_ms = clock_steady_ms();
    http->unready = unready;
    pthread_mutex_unlock(&http->mutex);
}

void http_publish(struct http *http, const struct buffer *text)
{
    pthread_mutex_lock(&http->mutex);
    buffer_clear(&http->page);
    if (!buffer_append(&http->page, text->data, text->length))
        log_debug("no memory for a page of metrics");
    pthread_mutex_unlock(&http->mutex);
}
