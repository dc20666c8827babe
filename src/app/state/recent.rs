//! The environments that were used last, kept by this browser: addresses and names, nothing of who used them.

use browser::sign_in::Cloud;
use serde::{Deserialize, Serialize};

/// So many are kept.
const MOST: usize = 20;

/// An environment that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Recent {
    /// `https://contoso.crm.dynamics.com`
    pub(crate) url: String,
    /// Its organization's name.
    pub(crate) name: String,
    /// Where one signed in for it; `None`: with a pasted token.
    pub(crate) cloud: Option<Cloud>,
    /// The tenant that issued the token, where it was not the account's own.
    pub(crate) tenant: Option<String>,
}

/// Puts one in front; an older entry of the same address goes.
pub(crate) fn remember(recent: &mut Vec<Recent>, used: Recent) {
    recent.retain(|known| known.url != used.url);
    recent.insert(0, used);
    recent.truncate(MOST);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(url: &str, name: &str) -> Recent {
        Recent { url: url.into(), name: name.into(), cloud: None, tenant: None }
    }

    #[test]
    fn what_was_used_last_stands_first_and_once() {
        let mut recent = Vec::new();
        for (url, name) in [("a", "A"), ("b", "B"), ("a", "A renamed")] {
            remember(&mut recent, used(url, name));
        }
        assert_eq!(recent, [used("a", "A renamed"), used("b", "B")]);
    }

    #[test]
    fn old_ones_are_dropped() {
        let mut recent = Vec::new();
        (0..30).for_each(|n| remember(&mut recent, used(&n.to_string(), "")));
        assert_eq!((recent.len(), recent[0].url.as_str()), (MOST, "29"));
    }
}
