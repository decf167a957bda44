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

/** An address, taken apart. Immutable. @since 0.1 */
typedef struct cupel_url cupel_url;

/**
 * Take `text` apart. The out is owned by the caller. ARGUMENT if it is no url,
 * VALUE for a bad port; the message never repeats the text.
 *
 * - User and password are percent-decoded and keep a "+"; the query is decoded
 *   as a form; the database stands as it is. What they decode to is UTF-8
 *   without a NUL, or the url is refused; so is a "%" without two hex digits,
 *   and a control character that is not escaped.
 * - The user name reaches to the first colon, the password from there to the
 *   first "@", whatever stands in between: it may hold ":", "/" and "?". So an
 *   "@" in the password or in the query must be written %40; one that would
 *   land in the host is refused.
 * - A key of the query without a value is dropped. "#" means nothing.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_url_parse(const char *text, cupel_url **out);

/**
 * One more owner of the same url: what never changes can be shared. Each ends
 * with cupel_url_free(). NULL gives NULL. Not thread-safe.
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
cupel_url_backend_name(const cupel_url *url);

/** The driver's name behind a "+", or NULL. @since 0.1 */
CUPEL_API const char *
cupel_url_driver_name(const cupel_url *url);

/** NULL if there is none. @since 0.1 */
CUPEL_API const char *
cupel_url_username(const cupel_url *url);

/** In clear. NULL if there is none. @since 0.1 */
CUPEL_API const char *
cupel_url_password(const cupel_url *url);

/**
 * Without the brackets of an IPv6 address. NULL if there is none.
 * @since 0.1
 */
CUPEL_API const char *
cupel_url_host(const cupel_url *url);

/** 0 if there is none. @since 0.1 */
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
 * One pair of the query, in the order of the text. NULL out of range.
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

/** How many values a key of the query has: 0 without it. @since 0.1 */
CUPEL_API size_t
cupel_url_normalized_query_count(const cupel_url *url, const char *key);

/**
 * One of a key's values, in the order of the text. NULL out of range.
 * @since 0.1
 */
CUPEL_API const char *
cupel_url_normalized_query_value(const cupel_url *url, const char *key,
                                 size_t index);

/**
 * Write the url as text, as snprintf does: at most `size` bytes with the NUL,
 * and the length it would have had. `hide_password` puts *** in its place;
 * without it the text parses back to an equal url.
 * @since 0.1
 */
CUPEL_API size_t
cupel_url_render(const cupel_url *url, bool hide_password, char *buf,
                 size_t size);

/** Whether all seven fields are the same. @since 0.1 */
CUPEL_API bool
cupel_url_equal(const cupel_url *left, const cupel_url *right);

CUPEL_END_DECLS

#endif
