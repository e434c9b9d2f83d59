#include "common/base/hash.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <unistd.h>

#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/memory.h"

/* EVP fails only without memory or without the algorithm; neither leaves anything to do. */
static void require(int succeeded)
{
    if (succeeded == 1)
        return;
    /* libcrypto has other words for a want of memory: "initialization error". */
    memory_check_errno();
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    log_error("libcrypto cannot compute a hash: %s", reason ? reason : "no reason given");
    _exit(error_exit_code(ERROR_INTERNAL));
}

void hash_sha1(const void *first, size_t first_length, const void *second, size_t second_length,
               uint8_t out[SHA1_BYTES])
{
    errno = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context)
        memory_exhausted();
    require(EVP_DigestInit_ex(context, EVP_sha1(), NULL));
    require(EVP_DigestUpdate(context, first, first_length));
    require(EVP_DigestUpdate(context, second, second_length));
    require(EVP_DigestFinal_ex(context, out, NULL));
    EVP_MD_CTX_free(context);
}

void hash_sha256(const void *data, size_t length, uint8_t out[SHA256_BYTES])
{
    errno = 0;
    require(EVP_Digest(data, length, out, NULL, EVP_sha256(), NULL));
}
