//! Attacks that once worked, one file each: the file opens with what a hostile
//! caller did, and the test does it again.

mod a_full_disk_locks_the_sysop_out;
mod a_key_line_outlives_a_suspension;
mod a_link_in_the_place_of_the_lock;
mod a_refused_key_ends_the_claims_to_it;
mod a_stranger_fills_the_log;
