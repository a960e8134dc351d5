// Les mots des mains sur le tableau, en français (Québec) : outils, menus, sélection, présence.
import type hands from './hands.en';

const fr: typeof hands = {
  board: {
    more: 'Autres outils',
  },
};

export default fr;
