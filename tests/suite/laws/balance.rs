//! Law 2: A = C + V + O, and totals are the sums of their ledgers.

use avstem_core::model::card::Kind;
use avstem_engine::engine::outcome::Balance;

use super::{assert_tied, bytes_of, for_random_worlds, run};
use crate::oracle;
use crate::stories::totals;
use crate::worlds::{World, oracle_input};

#[test]
fn law_2_every_ledger_balances_and_totals_are_their_sums() {
    for_random_worlds(2, 400, |dice, folder| {
        let world = World::random(dice);
        let written = world.write();
        let outcome = run(folder, &bytes_of(&written));
        assert_tied(&outcome);
        let check = &mut |balance: &Balance<'_>| {
            if !matches!(balance.kind, Kind::Settlement | Kind::Payout) {
                assert_eq!(balance.net, balance.captured - balance.refunded, "N = C - R of {}", balance.id);
                let [authorized, released, open] = [balance.authorized, balance.released, balance.open]
                    .map(|total| total.expect("a ledger has all of its totals"));
                assert_eq!(authorized, balance.captured + released + open, "A = C + V + O of {}", balance.id);
            }
            Ok(())
        };
        outcome.balances.visit(check).expect("the balances can be read");
        let input = oracle_input(&written);
        let output = oracle::judge(&input, &oracle::Settings::default());
        assert_eq!(outcome.totals, totals(&output, "transaction"));
        assert_eq!(outcome.order_totals, totals(&output, "order"));
        for (currency, of) in &outcome.totals {
            let moved = outcome.days.iter().filter(|((code, _), _)| code == currency).map(|(_, moves)| moves);
            let (mut authorized, mut captured, mut released, mut refunded) = (0, 0, 0, 0);
            for day in moved {
                authorized += day.authorized;
                captured += day.captured;
                released += day.released;
                refunded += day.refunded;
            }
            assert_eq!(
                (authorized, captured, released, refunded),
                (of.authorized, of.captured, of.released, of.refunded),
                "the days of {currency} are its totals"
            );
            assert_eq!(of.authorized - of.captured - of.released, of.open, "the roll-forward of {currency} closes");
        }
    });
}
