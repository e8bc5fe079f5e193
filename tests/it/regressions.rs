//! Attacks that once worked, one file each: the file opens with what a hostile
//! caller did, and the test does it again.

mod a_stranger_fills_the_log;
