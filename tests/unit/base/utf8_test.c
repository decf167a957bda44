/* SPDX-License-Identifier: MIT */
/* UTF-8. */
#include "base/utf8.h"

#include "support/test.h"

struct sample {
    const char *text;
    size_t len;
};

#define S(text)                \
    {                          \
        text, sizeof(text) - 1 \
    }

static const struct sample good[] = {
    S(""),
    S("plain"),
    S("\0"),
    S("\x7f"),
    S("\xc2\x80"),
    S("\xdf\xbf"),
    S("\xe0\xa0\x80"),
    S("\xed\x9f\xbf"),
    S("\xee\x80\x80"),
    S("\xef\xbf\xbf"),
    S("\xf0\x90\x80\x80"),
    S("\xf4\x8f\xbf\xbf"),
    S("more than eight bytes \xe2\x82\xac and more"),
};

static const struct sample bad[] = {
    S("\x80"),                 /* a second byte alone */
    S("\xbf"),                 /* another */
    S("\xc0\x80"),             /* overlong NUL */
    S("\xc1\xbf"),             /* overlong */
    S("\xe0\x80\x80"),         /* overlong */
    S("\xe0\x9f\xbf"),         /* overlong */
    S("\xf0\x80\x80\x80"),     /* overlong */
    S("\xf0\x8f\xbf\xbf"),     /* overlong */
    S("\xed\xa0\x80"),         /* a surrogate */
    S("\xed\xbf\xbf"),         /* a surrogate */
    S("\xf4\x90\x80\x80"),     /* beyond U+10FFFF */
    S("\xf5\x80\x80\x80"),     /* beyond U+10FFFF */
    S("\xf8\x88\x80\x80\x80"), /* five bytes */
    S("\xfe"),                 /* never a lead */
    S("\xff"),                 /* never a lead */
    S("\xc2"),                 /* ends early */
    S("\xe2\x82"),             /* ends early */
    S("\xf0\x9f\x98"),         /* ends early */
    S("\xc2"
      "A"), /* broken off */
    S("\xe2\x82"
      "A"), /* broken off */
    S("\xf0\x9f\x98"
      "A"), /* broken off */
    S("12345678\xff"
      "12345678"),
};

#undef S

TEST(well_formed_text_is_valid)
{
    size_t i;

    for (i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(cup_utf8_valid(good[i].text, good[i].len));
    CHECK(cup_utf8_valid(NULL, 0));
}

TEST(broken_text_is_not_valid_wherever_it_stands)
{
    char text[64];
    size_t i, before;

    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK(!cup_utf8_valid(bad[i].text, bad[i].len));
        for (before = 0; before < 20; before++) {
            memset(text, 'x', sizeof text);
            memcpy(text + before, bad[i].text, bad[i].len);
            CHECK(!cup_utf8_valid(text, sizeof text));
            CHECK(!cup_utf8_valid(text, before + bad[i].len));
        }
    }
}

/* Encode by the definition, surrogates and all. */
static size_t
encode(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

TEST(every_code_point_is_judged_rightly)
{
    uint32_t c;

    for (c = 0; c < 0x120000; c++) {
        char text[4];
        size_t i, len = encode(c, text);
        bool scalar = c < 0xd800 || (c > 0xdfff && c < 0x110000);

        CHECK_INT(cup_utf8_valid(text, len), scalar);
        if (!scalar)
            continue;
        CHECK_INT(cup_utf8_count(text, len), 1);
        CHECK_INT(cup_utf8_cut(text, len), len);
        for (i = 0; i < len; i++)
            CHECK_INT(cup_utf8_cut(text, i), 0);
    }
}

TEST(every_pair_of_bytes_is_judged_rightly)
{
    unsigned first, second;

    for (first = 0; first < 256; first++) {
        for (second = 0; second < 256; second++) {
            char text[2] = { (char)first, (char)second };
            bool ascii = first < 0x80 && second < 0x80;
            bool pair = first >= 0xc2 && first < 0xe0 && second >= 0x80 &&
                        second < 0xc0;

            CHECK_INT(cup_utf8_valid(text, 2), ascii || pair);
        }
    }
}

TEST(characters_are_counted_and_broken_bytes_count_one)
{
    CHECK_INT(cup_utf8_count("", 0), 0);
    CHECK_INT(cup_utf8_count("abc", 3), 3);
    CHECK_INT(cup_utf8_count("a\xe2\x82\xac\xf0\x9f\x98\x80", 8), 3);
    CHECK_INT(cup_utf8_count("\xff\x80z", 3), 3);
    CHECK_INT(cup_utf8_count("\xe2\x82", 2), 2);
}

TEST(a_cut_never_splits_a_character)
{
    const char text[] = "a\xe2\x82\xac\xf0\x9f\x98\x80z";
    const size_t cuts[] = { 0, 1, 1, 1, 4, 4, 4, 4, 8, 9 };
    size_t len;

    for (len = 0; len < sizeof cuts / sizeof cuts[0]; len++)
        CHECK_INT(cup_utf8_cut(text, len), cuts[len]);
    CHECK_INT(cup_utf8_cut("\x80\x80\x80\x80", 4), 4);
}
