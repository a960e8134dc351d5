//! Customers and their places.

use actors::customers::CustomerRoom;
use actors::customers::protocol::{Command, Customer, CustomerRefusal, Location};
use actors::engine::journal::Expect;

use crate::world::{ask, names};

fn ruiz() -> Customer {
    Customer {
        id: "cust_ruiz".into(),
        external_id: None,
        name: "Ruiz".to_owned(),
        phone: None,
        email: None,
        language: None,
        notes: None,
    }
}

fn home() -> Location {
    Location {
        id: "loc_1".into(),
        external_id: None,
        customer_id: "cust_ruiz".into(),
        address: "12, rang Sainte-Anne".to_owned(),
        lat: 45.08,
        lon: -73.61,
        notes: None,
    }
}

#[test]
fn a_customer_is_registered_once_and_a_stranger_has_no_places() {
    let mut room = CustomerRoom::default();
    let place = Command::AddLocation(Box::new(home()));
    assert_eq!(ask(&mut room, &place).unwrap_err(), CustomerRefusal::Unknown);
    let register = Command::Register(Box::new(ruiz()));
    assert_eq!(names(&ask(&mut room, &register).unwrap()), ["customer_registered"]);
    assert_eq!(ask(&mut room, &register).unwrap_err(), CustomerRefusal::KnownAlready);
    assert_eq!(names(&ask(&mut room, &place).unwrap()), ["location_added"]);
}

#[test]
fn a_change_names_the_thing_whose_version_was_seen() {
    let mut room = CustomerRoom::default();
    ask(&mut room, &Command::Register(Box::new(ruiz()))).unwrap();
    ask(&mut room, &Command::AddLocation(Box::new(home()))).unwrap();
    let named = Customer { name: "Famille Ruiz".to_owned(), ..ruiz() };
    let decision = ask(&mut room, &Command::Change { after: Box::new(named), version: Some(4) });
    assert_eq!(decision.unwrap().expects, [Expect { entity: "cust_ruiz".into(), version: 4 }]);
    let moved = Location { lat: 45.09, ..home() };
    let change = |after| Command::ChangeLocation { after: Box::new(after), version: Some(5) };
    let decision = ask(&mut room, &change(moved.clone())).unwrap();
    assert_eq!(decision.expects, [Expect { entity: "loc_1".into(), version: 5 }]);
    assert!(ask(&mut room, &change(moved)).unwrap().is_nothing());
    let elsewhere = Location { id: "loc_9".into(), ..home() };
    let refused = ask(&mut room, &change(elsewhere)).unwrap_err();
    assert_eq!(refused, CustomerRefusal::NoSuchLocation);
}
