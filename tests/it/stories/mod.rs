//! Stories: what happens to people, told through the public doors on both databases, with time in the teller's hand.

mod answers;
mod telling;
mod walk;
