#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "admin/verb.h"
#include "common/base/address.h"

#define AT(member) offsetof(struct admin_settings, member)

enum { EXIT_NOT_READY = 1, TIMEOUT_S = 5, ANSWER_BYTES = 1024 };

static const char question[] = "GET /readyz HTTP/1.0\r\n\r\n";

/* An address where every interface listens is one's own to ask. */
static int connect_to(const char *address, struct error *err)
{
    char host[ADDRESS_HOST_BYTES];
    const char *port;
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    struct timeval timeout = {.tv_sec = TIMEOUT_S};
    int fd = -1;

    if (!address_split(address, host, &port)) {
        error_set(err, ERROR_USAGE, "--listen \"%s\": expected HOST:PORT, such as 127.0.0.1:9464",
                  address);
        return -1;
    }
    int code = getaddrinfo(host[0] ? host : NULL, port, &hints, &found);
    if (code != 0)
        error_set(err, ERROR_UNAVAILABLE, "%s: %s", address, gai_strerror(code));
    for (const struct addrinfo *one = found; one && fd < 0; one = one->ai_next) {
        fd = socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
            continue;
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
        if (connect(fd, one->ai_addr, one->ai_addrlen) == 0)
            break;
        error_set(err, ERROR_UNAVAILABLE, "no consumer answers at %s: %s", address,
                  strerror(errno));
        close(fd);
        fd = -1;
    }
    if (found)
        freeaddrinfo(found);
    return fd;
}

/* What is longer than the buffer is cut: the answers of /readyz are a line. */
static bool ask(int fd, char answer[ANSWER_BYTES], struct error *err)
{
    size_t length = 0;
    ssize_t got = send(fd, question, strlen(question), MSG_NOSIGNAL);

    while (got > 0 && length < ANSWER_BYTES - 1) {
        got = recv(fd, answer + length, ANSWER_BYTES - 1 - length, 0);
        length += got > 0 ? (size_t)got : 0;
    }
    answer[length] = '\0';
    return length > 0
           || error_set(err, ERROR_UNAVAILABLE, "no answer within %d s: %s", TIMEOUT_S,
                        got < 0 ? strerror(errno) : "the connection was closed");
}

static bool run(const struct admin_settings *settings, const struct operands *operands,
                int *exit_code, struct error *err)
{
    char answer[ANSWER_BYTES];

    if (!operands_are_none(operands, err))
        return false;
    int fd = connect_to(settings->listen, err);
    if (fd < 0)
        return false;
    bool ok = ask(fd, answer, err);
    close(fd);
    if (!ok)
        return false;
    const char *body = strstr(answer, "\r\n\r\n");

    if (strncmp(answer, "HTTP/1.", 7) != 0 || !body)
        return error_set(err, ERROR_UNAVAILABLE, "what answers at %s is no coop-consumer",
                         settings->listen);
    printf("%s", body + 4);
    *exit_code = strncmp(answer + strlen("HTTP/1.x "), "200", 3) == 0 ? 0 : EXIT_NOT_READY;
    return true;
}

static const struct option_row rows[] = {
    {.name = "listen",
     .type = OPTION_TEXT,
     .argument = "HOST:PORT",
     .initial = "127.0.0.1:9464",
     .offset = AT(listen),
     .help = "where the consumer listens, its own setting"},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Consumer", rows, 0},
    {"Words", log_option_rows, AT(log)},
    {NULL, NULL, 0},
};

const struct verb health_verb = {
    .name = "health",
    .program = {.name = "coop-admin health",
                .usage = "[options]",
                .summary = "asks the consumer of this machine whether it is ready.\n"
                           "For health checks: exit 0 when it is, 1 when it is not and says why,\n"
                           "69 when nobody answers.",
                .groups = groups},
    .run = run,
};
