//! A macro for results that must be a certain error.

/// Asserts that a result is an error of this pattern and hands the error out.
macro_rules! assert_error {
    ($result:expr, $pattern:pat $(if $guard:expr)?) => {
        match $result {
            Err(error) => {
                assert!(matches!(&error, $pattern $(if $guard)?), "{error:?}");
                error
            }
            Ok(value) => panic!("{value:?}"),
        }
    };
}

pub(crate) use assert_error;
