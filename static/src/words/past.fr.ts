// Les mots de la machine à remonter le temps.
export default {
  past: {
    open: 'Remonter le temps',
    lead: 'Le tableau tel que chacun l’a vu à ce moment-là. Rien ne peut y être changé.',
    day: 'Jour',
    time: 'Heure',
    earlier: 'Cinq minutes plus tôt',
    later: 'Cinq minutes plus tard',
    banner: 'Vous regardez {day} à {time}.',
    back: 'Revenir à maintenant',
    readOnly: 'Le passé ne se change pas. Revenez à maintenant d’abord.',
    unreachable: 'Le serveur ne répond pas. Réessayez dans un moment.',
    texts: 'Aucun texto parti|{n} texto parti|{n} textos partis',
    none: 'Personne n’avait encore reçu de texto ce jour-là.',
  },
};
