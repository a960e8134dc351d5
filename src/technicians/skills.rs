//! The skills that a technician is said to have: each a tag of the house, said once. It reads tags and changes nothing.

use actors::technicians::protocol::SkillLevel;

use crate::error::Problem;
use crate::house::House;
use crate::refusals;

/// The skills, spelled as their tags are. What is `held` already stays, even where its tag is gone.
///
/// # Errors
/// 422 naming every skill that no tag is of, or that is said twice.
pub async fn spelled(
    house: &House,
    mut skills: Vec<SkillLevel>,
    held: &[SkillLevel],
) -> Result<Vec<SkillLevel>, Problem> {
    if skills == held {
        return Ok(skills);
    }
    let tags = crate::tags::store::names(&mut *house.read().await?).await?;
    let folded = |tag: &str| tag.trim().to_lowercase();
    let mut unknown = Vec::new();
    for at in 0..skills.len() {
        let (before, rest) = skills.split_at_mut(at);
        let Some(skill) = rest.first_mut() else { break };
        let tag = folded(&skill.tag);
        if before.iter().any(|other| folded(&other.tag) == tag) {
            return Err(twice().pointer(format!("/skills/{at}/tag"), "said twice"));
        }
        let is_held = held.iter().any(|other| folded(&other.tag) == tag);
        match tags.get(&tag) {
            Some(name) => skill.tag.clone_from(name),
            None if is_held => {}
            None => unknown.push(format!("/skills/{at}/tag")),
        }
    }
    if unknown.is_empty() {
        return Ok(skills);
    }
    let why = "There is no tag of this name.";
    Err(unknown.into_iter().fold(nameless(), |problem, pointer| problem.pointer(pointer, why)))
}

fn nameless() -> Problem {
    refusals::invalid(
        "technicians.unknown_tag",
        "La maison ne connaît aucune compétence de ce nom. Créez-la d'abord.",
        "No tag bears the name of this skill. Make it first.",
    )
}

fn twice() -> Problem {
    refusals::invalid(
        "technicians.skill_twice",
        "Cette compétence est dite deux fois.",
        "This skill is said twice.",
    )
}
