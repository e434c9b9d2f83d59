#include "common/base/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void streams_open(void)
{
    /* Against the grain: what reads or writes here must not seem to succeed. */
    static const int modes[] = {
        [STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_RDONLY};

    for (int number = 0; number < (int)ARRAY_LENGTH(modes); number++) {
        /* The lowest free number is given, and those below are taken by now. */
        if (fcntl(number, F_GETFD) < 0 && errno == EBADF && open("/dev/null", modes[number]) < 0)
            return;
    }
}

bool streams_finish(struct error *err)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    return error_set(err, ERROR_IO, "could not write to standard output: %s",
                     errno ? strerror(errno) : "an earlier write failed");
}
