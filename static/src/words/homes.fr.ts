// Les mots des bases sur la carte.
export default {
  homes: {
    show: 'Montrer toutes les bases',
    act: 'Déplacer la base sur la carte…',
    section: 'Base',
    column: 'Base',
    move: 'Déplacer…',
    of: 'Déplacer la base : {name}',
    title: 'Base : {name}',
    hint: 'Cliquez sur la carte, tapez une adresse, ou collez des coordonnées.',
    save: 'Mettre la base ici',
    stop: 'Laisser où elle est',
    moved: '{name} : base déplacée',
    theirs: 'La base reste où l’autre personne l’a mise.',
  },
};
