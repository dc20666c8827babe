use super::reasons::of_reason;
use super::*;

/// An error as the library makes it.
pub(crate) fn error(code: &str, aadsts: Option<u32>) -> AuthError {
    let mut error = AuthError::default();
    error.code = code.into();
    error.aadsts = aadsts;
    error.correlation_id = "0f0e0d0c-0000-4000-8000-000000000001".into();
    error
}

const REASONS: [Reason; 20] = [
    Reason::ConsentNeeded,
    Reason::AdminConsentNeeded,
    Reason::Declined,
    Reason::AppUnknown,
    Reason::RedirectAddress,
    Reason::WebPlatform,
    Reason::SingleTenant,
    Reason::ResourceUnknown,
    Reason::Policy,
    Reason::WrongTenant,
    Reason::TenantUnknown,
    Reason::SignInAgain,
    Reason::PopupBlocked,
    Reason::Network,
    Reason::Busy,
    Reason::SecurityStop,
    Reason::Cancelled,
    Reason::AlreadyWaiting,
    Reason::Settings,
    Reason::Unknown,
];

/// The numbers of Microsoft's that were seen or read of, and what their title is about.
const NUMBERS: [(&[u32], &str); 15] = [
    (&[65001], "not approved yet"),
    (&[90094, 90095], "administrator has to approve"),
    (&[65004], "declined"),
    (&[700_016, 700_011], "does not know the app"),
    (&[50011, 500_113, 900_971], "not registered"),
    (&[9_002_326], "another platform"),
    (&[50194], "one organization only"),
    (&[500_011], "does not have this environment"),
    (&[650_057, 65005], "lacks the permission"),
    (&[650_052], "not ready for Dataverse"),
    (&[53000, 53001, 53002, 53003, 530_032, 500_021, 500_212], "rule of your organization"),
    (&[50105], "chosen people only"),
    (&[50020, 50034, 16003, 90072], "does not belong"),
    (&[700_084, 70043, 50173, 50058], "once more"),
    (&[90033, 90055], "busy"),
];

/// The codes of the library that were seen without a number.
const CODES: [(&str, &str); 9] = [
    ("consent_required", "not approved yet"),
    ("access_denied", "declined"),
    ("login_required", "once more"),
    ("popup_window_error", "window closed"),
    ("post_request_failed", "cannot be reached"),
    ("no_network_connectivity", "cannot be reached"),
    ("temporarily_unavailable", "busy"),
    ("nonce_mismatch", "does not belong to this sign-in"),
    ("timed_out", "Nothing came back"),
];

fn all() -> Vec<Words> {
    let reasons = REASONS.map(|one| of_reason(one, Cloud::Public));
    let numbers = NUMBERS.into_iter().flat_map(|(numbers, _)| numbers);
    let numbers = numbers.map(|number| of_number(*number, Cloud::Public));
    let ended = [Denied::TokenEnded, Denied::SessionEnded].map(|one| denied(&one, Cloud::Public));
    let codes = CODES.map(|(code, _)| words(&error(code, None), Cloud::Public));
    reasons.into_iter().chain(numbers).chain(ended).chain(codes).collect()
}

#[test]
fn every_reason_has_words_and_a_next_step() {
    for words in all() {
        for part in [&words.title, &words.what, &words.next] {
            assert!(part.len() > 15, "{words:?}");
        }
        assert!(
            words.next.ends_with('.') && words.what.ends_with('.') && !words.title.ends_with('.'),
            "{words:?}"
        );
    }
}

#[test]
fn no_two_reasons_have_the_same_words() {
    let titles: std::collections::HashSet<_> = REASONS.map(|one| of_reason(one, Cloud::Public).title).into();
    assert_eq!(titles.len(), REASONS.len());
}

#[test]
fn every_number_and_code_of_the_table_is_explained_by_its_own_matter() {
    for (numbers, about) in NUMBERS {
        for number in numbers {
            let title = of_number(*number, Cloud::Public).title;
            assert!(title.contains(about), "AADSTS{number}: {title}");
        }
    }
    for (code, about) in CODES {
        let title = words(&error(code, None), Cloud::Public).title;
        assert!(title.contains(about), "{code}: {title}");
    }
}

#[test]
fn the_number_says_more_than_the_code_it_comes_with() {
    let policy = words(&error("access_denied", Some(53003)), Cloud::Public);
    assert_eq!(policy.help, Help::OnlyAsk(LIFT));
    let approval = words(&error("timed_out", Some(90094)), Cloud::Public);
    assert_eq!(approval.help, Help::Ask(APPROVE));
}

#[test]
fn what_only_an_administrator_can_lift_never_says_to_try_again() {
    let lifted_by_others = all().into_iter().filter(|words| matches!(words.help, Help::OnlyAsk(_)));
    let mut seen = 0;
    for words in lifted_by_others {
        seen += 1;
        for part in [&words.title, &words.what, &words.next] {
            let part = part.to_lowercase();
            assert!(!part.contains("try again") && !part.contains("sign in again"), "{words:?}");
        }
    }
    assert!(seen > 8, "the policies are among them");
}

#[test]
fn what_needs_an_administrator_says_so_and_asks_for_one_thing() {
    let asks = all().into_iter().filter_map(|words| match words.help {
        Help::Ask(ask) | Help::OnlyAsk(ask) => Some((ask, words.next)),
        _ => None,
    });
    for (ask, next) in asks {
        assert!(ask.contains("Please") && ask.contains("the app Portage"), "{ask}");
        assert!(next.contains("the request below"), "{next}");
    }
}

#[test]
fn a_blocked_connection_names_the_host_of_its_cloud() {
    for cloud in Cloud::ALL {
        let words = words(&error("post_request_failed", None), cloud);
        assert!(
            words.what.contains(cloud.authority_host()) && words.next.contains(cloud.authority_host()),
            "{words:?}"
        );
    }
}

#[test]
fn an_answer_that_may_be_forged_is_not_to_be_tried_again() {
    let words = words(&error("nonce_mismatch", None), Cloud::Public);
    assert!(words.help == Help::Nothing && !words.next.to_lowercase().contains("try again"), "{words:?}");
}

#[test]
fn who_has_a_run_waiting_is_not_sent_away_from_the_page() {
    let blocked = words(&error("popup_window_error", None), Cloud::Public);
    assert!(blocked.next.contains("sign in on this page"), "{blocked:?}");
    let waiting = beside_a_run(blocked);
    assert!(waiting.help != Help::OnThisPage && !waiting.next.contains("on this page"), "{waiting:?}");
    let other = words(&error("post_request_failed", None), Cloud::Public);
    assert_eq!(beside_a_run(other.clone()), other);
}
