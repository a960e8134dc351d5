// The words of the windows apart.
export default {
  windows: {
    map: 'Map',
    record: 'Record',
    openMap: 'Map in its own window',
    openRecord: 'Record in its own window',
    nothing: 'Choose a job or a technician on the board or on the map ({day}).',
  },
};
