//! The small things that the office keeps: tags, materials, views and groups, zones, service levels, templates. They are
//! listed, made, edited and deleted by the same paths, and their rows are read in the same way; what is different about
//! each stands in its own folder, as its [`Kept`]. What a thing means, and who may use it, is never decided here.

use actors::engine::shell::Circumstances;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Problem;
use crate::house::House;
use store::{Known, Shelved};

pub mod http;
pub mod store;

/// A thing that the office keeps, as its paths need to know it. Every error is what the caller is answered.
pub trait Kept: Shelved + Clone + Serialize + 'static {
    /// What somebody sends to make one, or to edit it.
    type Input: From<Self> + Serialize + DeserializeOwned + 'static;

    /// What one of it is called where there is none.
    const NOUN: &'static str;

    /// Its id.
    fn id(&self) -> &str;

    /// The one of this id.
    fn find(house: &House, id: &str) -> impl Future<Output = Result<Option<Known<Self>>, Problem>> {
        async move { Ok(store::one(&mut *house.read().await?, id).await?) }
    }

    /// The thing that an input describes: a new one with an id of its own, or `before` as edited.
    fn checked(
        house: &House,
        input: Self::Input,
        before: Option<&Self>,
    ) -> impl Future<Output = Result<Self, Problem>>;

    /// Asks the room for a new one.
    fn make(self, house: &House, why: Circumstances) -> impl Future<Output = Result<(), Problem>>;

    /// Asks the room to have this in place of `before`; `version` is what the editor saw.
    fn change(
        self,
        house: &House,
        before: Self,
        version: i64,
        why: Circumstances,
    ) -> impl Future<Output = Result<(), Problem>>;

    /// Asks the room to have it no longer.
    fn delete(
        house: &House,
        id: &str,
        why: Circumstances,
    ) -> impl Future<Output = Result<(), Problem>>;
}
