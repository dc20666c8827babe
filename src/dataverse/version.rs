//! Versions of environments and solutions, which are compared as numbers.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// `9.2.24091.195`: major, minor, build, revision. Parts that are not written are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Version(pub [u32; 4]);

/// A text is not one to four numbers with dots between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a version is up to four numbers with dots between them")]
pub struct NoVersion;

impl FromStr for Version {
    type Err = NoVersion;

    fn from_str(text: &str) -> Result<Version, NoVersion> {
        let mut version = Version::default();
        let mut slots = version.0.iter_mut();
        for part in text.split('.') {
            // The library would take a sign, too.
            let number = part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten();
            *slots.next().ok_or(NoVersion)? = number.ok_or(NoVersion)?;
        }
        Ok(version)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, build, revision] = self.0;
        write!(f, "{major}.{minor}.{build}.{revision}")
    }
}

impl TryFrom<String> for Version {
    type Error = NoVersion;

    fn try_from(text: String) -> Result<Version, NoVersion> {
        text.parse()
    }
}

impl From<Version> for String {
    fn from(version: Version) -> String {
        version.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{NoVersion, Version};

    #[test]
    fn versions_are_compared_by_their_numbers_and_not_by_their_letters() {
        let version = |text: &str| text.parse::<Version>().unwrap();
        assert!(version("8.4.0.275") < version("9.2.2103.0"));
        assert!(version("9.10") > version("9.9.9.9"));
        assert_eq!(version("9.2.25101.00175"), version("9.2.25101.175"));
        assert_eq!(version("1.0"), Version([1, 0, 0, 0]));
    }

    #[test]
    fn what_is_no_version_is_not_taken_for_one() {
        for text in ["", ".", "9.", "9.2.1.1.1", "v9.2", "9.2-beta", "+9.2", "9.2.99999999999"] {
            assert_eq!(text.parse::<Version>(), Err(NoVersion), "{text}");
        }
    }

    #[test]
    fn a_version_travels_as_its_text() {
        let version: Version = serde_json::from_str(r#""9.2.24091.195""#).unwrap();
        assert_eq!(serde_json::to_string(&version).unwrap(), r#""9.2.24091.195""#);
    }
}
