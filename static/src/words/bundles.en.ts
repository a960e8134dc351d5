// Words of bundles.
export default {
  bundles: {
    title: 'Bundle',
    lead: 'A single stop: these jobs move together.',
    make: 'Bundle',
    made: '{n} jobs bundled',
    gone: 'Taken apart',
    left: 'Taken out of the bundle',
    unbundle: 'Take apart',
    without: 'Take {title} out of the bundle',
    count: '{n} jobs in one stop',
    mark: '×{n}',
  },
};
