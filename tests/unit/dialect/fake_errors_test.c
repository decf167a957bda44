/* SPDX-License-Identifier: MIT */
#include "dialect/fake/errors.h"
#include "support/test.h"

TEST(the_class_of_a_sqlstate_is_the_status)
{
    CHECK_INT(cup_fake_status("08006"), CUPEL_E_OPERATIONAL);
    CHECK_INT(cup_fake_status("0A000"), CUPEL_E_NOTSUPPORTED);
    CHECK_INT(cup_fake_status("22003"), CUPEL_E_DATA);
    CHECK_INT(cup_fake_status("23505"), CUPEL_E_INTEGRITY);
    CHECK_INT(cup_fake_status("25P02"), CUPEL_E_INTERNAL);
    CHECK_INT(cup_fake_status("40001"), CUPEL_E_OPERATIONAL);
    CHECK_INT(cup_fake_status("42601"), CUPEL_E_PROGRAMMING);
    CHECK_INT(cup_fake_status("99999"), CUPEL_E_DATABASE);
}

TEST(a_failure_carries_state_and_position)
{
    CHECK_FAILS(cup_fake_fail_at("42601", "h\xc3\xa9llo", 3, "no %s", "way"),
                CUPEL_E_PROGRAMMING);
    CHECK_STR(cupel_error_text(), "no way");
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "42601");
    CHECK_INT(cupel_error_position(cupel_error_last()), 3);
}

TEST(a_lost_connection_says_so)
{
    CHECK_FAILS(cup_fake_lost(CUPEL_OUTCOME_UNKNOWN, "08007"),
                CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_INT(cupel_error_outcome(cupel_error_last()), CUPEL_OUTCOME_UNKNOWN);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "08007");
}
