// Ce qu’un champ d’adresse dit, en français.
export default {
  addresses: {
    found: 'Adresses trouvées',
    count: '{n} adresse trouvée|{n} adresses trouvées',
    elsewhere: 'Chercher au-delà du fichier',
    nowhere: 'Rien trouvé. Ce qui est écrit reste tel quel.',
    exact: 'Position de cette adresse, d’après le fichier d’adresses.',
    street: 'Vers le milieu de la rue : ajoutez le numéro.',
  },
};
