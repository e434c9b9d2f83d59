#ifndef COOP_BASE_BANNED_H
#define COOP_BASE_BANNED_H

/*
 * Included before every source file (CMake adds -include): what cannot be used safely does
 * not compile. Headers of the system are read first, so that they keep their declarations.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gets atoi atol atoll atof
#pragma GCC poison gmtime localtime ctime asctime sscanf

#endif
