/* SPDX-License-Identifier: MIT */
/* The driver of a fuzz program where there is no libFuzzer:
 *
 *     replay FILE...        run each file as one input, to repeat a crash
 *     replay -dict=WORDS    run pseudo-random inputs, the same in every run,
 *                           stitched together from the words and odd bytes
 *
 * The words are in libFuzzer's own format: a "quoted string" a line, with the
 * escapes \\, \" and \xAB. */
#include "fuzz.h"

#include <string.h>

enum {
    INPUTS = 20000,
    PIECES_MAX = 24, /* of one input */
    WORDS_MAX = 256,
    WORD_MAX = 64,
    FILE_MAX = 1 << 20
};

struct word {
    uint8_t bytes[WORD_MAX];
    size_t len;
};

static struct word words[WORDS_MAX];
static size_t word_count;

static void
die(const char *what, const char *name)
{
    fprintf(stderr, "replay: %s %s\n", what, name);
    exit(2);
}

/* The whole file with a NUL behind it, in static memory. */
static const char *
read_file(const char *name, size_t *len)
{
    static char content[FILE_MAX + 1];
    FILE *file = fopen(name, "rb");

    if (file == NULL)
        die("cannot open", name);
    *len = fread(content, 1, FILE_MAX, file);
    if (ferror(file) || !feof(file))
        die("cannot read all of", name);
    fclose(file);
    content[*len] = '\0';
    return content;
}

static uint8_t
read_hex(const char *at)
{
    char digits[3] = { at[0], at[0] == '\0' ? '\0' : at[1], '\0' };

    return (uint8_t)strtoul(digits, NULL, 16);
}

/* The word behind an opening quote; returns what follows the closing one. */
static const char *
read_word(const char *at, const char *name)
{
    struct word *word = &words[word_count++];

    for (; *at != '"'; at++) {
        if (*at == '\0' || *at == '\n' || word->len == WORD_MAX)
            die("bad word in", name);
        if (*at == '\\' && at[1] == 'x') {
            word->bytes[word->len++] = read_hex(at + 2);
            at += 3;
        } else {
            at += *at == '\\';
            word->bytes[word->len++] = (uint8_t)*at;
        }
    }
    return at + 1;
}

static void
read_words(const char *name)
{
    size_t len;
    const char *at = read_file(name, &len);

    while (*at != '\0') {
        if (*at == '"' && word_count == WORDS_MAX)
            die("too many words in", name);
        if (*at == '"')
            at = read_word(at + 1, name);
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
}

/* Knuth's linear congruential generator. */
static uint32_t
draw(uint32_t below)
{
    static uint64_t state = 1;

    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % below;
}

static void
run_random_input(void)
{
    uint8_t bytes[PIECES_MAX * WORD_MAX];
    uint32_t pieces = draw(PIECES_MAX + 1);
    size_t len = 0;

    for (; pieces > 0; pieces--) {
        if (word_count > 0 && draw(16) > 0) {
            const struct word *word = &words[draw((uint32_t)word_count)];

            memcpy(bytes + len, word->bytes, word->len);
            len += word->len;
        } else {
            bytes[len++] = (uint8_t)draw(256);
        }
    }
    LLVMFuzzerTestOneInput(bytes, len);
}

int
main(int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++) {
        if (strncmp(argv[i], "-dict=", 6) == 0) {
            read_words(argv[i] + 6);
        } else {
            size_t len;
            const char *content = read_file(argv[i], &len);

            LLVMFuzzerTestOneInput((const uint8_t *)content, len);
        }
    }
    if (argc == 1 || word_count > 0)
        for (i = 0; i < INPUTS; i++)
            run_random_input();
    return 0;
}
