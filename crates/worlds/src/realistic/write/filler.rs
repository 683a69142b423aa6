//! People, addresses, cards, checkout settings: members of real files that are not read and must
//! never appear in a report. All values are invented.

use crate::json::JsonText;
use crate::rng::Rng;

const FIRST: [&str; 12] =
    ["Ingrid", "Kåre", "Solveig", "Ørjan", "Åse", "Bjørn", "Marit", "Jørgen", "Liv", "Håkon", "Sunniva", "Pål"];
const LAST: [&str; 12] = [
    "Hansen",
    "Bråten",
    "Sæther",
    "Ødegård",
    "Nygård",
    "Bøe",
    "Lindqvist",
    "Søndergaard",
    "Åsen",
    "Virtanen",
    "Dahl",
    "Strøm",
];
const STREET: [&str; 8] =
    ["Storgata", "Kirkeveien", "Bogstadveien", "Drottninggatan", "Vesterbrogade", "Strandgata", "Åsveien", "Sjøgata"];
const PLACE: [&str; 8] = ["Oslo", "Bergen", "Trondheim", "Tromsø", "Malmö", "Göteborg", "København", "Helsinki"];
const GOODS: [&str; 12] = [
    "Ullgenser \\\"Setesdal\\\" str. L",
    "Kaffebønner 1 kg",
    "Løpesko dame",
    "Skistaver 125 cm",
    "Fårepølse {røkt}",
    "Sengetøy 140x200",
    "Brødkniv",
    "Bok: \\u00c5 leve p\\u00e5 landet",
    "Ostehøvel",
    "Termokanne 1,0 l",
    "Garn 50 g [rød]",
    "Hodelykt",
];

pub fn customer(out: &mut JsonText, rng: &mut Rng) {
    out.object_member("customer", |out| {
        out.numbered_member("customer_id", "c", rng.range(1, 1 << 40), "");
        out.numbered_member("email", "kunde", rng.range(1, 1 << 30), "@example.com");
        out.numbered_member("phone_number", "+47", rng.range(40_000_000, 49_999_999), "");
        out.object_member("my_dintero", |out| out.array_member("actions", ["create_user"], text));
    });
    out.quoted_member("customer_ip", |out| {
        out.raw("10.");
        out.int(rng.range(0, 255));
        out.raw(".");
        out.int(rng.range(0, 255));
        out.raw(".7");
    });
    out.text_member("user_agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)");
    out.object_member("initiating_system_request_headers", |out| {
        out.text_member("dintero-system-name", "woocommerce");
        out.text_member("dintero-system-plugin-name", "Dintero.Checkout.WooCommerce");
        out.numbered_member("dintero-system-plugin-version", "2026.", rng.range(1, 12), ".02");
        out.text_member("user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)");
    });
}

pub fn addresses(out: &mut JsonText, rng: &mut Rng) {
    address(out, rng, "shipping_address");
    address(out, rng, "billing_address");
}

fn address(out: &mut JsonText, rng: &mut Rng, name: &str) {
    let (last, number) = (rng.pick(&LAST), rng.range(1, 190));
    out.object_member(name, |out| {
        out.text_member("first_name", rng.pick(&FIRST));
        out.text_member("last_name", last);
        out.numbered_member("address_line", &format!("{} ", rng.pick(&STREET)), number, "");
        out.numbered_member("address_line_2", "Oppg. ", number % 9, "");
        out.text_member("co_address", "");
        out.text_member("business_name", format!("{last} & Sønn AS"));
        out.padded_member("organization_number", "9", rng.below(99_999_999), 8);
        out.padded_member("postal_code", "", rng.below(9999), 4);
        out.text_member("postal_place", rng.pick(&PLACE));
        out.text_member("country", "NO");
        out.numbered_member("phone_number", "+47", rng.range(90_000_000, 99_999_999), "");
        out.numbered_member("email", "kunde", rng.range(1, 1 << 30), "@example.com");
        for (name, degrees) in [("latitude", "59."), ("longitude", "10.")] {
            out.name(name);
            out.raw(degrees);
            out.padded(rng.below(999_999), 6);
        }
        out.numbered_member("comment", &format!("Ring p\\u00e5 \\\"{last}\\\", kode {{"), rng.range(1000, 9999), "}");
    });
}

pub fn card(out: &mut JsonText, rng: &mut Rng) {
    out.object_member("card", |out| {
        out.text_member("brand", "Visa");
        out.padded_member("masked_pan", "476173******", rng.below(9999), 4);
        out.padded_member("expiry_date", "2028-", rng.below(12) + 1, 2);
        out.text_member("type", "Credit");
        out.text_member("country", "NOR");
        out.text_member("issuing_bank", "Eksempelbanken");
        out.text_member("three_ds_version", "2");
        out.uuid_member("three_ds_server_trans_id", rng.pair());
        out.text_member("eci", "05");
        out.uuid_member("payment_token_id", rng.pair());
    });
}

pub fn metadata(out: &mut JsonText, rng: &mut Rng) {
    out.object_member("metadata", |out| {
        out.text_member("merchant_name", "Butikk AS");
        out.text_member("merchant_category_code", "5814");
        out.uuid_member("payout_correlation_id", rng.pair());
        out.quoted_member("bambora:merchant_number", |out| out.hex(rng.next_u64(), 12));
        out.int_member("payex:transaction:number", rng.range(1, 1 << 40));
        out.int_member("instabank:Sale.Sequence", rng.range(1, 999));
        out.quoted_member("payex:payment:id", |out| {
            out.raw("\\/psp\\/creditcard\\/payments\\/");
            out.uuid(rng.pair());
        });
        out.quoted_member("vipps:transaction.orderId", |out| out.token(rng, 20));
        out.padded_member("kravia:payment_details:kid", "", rng.below(1 << 60), 19);
    });
}

