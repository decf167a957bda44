/* SPDX-License-Identifier: MIT */
/* Statements, by recursive descent. Failures latch in the parser, so that a
 * rule reads as what it accepts and looks at `rc` only where it must. */
#include "dialect/fake/sql.h"

/* ---- Lists ------------------------------------------------------------- */

static struct cup_fake_name *
parse_names(struct cup_fake_parser *parser)
{
    struct cup_fake_name *first = NULL;
    struct cup_fake_name **end = &first;

    (void)cup_fake_expect(parser, "(");
    do {
        struct cup_fake_name *name = cup_fake_node(parser, sizeof *name);

        if (name == NULL)
            break;
        name->offset = parser->token.offset;
        name->text = cup_fake_parse_name(parser);
        *end = name;
        end = &name->next;
    } while (cup_fake_accept(parser, ","));
    (void)cup_fake_expect(parser, ")");
    return first;
}

/* What makes the items of a list differ. */
enum item_kind {
    ITEM_VALUE,
    ITEM_RESULT, /* a star, or an expression with perhaps a name */
    ITEM_ASSIGNMENT,
    ITEM_ORDER
};

/* The name that a result column has without AS. */
static const char *
default_name(const struct cup_fake_expr *expr)
{
    static const char *const functions[] = { "count", "count", "sum", "min",
                                             "max" };

    if (expr->kind == CUP_FAKE_COLUMN)
        return expr->name;
    if (expr->kind == CUP_FAKE_AGGREGATE)
        return functions[expr->function];
    return "?column?";
}

static void
parse_item(struct cup_fake_parser *parser, enum item_kind kind,
           struct cup_fake_item *item)
{
    if (kind == ITEM_RESULT && cup_fake_accept(parser, "*"))
        return;
    if (kind == ITEM_ASSIGNMENT) {
        item->name = cup_fake_parse_name(parser);
        (void)cup_fake_expect(parser, "=");
    }
    item->expr = cup_fake_parse_expr(parser);
    if (item->expr == NULL)
        return;
    if (kind == ITEM_RESULT)
        item->name = cup_fake_accept(parser, "AS") ? cup_fake_parse_name(parser)
                                                   : default_name(item->expr);
    if (kind == ITEM_ORDER && !cup_fake_accept(parser, "ASC"))
        item->descending = cup_fake_accept(parser, "DESC");
}

static struct cup_fake_item *
parse_items(struct cup_fake_parser *parser, enum item_kind kind)
{
    struct cup_fake_item *first = NULL;
    struct cup_fake_item **end = &first;

    do {
        struct cup_fake_item *item = cup_fake_node(parser, sizeof *item);

        if (item == NULL)
            break;
        item->offset = parser->token.offset;
        parse_item(parser, kind, item);
        *end = item;
        end = &item->next;
    } while (cup_fake_accept(parser, ","));
    return first;
}

/* ---- Statements -------------------------------------------------------- */

static void
parse_target(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt)
{
    stmt->name_offset = parser->token.offset;
    stmt->name = cup_fake_parse_name(parser);
}

static struct cup_fake_key_def *
add_key(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt,
        bool primary)
{
    struct cup_fake_key_def *key = cup_fake_node(parser, sizeof *key);
    struct cup_fake_key_def **end = &stmt->keys;

    if (key == NULL)
        return NULL;
    while (*end != NULL)
        end = &(*end)->next;
    *end = key;
    key->primary = primary;
    key->offset = parser->token.offset;
    return key;
}

/* PRIMARY KEY or UNIQUE behind a column: a key of that column alone. */
static void
parse_column_key(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt,
                 const char *column, bool primary)
{
    struct cup_fake_key_def *key = add_key(parser, stmt, primary);

    if (key != NULL)
        key->columns = cup_fake_node(parser, sizeof *key->columns);
    if (parser->rc == CUPEL_OK)
        key->columns->text = column;
}

