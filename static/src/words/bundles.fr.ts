// Mots des arrêts groupés.
export default {
  bundles: {
    title: 'Arrêt groupé',
    lead: 'Un seul arrêt : ces interventions se déplacent ensemble.',
    make: 'Grouper',
    made: '{n} interventions groupées',
    gone: 'Dégroupées',
    left: 'Sortie du groupe',
    unbundle: 'Dégrouper',
    without: 'Sortir {title} du groupe',
    count: '{n} interventions groupées',
    mark: '×{n}',
  },
};
