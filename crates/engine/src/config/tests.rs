//! One complete file, then one minimal input for each kind of mistake.

use avstem_core::rules::cards;

use super::*;

fn read(text: &str) -> Result<FileConfig, ConfigError> {
    parse(text, "avstem.toml", &cards())
}

/// Parses a text with a mistake; returns line, column, what is wrong, and the help.
fn mistake(text: &str) -> (usize, usize, String, String) {
    let error = read(text).expect_err(text);
    let shown = error.to_string();
    assert!(shown.starts_with("avstem.toml:") && shown.contains('^') && !error.help.is_empty(), "{shown}");
    (error.line, error.column, error.what.into(), error.help.into())
}

/// Asserts the position, and parts of the message and of the help.
#[track_caller]
fn refused(text: &str, place: (usize, usize), what: &str, help: &str) {
    let (line, column, message, advice) = mistake(text);
    assert_eq!((line, column), place, "{message}");
    assert!(message.contains(what), "{message}");
    assert!(advice.contains(help), "{advice}");
}

#[test]
fn an_empty_file_says_nothing() {
    assert_eq!(read(""), Ok(FileConfig::default()));
    assert_eq!(read("# nothing\n[rules]\n[windows]\n"), Ok(FileConfig::default()));
}

#[test]
fn a_whole_file_is_read() {
    let text = r#"
as_of = "2026-11-20"
fail_on = "never"
max_rejects = 3
time_zone = "Europe/Oslo"
accept = [{ exception = "9F31C200aabbccdd" }]
[acceptance]
require = []
[rules]
session-amount-differs = "info"
AV410 = "off"
[tolerance]
AV508 = 9
[windows]
double_operation = "600s"
pending = "1d"
on_hold = "12h"
unsettled = "30m"
[windows.authorization]
klarna.klarna = 20
"vipps" = 7
"#;
    let config = read(text).unwrap();
    assert_eq!(config.as_of.as_deref(), Some("2026-11-20"));
    assert_eq!(config.fail_on, Some(FailOn::Never));
    assert_eq!(config.max_rejects, Some(3));
    assert_eq!(config.time_zone, Some(Tz::Europe__Oslo));
    assert_eq!(
        config.rules,
        BTreeMap::from([("AV508", SeveritySetting::As(Severity::Info)), ("AV410", SeveritySetting::Off)])
    );
    assert_eq!(config.tolerance, BTreeMap::from([("AV508", 9)]));
    let days = vec![("klarna.klarna".to_owned(), 20), ("vipps".to_owned(), 7)];
    let windows = [("double_operation", 600), ("on_hold", 43_200), ("pending", 86_400), ("unsettled", 1800)];
    assert_eq!((config.windows, config.days_by_product), (BTreeMap::from(windows), days));
    assert_eq!(config.accept[0].meant, Target::Exception("9f31c200aabbccdd".to_owned()));
}

#[test]
fn accepted_findings_are_read() {
    let text = "[[accept]]\nrule = \"stale-authorization\"\nid = \"P1.x\"\nreason = \"courier\"\nowner = \"finance\"\n\
                expires = 2026-12-31\nmax_amount = 5000\n\n\
                [[accept]]\nrule = \"AV508\"\nmerchant_reference = \"order-1\"\nfingerprint = \"0123456789ABCDEF\"\n\n\
                [acceptance]\nrequire = []\n";
    let config = read(text).unwrap();
    let first = Accept {
        meant: Target::Id("AV410", "P1.x".to_owned()),
        reason: Some("courier".to_owned()),
        owner: Some("finance".to_owned()),
        expires: Instant::parse_as_of("2026-12-31"),
        max_amount: Some(5000),
        fingerprint: None,
        line: 1,
    };
    assert_eq!(config.accept[0], first);
    assert_eq!(config.accept[1].meant, Target::Reference("AV508", "order-1".to_owned()));
    assert_eq!((config.accept[1].line, config.accept[1].expires), (9, None));
    assert_eq!(config.accept[1].fingerprint.as_deref(), Some("0123456789abcdef"));
}