pub fn goods(out: &mut JsonText, rng: &mut Rng) {
    out.padded_member("id", "sku-", rng.below(99_999), 5);
    out.text_member("description", rng.pick(&GOODS));
    out.bool_member("eligible_for_discount", true);
    out.bool_member("is_changed", false);
}

pub fn pick_up(out: &mut JsonText, rng: &mut Rng) {
    out.array_member("countries", ["NO", "SE"], text);
    out.text_member("description", "Hent p\\u00e5 n\\u00e6rmeste postkontor");
    out.text_member("delivery_method", "pick_up");
    out.raw(",\"eta\":{\"working_days\":[1,2],\"shipping_day_of_week\":3}");
    address(out, rng, "pick_up_address");
    out.object_member("metadata", |out| out.numbered_member("operator_dest", "XAB", rng.range(1, 99_999), ""));
    out.raw(
        ",\"environmental_data\":{\"description\":\"Fossilfri\",\
         \"details\":[{\"label\":\"Karbon\",\"value\":\"1KG CO2\"}]}",
    );
}

fn text(out: &mut JsonText, text: &str) {
    out.quoted(|out| out.raw(text));
}

/// Providers and their payment methods, as in checkout settings.
const METHODS: [(&str, &[&str]); 13] = [
    ("bambora", &["applepay", "creditcard", "googlepay", "mobilepay", "vipps"]),
    ("dintero", &["wallets", "zero", "external"]),
    ("dintero_psp", &["creditcard", "vipps", "applepay", "googlepay", "clicktopay"]),
    ("instabank", &["finance", "invoice", "installment", "postponement"]),
    ("netaxept", &["creditcard"]),
    ("payex", &["swish", "creditcard", "mobilepay", "vipps", "applepay", "clicktopay", "googlepay"]),
    ("vipps", &["vipps"]),
    ("collector", &["invoice", "invoice_b2b", "invoice_b2b_preapproved", "finance", "installment"]),
    ("klarna", &["klarna", "billie"]),
    ("kravia", &["invoice_b2b", "invoice_b2b_grouped", "invoice_b2c"]),
    ("two", &["invoice_b2b"]),
    ("santander", &["debit_account"]),
    ("swish", &["swish"]),
];

pub fn configuration(out: &mut JsonText, rng: &mut Rng) {
    out.object_member("configuration", |out| {
        out.bool_member("auto_capture", false);
        out.text_member("channel", "ecommerce");
        out.text_member("default_payment_type", "payex.creditcard");
        for (provider, methods) in METHODS {
            out.object_member(provider, |out| {
                out.text_member("type", "payment_type");
                methods.iter().for_each(|name| method(out, rng, name));
            });
        }
        out.object_member("theme", |out| {
            out.quoted_member("backdrop", |out| {
                out.raw("#");
                out.hex(rng.next_u64(), 6);
            });
        });
        out.object_member("countries", |out| {
            out.text_member("preferred_country", "NO");
            out.array_member("allow_countries", ["NO", "SE", "DK", "FI"], text);
        });
    });
    out.object_member("url", |out| {
        out.quoted_member("return_url", |out| {
            out.raw("https:\\/\\/example.com\\/accept?order=");
            out.token(rng, 16);
        });
        out.text_member("callback_url", "https:\\/\\/example.com\\/callback");
    });
}

fn method(out: &mut JsonText, rng: &mut Rng, name: &str) {
    out.object_member(name, |out| {
        out.text_member("type", "payment_product_type");
        let on = rng.chance(600);
        out.bool_member("enabled", on);
        out.text_member("payability", if on { "payable" } else { "not_payable" });
        match name {
            "creditcard" => out.raw(
                ",\"generate_payment_token\":false,\"token_supported_auth_methods\":[\"PASSKEY\",\"3DS\"],\
                 \"sca_policy\":{\"network_exemptions\":{\"low_value\":true,\"low_risk\":true},\"liability_rules\":[]}",
            ),
            "installment" | "postponement" => out.array_member("products", ["63"], |out, code| {
                out.object(|out| loan(out, rng, code));
            }),
            "external" => out.raw(
                ",\"display\":{\"payment_method_label\":\"Gavekort\",\"button_label\":\"Betal\",\
                 \"content\":{\"title\":\"Gavekort\",\"description\":\"Betal med gavekort, restbel\\u00f8p med kort\"}}",
            ),
            "invoice" | "invoice_b2b" => {
                out.array_member("countries", ["NO", "SE"], text);
                out.int_member("days_until_due", rng.range(7, 60));
                out.object_member("options", |out| out.bool_member("enable_on_hold", false));
            }
            _ => {}
        }
    });
}

fn loan(out: &mut JsonText, rng: &mut Rng, code: &str) {
    out.text_member("product_code", code);
    out.int_member("credit_time", rng.range(12, 60));
    out.int_member("origination_fee", 9500);
    out.int_member("minimum_amount", 20_000);
    out.int_member("total_amount", rng.range(1000, 90_000));
    out.text_member("annual_interest_rate", "0.0");
    out.raw(",\"loan_example\":{\"amount\":2500000,\"years\":5,\"total_amount\":2772300,\"cost\":272300}");
    out.quoted_member("branding_image_url", |out| {
        out.raw("https:\\/\\/example.com\\/img\\/");
        out.token(rng, 12);
        out.raw(".png");
    });
}
