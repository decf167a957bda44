/* SPDX-License-Identifier: MIT */
/* Which version was built: what a program loaded, as opposed to the macros,
 * which say what it was compiled against. */
#include <cupel/common.h>

#define TEXT_OF(number) #number
#define VERSION_TEXT(major, minor, patch) \
    TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *
cupel_version(void)
{
    return VERSION_TEXT(CUPEL_VERSION_MAJOR, CUPEL_VERSION_MINOR,
                        CUPEL_VERSION_PATCH);
}

int
cupel_version_number(void)
{
    return CUPEL_VERSION_NUMBER;
}
