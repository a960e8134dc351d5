//! The words of the invented company: people, villages, ranges and streets of the country south of Montréal.
//! The villages are where they really are, roughly; every person, street and door number is made up.

/// A village: name, latitude, longitude (WGS 84), and how many of the customers live around it, as a weight.
pub const VILLAGES: [(&str, f64, f64, f64); 14] = [
    ("Hemmingford", 45.049, -73.587, 3.0),
    ("Havelock", 45.045, -73.760, 1.0),
    ("Franklin", 45.032, -73.922, 1.0),
    ("Huntingdon", 45.087, -74.168, 2.4),
    ("Ormstown", 45.127, -73.997, 2.4),
    ("Howick", 45.185, -73.853, 1.2),
    ("Saint-Chrysostome", 45.101, -73.766, 1.6),
    ("Sainte-Clotilde", 45.160, -73.680, 1.0),
    ("Saint-Rémi", 45.262, -73.616, 2.8),
    ("Sherrington", 45.168, -73.522, 1.0),
    ("Saint-Édouard", 45.232, -73.520, 0.9),
    ("Napierville", 45.187, -73.404, 2.2),
    ("Lacolle", 45.083, -73.371, 1.7),
    ("Saint-Bernard-de-Lacolle", 45.084, -73.421, 0.9),
];

pub const FIRST_NAMES_FR: [&str; 48] = [
    "Ana", "Mathieu", "Isabelle", "Sébastien", "Julie", "Marc-André", "Chantal", "Éric", "Mélanie", "Patrick", "Josée", "Stéphane",
    "Nathalie", "Yannick", "Geneviève", "Martin", "Sophie", "Alexandre", "Manon", "Guillaume", "Karine", "Benoît", "Véronique", "Simon",
    "Caroline", "Luc", "Annie", "Maxime", "Catherine", "François", "Émilie", "Jean-Philippe", "Valérie", "Olivier", "Marie-Ève", "Daniel",
    "Lucie", "Antoine", "Sylvie", "Gabriel", "Hélène", "Félix", "Noémie", "Réjean", "Audrey", "Pierre-Luc", "Diane", "Zacharie",
];

pub const FAMILY_NAMES_FR: [&str; 52] = [
    "Ruiz", "Tremblay", "Gagnon", "Bouchard", "Côté", "Fortin", "Gauthier", "Morin", "Lavoie", "Pelletier", "Bélanger", "Lévesque", "Bergeron",
    "Leblanc", "Paquette", "Girard", "Simard", "Boucher", "Ouellet", "Poirier", "Beaulieu", "Cloutier", "Dubé", "Poulin", "Thibault",
    "Nadeau", "Lapointe", "Martel", "Lefebvre", "Hébert", "Grenier", "Caron", "Desjardins", "Brisebois", "Primeau", "Dumouchel", "Lussier",
    "Mailloux", "Robidoux", "Faille", "Boyer", "Perras", "Barrette", "Bourdeau", "Dagenais", "Guérin", "Isabelle", "Lazure", "Monette",
    "Patenaude", "Surprenant", "Trudeau",
];

pub const FIRST_NAMES_EN: [&str; 24] = [
    "Heather", "Douglas", "Karen", "Brian", "Susan", "Keith", "Shannon", "Ian", "Wendy", "Scott", "Megan", "Trevor", "Linda", "Craig",
    "Alison", "Neil", "Joanne", "Bruce", "Emily", "Graham", "Tracy", "Stuart", "Rachel", "Colin",
];

pub const FAMILY_NAMES_EN: [&str; 24] = [
    "McNaughton", "Kerr", "Hadley", "Petch", "Orr", "Goundrey", "Templeton", "Wallace", "Sproule", "Barr", "McKell", "Hooker", "Upton",
    "Waddell", "Stewart", "Figsby", "Cairns", "Rennie", "Brewster", "Ness", "Ovans", "Lang", "Ruddock", "Tully",
];

/// Business names; `{}` takes a family name.
pub const BUSINESSES: [&str; 14] = [
    "Verger {}", "Ferme {} et fils", "Garage {}", "Érablière {}", "Quincaillerie {}", "Clinique dentaire {}", "Boulangerie {}", "Transport {}",
    "Serres {}", "Épicerie {}", "Pépinière {}", "Cabinet comptable {}", "Fromagerie {}", "Entrepôt {}",
];

/// Country roads that run east and west.
pub const RANGES: [&str; 26] = [
    "rang Saint-Ambroise", "rang des Érables", "chemin du Troisième-Rang", "rang Sainte-Ursule", "chemin Fisher-Hill", "rang du Ruisseau-Noir",
    "rang Saint-Gédéon", "chemin de la Grande-Ligne", "rang du Coteau", "rang Sainte-Mélanie", "chemin Williams", "rang du Moulin-Brûlé",
    "rang Notre-Dame", "chemin de la Rivière-aux-Outardes", "rang Saint-Cyprien", "rang de l'Église Nord", "chemin Clearview", "rang du Vingt",
    "rang Saint-Philémon", "chemin des Vergers", "rang du Cordon", "rang Saint-Anicet", "chemin de la Ligne-Droite", "rang Double",
    "rang des Bouleaux", "rang Saint-Charles Sud",
];

/// Country roads that run north and south.
pub const CLIMBS: [&str; 36] = [
    "montée Rockburn", "montée Lefort", "route de la Barrière", "montée du Cimetière", "montée des Pommiers", "chemin Covey-Nord", "montée Gagné",
    "route du Canton", "montée Saint-Jacques", "montée Blackwood", "chemin de la Douane", "montée Smithers", "montée du Lac", "route Verte",
    "montée Sainte-Thérèse", "montée Giroux", "chemin Moir", "montée de la Briqueterie", "montée Allen", "route du Pont-Rouge", "montée Henrysville",
    "montée Chevrier", "chemin Stevenson", "montée Roxham-Est", "montée du Sucre", "route des Quatre-Milles", "montée Lavallière", "chemin Perry",
    "montée Saint-Claude", "montée Robson", "chemin des Frênes", "montée Bellevue", "route du Petit-Bois", "montée Murray", "montée des Sources",
    "chemin Dewitt",
];

/// Streets inside a village: across, then along.
pub const STREETS: [&str; 16] = [
    "rue Principale", "rue de l'Église", "rue du Moulin", "rue Champlain", "rue Frontière", "rue Bridge", "rue des Lilas", "rue Saint-Joseph",
    "avenue du Parc", "rue Barr", "rue Bouchette", "rue du Collège", "rue de la Gare", "rue Wellington", "rue des Pins", "rue Lambton",
];

/// What a person would write about how to get in; most doors need nothing.
pub const ACCESS_NOTES: [&str; 12] = [
    "Entrée par l'arrière, sonner deux fois.", "Chien gentil mais bruyant.", "Chemin de gravier, 400 m avant la maison.", "Code de la barrière : 1947.",
    "Appeler 10 minutes avant.", "Side door, the bell is broken.", "Le modem est au sous-sol.", "Stationner dans la rue, cour enneigée.",
    "Logement du haut, escalier extérieur.", "Boîte de raccordement derrière la grange.", "Demander la clé au voisin du 212.", "Please take your boots off.",
];
