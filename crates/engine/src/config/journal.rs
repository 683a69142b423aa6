//! `[journal]`: the accounts of vouchers.

use std::collections::BTreeMap;
use std::ops::Range;

use avstem_core::model::display::visible;
use toml::de::DeValue;

use super::reader::{ConfigReader, Parsed, TomlValue, in_order};

const OWN: [&str; 3] = ["company", "series", "accounts"];
const ACCOUNTS: [&str; 6] = ["bank", "fee", "clearing", "other", "carried", "unexplained"];

/// The account of all products that have none of their own.
const CLEARING: &str = "clearing";

/// The product of what has no other.
const DEFAULT: &str = "default";

/// What vouchers need to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalConfig {
    pub company: Option<String>,
    /// The series of vouchers.
    pub series: Option<String>,
    accounts: AccountNumbers,
    by_currency: BTreeMap<String, AccountNumbers>,
}

/// Accounts by key; of a product `clearing.<product>`.
type AccountNumbers = BTreeMap<String, String>;

impl JournalConfig {
    /// The account of a kind of posting, which has a product only if it is a clearing one. Those of the
    /// currency come first, whether or not they name the product.
    pub fn account(&self, currency: &str, kind: &str, product: Option<&str>) -> Option<&str> {
        let sections = self.by_currency.get(currency).into_iter().chain([&self.accounts]);
        let of_product = product.map(|product| format!("{kind}.{product}"));
        let mut found = sections.filter_map(|accounts| {
            let own = of_product.as_ref().and_then(|key| accounts.get(key));
            own.or_else(|| accounts.get(kind))
        });
        found.next().map(String::as_str)
    }
}

impl ConfigReader<'_> {
    pub(super) fn journal(&self, value: &TomlValue<'_>) -> Parsed<JournalConfig> {
        let mut journal = JournalConfig::default();
        let known: Vec<&str> = OWN.into_iter().chain(ACCOUNTS).collect();
        for (key, span, value) in in_order(self.table(value)?) {
            match key {
                "company" => journal.company = Some(self.filled(value)?.to_owned()),
                "series" => journal.series = Some(self.filled(value)?.to_owned()),
                "accounts" => journal.by_currency = self.by_currency(value)?,
                _ => self.account(key, span, value, (&known, &mut journal.accounts))?,
            }
        }
        Ok(journal)
    }

    fn by_currency(&self, value: &TomlValue<'_>) -> Parsed<BTreeMap<String, AccountNumbers>> {
        let mut by_currency = BTreeMap::new();
        for (key, span, value) in in_order(self.table(value)?) {
            if key.len() != 3 || !key.bytes().all(|byte| byte.is_ascii_uppercase()) {
                let what = format!("`{}` is no currency", visible(key));
                return Err(self.error(span, what, "give a code in capitals: [journal.accounts.SEK]"));
            }
            let accounts: &mut AccountNumbers = by_currency.entry(key.to_owned()).or_default();
            for (key, span, value) in in_order(self.table(value)?) {
                self.account(key, span, value, (&ACCOUNTS, accounts))?;
            }
        }
        Ok(by_currency)
    }

    /// Reads an account, or those of products: TOML parses an unquoted `clearing.klarna` as a nested
    /// table, and allows no plain `clearing` beside it.
    fn account(
        &self,
        key: &str,
        span: Range<usize>,
        value: &TomlValue<'_>,
        (known, accounts): (&[&str], &mut AccountNumbers),
    ) -> Parsed<()> {
        if key == CLEARING && matches!(value.get_ref(), DeValue::Table(_)) {
            let mut products = in_order(self.table(value)?).into_iter();
            return products.try_for_each(|(product, span, value)| self.of_product(product, span, value, accounts));
        }
        match key.split_once('.') {
            Some((CLEARING, product)) => self.of_product(product, span, value, accounts),
            _ if ACCOUNTS.contains(&key) => self.insert(key.to_owned(), span, value, accounts),
            _ => Err(self.unknown_key(key, span, known)),
        }
    }

    fn of_product(
        &self,
        product: &str,
        span: Range<usize>,
        value: &TomlValue<'_>,
        accounts: &mut AccountNumbers,
    ) -> Parsed<()> {
        if product.is_empty() || product.contains('.') {
            let what = format!("`{}` is no product", visible(product));
            return Err(self.error(
                span,
                what,
                "give what stands before the first dot of a product type: clearing.klarna",
            ));
        }
        let key = if product == DEFAULT { CLEARING.to_owned() } else { format!("{CLEARING}.{product}") };
        self.insert(key, span, value, accounts)
    }

    fn insert(
        &self,
        key: String,
        span: Range<usize>,
        value: &TomlValue<'_>,
        accounts: &mut AccountNumbers,
    ) -> Parsed<()> {
        let number = self.filled(value)?;
        let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:/".contains(&byte);
        if !number.as_bytes()[0].is_ascii_alphanumeric() || !number.bytes().all(is_sign) {
            let what = format!("`{}` is no account", visible(number));
            let help = "give its number as your accounting system has it: letters, digits and - . _ : / without blanks";
            return Err(self.error(value.span(), what, help));
        }
        if accounts.contains_key(&key) {
            let what = format!("`{}` stands here twice", visible(&key));
            return Err(self.error(span, what, "keep one of the two lines"));
        }
        accounts.insert(key, number.to_owned());
        Ok(())
    }
}