static void
parse_column(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt)
{
    struct cup_fake_column_def *column = cup_fake_node(parser, sizeof *column);
    struct cup_fake_column_def **end = &stmt->columns;

    if (column == NULL)
        return;
    while (*end != NULL)
        end = &(*end)->next;
    *end = column;
    column->name = cup_fake_parse_name(parser);
    column->type = cup_fake_parse_type(parser);
    while (parser->rc == CUPEL_OK) {
        if (cup_fake_accept(parser, "NOT")) {
            column->not_null = cup_fake_expect(parser, "NULL");
        } else if (cup_fake_accept(parser, "UNIQUE")) {
            parse_column_key(parser, stmt, column->name, false);
        } else if (cup_fake_accept(parser, "PRIMARY")) {
            column->not_null = cup_fake_expect(parser, "KEY");
            parse_column_key(parser, stmt, column->name, true);
        } else if (!cup_fake_accept(parser, "NULL")) {
            return;
        }
    }
}

/* [CONSTRAINT name] PRIMARY KEY (...) or UNIQUE (...); false if it is none. */
static bool
parse_table_key(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt)
{
    bool named = cup_fake_accept(parser, "CONSTRAINT");
    const char *name = named ? cup_fake_parse_name(parser) : NULL;
    bool primary = cup_fake_peek(parser, "PRIMARY");
    struct cup_fake_key_def *key;

    if (!primary && !cup_fake_peek(parser, "UNIQUE")) {
        if (named)
            cup_fake_syntax_error(parser);
        return named;
    }
    key = add_key(parser, stmt, primary);
    if (key == NULL)
        return true;
    cup_fake_advance(parser);
    if (primary)
        (void)cup_fake_expect(parser, "KEY");
    key->name = name;
    key->columns = parse_names(parser);
    return true;
}

static void
parse_create(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt)
{
    stmt->kind = CUP_FAKE_CREATE;
    (void)cup_fake_expect(parser, "TABLE");
    if (cup_fake_accept(parser, "IF"))
        stmt->if_exists =
            cup_fake_expect(parser, "NOT") && cup_fake_expect(parser, "EXISTS");
    parse_target(parser, stmt);
    (void)cup_fake_expect(parser, "(");
    do {
        if (!parse_table_key(parser, stmt))
            parse_column(parser, stmt);
    } while (cup_fake_accept(parser, ","));
    (void)cup_fake_expect(parser, ")");
}

static void
parse_drop(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt)
{
    stmt->kind = CUP_FAKE_DROP;
    (void)cup_fake_expect(parser, "TABLE");
    if (cup_fake_accept(parser, "IF"))
        stmt->if_exists = cup_fake_expect(parser, "EXISTS");
    parse_target(parser, stmt);
}

static void
parse_returning(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt)
{
    if (cup_fake_accept(parser, "RETURNING"))
        stmt->items = parse_items(parser, ITEM_RESULT);
}

static void
parse_where(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt)
{
    if (cup_fake_accept(parser, "WHERE"))
        stmt->where = cup_fake_parse_expr(parser);
}

static void
parse_insert(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt)
{
    struct cup_fake_group **end = &stmt->groups;

    stmt->kind = CUP_FAKE_INSERT;
    (void)cup_fake_expect(parser, "INTO");
    parse_target(parser, stmt);
    if (cup_fake_peek(parser, "("))
        stmt->names = parse_names(parser);
    (void)cup_fake_expect(parser, "VALUES");
    do {
        struct cup_fake_group *group = cup_fake_node(parser, sizeof *group);

        if (group == NULL)
            return;
        (void)cup_fake_expect(parser, "(");
        group->values = parse_items(parser, ITEM_VALUE);
        (void)cup_fake_expect(parser, ")");
        *end = group;
        end = &group->next;
    } while (cup_fake_accept(parser, ","));
    parse_returning(parser, stmt);
}

