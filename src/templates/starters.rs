//! Five templates to start with for a fibre provider. A house takes them in when it asks for them; from then on they are
//! its own.

use actors::jobs::protocol::{Priority, SkillNeed};
use actors::templates::{Both, Step};

use super::http::TemplateInput;

fn both(fr: &str, en: &str) -> Both {
    Both { fr: fr.to_owned(), en: en.to_owned() }
}

struct Draft(Vec<Step>);

impl Draft {
    /// Adds a step that takes fibre at a level and waits for those named.
    fn step(
        mut self,
        key: &str,
        names: (&str, &str),
        work: (&str, i64, u8),
        waits: &[&str],
    ) -> Self {
        let (kind, duration_min, level) = work;
        self.0.push(Step {
            key: key.to_owned(),
            title: both(names.0, names.1),
            kind: Some(kind.to_owned()),
            duration_min,
            skills: vec![SkillNeed { tag: "Fibre".to_owned(), level, required: true }],
            priority: Priority::Normal,
            depends_on: waits.iter().map(|&key| key.to_owned()).collect(),
            offset_min: 0,
        });
        self
    }

    /// The last step begins at least so long after those it waits for.
    fn later(mut self, minutes: i64) -> Self {
        if let Some(step) = self.0.last_mut() {
            step.offset_min = minutes;
        }
        self
    }

    fn urgent(mut self) -> Self {
        if let Some(step) = self.0.last_mut() {
            step.priority = Priority::Urgent;
        }
        self
    }

    fn named(self, code: &str, fr: &str, en: &str) -> TemplateInput {
        TemplateInput { code: code.to_owned(), name: both(fr, en), steps: self.0 }
    }
}

/// What nothing has to be done before.
const FIRST: &[&str] = &[];

/// The five.
pub fn starters() -> Vec<TemplateInput> {
    vec![fibre_install(), fibre_repair(), fibre_move(), building_install(), equipment_swap()]
}

/// A new customer on fibre.
fn fibre_install() -> TemplateInput {
    Draft(Vec::new())
        .step("survey", ("Relevé sur place", "Site survey"), ("survey", 45, 1), FIRST)
        .step(
            "drop",
            ("Pose du câble d'abonné", "Drop cable"),
            ("construction", 120, 2),
            &["survey"],
        )
        .later(24 * 60)
        .step(
            "splice",
            ("Épissure à la borne", "Splice at the terminal"),
            ("splicing", 60, 3),
            &["drop"],
        )
        .step(
            "install",
            ("Installation chez le client", "Install at the customer's"),
            ("installation", 90, 2),
            &["splice"],
        )
        .named("fibre_install", "Installation fibre", "Fibre install")
}

/// A fibre that broke.
fn fibre_repair() -> TemplateInput {
    Draft(Vec::new())
        .step("diagnose", ("Diagnostic de la ligne", "Line diagnosis"), ("repair", 45, 2), FIRST)
        .urgent()
        .step(
            "repair",
            ("Réparation de la fibre", "Fibre repair"),
            ("repair", 90, 3),
            &["diagnose"],
        )
        .urgent()
        .step(
            "verify",
            ("Vérification chez le client", "Check at the customer's"),
            ("repair", 30, 1),
            &["repair"],
        )
        .named("fibre_repair", "Réparation fibre", "Fibre repair")
}

/// A customer who moves.
fn fibre_move() -> TemplateInput {
    Draft(Vec::new())
        .step(
            "remove",
            ("Retrait à l'ancienne adresse", "Remove at the old address"),
            ("installation", 45, 1),
            FIRST,
        )
        .step(
            "drop",
            ("Raccordement de la nouvelle adresse", "Connect the new address"),
            ("construction", 120, 2),
            FIRST,
        )
        .step(
            "install",
            ("Remise en service", "Back in service"),
            ("installation", 60, 2),
            &["remove", "drop"],
        )
        .named("fibre_move", "Déménagement", "Move")
}

/// A building with several homes.
fn building_install() -> TemplateInput {
    Draft(Vec::new())
        .step(
            "design",
            ("Visite technique du bâtiment", "Building survey"),
            ("survey", 90, 3),
            FIRST,
        )
        .step(
            "riser",
            ("Câblage de la colonne", "Riser cabling"),
            ("construction", 240, 3),
            &["design"],
        )
        .later(24 * 60)
        .step(
            "units",
            ("Prises dans les logements", "Outlets in the units"),
            ("installation", 240, 2),
            &["riser"],
        )
        .step("light", ("Mise en lumière", "Light-up"), ("splicing", 90, 4), &["riser", "units"])
        .named("building_install", "Immeuble", "Multi-unit building")
}

/// Equipment that is exchanged.
fn equipment_swap() -> TemplateInput {
    Draft(Vec::new())
        .step(
            "swap",
            ("Remplacement de l'équipement", "Equipment swap"),
            ("installation", 45, 1),
            FIRST,
        )
        .step("follow_up", ("Suivi de qualité", "Quality follow-up"), ("survey", 20, 1), &["swap"])
        .later(7 * 24 * 60)
        .named("equipment_swap", "Échange d'équipement", "Equipment swap")
}
