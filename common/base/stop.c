#include "common/base/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t requested;
static int wake_pipe[2] = {-1, -1};

static void note(int signal_number)
{
    int saved_errno = errno;

    requested = 1;
    if (write(wake_pipe[1], "", 1) < 0)
        errno = 0; /* A full pipe is readable already. */
    /* The next one finds the default action: the program ends at once. */
    signal(signal_number, SIG_DFL);
    errno = saved_errno;
}

bool stop_on_signals(struct error *err)
{
    struct sigaction action = {.sa_handler = note};

    sigemptyset(&action.sa_mask);
    if (pipe(wake_pipe) != 0)
        return error_set(err, ERROR_INTERNAL, "could not make a pipe: %s", strerror(errno));
    for (int end = 0; end < 2; end++) {
        fcntl(wake_pipe[end], F_SETFD, FD_CLOEXEC);
        fcntl(wake_pipe[end], F_SETFL, O_NONBLOCK);
    }
    if (sigaction(SIGTERM, &action, NULL) != 0 || sigaction(SIGINT, &action, NULL) != 0
        || signal(SIGPIPE, SIG_IGN) == SIG_ERR || signal(SIGXFSZ, SIG_IGN) == SIG_ERR)
        return error_set(err, ERROR_INTERNAL, "could not handle signals: %s", strerror(errno));
    return true;
}

bool stop_requested(void)
{
    return requested != 0;
}

int stop_descriptor(void)
{
    return wake_pipe[0];
}
