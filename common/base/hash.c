#include "common/base/hash.h"

#include <openssl/evp.h>
#include <stdlib.h>

/* EVP fails only without memory or without the algorithm; neither leaves anything to do. */
static void require(int succeeded)
{
    if (succeeded != 1)
        abort();
}

void hash_sha1(const void *first, size_t first_length, const void *second, size_t second_length,
               uint8_t out[SHA1_BYTES])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    require(context && EVP_DigestInit_ex(context, EVP_sha1(), NULL)
            && EVP_DigestUpdate(context, first, first_length)
            && EVP_DigestUpdate(context, second, second_length)
            && EVP_DigestFinal_ex(context, out, NULL));
    EVP_MD_CTX_free(context);
}

void hash_sha256(const void *data, size_t length, uint8_t out[SHA256_BYTES])
{
    require(EVP_Digest(data, length, out, NULL, EVP_sha256(), NULL));
}