#[test]
fn every_entry_says_what_is_asked_for() {
    let keys = ["reason = \"x\"", "owner = \"y\"", "expires = 2026-12-31", "max_amount = 1"];
    for (missing, name) in Required::KEYS.into_iter().enumerate() {
        let others = keys.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, key)| *key);
        let text = format!("[[accept]]\nexception = \"0123456789abcdef\"\n{}", others.collect::<Vec<_>>().join("\n"));
        refused(&text, (1, 1), &format!("has no `{name}`"), "require = []");
        let waived = Required::KEYS.into_iter().filter(|key| *key != name).collect::<Vec<_>>();
        assert!(read(&format!("{text}\n[acceptance]\nrequire = {waived:?}")).is_ok(), "{name}");
    }
    refused("[acceptance]\nrequire = [\"ownr\"]", (2, 12), "`ownr`", "did you mean \"owner\"?");
    refused("[acceptance]\nrequire = \"owner\"", (2, 11), "expected a list of keys", "[\"reason\", \"owner\"]");
    refused("[acceptance]\nneeds = []", (2, 1), "no setting `needs`", "require");
    refused("[[accept]]\nexception = \"0123456789abcdef\"\nfingerprint = \"12\"", (3, 15), "no fingerprint", "column");
}

#[test]
fn times_may_stand_with_or_without_quotes() {
    for (text, kept) in [
        ("as_of = 2026-11-20", "2026-11-20"),
        ("as_of = 2026-11-20T06:00:00Z", "2026-11-20T06:00:00Z"),
        ("as_of = \"2026-11-20T06:00:00.5+01:00\"", "2026-11-20T06:00:00.5+01:00"),
    ] {
        assert_eq!(read(text).unwrap().as_of.as_deref(), Some(kept));
    }
}

#[test]
fn mistakes_of_form() {
    refused("a b", (1, 3), "", "must be TOML");
    refused("as_of = \"x", (1, 11), "", "must be TOML");
    refused("max_rejects = 1\nmax_rejects = 2", (2, 1), "duplicate key", "must be TOML");
}

#[test]
fn unknown_settings() {
    refused("max_reject = 0", (1, 1), "no setting `max_reject`", "did you mean `max_rejects`?");
    refused("\ncolour = 0", (2, 1), "no setting `colour`", "known here are as_of");
    refused("[windows]\npendnig = \"1d\"", (2, 1), "`pendnig`", "did you mean `pending`?");
    refused("[[accept]]\nrule = \"AV410\"\nid = \"x\"\nonwer = \"me\"", (4, 1), "`onwer`", "did you mean `owner`?");
    refused("\"a\u{202E}\" = 0", (1, 1), "`a\\u{202E}`", "known here are");
}

#[test]
fn unknown_rules() {
    refused("[rules]\nAV999 = \"off\"", (2, 1), "no rule `AV999`", "`avstem rules` lists them");
    refused("[rules]\nav-410 = \"off\"", (2, 1), "no rule `av-410`", "did you mean `AV410`?");
    refused("[tolerance]\nsession-amount-difers = 1", (2, 1), "no rule", "did you mean `session-amount-differs`?");
    refused("[[accept]]\nid = \"x\"\nrule = \"AV41\"", (3, 8), "no rule `AV41`", "avstem rules");
    refused("[rules]\nAV410 = \"off\"\nstale-authorization = \"info\"", (3, 1), "twice: it is AV410", "keep one");
    refused("[tolerance]\nAV701 = 1", (2, 9), "AV701 knows no tolerance", "[rules]");
    refused("[tolerance]\nstale-authorization = 1", (2, 23), "AV410 knows no tolerance", "[rules]");
}

