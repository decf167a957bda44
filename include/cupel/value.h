/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Values: what goes into statements and comes out of rows.
 *
 * A cupel_value is a tagged union that owns nothing. Text, bytes, decimals,
 * JSON and arrays point at somebody's memory: at yours going in (kept by you
 * until the call ends; a future copies it when it is made), at the result's
 * coming out (valid until the next fetch, or until the result is freed if it
 * is buffered).
 */
#ifndef CUPEL_VALUE_H
#define CUPEL_VALUE_H

#include <cupel/error.h>

CUPEL_BEGIN_DECLS

/** The kinds of value. Append-only. @since 0.1 */
typedef enum cupel_type {
    CUPEL_NULL = 0,        /**< SQL's NULL */
    CUPEL_BOOL = 1,        /**< true or false */
    CUPEL_INT = 2,         /**< 64 bits, signed */
    CUPEL_DOUBLE = 3,      /**< IEEE 754 binary64 */
    CUPEL_DECIMAL = 4,     /**< exact, as text: "-12.50", "NaN", "Infinity" */
    CUPEL_TEXT = 5,        /**< UTF-8, no NUL inside */
    CUPEL_BYTES = 6,       /**< any bytes */
    CUPEL_DATE = 7,        /**< days since 1970-01-01 */
    CUPEL_TIME = 8,        /**< microseconds since midnight */
    CUPEL_DATETIME = 9,    /**< microseconds since 1970-01-01 00:00, no zone */
    CUPEL_DATETIMETZ = 10, /**< microseconds since 1970-01-01 00:00 UTC */
    CUPEL_INTERVAL = 11,   /**< a cupel_interval */
    CUPEL_UUID = 12,       /**< 16 bytes */
    CUPEL_JSON = 13,       /**< JSON text, kept as it is */
    CUPEL_ARRAY = 14       /**< a cupel_array */
} cupel_type;

/**
 * A stretch of bytes somewhere else. Not terminated, never NULL with len>0.
 * @since 0.1
 */
typedef struct cupel_bytes {
    const char *data; /**< the first of them */
    size_t len;       /**< how many */
} cupel_bytes;

/**
 * A span as SQL has it: months and days vary in length, so they stand apart.
 * @since 0.1
 */
typedef struct cupel_interval {
    int64_t microseconds; /**< hours, minutes and seconds */
    int32_t days;         /**< days, whatever their length */
    int32_t months;       /**< months and years */
} cupel_interval;

struct cupel_value;

/**
 * The items of an array, in order. An item may be NULL or an array again.
 * @since 0.1
 */
typedef struct cupel_array {
    const struct cupel_value *items; /**< the first of them */
    size_t count;                    /**< how many */
} cupel_array;

/** The date and time value that stands for PostgreSQL's infinity. @since 0.1 */
#define CUPEL_INFINITY_FUTURE INT64_MAX
/** The same for -infinity. @since 0.1 */
#define CUPEL_INFINITY_PAST INT64_MIN

/**
 * One value. Build it with the functions below; read `type`, then `as`.
 * @since 0.1
 */
typedef struct cupel_value {
    int32_t type;    /**< a cupel_type */
    int32_t element; /**< of an ARRAY: the type of its innermost items */
    union {
        bool boolean;            /**< BOOL */
        int64_t integer;         /**< INT, DATE, TIME, DATETIME, DATETIMETZ */
        double real;             /**< DOUBLE */
        cupel_bytes bytes;       /**< TEXT, BYTES, DECIMAL, JSON */
        cupel_interval interval; /**< INTERVAL */
        uint8_t uuid[16];        /**< UUID */
        cupel_array array;       /**< ARRAY */
    } as;                        /**< the member that goes with `type` */
} cupel_value;

/** SQL's NULL. @since 0.1 */
CUPEL_API cupel_value
cupel_null(void);

/** A truth value. @since 0.1 */
CUPEL_API cupel_value
cupel_bool(bool value);

/** A whole number. @since 0.1 */
CUPEL_API cupel_value
cupel_int(int64_t value);

/** A floating point number. @since 0.1 */
CUPEL_API cupel_value
cupel_double(double value);

/**
 * An exact number from its text: digits with an optional sign, point and
 * exponent, or NaN, Infinity, -Infinity. Checked when the value is used.
 * Borrowed; NULL gives SQL's NULL.
 * @since 0.1
 */
CUPEL_API cupel_value
cupel_decimal(const char *digits);

