// Les mots des fenêtres à part.
export default {
  windows: {
    map: 'Carte',
    record: 'Fiche',
    openMap: 'Carte dans sa fenêtre',
    openRecord: 'Fiche dans sa fenêtre',
    nothing: 'Choisissez une intervention ou un technicien sur le tableau ou sur la carte ({day}).',
  },
};