#[test]
fn wrong_words() {
    refused("fail_on = \"errors\"", (1, 11), "`errors`", "did you mean \"error\"?");
    refused("fail_on = \"off\"", (1, 11), "`off`", "\"never\"");
    refused("fail_on = 1", (1, 11), "expected a word in quotes, found a whole number", "\"warning\"");
    refused("[rules]\nAV410 = \"of\"", (2, 9), "`of`", "did you mean \"off\"?");
    refused("[rules]\nAV410 = \"never\"", (2, 9), "`never`", "give one of");
    refused("[rules]\nAV410 = false", (2, 9), "found true or false", "\"off\"");
    refused("time_zone = \"Europe/Olso\"", (1, 13), "no time zone", "did you mean \"Europe/Oslo\"?");
    refused("time_zone = \"here\"", (1, 13), "no time zone", "IANA");
    refused("time_zone = \"\"", (1, 13), "empty", "take the line out");
}

#[test]
fn wrong_numbers() {
    refused("max_rejects = -1", (1, 15), "`-1` is below 0", "number of records");
    refused("max_rejects = \"3\"", (1, 15), "found a text", "without quotes");
    refused("max_rejects = 1.5", (1, 15), "found a number with a fraction", "whole number");
    refused("[tolerance]\nAV508 = 9223372036854775808", (2, 9), "too large", "minor units");
    refused("[windows.authorization]\nklarna = \"28d\"", (2, 10), "found a text", "whole days");
    refused("[windows.authorization]\nklarna.klarna = 1\n\"klarna.klarna\" = 2", (3, 1), "twice", "keep one");
    refused("[windows.authorization]\na.b.c = 1", (2, 3), "found a section", "whole days");
}

#[test]
fn wrong_times() {
    refused("as_of = \"2026-13-20\"", (1, 9), "`2026-13-20` is no date or instant", "offset");
    refused("as_of = \"2026-11-20T06:00:00\"", (1, 9), "no date or instant", "offset");
    refused("as_of = 2026-11-20T06:00:00", (1, 9), "no date or instant", "offset");
    refused("as_of = 20", (1, 9), "expected a text", "quotes");
    refused("[[accept]]\nexpires = \"2026-02-30\"", (2, 11), "is no date", "calendar");
    refused("[[accept]]\nexpires = 2026-02-01T00:00:00Z", (2, 11), "is no date", "calendar");
}

#[test]
fn wrong_durations() {
    for text in
        ["", "1", "d", "1w", "-1d", "+1d", "1.5h", "1 d", "1D", "99999999999999999999s", "18446744073709551615d"]
    {
        refused(&format!("[windows]\npending = \"{text}\""), (2, 11), "is no duration", "\"600s\"");
    }
    refused("[windows]\non_hold = 600", (2, 11), "expected a duration, found a whole number", "unit");
}

#[test]
fn wrong_sections() {
    refused("rules = 1", (1, 9), "expected a section", "`[name]`");
    refused("windows = []", (1, 11), "found a list", "`[name]`");
    refused("[accept]\nrule = \"AV410\"", (1, 1), "expected a list", "[[accept]]");
    refused("accept = [1]", (1, 11), "expected a section", "`[name]`");
}

#[test]
fn entries_that_do_not_say_what_they_accept() {
    refused("[[accept]]\nreason = \"x\"", (1, 1), "does not say which finding", "either the `exception`");
    refused("[[accept]]\nrule = \"AV410\"", (2, 8), "every finding of the rule", "`id`");
    let both = "[[accept]]\nrule = \"AV410\"\nexception = \"0123456789abcdef\"";
    refused(both, (3, 13), "in two ways", "either");
    refused("[[accept]]\nexception = \"0123456789abcdef\"\nid = \"x\"", (3, 6), "in two ways", "either");
    refused("[[accept]]\nrule = \"AV410\"\nid = \"x\"\nmerchant_reference = \"y\"", (4, 22), "in two ways", "either");
    refused("[[accept]]\nexception = \"9f31c2…\"", (2, 13), "no exception id", "16 hexadecimal");
    refused("[[accept]]\nrule = \"AV410\"\nid = \"\"", (3, 6), "empty", "fill it in");
}

