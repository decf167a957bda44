/* SPDX-License-Identifier: MIT */
/* Reading dpkg's status file: paragraphs of fields, cut in place into strings.
 * Nothing here knows of databases. */
#include "packages.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[KINDS_OF_RELATION] = { "Pre-Depends", "Depends",
                                                      "Recommends",
                                                      "Suggests" };

/* Make room for one more at the end of an array. */
static void *
grow(void *items, size_t count, size_t size)
{
    void *grown = items;

    if ((count & (count - 1)) == 0) /* full at 0, 1, 2, 4, 8 ... */
        grown = realloc(items, (count == 0 ? 1 : count * 2) * size);
    if (grown == NULL) {
        fputs("packages: out of memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    return grown;
}

/* Cut the text at the first of `stops`; what follows it, or NULL. */
static char *
cut(char *text, const char *stops)
{
    char *stop = text + strcspn(text, stops);

    if (*stop == '\0')
        return NULL;
    *stop = '\0';
    return stop + 1;
}

/* ---- Lists: "libc6 (>= 2.34) | musl, zlib1g:any" ----------------------- */

static void
add_relation(struct dpkg *dpkg, struct relation relation, char *text)
{
    char *version = cut(text, "(");

    if (version != NULL)
        cut(version, ")");
    text += strspn(text, " \n");
    cut(text, " :");
    relation.target = text;
    relation.version = version;
    dpkg->relations =
        grow(dpkg->relations, dpkg->relation_count, sizeof relation);
    dpkg->relations[dpkg->relation_count++] = relation;
}

static void
add_list(struct dpkg *dpkg, const char *kind, char *list)
{
    struct relation relation = { .package = dpkg->package_count, .kind = kind };
    char *next_slot, *next;

    for (; list != NULL; list = next_slot) {
        next_slot = cut(list, ",");
        for (relation.alternative = 0; list != NULL; list = next) {
            next = cut(list, "|");
            add_relation(dpkg, relation, list);
            relation.alternative++;
        }
        relation.slot++;
    }
}

/* ---- Paragraphs -------------------------------------------------------- */

/* A description's lines are indented by one, and empty ones are a dot. Undone
 * in place, for that makes it only shorter. */
static void
unfold(char *text)
{
    char *out = text, *line, *next;

    for (line = text; line != NULL; line = next) {
        next = cut(line, "\n");
        if (strcmp(line, " .") != 0)
            while (line[0] != '\0' && line[1] != '\0')
                *out++ = *++line;
        *out++ = next == NULL ? '\0' : '\n';
    }
}

static void
set_field(struct package *package, const char *name, char *value)
{
    static const struct {
        const char *name;
        size_t offset; /* of the pointer in struct package */
    } fields[] = {
        { "Status", offsetof(struct package, status) },
        { "Package", offsetof(struct package, name) },
        { "Version", offsetof(struct package, version) },
        { "Section", offsetof(struct package, section) },
        { "Maintainer", offsetof(struct package, maintainer) },
        { "Installed-Size", offsetof(struct package, size_kib) },
        { "Description", offsetof(struct package, description) },
        { "Pre-Depends", offsetof(struct package, lists[0]) },
        { "Depends", offsetof(struct package, lists[1]) },
        { "Recommends", offsetof(struct package, lists[2]) },
        { "Suggests", offsetof(struct package, lists[3]) },
    };
    size_t i;

    for (i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(fields[i].name, name) == 0)
            memcpy((char *)package + fields[i].offset, &value, sizeof value);
}

/* What was removed but for its configuration is left out. */
static void
add_package(struct dpkg *dpkg, struct package package)
{
    size_t i;

    if (package.name == NULL || package.status == NULL ||
        strcmp(package.status, "install ok installed") != 0)
        return;
    if (package.description != NULL)
        package.body = cut(package.description, "\n");
    if (package.body != NULL)
        unfold(package.body);
    for (i = 0; i < KINDS_OF_RELATION; i++)
        add_list(dpkg, kinds[i], package.lists[i]);
    dpkg->packages = grow(dpkg->packages, dpkg->package_count, sizeof package);
    dpkg->packages[dpkg->package_count++] = package;
}

/* A field ends before the next line that is not indented. */
static void
add_paragraph(struct dpkg *dpkg, char *field)
{
    struct package package = { .name = NULL };
    char *next, *value;

    for (; field != NULL; field = next) {
        next = strchr(field, '\n');
        while (next != NULL && next[1] == ' ')
            next = strchr(next + 1, '\n');
        if (next != NULL)
            *next++ = '\0';
        value = cut(field, ":");
        if (value != NULL)
            set_field(&package, field, value + strspn(value, " "));
    }
    add_package(dpkg, package);
}

/* All of it, as one string. */
static bool
read_file(const char *path, char **out)
{
    FILE *file = fopen(path, "r");
    size_t size = 0;
    bool good;

    if (file == NULL)
        return false;
    errno = ENODATA; /* what an empty file leaves */
    good = getdelim(out, &size, '\0', file) >= 0;
    fclose(file);
    return good;
}

bool
dpkg_read(const char *path, struct dpkg *out)
{
    char *at, *next;

    if (!read_file(path, &out->text)) {
        fprintf(stderr, "packages: cannot read %s: %s\n", path,
                strerror(errno));
        return false;
    }
    for (at = out->text; at != NULL; at = next) {
        next = strstr(at, "\n\n");
        if (next != NULL) {
            *next = '\0';
            next += 2;
        }
        add_paragraph(out, at);
    }
    if (out->package_count == 0)
        fprintf(stderr, "packages: no package is installed in %s\n", path);
    return out->package_count > 0;
}

void
dpkg_free(struct dpkg *dpkg)
{
    free(dpkg->relations);
    free(dpkg->packages);
    free(dpkg->text);
}
