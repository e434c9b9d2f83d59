#include "consumers/kafka/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool wake_open(struct wake *wake, rd_kafka_queue_t *queue, struct error *err)
{
    *wake = (struct wake){.queue = queue, .ends = {-1, -1}};
    if (pipe(wake->ends) != 0)
        return error_set(err, ERROR_INTERNAL, "could not make a pipe: %s", strerror(errno));
    for (int end = 0; end < 2; end++) {
        fcntl(wake->ends[end], F_SETFD, FD_CLOEXEC);
        fcntl(wake->ends[end], F_SETFL, O_NONBLOCK);
    }
    rd_kafka_queue_io_event_enable(queue, wake->ends[1], "", 1);
    return true;
}

void wake_close(struct wake *wake)
{
    if (!wake->queue)
        return;
    rd_kafka_queue_io_event_enable(wake->queue, -1, NULL, 0);
    rd_kafka_queue_destroy(wake->queue);
    for (int end = 0; end < 2; end++) {
        if (wake->ends[end] >= 0)
            close(wake->ends[end]);
    }
    *wake = (struct wake){0};
}

void wake_acknowledge(const struct wake *wake)
{
    char bytes[64];

    while (read(wake->ends[0], bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes))
        continue;
}

struct pollfd wake_poll(const struct wake *wake)
{
    return (struct pollfd){.fd = wake->ends[0], .events = POLLIN};
}
