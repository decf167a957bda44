/* SPDX-License-Identifier: MIT */
/* What sqlite is told to open: the url's database, made absolute. */
#include "dialect/sqlite/path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"

enum { PATH_MAX_BYTES = 1 << 20 };

/* In a uri, what is part of a name is escaped. */
static void
add_folder(struct cup_buf *buf, const char *folder, bool escaped)
{
    if (!escaped)
        cup_buf_add_str(buf, folder);
    for (; escaped && *folder != '\0'; folder++) {
        if (strchr("%?#", *folder) != NULL)
            cup_buf_addf(buf, "%%%02X", (unsigned)(unsigned char)*folder);
        else
            cup_buf_add(buf, folder, 1);
    }
    cup_buf_add_str(buf, "/");
}

static cupel_status
add_current_folder(struct cup_buf *buf, bool escaped)
{
    char *folder = getcwd(NULL, 0);

    if (folder == NULL)
        return cup_error_set(CUPEL_E_OPERATIONAL,
                             "the current folder has no path: %s",
                             strerror(errno));
    add_folder(buf, folder, escaped);
    free(folder);
    return CUPEL_OK;
}

/* "file:name" and what is said behind it. */
static cupel_status
add_uri(struct cup_buf *buf, const struct cup_sqlite_config *config)
{
    const char *name = config->database + strlen("file:");
    cupel_status rc = CUPEL_OK;

    cup_buf_add_str(buf, "file:");
    if (!config->memory && name[0] != '/')
        rc = add_current_folder(buf, true);
    cup_buf_add_str(buf, name);
    if (config->immutable)
        cup_buf_add_str(buf, "?immutable=1");
    if (config->nolock)
        cup_buf_add_str(buf, config->immutable ? "&nolock=1" : "?nolock=1");
    return rc;
}

cupel_status
cup_sqlite_path(const struct cup_sqlite_config *config, char **out)
{
    struct cup_buf buf;
    cupel_status rc = CUPEL_OK;

    cup_buf_init(&buf, PATH_MAX_BYTES);
    if (config->uri) {
        rc = add_uri(&buf, config);
    } else if (config->database == NULL) {
        cup_buf_add_str(&buf, ":memory:");
    } else {
        if (config->database[0] != '/')
            rc = add_current_folder(&buf, false);
        cup_buf_add_str(&buf, config->database);
    }
    if (rc == CUPEL_OK && buf.failed != CUPEL_OK)
        rc = buf.failed == CUPEL_E_NOMEM
                 ? cup_nomem()
                 : cup_error_set(CUPEL_E_ARGUMENT, "the path is too long");
    if (rc == CUPEL_OK)
        *out = cup_buf_take(&buf);
    cup_buf_fini(&buf);
    return rc;
}