static void
parse_select(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt)
{
    stmt->kind = CUP_FAKE_SELECT;
    stmt->items = parse_items(parser, ITEM_RESULT);
    if (cup_fake_accept(parser, "FROM"))
        parse_target(parser, stmt);
    parse_where(parser, stmt);
    if (cup_fake_accept(parser, "ORDER")) {
        (void)cup_fake_expect(parser, "BY");
        stmt->order = parse_items(parser, ITEM_ORDER);
    }
    if (cup_fake_accept(parser, "LIMIT"))
        stmt->limit = cup_fake_parse_expr(parser);
    if (cup_fake_accept(parser, "OFFSET"))
        stmt->offset = cup_fake_parse_expr(parser);
}

static void
parse_update(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt)
{
    stmt->kind = CUP_FAKE_UPDATE;
    parse_target(parser, stmt);
    (void)cup_fake_expect(parser, "SET");
    stmt->assignments = parse_items(parser, ITEM_ASSIGNMENT);
    parse_where(parser, stmt);
    parse_returning(parser, stmt);
}

static void
parse_delete(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt)
{
    stmt->kind = CUP_FAKE_DELETE;
    (void)cup_fake_expect(parser, "FROM");
    parse_target(parser, stmt);
    parse_where(parser, stmt);
    parse_returning(parser, stmt);
}

/* BEGIN takes any words behind it, since modes make no difference here. */
static void
parse_begin(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt)
{
    stmt->kind = CUP_FAKE_BEGIN_TRANSACTION;
    while (parser->token.kind == CUP_FAKE_TOKEN_NAME)
        cup_fake_advance(parser);
}

static void
parse_rollback(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt)
{
    stmt->kind = CUP_FAKE_ROLLBACK_TRANSACTION;
    if (!cup_fake_accept(parser, "TO"))
        return;
    stmt->kind = CUP_FAKE_ROLLBACK_TO;
    (void)cup_fake_accept(parser, "SAVEPOINT");
    parse_target(parser, stmt);
}

static void
parse_statement(struct cup_fake_parser *parser, struct cup_fake_stmt *stmt)
{
    if (cup_fake_accept(parser, "SELECT")) {
        parse_select(parser, stmt);
    } else if (cup_fake_accept(parser, "INSERT")) {
        parse_insert(parser, stmt);
    } else if (cup_fake_accept(parser, "UPDATE")) {
        parse_update(parser, stmt);
    } else if (cup_fake_accept(parser, "DELETE")) {
        parse_delete(parser, stmt);
    } else if (cup_fake_accept(parser, "CREATE")) {
        parse_create(parser, stmt);
    } else if (cup_fake_accept(parser, "DROP")) {
        parse_drop(parser, stmt);
    } else if (cup_fake_accept(parser, "BEGIN")) {
        parse_begin(parser, stmt);
    } else if (cup_fake_accept(parser, "COMMIT")) {
        stmt->kind = CUP_FAKE_COMMIT_TRANSACTION;
    } else if (cup_fake_accept(parser, "ROLLBACK")) {
        parse_rollback(parser, stmt);
    } else if (cup_fake_accept(parser, "SAVEPOINT")) {
        stmt->kind = CUP_FAKE_SAVEPOINT;
        parse_target(parser, stmt);
    } else if (cup_fake_accept(parser, "RELEASE")) {
        stmt->kind = CUP_FAKE_RELEASE;
        (void)cup_fake_accept(parser, "SAVEPOINT");
        parse_target(parser, stmt);
    } else {
        cup_fake_syntax_error(parser);
    }
}

cupel_status
cup_fake_parse(const char *sql, size_t len, struct cup_arena *arena,
               struct cup_fake_stmt **out)
{
    struct cup_fake_parser parser = { .sql = sql, .len = len, .arena = arena };
    struct cup_fake_stmt *stmt;

    cup_fake_advance(&parser);
    stmt = cup_fake_node(&parser, sizeof *stmt);
    if (stmt == NULL)
        return parser.rc;
    stmt->sql = sql;
    stmt->sql_len = len;
    parse_statement(&parser, stmt);
    (void)cup_fake_accept(&parser, ";");
    if (parser.token.kind != CUP_FAKE_TOKEN_END)
        cup_fake_syntax_error(&parser);
    stmt->param_count = parser.param_count;
    *out = stmt;
    return parser.rc;
}
