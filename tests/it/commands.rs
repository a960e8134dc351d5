//! The command line as its user sees it: exit codes, one line on failure, nothing secret.
