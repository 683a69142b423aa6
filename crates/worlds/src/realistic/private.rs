//! What an export holds besides the facts: people, addresses, cards, settings of the checkout. It is much of a real
//! file, none of it is needed, and none of it may ever be seen in a report. All of it is invented.

use super::random::Rng;
use super::text::Text;

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

/// Who pays.
pub fn customer(out: &mut Text, rng: &mut Rng) {
    out.field(",\"customer\":{\"customer_id\":\"c", rng.range(1, 1 << 40));
    out.field("\",\"email\":\"kunde", rng.range(1, 1 << 30));
    out.field("@example.com\",\"phone_number\":\"+47", rng.range(40_000_000, 49_999_999));
    out.s("\",\"my_dintero\":{\"actions\":[\"create_user\"]}},\"customer_ip\":\"10.");
    out.int(rng.range(0, 255));
    out.field(".", rng.range(0, 255));
    out.s(".7\",\"user_agent\":\"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)\",\
           \"initiating_system_request_headers\":{\"dintero-system-name\":\"woocommerce\",\
           \"dintero-system-plugin-name\":\"Dintero.Checkout.WooCommerce\",\"dintero-system-plugin-version\":\"2026.");
    out.field("", rng.range(1, 12));
    out.s(".02\",\"user-agent\":\"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\"}");
}

/// Where it is sent to and who is billed.
pub fn addresses(out: &mut Text, rng: &mut Rng) {
    for name in [",\"shipping_address\":", ",\"billing_address\":"] {
        out.s(name);
        address(out, rng);
    }
}

fn address(out: &mut Text, rng: &mut Rng) {
    let (last, number) = (rng.pick(&LAST), rng.range(1, 190));
    out.s("{\"first_name\":\"");
    out.s(rng.pick(&FIRST));
    out.s("\",\"last_name\":\"");
    out.s(last);
    out.s("\",\"address_line\":\"");
    out.s(rng.pick(&STREET));
    out.field(" ", number);
    out.field("\",\"address_line_2\":\"Oppg. ", number % 9);
    out.s("\",\"co_address\":\"\",\"business_name\":\"");
    out.s(last);
    out.s(" & Sønn AS\",\"organization_number\":\"9");
    out.padded(rng.below(99_999_999), 8);
    out.s("\",\"postal_code\":\"");
    out.padded(rng.below(9999), 4);
    out.s("\",\"postal_place\":\"");
    out.s(rng.pick(&PLACE));
    out.s("\",\"country\":\"NO\",\"phone_number\":\"+47");
    out.int(rng.range(90_000_000, 99_999_999));
    out.field("\",\"email\":\"kunde", rng.range(1, 1 << 30));
    out.s("@example.com\",\"latitude\":59.");
    out.padded(rng.below(999_999), 6);
    out.s(",\"longitude\":10.");
    out.padded(rng.below(999_999), 6);
    out.s(",\"comment\":\"Ring p\\u00e5 \\\"");
    out.s(last);
    out.field("\\\", kode {", rng.range(1000, 9999));
    out.s("}\"}");
}

/// The card it was paid with.
pub fn card(out: &mut Text, rng: &mut Rng) {
    out.s(",\"card\":{\"brand\":\"Visa\",\"masked_pan\":\"476173******");
    out.padded(rng.below(9999), 4);
    out.s("\",\"expiry_date\":\"2028-");
    out.padded(rng.below(12) + 1, 2);
    out.s("\",\"type\":\"Credit\",\"country\":\"NOR\",\"issuing_bank\":\"Eksempelbanken\",\"three_ds_version\":\"2\",\
           \"three_ds_server_trans_id\":\"");
    out.uuid((rng.next(), rng.next()));
    out.s("\",\"eci\":\"05\",\"payment_token_id\":\"");
    out.uuid((rng.next(), rng.next()));
    out.s("\"}");
}

/// What providers note.
pub fn metadata(out: &mut Text, rng: &mut Rng) {
    out.s(",\"metadata\":{\"merchant_name\":\"Butikk AS\",\"merchant_category_code\":\"5814\",\
           \"payout_correlation_id\":\"");
    out.uuid((rng.next(), rng.next()));
    out.s("\",\"bambora:merchant_number\":\"");
    out.hex(rng.next(), 12);
    out.field("\",\"payex:transaction:number\":", rng.range(1, 1 << 40));
    out.field(",\"instabank:Sale.Sequence\":", rng.range(1, 999));
    out.s(",\"payex:payment:id\":\"\\/psp\\/creditcard\\/payments\\/");
    out.uuid((rng.next(), rng.next()));
    out.s("\",\"vipps:transaction.orderId\":\"");
    out.token(rng, 20);
    out.s("\",\"kravia:payment_details:kid\":\"");
    out.padded(rng.below(1 << 60), 19);
    out.s("\"}");
}

