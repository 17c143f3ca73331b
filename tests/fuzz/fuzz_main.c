/* fuzz_main.c - main() of a fuzz target without libFuzzer: runs it once over
 * each file named on the command line, and over each file of a named folder.
 * Fails if there is none, since a corpus that went missing tests nothing. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static unsigned n_inputs;

static int run_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        return -1;
    }
    /* Exactly as many bytes as the file has, so that a sanitizer sees a read
     * beyond them. */
    struct stat st;
    uint8_t *data = NULL;
    int rc = -1;
    if (fstat(fileno(f), &st) != 0 || !(data = malloc(st.st_size ? (size_t)st.st_size : 1)))
        goto done;
    size_t len = fread(data, 1, (size_t)st.st_size, f);
    if (ferror(f))
        goto done;
    n_inputs++;
    rc = LLVMFuzzerTestOneInput(data, len);
done:
    if (rc != 0)
        fprintf(stderr, "%s: failed\n", path);
    free(data);
    fclose(f);
    return rc;
}

static int run_folder(const char *path)
{
    DIR *dir = opendir(path);
    if (!dir) {
        perror(path);
        return -1;
    }
    int rc = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        char file[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        if (run_file(file) != 0)
            rc = -1;
    }
    closedir(dir);
    return rc;
}

int main(int argc, char **argv)
{
    int rc = 0;
    for (int i = 1; i < argc; i++) {
        struct stat st;
        if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
            rc |= run_folder(argv[i]);
        else
            rc |= run_file(argv[i]);
    }
    if (n_inputs == 0) {
        fprintf(stderr, "no inputs\n");
        return 1;
    }
    printf("%u inputs\n", n_inputs);
    return rc != 0;
}
