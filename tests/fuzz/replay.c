/* Runs a fuzz target on the files of folders: its seeds, and whatever once broke it. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_BYTES_MAX = 1024 * 1024 };

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "r");
    uint8_t *data = malloc(INPUT_BYTES_MAX);

    if (!file || !data)
        return 1;
    size_t size = fread(data, 1, INPUT_BYTES_MAX, file);
    fclose(file);
    /* A block of the right size lets the sanitizer see a read beyond its end. */
    uint8_t *exact = realloc(data, size ? size : 1);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 0;
}

int main(int argc, char **argv)
{
    int files = 0;

    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);

        for (struct dirent *entry = folder ? readdir(folder) : NULL; entry;
             entry = readdir(folder)) {
            char path[4096];

            if (entry->d_name[0] == '.')
                continue;
            snprintf(path, sizeof(path), "%s/%s", argv[i], entry->d_name);
            if (replay_file(path) != 0)
                return 1;
            files++;
        }
        if (folder)
            closedir(folder);
    }
    printf("%d seeds\n", files);
    return files ? 0 : 1;
}
