// Les mots de son propre compte : le téléphone d’où l’on répartit par texto.
export default {
  account: {
    title: 'Répartir par texto',
    lead: 'De garde, sans le tableau : écrivez au numéro de la maison depuis ce téléphone, elle répond aussitôt.',
    phone: 'Mon téléphone mobile',
    hint: 'Seul ce numéro est obéi, et seulement tant que votre compte peut répartir.',
    save: 'Enregistrer',
    saved: 'Téléphone enregistré.',
    removed: 'Plus aucun téléphone.',
    how: 'Quoi écrire',
    ask: 'Qui peut prendre une intervention : son numéro et un point d’interrogation. Le numéro est à côté du titre.',
    send: 'Envoyer quelqu’un : par son nom, ou par son rang dans la liste.',
    example: { ask: '4812 ?', send: 'ENVOYER MARC' },
    undo: 'Ce que vous envoyez est votre propre geste : annulez-le sur le tableau.',
    number: 'Numéro, pour les textos à la maison',
  },
};
