// Ce qu’un champ d’adresse dit, en français.
export default {
  addresses: {
    found: 'Adresses trouvées',
    count: '{n} adresse trouvée|{n} adresses trouvées',
    exact: 'Position de cette adresse, d’après le fichier d’adresses.',
    street: 'Vers le milieu de la rue : ajoutez le numéro.',
  },
};