/** UTF-8 text ending at its NUL. Borrowed; NULL gives SQL's NULL. @since 0.1 */
CUPEL_API cupel_value
cupel_string(const char *text);

/** UTF-8 text of `len` bytes. Borrowed. @since 0.1 */
CUPEL_API cupel_value
cupel_string_n(const char *text, size_t len);

/** Raw bytes. Borrowed. @since 0.1 */
CUPEL_API cupel_value
cupel_blob(const void *data, size_t len);

/**
 * A date of the proleptic Gregorian calendar; months and days from 1, year 0 is
 * 1 BC. One that does not exist is refused, with VALUE, when it is used.
 * @since 0.1
 */
CUPEL_API cupel_value
cupel_date(int year, int month, int day);

/**
 * A time of day, up to 24:00:00. One that does not exist is refused, with
 * VALUE, when it is used.
 * @since 0.1
 */
CUPEL_API cupel_value
cupel_time_of_day(int hour, int minute, int second, int microsecond);

/**
 * A date and time without a zone: microseconds since 1970-01-01 00:00.
 * @since 0.1
 */
CUPEL_API cupel_value
cupel_datetime(int64_t microseconds);

/** A moment: microseconds since 1970-01-01 00:00 UTC. @since 0.1 */
CUPEL_API cupel_value
cupel_datetimetz(int64_t microseconds);

/** A span of time. @since 0.1 */
CUPEL_API cupel_value
cupel_interval_of(int32_t months, int32_t days, int64_t microseconds);

/** A UUID from its 16 bytes, copied into the value. @since 0.1 */
CUPEL_API cupel_value
cupel_uuid(const uint8_t bytes[16]);

/** A JSON document as text. Borrowed; NULL gives SQL's NULL. @since 0.1 */
CUPEL_API cupel_value
cupel_json(const char *text);

/**
 * An array whose innermost items are of type `element` (or NULL). Borrowed.
 * @since 0.1
 */
CUPEL_API cupel_value
cupel_array_of(cupel_type element, const cupel_value *items, size_t count);

/**
 * The type's name in lower case: "datetimetz". Static, never NULL.
 * @since 0.1
 */
CUPEL_API const char *
cupel_type_name(cupel_type type);

/**
 * Whether two values are the same value of the same type. NULL equals NULL
 * here, NaN equals NaN, and decimals compare as numbers: 1.50 equals 1.5.
 * @since 0.1
 */
CUPEL_API bool
cupel_value_equal(const cupel_value *left, const cupel_value *right);

/**
 * Write the value as text, as snprintf does: at most `size` bytes with the
 * NUL, and the length it would have had. Dates and times are ISO 8601, bytes
 * are hexadecimal, NULL is "NULL".
 * @since 0.1
 */
CUPEL_API size_t
cupel_value_format(const cupel_value *value, char *buf, size_t size);

/**
 * Read a value of `type` from its text form (the form cupel_value_format()
 * writes). Not for arrays and bytes, which would need memory: TYPE. The out may
 * point into `text`. VALUE if it does not parse.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_value_parse(cupel_type type, const char *text, size_t len,
                  cupel_value *out);

/**
 * Split days since 1970-01-01 into a date of the Gregorian calendar, year 0
 * being 1 BC. Years that no int holds become the nearest one. Any out may be
 * NULL.
 * @since 0.1
 */
CUPEL_API void
cupel_date_split(int64_t days, int *year, int *month, int *day);

/** One parameter, or one option of an execution. @since 0.1 */
typedef struct cupel_param {
    const char *name;  /**< without the colon; NULL: by position */
    cupel_value value; /**< what it stands for */
} cupel_param;

/**
 * The parameters of one execution, or of many: `sets` groups of `count`
 * parameters each, one after the other. The first group decides the names.
 * @since 0.1
 */
typedef struct cupel_params {
    const cupel_param *items; /**< the first parameter of the first set */
    size_t count;             /**< parameters in one set */
    size_t sets; /**< 0 and 1 mean one execution, more mean executemany */
} cupel_params;

#ifndef __cplusplus
/**
 * Parameters written in place: CUPEL_PARAMS({ "id", cupel_int(7) }). Lives as
 * long as the enclosing block.
 * @since 0.1
 */
#define CUPEL_PARAMS(...)                                                  \
    (&(const cupel_params){ (const cupel_param[]){ __VA_ARGS__ },          \
                            sizeof((const cupel_param[]){ __VA_ARGS__ }) / \
                                sizeof(cupel_param),                       \
                            1 })
#endif

CUPEL_END_DECLS

#endif
