/*
 * make_outreach N [FIRST]: N outreach events as JSON Lines, the same for the same numbers.
 * Each is one step of one of N/3 firms in one of 40 campaigns, named by its record.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const stages[] = {"INVITED", "DELIVERED", "RESPONDED", "REGISTERED", "ATTENDED"};
static const char *const channels[] = {"LETTER", "EMAIL", "PHONE", "MEETING", "WEB_PORTAL"};

/* SplitMix64: the n-th number of a sequence, without state. */
static uint64_t random_at(uint64_t n)
{
    uint64_t x = n * 0x9e3779b97f4a7c15U + 0x9e3779b97f4a7c15U;

    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

static void print_event(uint64_t n, uint64_t firms)
{
    uint64_t random = random_at(n);
    uint64_t firm = random % firms;
    int day = 1 + (int)(random / 7 % 28);
    int hour = (int)(random / 200 % 24);

    printf("{\"source\": \"pk.gov.stza.crm\", \"source_record_id\": \"G-%" PRIu64 "\", "
           "\"occurred_at\": \"2022-%02d-%02dT%02d:%02d:00+05:00\", "
           "\"campaign_id\": \"CMP-%02d\", \"stage\": \"%s\", \"channel\": \"%s\", "
           "\"initiator\": {\"org_id\": \"COOP-STZA\", \"name\": \"Special Technology Zones "
           "Authority\", "
           "\"country\": \"PK\", \"org_type\": \"REGULATOR\"}, "
           "\"recipient\": {\"org_id\": \"COOP-FIRM-%07" PRIu64 "\", \"name\": \"Firm %" PRIu64
           "\", "
           "\"country\": \"CN\", \"org_type\": \"PRIVATE_COMPANY\"}, "
           "\"topics\": [\"it-cooperation\"]}\n",
           n, 1 + (int)(random / 5000 % 12), day, hour, (int)(random / 60000 % 60),
           (int)(firm % 40), stages[random / 11 % 5], channels[random / 13 % 5], firm, firm);
}

int main(int argc, char **argv)
{
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    uint64_t firms = count / 3 + 1;

    if (count == 0) {
        fprintf(stderr, "usage: make_outreach N [FIRST]\n");
        return 64;
    }
    for (uint64_t n = first; n < first + count; n++)
        print_event(n, firms);
    return ferror(stdout) || fflush(stdout) ? 74 : 0;
}
