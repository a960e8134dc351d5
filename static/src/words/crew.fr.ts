// Mots des équipes : plusieurs techniciens pour une intervention.
export default {
  crew: {
    title: 'Équipe',
    lead: 'mène',
    along: 'en renfort',
    with: 'En renfort de {name}',
    bar: '{name} en renfort de {lead}, {customer}, de {start} à {end}',
    short: 'Il manque une personne. | Il manque {n} personnes.',
    shortMark: '{have} sur {need}',
    people: '{n} pers.',
    add: 'Ajouter',
    choose: 'Choisir une personne…',
    needed: 'Personnes nécessaires',
    remove: 'Retirer {name} de l’équipe',
    added: '{name} vient en renfort',
    takenOff: '{name} ne vient plus',
  },
};
