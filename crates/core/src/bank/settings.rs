//! How a bank writes its CSV files: the settings, and those of a few banks.

use super::{BankAccount, DateFormat};

/// The names of the presets.
pub const PRESETS: [&str; 4] = ["dnb", "nordea-no", "nordea-se", "seb"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementEncoding {
    Utf8,
    Latin1,
}

/// The decimal mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    Comma,
    Point,
}

/// Where the currency stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CsvCurrency {
    Fixed(String),
    Column(String),
}

/// The columns of amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CsvAmount {
    Signed(String),
    Split { credit: String, debit: String },
}

/// How the CSV files of an account are read. Columns are named by their headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankCsv {
    pub account: BankAccount,
    pub currency: CsvCurrency,
    pub delimiter: u8,
    pub encoding: StatementEncoding,
    /// Lines before the header row.
    pub skip_rows: u64,
    pub date: String,
    pub date_format: DateFormat,
    pub amount: CsvAmount,
    pub decimal: DecimalMark,
    pub text: Vec<String>,
    pub reference: Option<String>,
    /// The balance after the row.
    pub balance: Option<String>,
}

/// Settings of which any may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvSettings {
    pub account: Option<BankAccount>,
    pub currency: Option<CsvCurrency>,
    pub delimiter: Option<u8>,
    pub encoding: Option<StatementEncoding>,
    pub skip_rows: Option<u64>,
    pub date: Option<String>,
    pub date_format: Option<DateFormat>,
    pub amount: Option<String>,
    pub credit: Option<String>,
    pub debit: Option<String>,
    pub decimal: Option<DecimalMark>,
    pub text: Option<Vec<String>>,
    pub reference: Option<String>,
    pub balance: Option<String>,
}

impl CsvSettings {
    /// The settings of a bank. They come from headers in public samples.
    pub fn preset(name: &str) -> Option<CsvSettings> {
        let column = |name: &str| Some(name.to_owned());
        let of = |date: &str, form: &str, text: &str| CsvSettings {
            delimiter: Some(b';'),
            encoding: Some(StatementEncoding::Utf8),
            date: column(date),
            date_format: DateFormat::new(form),
            decimal: Some(DecimalMark::Comma),
            text: Some(vec![text.to_owned()]),
            ..CsvSettings::default()
        };
        let valuta = || Some(CsvCurrency::Column("Valuta".to_owned()));
        Some(match name {
            "dnb" => CsvSettings {
                encoding: Some(StatementEncoding::Latin1),
                credit: column("Inn på konto"),
                debit: column("Ut fra konto"),
                ..of("Dato", "%d.%m.%Y", "Forklaring")
            },
            "nordea-no" => CsvSettings {
                amount: column("Beløp"),
                currency: valuta(),
                ..of("Bokføringsdato", "%Y/%m/%d", "Tittel")
            },
            "nordea-se" => CsvSettings {
                amount: column("Belopp"),
                currency: valuta(),
                balance: column("Saldo"),
                ..of("Bokföringsdag", "%Y/%m/%d", "Rubrik")
            },
            "seb" => CsvSettings {
                amount: column("Belopp"),
                decimal: Some(DecimalMark::Point),
                balance: column("Saldo"),
                ..of("Bokföringsdatum", "%Y-%m-%d", "Text")
            },
            _ => return None,
        })
    }

    /// These settings, and for what they lack those of a preset. Amounts of one kind replace those
    /// of the other.
    pub fn or(self, preset: CsvSettings) -> CsvSettings {
        let is_split = self.credit.is_some() || self.debit.is_some();
        let is_signed = self.amount.is_some();
        CsvSettings {
            account: self.account.or(preset.account),
            currency: self.currency.or(preset.currency),
            delimiter: self.delimiter.or(preset.delimiter),
            encoding: self.encoding.or(preset.encoding),
            skip_rows: self.skip_rows.or(preset.skip_rows),
            date: self.date.or(preset.date),
            date_format: self.date_format.or(preset.date_format),
            amount: self.amount.or(preset.amount.filter(|_| !is_split)),
            credit: self.credit.or(preset.credit.filter(|_| !is_signed)),
            debit: self.debit.or(preset.debit.filter(|_| !is_signed)),
            decimal: self.decimal.or(preset.decimal),
            text: self.text.or(preset.text),
            reference: self.reference.or(preset.reference),
            balance: self.balance.or(preset.balance),
        }
    }

