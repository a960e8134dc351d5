// Mots pour ce qui n'est pas une personne, et pour les règles contre lesquelles quelqu'un a insisté.
export default {
  who: {
    'admin-token': 'un programme branché',
    house: 'la maison elle-même',
    planner: 'le planificateur',
    tracker: 'un appareil GPS',
    courier: 'le messager des textos',
    twilio: 'la compagnie de téléphone',
    browser: 'une page',
    calendars: 'un agenda extérieur',
    technician: 'un technicien',
  },
  insisted: {
    by: 'sur l’insistance de {name}, {day} à {time}',
    rules: {
      skill: 'Contre une compétence exigée',
      zone: 'Contre une zone',
      shift: 'Hors des quarts',
      absence: 'Pendant une absence',
      busy: 'Contre un agenda extérieur',
      order: 'Contre l’ordre des interventions',
    },
  },
};
