//! The key that tokens are signed with, as the service signs them: JSON Web Tokens with RS256.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use getrandom::SysRng;
use rsa::PrivateKey;
use rsa::sha2::{Digest, Sha256};
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use std::fmt;

/// A key pair and the name that tokens call it by.
#[derive(Clone)]
pub struct Keys {
    pair: PrivateKey,
    id: String,
}

/// The service's own size.
const BITS: usize = 2048;

impl Keys {
    /// Makes a new pair; a second time gives another.
    ///
    /// # Errors
    /// The machine has no source of chance.
    pub fn make() -> Result<Keys, KeyError> {
        let pair = PrivateKey::new(&mut SysRng, BITS).map_err(|error| KeyError(error.to_string()))?;
        let id = base64url(&sha256(&pair.as_public_key().n_bytes())[..20]);
        Ok(Keys { pair, id })
    }

    /// A token of those claims.
    pub(super) fn sign(&self, claims: &Value) -> Result<String, KeyError> {
        let header = json!({"typ": "JWT", "alg": "RS256", "kid": self.id});
        let signed = format!("{}.{}", encoded(&header), encoded(claims));
        let signature = self.pair.pkcs1v15_sign::<Sha256>(signed.as_bytes());
        let signature = signature.map_err(|error| KeyError(error.to_string()))?;
        Ok(format!("{signed}.{}", base64url(&signature)))
    }

    /// The claims of a token, if this pair has signed it.
    pub(super) fn verified(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.pair.as_public_key().pkcs1v15_verify::<Sha256>(signed.as_bytes(), &signature).ok()?;
        let (_, claims) = signed.split_once('.')?;
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    /// The public half, as a set of JSON Web Keys.
    pub(super) fn published(&self) -> Value {
        let public = self.pair.as_public_key();
        let (n, e) = (base64url(&public.n_bytes()), base64url(&public.e_bytes()));
        json!({"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.id, "n": n, "e": e}]})
    }
}

/// Only the name: the pair is nobody's to see.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A key that cannot be made or does not sign: the library's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key for tokens: {0}")]
pub struct KeyError(String);

/// Text for addresses and tokens.
pub(super) fn base64url(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The hash of PKCE, among others.
pub(super) fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// JSON in base64url, as tokens and `client_info` have it.
pub(super) fn encoded(json: &Value) -> String {
    base64url(json.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign_in::testing::keys;

    #[test]
    fn a_token_tells_its_claims_to_who_has_the_published_key() {
        let token = keys().sign(&json!({"aud": "x"})).unwrap();
        assert_eq!(keys().verified(&token).unwrap()["aud"], "x");
        let published = keys().published();
        assert_eq!(published["keys"][0]["e"], "AQAB");
        let modulus = BASE64_URL_SAFE_NO_PAD.decode(published["keys"][0]["n"].as_str().unwrap()).unwrap();
        assert_eq!(modulus.len() * 8, BITS);
    }

    #[test]
    fn a_token_that_was_changed_or_signed_by_another_key_tells_nothing() {
        let token = keys().sign(&json!({"aud": "x"})).unwrap();
        let [header, _, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("{token}") };
        let other_claims = format!("{header}.{}.{signature}", encoded(&json!({"aud": "y"})));
        let of_another = Keys::make().unwrap().sign(&json!({"aud": "x"})).unwrap();
        for wrong in [other_claims.as_str(), &of_another, &token[..token.len() - 2], "any", ""] {
            assert_eq!(keys().verified(wrong), None);
        }
    }

    #[test]
    fn a_key_shows_its_name_only() {
        let shown = format!("{:?}", keys());
        assert!(shown.starts_with("Keys { id: \"") && shown.len() < 60, "{shown}");
    }
}