/// What an item is.
pub fn goods(out: &mut Text, rng: &mut Rng) {
    out.s(",\"id\":\"sku-");
    out.padded(rng.below(99_999), 5);
    out.s("\",\"description\":\"");
    out.s(rng.pick(&GOODS));
    out.s("\",\"eligible_for_discount\":true,\"is_changed\":false");
}

/// Where a parcel is picked up.
pub fn pick_up(out: &mut Text, rng: &mut Rng) {
    out.s(",\"countries\":[\"NO\",\"SE\"],\"description\":\"Hent p\\u00e5 n\\u00e6rmeste postkontor\",\
           \"delivery_method\":\"pick_up\",\"eta\":{\"working_days\":[1,2],\"shipping_day_of_week\":3},\
           \"pick_up_address\":");
    address(out, rng);
    out.field(",\"metadata\":{\"operator_dest\":\"XAB", rng.range(1, 99_999));
    out.s("\"},\"environmental_data\":{\"description\":\"Fossilfri\",\
           \"details\":[{\"label\":\"Karbon\",\"value\":\"1KG CO2\"}]}");
}

/// Providers and their methods, as the settings of a checkout list them.
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

/// How the checkout was set up.
pub fn configuration(out: &mut Text, rng: &mut Rng) {
    out.s(",\"configuration\":{\"auto_capture\":false,\"channel\":\"ecommerce\",\
           \"default_payment_type\":\"payex.creditcard\"");
    for (provider, methods) in METHODS {
        out.s(",\"");
        out.s(provider);
        out.s("\":{\"type\":\"payment_type\"");
        for name in methods {
            method(out, rng, name);
        }
        out.s("}");
    }
    out.s(",\"theme\":{\"backdrop\":\"#");
    out.hex(rng.next(), 6);
    out.s("\"},\"countries\":{\"preferred_country\":\"NO\",\"allow_countries\":[\"NO\",\"SE\",\"DK\",\"FI\"]}},\
           \"url\":{\"return_url\":\"https:\\/\\/example.com\\/accept?order=");
    out.token(rng, 16);
    out.s("\",\"callback_url\":\"https:\\/\\/example.com\\/callback\"}");
}

fn method(out: &mut Text, rng: &mut Rng, name: &str) {
    out.s(",\"");
    out.s(name);
    out.s("\":{\"type\":\"payment_product_type\",\"enabled\":");
    let on = rng.chance(600);
    out.s(if on { "true,\"payability\":\"payable\"" } else { "false,\"payability\":\"not_payable\"" });
    match name {
        "creditcard" => out.s(",\"generate_payment_token\":false,\
                               \"token_supported_auth_methods\":[\"PASSKEY\",\"3DS\"],\"sca_policy\":{\"network_exemptions\":{\"low_value\":true,\"low_risk\":true},\
                               \"liability_rules\":[]}"),
        "installment" | "postponement" => {
            out.field(",\"products\":[{\"product_code\":\"63\",\"credit_time\":", rng.range(12, 60));
            out.field(",\"origination_fee\":9500,\"minimum_amount\":20000,\"total_amount\":", rng.range(1000, 90_000));
            out.s(",\"annual_interest_rate\":\"0.0\",\"loan_example\":{\"amount\":2500000,\"years\":5,\
                   \"total_amount\":2772300,\"cost\":272300},\
                   \"branding_image_url\":\"https:\\/\\/example.com\\/img\\/");
            out.token(rng, 12);
            out.s(".png\"}]");
        }
        "external" => out.s(",\"display\":{\"payment_method_label\":\"Gavekort\",\"button_label\":\"Betal\",\
                             \"content\":{\"title\":\"Gavekort\",\"description\":\"Betal med gavekort, restbel\\u00f8p med kort\"}}"),
        "invoice" | "invoice_b2b" => {
            out.field(",\"countries\":[\"NO\",\"SE\"],\"days_until_due\":", rng.range(7, 60));
            out.s(",\"options\":{\"enable_on_hold\":false}");
        }
        _ => {}
    }
    out.s("}");
}
