/* SPDX-License-Identifier: MIT */
/* Filling the tables: one statement a table, executed for many rows at a time,
 * all in one transaction. */
#include "packages.h"

#include <stdlib.h>

static const char *const schema[] = {
    "DROP TABLE IF EXISTS cupel_relation",
    "DROP TABLE IF EXISTS cupel_description",
    "DROP TABLE IF EXISTS cupel_package",
    "CREATE TABLE cupel_package ("
    " id bigint PRIMARY KEY, name text NOT NULL, version text NOT NULL,"
    " section text, maintainer text, size_kib bigint NOT NULL)",
    "CREATE TABLE cupel_description ("
    " package_id bigint PRIMARY KEY REFERENCES cupel_package (id),"
    " summary text, body text)",
    "CREATE TABLE cupel_relation ("
    " package_id bigint REFERENCES cupel_package (id), kind text, slot bigint,"
    " alternative bigint, target text NOT NULL, version text,"
    " PRIMARY KEY (package_id, kind, slot, alternative))",
    "CREATE INDEX cupel_package_name ON cupel_package (name)",
    "CREATE INDEX cupel_relation_target ON cupel_relation (target)",
};

/* How one table is filled: `row` writes the parameters for row `i`. */
struct table {
    const char *insert;
    size_t columns;
    void (*row)(const struct dpkg *dpkg, size_t i, cupel_param *out);
};

static void
package_row(const struct dpkg *dpkg, size_t i, cupel_param *out)
{
    const struct package *package = &dpkg->packages[i];
    const char *size = package->size_kib == NULL ? "0" : package->size_kib;

    out[0] = (cupel_param){ "id", cupel_int((int64_t)i) };
    out[1] = (cupel_param){ "name", cupel_string(package->name) };
    out[2] = (cupel_param){ "version", cupel_string(package->version) };
    out[3] = (cupel_param){ "section", cupel_string(package->section) };
    out[4] = (cupel_param){ "maintainer", cupel_string(package->maintainer) };
    out[5] = (cupel_param){ "size_kib", cupel_int(atoll(size)) };
}

static void
description_row(const struct dpkg *dpkg, size_t i, cupel_param *out)
{
    const struct package *package = &dpkg->packages[i];

    out[0] = (cupel_param){ "package_id", cupel_int((int64_t)i) };
    out[1] = (cupel_param){ "summary", cupel_string(package->description) };
    out[2] = (cupel_param){ "body", cupel_string(package->body) };
}

static void
relation_row(const struct dpkg *dpkg, size_t i, cupel_param *out)
{
    const struct relation *relation = &dpkg->relations[i];

    out[0] =
        (cupel_param){ "package_id", cupel_int((int64_t)relation->package) };
    out[1] = (cupel_param){ "kind", cupel_string(relation->kind) };
    out[2] = (cupel_param){ "slot", cupel_int(relation->slot) };
    out[3] = (cupel_param){ "alternative", cupel_int(relation->alternative) };
    out[4] = (cupel_param){ "target", cupel_string(relation->target) };
    out[5] = (cupel_param){ "version", cupel_string(relation->version) };
}

/* Insert `total` rows, a batch of them at a time. Yields. */
static cupel_status
fill(cupel_connection *conn, struct program *program, const struct table *table,
     size_t total)
{
    enum { BATCH_ROWS = 100, COLUMNS_MAX = 6 };
    cupel_param items[BATCH_ROWS * COLUMNS_MAX];
    cupel_params params = { items, table->columns, 0 };
    cupel_status rc = CUPEL_OK;
    size_t done = 0;

    while (rc == CUPEL_OK && done < total) {
        for (params.sets = 0; params.sets < BATCH_ROWS && done < total;
             params.sets++)
            table->row(&program->dpkg, done++,
                       &items[params.sets * params.count]);
        rc = cupel_connection_execute(conn, CUPEL_TEXT(table->insert), &params,
                                      NULL, NULL);
        program->rows += params.sets;
        progress("loading rows", done, total);
    }
    return rc;
}

/* The body of the transaction. Yields. */
static cupel_status
fill_all(cupel_connection *conn, void *arg)
{
    static const struct table packages = {
        "INSERT INTO cupel_package VALUES"
        " (:id, :name, :version, :section, :maintainer, :size_kib)",
        6, package_row
    };
    static const struct table descriptions = {
        "INSERT INTO cupel_description VALUES (:package_id, :summary, :body)",
        3, description_row
    };
    static const struct table relations = {
        "INSERT INTO cupel_relation VALUES"
        " (:package_id, :kind, :slot, :alternative, :target, :version)",
        6, relation_row
    };
    struct program *program = arg;
    cupel_status rc = CUPEL_OK;
    size_t i;

    for (i = 0; i < sizeof schema / sizeof *schema && rc == CUPEL_OK; i++)
        rc = cupel_connection_execute(conn, CUPEL_TEXT(schema[i]), NULL, NULL,
                                      NULL);
    if (rc == CUPEL_OK)
        rc = fill(conn, program, &packages, program->dpkg.package_count);
    if (rc == CUPEL_OK)
        rc = fill(conn, program, &descriptions, program->dpkg.package_count);
    if (rc == CUPEL_OK)
        rc = fill(conn, program, &relations, program->dpkg.relation_count);
    return rc;
}

cupel_status
load(struct program *program)
{
    return cupel_engine_begin(program->engine, fill_all, program);
}
