//! Whole changes, against the mock tenant.