#[test]
fn accounts_of_vouchers() {
    let text = "[journal]\ncompany = \"Butikken AS\"\nclearing = \"1902\"\n\"clearing.klarna\" = \"1903\"\n\
                [journal.accounts.SEK]\nclearing.default = \"1904\"\nclearing.klarna = \"1905\"\n";
    let journal = read(text).unwrap().journal;
    let cleared = |currency, product| journal.account(currency, "clearing", Some(product)).unwrap();
    assert_eq!([cleared("NOK", "card"), cleared("NOK", "klarna")], ["1902", "1903"]);
    assert_eq!([cleared("SEK", "card"), cleared("SEK", "klarna")], ["1904", "1905"]);
    assert_eq!((journal.company.as_deref(), journal.series), (Some("Butikken AS"), None));

    refused("[journal]\nbank = 1920", (2, 8), "expected a text, found a whole number", "quotes");
    refused("[journal]\nbanc = \"1920\"", (2, 1), "no setting `banc`", "`bank`");
    refused("[journal]\nfee.card = \"1920\"", (2, 1), "expected a text, found a section", "quotes");
    refused("[journal]\n\"fee.card\" = \"1920\"", (2, 1), "no setting `fee.card`", "known here");
    for number in ["19 20", "-1", "\\\"", "\\n", "å", "{}"] {
        refused(&format!("[journal]\nbank = \"{number}\""), (2, 8), "is no account", "digits");
    }
    refused("[journal]\nclearing.klarna.klarna = \"1\"", (2, 10), "found a section", "quotes");
    refused("[journal]\n\"clearing.a.b\" = \"1\"", (2, 1), "`a.b` is no product", "clearing.klarna");
    refused("[journal.accounts.sek]", (1, 19), "`sek` is no currency", "capitals");
    refused("[journal.accounts.SEK]\ncompany = \"x\"", (2, 1), "no setting `company`", "bank");
    refused("[journal]\nclearing = \"1\"\n\"clearing.default\" = \"2\"", (3, 1), "stands here twice", "keep one");
}

#[test]
fn a_mistake_as_people_see_it() {
    let error = read("fail_on = \"error\"\n[rules]\nsession-amount-difers = \"info\"\n").unwrap_err();
    let want = "\
avstem.toml:3:1: there is no rule `session-amount-difers`
  |
3 | session-amount-difers = \"info\"
  | ^^^^^^^^^^^^^^^^^^^^^
  = did you mean `session-amount-differs`? `avstem rules` lists all rules";
    assert_eq!(error.to_string(), want);
}

#[test]
fn no_text_makes_it_panic() {
    let whole = "as_of = 2026-11-20\n[rules]\nAV410 = \"off\"\n[windows.authorization]\nklarna.klarna = 28\n\
                 [[accept]]\nrule = \"AV508\"\nid = \"å\u{202E}\"\nexpires = \"2026-12-31\"\nmax_amount = 0x10\n";
    let letters: Vec<char> = whole.chars().collect();
    for put in ["", "[", "]", "\"", "=", "\n", ".", "\u{1F600}", "\r", "'''", "9", "{a=1}", "#"] {
        for at in 0..letters.len() {
            let text: String =
                letters[..at].iter().chain(&put.chars().collect::<Vec<_>>()).chain(&letters[at + 1..]).collect();
            if let Err(error) = read(&text) {
                assert!(
                    error.line <= text.matches('\n').count() + 1 && error.to_string().lines().count() == 5,
                    "{error}"
                );
            }
        }
    }
}

const BANK: &str = "[bank.csv]\naccount = \"1503.44.55667\"\n";

