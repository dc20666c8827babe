//! `RetrieveSettingList`: settings of the apps.

use super::{Arguments, Kind, Message};
use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use serde_json::json;

/// `RetrieveSettingList()`
pub(super) const LIST: Message =
    Message { name: "RetrieveSettingList", kind: Kind::Function, parameters: &[], run: list };

/// (name, value, type: 0 number, 1 text, 2 boolean): some of the 96 that a real organization was recorded with, so
/// that each type is there. Nothing in the emulator depends on them.
const SETTINGS: &[(&str, &str, u8)] = &[
    ("ChannelAvailability", "PowerAppsMobile", 1),
    ("HideShowAs", "false", 2),
    ("AllowNewAppChannelDefault", "true", 2),
    ("AppAdditionalEntityLimitCount", "15", 0),
    ("SitemapHomePage", "0", 0),
    ("NotificationsLastAlertedOn", "1970-01-01T08:00:00.000Z", 1),
];

fn list(_: &mut Environment, _: &Call, _: &Arguments) -> Result<Option<Object>, Refusal> {
    let setting = |(name, value, data_type): &(&str, &str, u8)| {
        let mut setting = Object::default();
        setting.push("Name", *name);
        setting.push("Value", *value);
        setting.push("DataType", json!(data_type));
        setting
    };
    let mut settings = Object::default();
    settings.push("SettingDetailCollection", SETTINGS.iter().map(setting).collect::<Vec<_>>());
    Ok(Some(settings))
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal};
    use serde_json::json;

    #[test]
    fn settings_come_as_text_with_their_type() {
        let answer = get(&mut portal(), "RetrieveSettingList()");
        let settings = answer["SettingDetailCollection"].as_array().unwrap();
        assert_eq!(
            settings[0],
            json!({"Name": "ChannelAvailability", "Value": "PowerAppsMobile", "DataType": 1})
        );
        assert!(settings.iter().all(|setting| setting["Value"].is_string()));
    }
}
