// Words of home bases on the map.
export default {
  homes: {
    show: 'Show all home bases',
    act: 'Move the home base on the map…',
    section: 'Home base',
    column: 'Home base',
    move: 'Move…',
    of: 'Move {name}’s home base',
    title: '{name}’s home base',
    hint: 'Click the map, type an address, or paste coordinates.',
    save: 'Put it here',
    stop: 'Leave it where it is',
    moved: '{name}’s home base moved',
    theirs: 'The home base stays where the other person put it.',
  },
};
