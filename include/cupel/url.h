/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Database addresses: `name[+driver]://[user[:password]@][host[:port]]
 * [/database][?query]`, as RFC 1738 and the reference have them.
 */
#ifndef CUPEL_URL_H
#define CUPEL_URL_H

#include <cupel/error.h>

CUPEL_BEGIN_DECLS

/**
 * An address, taken apart: drivername, username, password, host, port, database
 * and query. It never changes; what changes one makes another one. Most
 * programs hand the text to cupel_engine_create() and never see this type: it
 * is for those who put an address together from its parts, or take one apart.
 * @since 0.1
 */
typedef struct cupel_url cupel_url;

/**
 * Take `text` apart. The out is owned by the caller. ARGUMENT if it is no url,
 * VALUE for a bad port; the message never repeats the text.
 *
 * - User, password and database are percent-decoded and keep a "+"; the query
 *   is decoded as a form. What they decode to is UTF-8 without a NUL, or the
 *   url is refused; so is a "%" without two hex digits, and a control character
 *   that is not escaped.
 * - The user name reaches to the first colon, the password from there to the
 *   first "@", whatever stands in between: it may hold ":", "/" and "?". So an
 *   "@" in the password or in the query must be written %40; one that would
 *   land in the host is refused.
 * - The database is everything from the slash behind the host to the "?".
 * - A key of the query that stands there twice has two values. One without a
 *   value is dropped. "#" means nothing.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_url_parse(const char *text, cupel_url **out);

/** The reference's make_url(): cupel_url_parse() by another name. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_url_make(const char *text, cupel_url **out);

/**
 * One key of a query with one value. A key with several values is as many
 * pairs.
 * @since 0.1
 */
typedef struct cupel_url_pair {
    const char *key;   /**< not NULL */
    const char *value; /**< neither NULL nor empty */
} cupel_url_pair;

/** The fields that cupel_url_parts.clear can name. @since 0.1 */
enum {
    CUPEL_URL_USERNAME = 1,  /**< the user name */
    CUPEL_URL_PASSWORD = 2,  /**< the password */
    CUPEL_URL_HOST = 4,      /**< the host */
    CUPEL_URL_PORT = 8,      /**< the port */
    CUPEL_URL_DATABASE = 16, /**< the database, with its slash */
    CUPEL_URL_QUERY = 32     /**< the whole query */
};

/**
 * The fields of a url as they are meant, with nothing escaped. Start from
 * CUPEL_OPTIONS(cupel_url_parts) and set what there is; what is left NULL or 0
 * is absent in cupel_url_create() and untouched in cupel_url_set(). Everything
 * is borrowed for the call only.
 * @since 0.1
 */
typedef struct cupel_url_parts {
    size_t struct_size;          /**< sizeof(cupel_url_parts) */
    const char *drivername;      /**< "postgresql", "postgresql+libpq" */
    const char *username;        /**< "" is a name, too */
    const char *password;        /**< in clear; not shown without a username */
    const char *host;            /**< an IPv6 address without brackets */
    int port;                    /**< 1 to 65535 */
    const char *database;        /**< "" is not the same as none */
    const cupel_url_pair *query; /**< `query_count` of them */
    size_t query_count;          /**< pairs in `query` */
    uint32_t clear;              /**< CUPEL_URL_...: to be absent */
} cupel_url_parts;

/**
 * Set one part by its name and the text of its value, as configuration files
 * and other languages have them: ("port", "5432"). The value is borrowed, NULL
 * unsets it. KEY for an unknown name; a query is not set like this. TYPE for a
 * port that is no number.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_url_parts_set(cupel_url_parts *parts, const char *name,
                    const char *value);

/**
 * A url of its parts. The out is owned by the caller. Nothing has to be
 * escaped: cupel_url_render() does that. An empty host is none. Errors name the
 * field and never show its value:
 *
 * - TYPE for what is no string: no drivername, a text that is not UTF-8, a pair
 *   of the query without key or value;
 * - ARGUMENT for what no url can hold: a drivername with other characters than
 *   letters, digits, "_" and "+"; a host with a "/", "?", "@" or control
 *   character (the folder of a socket belongs into the query); an empty value
 *   in the query; a part that is both given and cleared;
 * - VALUE for a port out of range.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_url_create(const cupel_url_parts *parts, cupel_url **out);

/**
 * The same url with the given parts instead of its own; those named in `clear`
 * become absent, all others stay. A query that is given replaces all of it. The
 * out is owned by the caller. Errors as cupel_url_create().
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_url_set(const cupel_url *url, const cupel_url_parts *parts,
              cupel_url **out);

/**
 * The same url with these pairs in its query. A key that is among them loses
 * the values it had, unless `append` is set: then it has the new ones behind
 * them. Other keys stay as they are. The out is owned by the caller. Errors as
 * cupel_url_create().
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_url_update_query_pairs(const cupel_url *url, const cupel_url_pair *pairs,
                             size_t count, bool append, cupel_url **out);

/**
 * The same with pairs as they stand in a url, "a=1&b=2", and with the errors of
 * cupel_url_parse().
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_url_update_query_string(const cupel_url *url, const char *query,
                              bool append, cupel_url **out);

/**
 * The same url without these keys; names that it does not have are ignored. If
 * it has none of them, the out is one more reference to the same url. It is
 * owned by the caller either way.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_url_difference_update_query(const cupel_url *url,
                                  const char *const *names, size_t count,
                                  cupel_url **out);

/**
 * One more owner of the same url: what never changes can be shared. Each ends
 * with cupel_url_free(). NULL gives NULL. Owners may be on several threads.
 * @since 0.1
 */
