//! The sections `[bank]` and `[bank.csv]`: how bank statements are read and compared.

use avstem_core::bank::{
    BankAccount, BankCsv, CsvAmount, CsvCurrency, CsvSettings, DateFormat, DecimalMark, PRESETS, StatementEncoding,
};
use avstem_core::model::currency::exponent;
use avstem_core::model::display::visible;
use avstem_core::model::instant::DAY;
use toml::de::DeValue;

use super::reader::{ConfigReader, Parsed, TomlValue, in_order};

const BANK: [&str; 3] = ["window", "payers", "csv"];
const CSV: [&str; 16] = [
    "preset",
    "account",
    "currency",
    "currency_column",
    "delimiter",
    "encoding",
    "skip_rows",
    "date",
    "date_format",
    "amount",
    "credit",
    "debit",
    "decimal",
    "text",
    "reference",
    "balance",
];

const ENCODINGS: [(&str, StatementEncoding); 2] =
    [("utf-8", StatementEncoding::Utf8), ("latin1", StatementEncoding::Latin1)];
const DECIMALS: [(&str, DecimalMark); 2] = [(",", DecimalMark::Comma), (".", DecimalMark::Point)];

/// What the configuration says about bank statements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankConfig {
    /// Days from a payout to its entry on the bank account.
    pub window_days: Option<u64>,
    /// Names of payers, in place of the known ones.
    pub payers: Option<Vec<String>>,
    /// How CSV files are read.
    pub csv: Option<BankCsv>,
}

impl ConfigReader<'_> {
    pub(super) fn bank(&self, value: &TomlValue<'_>) -> Parsed<BankConfig> {
        let mut bank = BankConfig::default();
        for (key, span, value) in in_order(self.table(value)?) {
            match key {
                "window" => bank.window_days = Some(self.window_days(value)?),
                "payers" => bank.payers = Some(self.texts(value)?),
                "csv" => bank.csv = Some(self.bank_csv(value)?),
                _ => return Err(self.unknown_key(key, span, &BANK)),
            }
        }
        Ok(bank)
    }

    fn window_days(&self, value: &TomlValue<'_>) -> Parsed<u64> {
        let (seconds, day) = (self.duration(value)?, DAY.unsigned_abs());
        if !seconds.is_multiple_of(day) {
            let help = "a bank states days: give whole days, in quotes: \"7d\"";
            return Err(self.error(value.span(), "the window is no number of days".to_owned(), help));
        }
        Ok(seconds / day)
    }

    /// A list of texts; a single one needs no list.
    fn texts(&self, value: &TomlValue<'_>) -> Parsed<Vec<String>> {
        let one = std::slice::from_ref(value);
        let values = if let DeValue::Array(values) = value.get_ref() { &values[..] } else { one };
        values.iter().map(|value| self.filled(value).map(str::to_owned)).collect()
    }

    fn bank_csv(&self, section: &TomlValue<'_>) -> Parsed<BankCsv> {
        let (mut own, mut preset) = (CsvSettings::default(), CsvSettings::default());
        for (key, span, value) in in_order(self.table(section)?) {
            let column = || self.filled(value).map(|name| Some(name.to_owned()));
            match key {
                "preset" => preset = self.word(value, &PRESETS, CsvSettings::preset)?,
                "account" => own.account = Some(self.bank_account(value)?),
                "currency" | "currency_column" if own.currency.is_some() => {
                    let what = "the currency is given in two ways".to_owned();
                    return Err(self.error(span, what, "keep either `currency` or `currency_column`"));
                }
                "currency" => own.currency = Some(CsvCurrency::Fixed(self.currency(value)?)),
                "currency_column" => own.currency = column()?.map(CsvCurrency::Column),
                "delimiter" => own.delimiter = Some(self.delimiter(value)?),
                "encoding" => {
                    own.encoding =
                        Some(self.word(value, &ENCODINGS.map(|(word, _)| word), |word| named(&ENCODINGS, word))?)
                }
                "skip_rows" => own.skip_rows = Some(self.whole(value, "a number of rows")?),
                "date" => own.date = column()?,
                "date_format" => own.date_format = Some(self.date_format(value)?),
                "amount" => own.amount = column()?,
                "credit" => own.credit = column()?,
                "debit" => own.debit = column()?,
                "decimal" => {
                    own.decimal =
                        Some(self.word(value, &DECIMALS.map(|(word, _)| word), |word| named(&DECIMALS, word))?)
                }
                "text" => own.text = Some(self.texts(value)?),
                "reference" => own.reference = column()?,
                "balance" => own.balance = column()?,
                _ => return Err(self.unknown_key(key, span, &CSV)),
            }
            if own.amount.is_some() && (own.credit.is_some() || own.debit.is_some()) {
                let what = "the amount is given in two ways".to_owned();
                return Err(self.error(span, what, "keep either `amount`, or `credit` and `debit`"));
            }
        }
        own.or(preset).complete().map_err(|missing| {
            let help = match missing {
                "amount" => "add a line `amount = \"…\"`, or `credit` and `debit`; a `preset` has them",
                "currency" => "add a line `currency = \"NOK\"`, or `currency_column`",
                "account" => "add a line `account = \"…\"` with the number of the account",
                _ => "add the line; a `preset` has it",
            };
            self.error(section.span(), format!("[bank.csv] has no `{missing}`"), help)
        })
    }

    fn bank_account(&self, value: &TomlValue<'_>) -> Parsed<BankAccount> {
        let text = self.filled(value)?;
        BankAccount::new(text).ok_or_else(|| {
            let what = "the account has no letter and no digit".to_owned();
            self.error(value.span(), what, "give its number: \"15034455667\"")
        })
    }

    fn currency(&self, value: &TomlValue<'_>) -> Parsed<String> {
        let code = self.filled(value)?;
        if exponent(code).is_none() {
            let what = format!("`{}` is no currency", visible(code));
            return Err(self.error(value.span(), what, "give a code of ISO 4217 in capitals: \"NOK\""));
        }
        Ok(code.to_owned())
    }

    fn delimiter(&self, value: &TomlValue<'_>) -> Parsed<u8> {
        let text = self.filled(value)?;
        match text.as_bytes() {
            b"tab" => Ok(b'\t'),
            [byte @ (b'!'..=b'/' | b':'..=b'@' | b'['..=b'`' | b'{'..=b'~')] if *byte != b'"' => Ok(*byte),
            _ => {
                let what = format!("`{}` is no delimiter", visible(text));
                Err(self.error(value.span(), what, "give the mark between cells: \";\", \",\", \"|\" or \"tab\""))
            }
        }
    }

    fn date_format(&self, value: &TomlValue<'_>) -> Parsed<DateFormat> {
        let text = self.filled(value)?;
        DateFormat::new(text).ok_or_else(|| {
            let what = format!("`{}` is no form of dates", visible(text));
            let help = "give %Y, %m and %d, each once, with what stands between them: \"%d.%m.%Y\"";
            self.error(value.span(), what, help)
        })
    }
}

