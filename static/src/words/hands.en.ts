// The words of the hands on the board, in English (Canada): tools, menus, selection, presence.
const en = {
  board: {
    more: 'More tools',
  },
};

export default en;