#[test]
fn bank_statements_are_configured() {
    let text = "[bank]\nwindow = \"7d\"\npayers = [\"dintero\", \"swedbank pay\"]\n[bank.csv]\npreset = \"dnb\"\n\
                account = \"1503.44.55667\"\ncurrency = \"NOK\"\ndelimiter = \"tab\"\nencoding = \"utf-8\"\nskip_rows = 2\n\
                decimal = \".\"\ntext = \"Tekst\"\nreference = \"Arkivref\"\nbalance = \"Saldo\"\n";
    let bank = read(text).unwrap().bank;
    assert_eq!((bank.window_days, bank.payers.as_ref().map(Vec::len)), (Some(7), Some(2)));
    let manifest = bank.manifest();
    assert_eq!(
        manifest.to_string(),
        "{\"csv\":{\"account\":\"*5667~ff9c\",\"amount\":null,\"balance\":\"Saldo\",\"credit\":\"Inn på konto\",\
         \"currency\":\"NOK\",\"currency_column\":null,\"date\":\"Dato\",\"date_format\":\"%d.%m.%Y\",\
         \"debit\":\"Ut fra konto\",\"decimal\":\".\",\"delimiter\":\"\\t\",\"encoding\":\"utf-8\",\
         \"reference\":\"Arkivref\",\"skip_rows\":2,\"text\":[\"Tekst\"]},\
         \"payers\":[\"dintero\",\"swedbank pay\"],\"window_days\":7}"
    );
    let csv = |lines: &str| read(&format!("{BANK}{lines}")).unwrap().bank.csv.unwrap();
    let nordea = csv("currency_column = \"Val\"\npreset = \"nordea-no\"");
    assert_eq!(nordea.currency, avstem_core::bank::CsvCurrency::Column("Val".to_owned()));
    assert_eq!(csv("preset = \"nordea-se\"").balance.as_deref(), Some("Saldo"));
}

#[test]
fn wrong_bank_settings() {
    let line = |text: &str, place, what: &str, help: &str| refused(&format!("{BANK}{text}"), place, what, help);
    refused("[bank]\nwindow = \"12h\"", (2, 10), "no number of days", "\"7d\"");
    refused("[bank]\nwindow = 7", (2, 10), "expected a duration", "\"600s\"");
    refused("[bank]\npayers = [1]", (2, 11), "expected a text", "quotes");
    refused("[bank]\npayer = []", (2, 1), "no setting `payer`", "did you mean `payers`?");
    refused("bank = 1", (1, 8), "expected a section", "`[name]`");
    line("preset = \"dnb \"", (3, 10), "`dnb ` is not known", "did you mean \"dnb\"?");
    line("acount = \"1\"", (3, 1), "no setting `acount`", "did you mean `account`?");
    line("currency = \"kr\"", (3, 12), "`kr` is no currency", "ISO 4217");
    line("currency = \"NOK\"\ncurrency_column = \"V\"", (4, 1), "currency is given in two ways", "keep either");
    line("amount = \"B\"\ncredit = \"I\"", (4, 1), "amount is given in two ways", "keep either");
    line("delimiter = \";;\"", (3, 13), "`;;` is no delimiter", "\"tab\"");
    line("delimiter = \"\\\"\"", (3, 13), "is no delimiter", "\"tab\"");
    line("encoding = \"utf8\"", (3, 12), "`utf8` is not known", "did you mean \"utf-8\"?");
    line("skip_rows = -1", (3, 13), "below 0", "number of rows");
    line("date_format = \"%d.%m.%y\"", (3, 15), "is no form of dates", "%Y, %m and %d");
    line("decimal = \";\"", (3, 11), "`;` is not known", "\",\"");
    line("text = []\nbalance = \"\"", (4, 11), "empty", "fill it in");
    refused("[bank.csv]\naccount = \"-\"", (2, 11), "no letter and no digit", "15034455667");
    refused("[bank.csv]\npreset = \"seb\"\ncurrency = \"SEK\"", (1, 1), "has no `account`", "account =");
    line("preset = \"seb\"", (1, 1), "has no `currency`", "currency_column");
    line("preset = \"seb\"\ncredit = \"I\"\ncurrency = \"SEK\"", (1, 1), "has no `debit`", "preset");
    line("currency = \"NOK\"", (1, 1), "has no `amount`", "`credit` and `debit`");
    line("currency = \"NOK\"\namount = \"B\"", (1, 1), "has no `date`", "preset");
    line("currency = \"NOK\"\namount = \"B\"\ndate = \"D\"", (1, 1), "has no `date_format`", "preset");
}