CUPEL_API cupel_url *
cupel_url_ref(const cupel_url *url);

/**
 * Give it up; the last owner's frees it and wipes it. NULL is allowed.
 * @since 0.1
 */
CUPEL_API void
cupel_url_free(cupel_url *url);

/**
 * The part before "://", with the driver if one was named. Never NULL.
 * @since 0.1
 */
CUPEL_API const char *
cupel_url_drivername(const cupel_url *url);

/** The database's name: what stands before a "+". Never NULL. @since 0.1 */
CUPEL_API const char *
cupel_url_get_backend_name(const cupel_url *url);

/**
 * The driver's name: what stands behind the "+", and without one the driver
 * that the dialect has ("libpq" for "postgresql"). NULL if there is no such
 * dialect; the error is then NOMODULE.
 * @since 0.1
 */
CUPEL_API const char *
cupel_url_get_driver_name(const cupel_url *url);

/** The user name, or NULL. @since 0.1 */
CUPEL_API const char *
cupel_url_username(const cupel_url *url);

/** The password in clear, or NULL. @since 0.1 */
CUPEL_API const char *
cupel_url_password(const cupel_url *url);

/** The host, without the brackets of an IPv6 address, or NULL. @since 0.1 */
CUPEL_API const char *
cupel_url_host(const cupel_url *url);

/** The port; 0 if there is none. @since 0.1 */
CUPEL_API int
cupel_url_port(const cupel_url *url);

/**
 * Everything behind the slash; NULL without a slash, "" with nothing there.
 * @since 0.1
 */
CUPEL_API const char *
cupel_url_database(const cupel_url *url);

/**
 * How many key and value pairs the query has; a repeated key counts each.
 * @since 0.1
 */
CUPEL_API size_t
cupel_url_query_count(const cupel_url *url);

/**
 * The key of one pair of the query. Pairs keep the order of the text; those
 * that an update brings stand behind the others. NULL out of range.
 * @since 0.1
 */
CUPEL_API const char *
cupel_url_query_key(const cupel_url *url, size_t index);

/** The value that belongs to it. NULL out of range. @since 0.1 */
CUPEL_API const char *
cupel_url_query_value(const cupel_url *url, size_t index);

/** The last value of a key, or NULL. @since 0.1 */
CUPEL_API const char *
cupel_url_query_get(const cupel_url *url, const char *key);

/**
 * The different keys of the query, sorted: the `index`-th of them, and NULL
 * behind the last.
 * @since 0.1
 */
CUPEL_API const char *
cupel_url_normalized_query_key(const cupel_url *url, size_t index);

/** How many values a key has; 0 if the query is without it. @since 0.1 */
CUPEL_API size_t
cupel_url_normalized_query_count(const cupel_url *url, const char *key);

/** One of a key's values, in their order. NULL out of range. @since 0.1 */
CUPEL_API const char *
cupel_url_normalized_query_value(const cupel_url *url, const char *key,
                                 size_t index);

/**
 * Write the url as text, as snprintf does: at most `size` bytes with the NUL,
 * and the length it would have had. The keys of the query are sorted, and what
 * has to be is escaped. `hide_password` puts *** in its place; without it the
 * text parses back to an equal url, but for a password without a user name,
 * which is left out.
 * @since 0.1
 */
CUPEL_API size_t
cupel_url_render(const cupel_url *url, bool hide_password, char *buf,
                 size_t size);

/**
 * Whether all seven fields are the same. The order of different keys of the
 * query does not count, that of one key's values does.
 * @since 0.1
 */
CUPEL_API bool
cupel_url_equal(const cupel_url *left, const cupel_url *right);

/**
 * A number that equal urls share, for tables of them. The password is not part
 * of it. It may be another one in the next version. NULL gives 0.
 * @since 0.1
 */
CUPEL_API uint64_t
cupel_url_hash(const cupel_url *url);

CUPEL_END_DECLS

#endif