/// The value that a word stands for.
fn named<T: Copy>(pairs: &[(&str, T)], word: &str) -> Option<T> {
    pairs.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
}

/// The word that stands for a value.
fn word_of<T: PartialEq>(pairs: &[(&'static str, T)], value: &T) -> Option<&'static str> {
    pairs.iter().find(|(_, known)| known == value).map(|(word, _)| *word)
}

impl BankConfig {
    /// The configuration for the manifest; the account is masked.
    pub fn manifest(&self) -> serde_json::Value {
        serde_json::json!({
            "window_days": self.window_days,
            "payers": self.payers,
            "csv": self.csv.as_ref().map(csv_manifest),
        })
    }
}

fn csv_manifest(csv: &BankCsv) -> serde_json::Value {
    let (currency, currency_column) = match &csv.currency {
        CsvCurrency::Fixed(code) => (Some(code), None),
        CsvCurrency::Column(name) => (None, Some(name)),
    };
    let (amount, credit, debit) = match &csv.amount {
        CsvAmount::Signed(name) => (Some(name), None, None),
        CsvAmount::Split { credit, debit } => (None, Some(credit), Some(debit)),
    };
    serde_json::json!({
        "account": csv.account.masked,
        "currency": currency,
        "currency_column": currency_column,
        "delimiter": char::from(csv.delimiter).to_string(),
        "encoding": word_of(&ENCODINGS, &csv.encoding),
        "skip_rows": csv.skip_rows,
        "date": csv.date,
        "date_format": csv.date_format.text(),
        "amount": amount,
        "credit": credit,
        "debit": debit,
        "decimal": word_of(&DECIMALS, &csv.decimal),
        "text": csv.text,
        "reference": csv.reference,
        "balance": csv.balance,
    })
}
