#include "tests/support/ask_http.h"

#include "tests/support/check.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char answer[4096];

void ask(const struct http *http, const char *request)
{
    const char *port = strrchr(http_address(http), ':') + 1;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    size_t length = 0;
    ssize_t got;

    assert_return_code(connect(descriptor, (struct sockaddr *)&address, sizeof(address)), 0);
    /* What is too long is cut off at the other end. */
    (void)!send(descriptor, request, strlen(request), MSG_NOSIGNAL);
    while ((got = read(descriptor, answer + length, sizeof(answer) - 1 - length)) > 0)
        length += (size_t)got;
    answer[length] = '\0';
    close(descriptor);
}

void ask_for(const struct http *http, const char *path)
{
    char request[256];

    snprintf(request, sizeof(request), "GET %s HTTP/1.0\r\n\r\n", path);
    ask(http, request);
}

void assert_answer(const char *status, const char *words)
{
    assert_non_null(strstr(answer, status));
    assert_non_null(strstr(answer, words));
}
