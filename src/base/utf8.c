/* SPDX-License-Identifier: MIT */
/* UTF-8 by its definition: the lead byte says how long a character is and, for
 * a few of them, narrows what the second byte may be. */
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* How many bytes a character with this lead byte has; 0 if none starts so. */
static size_t
length_by_lead(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead < 0xc2)
        return 0;
    if (lead < 0xe0)
        return 2;
    if (lead < 0xf0)
        return 3;
    return lead < 0xf5 ? 4 : 0;
}

/* Whether `second` may follow `lead`: overlong forms, surrogates and what lies
 * beyond U+10FFFF show here. */
static bool
second_fits(unsigned char lead, unsigned char second)
{
    unsigned char low = 0x80, high = 0xbf;

    if (lead == 0xe0)
        low = 0xa0;
    else if (lead == 0xed)
        high = 0x9f;
    else if (lead == 0xf0)
        low = 0x90;
    else if (lead == 0xf4)
        high = 0x8f;
    return second >= low && second <= high;
}

/* The bytes of the character at the start of the text; 0 if it is broken. */
static size_t
length_at(const unsigned char *text, size_t len)
{
    size_t i, need = length_by_lead(text[0]);

    if (need <= 1)
        return need;
    if (need > len || !second_fits(text[0], text[1]))
        return 0;
    for (i = 2; i < need; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    }
    return need;
}

/* How many bytes at the start are ASCII for certain: whole words of them. */
static size_t
ascii_words(const unsigned char *text, size_t len)
{
    uint64_t word;
    size_t at = 0;

    while (len - at >= sizeof word) {
        memcpy(&word, text + at, sizeof word);
        if ((word & 0x8080808080808080u) != 0)
            break;
        at += sizeof word;
    }
    return at;
}

bool
cup_utf8_valid(const char *text, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t at = 0;

    while (at < len) {
        size_t step = ascii_words(bytes + at, len - at);

        if (step == 0)
            step = length_at(bytes + at, len - at);
        if (step == 0)
            return false;
        at += step;
    }
    return true;
}

size_t
cup_utf8_count(const char *text, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t at = 0, count = 0;

    while (at < len) {
        size_t step = length_at(bytes + at, len - at);

        at += step > 0 ? step : 1;
        count++;
    }
    return count;
}

size_t
cup_utf8_cut(const char *text, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t back;

    for (back = 1; back <= 3 && back <= len; back++) {
        unsigned char byte = bytes[len - back];

        if ((byte & 0xc0) == 0x80)
            continue;
        return length_by_lead(byte) > back ? len - back : len;
    }
    return len;
}
