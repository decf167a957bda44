/* SPDX-License-Identifier: MIT */
/* The version. */
#include "support/test.h"

#include <stdio.h>

TEST(the_library_and_its_headers_agree)
{
    char text[32];

    snprintf(text, sizeof text, "%d.%d.%d", CUPEL_VERSION_MAJOR,
             CUPEL_VERSION_MINOR, CUPEL_VERSION_PATCH);
    CHECK_STR(cupel_version(), text);
    CHECK_INT(cupel_version_number(), CUPEL_VERSION_NUMBER);
}
