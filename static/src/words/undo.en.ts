// The words of undo, in English. A part of en.ts.
const undo = {
  title: 'What I did',
  undo: 'Undo',
  redo: 'Redo',
  undone: 'Undone: {what}',
  redone: 'Done again: {what}',
  late: 'A text had left already: its correction waits for your approval in “What I did”.',
  nothing: 'Nothing to undo or redo.',
  refused:
    'The last move was refused: nothing was done, nothing is undone. Ctrl Z once more undoes what came before it.',
  empty: 'What you do on the board appears here and can be undone, also after a reload.',
  done: 'Done',
  takenBack: 'Undone',
  blocked: 'Can no longer be undone: {by}, {time}. {what}',
  drafted: 'Texts to approve',
  draftedHint: 'An undo contradicts a text that has left. Nothing goes without your approval.',
  approve: 'Send',
  discard: 'Do not send',
};

export default undo;