    /// The settings with defaults.
    ///
    /// # Errors
    ///
    /// Returns the key that is missing.
    pub fn complete(self) -> Result<BankCsv, &'static str> {
        let amount = match (self.amount, self.credit, self.debit) {
            (Some(column), ..) => CsvAmount::Signed(column),
            (None, Some(credit), Some(debit)) => CsvAmount::Split { credit, debit },
            (None, Some(_), None) => return Err("debit"),
            (None, None, Some(_)) => return Err("credit"),
            (None, None, None) => return Err("amount"),
        };
        Ok(BankCsv {
            account: self.account.ok_or("account")?,
            currency: self.currency.ok_or("currency")?,
            delimiter: self.delimiter.unwrap_or(b';'),
            encoding: self.encoding.unwrap_or(StatementEncoding::Utf8),
            skip_rows: self.skip_rows.unwrap_or(0),
            date: self.date.ok_or("date")?,
            date_format: self.date_format.ok_or("date_format")?,
            amount,
            decimal: self.decimal.unwrap_or(DecimalMark::Comma),
            text: self.text.unwrap_or_default(),
            reference: self.reference,
            balance: self.balance,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> CsvSettings {
        CsvSettings { account: BankAccount::new("1503"), ..CsvSettings::default() }
    }

    fn currency() -> Option<CsvCurrency> {
        Some(CsvCurrency::Fixed("NOK".to_owned()))
    }

    #[test]
    fn presets_need_an_account_and_some_a_currency() {
        for name in PRESETS {
            let preset = CsvSettings::preset(name).unwrap();
            assert_eq!(preset.clone().complete(), Err("account"), "{name}");
            let with_account = account().or(preset.clone());
            assert_eq!(with_account.complete().is_ok(), preset.currency.is_some(), "{name}");
            assert!(CsvSettings { currency: currency(), ..account() }.or(preset).complete().is_ok(), "{name}");
        }
        assert_eq!(CsvSettings::preset("DNB"), None);
    }

    #[test]
    fn what_stands_beside_a_preset_overrides_it() {
        let own = |set: fn(&mut CsvSettings)| {
            let mut own = CsvSettings { currency: currency(), ..account() };
            set(&mut own);
            own
        };
        let read = |own: CsvSettings, preset: &str| own.or(CsvSettings::preset(preset).unwrap()).complete();
        let signed = own(|own| own.amount = Some("Beløp".to_owned()));
        assert_eq!(read(signed, "dnb").unwrap().amount, CsvAmount::Signed("Beløp".to_owned()));
        let split = own(|own| (own.credit, own.debit) = (Some("Inn".to_owned()), Some("Ut".to_owned())));
        let columns = CsvAmount::Split { credit: "Inn".to_owned(), debit: "Ut".to_owned() };
        assert_eq!(read(split, "seb").unwrap().amount, columns);
        assert_eq!(read(own(|own| own.credit = Some("Inn".to_owned())), "seb"), Err("debit"));
        let half = read(own(|own| own.credit = Some("Inn".to_owned())), "dnb").unwrap();
        assert_eq!(half.amount, CsvAmount::Split { credit: "Inn".to_owned(), debit: "Ut fra konto".to_owned() });
        let point = read(own(|own| own.decimal = Some(DecimalMark::Point)), "nordea-no").unwrap();
        assert_eq!((point.decimal, point.currency), (DecimalMark::Point, currency().unwrap()));
    }

    #[test]
    fn the_first_missing_key_is_named() {
        let mut settings = CsvSettings::default();
        let mut missing = Vec::new();
        while let Err(key) = settings.clone().complete() {
            missing.push(key);
            match key {
                "amount" => settings.debit = Some("Ut".to_owned()),
                "credit" => settings.credit = Some("Inn".to_owned()),
                "account" => settings.account = account().account,
                "currency" => settings.currency = currency(),
                "date" => settings.date = Some("Dato".to_owned()),
                _ => settings.date_format = DateFormat::new("%Y-%m-%d"),
            }
        }
        assert_eq!(missing, ["amount", "credit", "account", "currency", "date", "date_format"]);
        let BankCsv { delimiter, encoding, skip_rows, decimal, text, .. } = settings.complete().unwrap();
        assert_eq!((delimiter, encoding, skip_rows), (b';', StatementEncoding::Utf8, 0));
        assert_eq!((decimal, text), (DecimalMark::Comma, Vec::new()));
    }
}
