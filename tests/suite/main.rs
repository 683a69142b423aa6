//! The tests that look at avstem from outside: one binary, a module a subject.

mod dependencies;
mod docs;
mod generated;
mod rules;
mod samples;
mod support;
mod tidy;
