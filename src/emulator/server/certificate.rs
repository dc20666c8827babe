//! The certificate of `--tls`: an authority made at every start signs one for this machine's own names.
//!
//! Two certificates and not one that signs itself: some clients trust an authority only, and refuse to be shown it
//! by a server. The keys are never written, so a client that goes on trusting the file trusts nobody.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// Names and addresses that a client may call the server by.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// What the server shows, and what a client must trust.
pub(crate) struct Certificate {
    acceptor: TlsAcceptor,
    pem: String,
}

impl Certificate {
    /// Makes new keys; a second time gives another certificate. It is good for this machine's names and for those.
    pub(crate) fn make(more: &[String]) -> Result<Certificate, String> {
        let authority = authority().map_err(|error| not_made(&error))?;
        let (shown, key) = signed(&authority, more).map_err(|error| not_made(&error))?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(vec![shown], key))
            .map_err(|error| not_made(&error))?;
        Ok(Certificate { acceptor: TlsAcceptor::from(Arc::new(config)), pem: authority.pem() })
    }

    /// The authority's certificate, for `REQUESTS_CA_BUNDLE`, `NODE_EXTRA_CA_CERTS` and their like.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }
}

fn not_made(error: &dyn std::fmt::Display) -> String {
    format!("The certificate for --tls cannot be made: {error}.")
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut parameters = lasting_a_year(CertificateParams::default(), "Dataverse emulator authority");
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(parameters, KeyPair::generate()?)
}

fn signed(
    authority: &CertifiedIssuer<'_, KeyPair>,
    more: &[String],
) -> Result<(CertificateDer<'static>, KeyPair), rcgen::Error> {
    let key = KeyPair::generate()?;
    let names = NAMES.map(str::to_owned).into_iter().chain(more.iter().cloned());
    let named = CertificateParams::new(names.collect::<Vec<_>>())?;
    let mut parameters = lasting_a_year(named, "Dataverse emulator");
    parameters.use_authority_key_identifier_extension = true;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok((parameters.signed_by(&key, authority)?.der().clone(), key))
}

/// From yesterday on, as clocks differ; some clients refuse certificates that last for decades.
fn lasting_a_year(mut parameters: CertificateParams, name: &str) -> CertificateParams {
    let now = OffsetDateTime::now_utc();
    parameters.not_before = now - Duration::days(1);
    parameters.not_after = now + Duration::days(365);
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters
}
